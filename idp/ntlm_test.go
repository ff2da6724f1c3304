package idp

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

// aChallenge is a CHALLENGE message ([MS-NLMP] 2.2.1.2) of the server FS in the domain CORP.
const aChallenge = "4e544c4d53535000020000000800080038000000058289a2000102030405060700000000000000002400240040000000" +
	"0a00614a0000000f43004f005200500002000800" + "43004f00520050000100040046005300" + "070008000000f41c4bf5d401" + "00000000"

// The three messages of NTLM belong to one connection, and what follows a redirect goes without them.
func TestNTLM(t *testing.T) {
	t.Parallel()
	challenged, err := hex.DecodeString(aChallenge)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	begun := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "NTLM ")
		message, _ := base64.StdEncoding.DecodeString(token)
		switch {
		case r.URL.Path == "/done" && !ok:
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<form method=post action="https://signin.aws.amazon.com/saml"><input name=SAMLResponse value=cmVzcG9uc2U=></form>`))
			return
		case len(message) > 8 && message[8] == 1:
			begun[r.RemoteAddr] = true
			w.Header().Set("WWW-Authenticate", "NTLM "+base64.StdEncoding.EncodeToString(challenged))
		case len(message) > 8 && message[8] == 3 && begun[r.RemoteAddr]:
			http.Redirect(w, r, "/done", http.StatusFound)
			return
		default:
			w.Header().Set("WWW-Authenticate", "NTLM")
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	defer server.Close()
	toy := Adapter{Name: "toy", Steps: []Step{{Name: "ntlm", On: WantsNTLM, Do: func(ctx context.Context, s *Session) error { return s.NTLM(ctx) }}}}
	s := &Session{
		Account: Account{URL: server.URL, Username: `CORP\alice`}, Ask: &person{answers: map[Kind][]string{Password: {"pass-word"}}},
		Browser: web.New(web.Options{Transport: server.Client().Transport}),
	}
	if result, err := SignIn(t.Context(), toy, nil, s); err != nil || result.Response == "" {
		t.Errorf("SignIn = %+v, %v", result, err)
	}
}
