package idp

import (
	"reflect"
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

func TestReadKeyRequest(t *testing.T) {
	t.Parallel()
	options := web.ValueOf(map[string]any{
		"challenge": "+/8=", "rpId": "idp.example.com", "userVerification": "preferred",
		"allowCredentials": []any{map[string]any{"id": "-_8"}, map[string]any{"id": "no base64"}, map[string]any{}},
	})
	want := KeyRequest{Challenge: []byte{0xfb, 0xff}, RPID: "idp.example.com", UserVerification: "preferred", Allow: [][]byte{{0xfb, 0xff}}}
	if got, err := ReadKeyRequest(options); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("ReadKeyRequest = %+v, %v, want %+v", got, err, want)
	}
	for _, challenge := range []string{"", "=", "no base64"} {
		if got, err := ReadKeyRequest(web.ValueOf(map[string]any{"challenge": challenge})); err == nil {
			t.Errorf("a challenge %q is taken: %+v", challenge, got)
		}
	}
}
