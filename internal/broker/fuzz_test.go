package broker_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/broker"
)

// FuzzRead takes anything for what the browser brings back: it is whole credentials that are good still, of a time that can be
// written, or it is refused in plain words.
func FuzzRead(f *testing.F) {
	for _, seed := range []struct{ kind, query, body string }{
		{"application/x-www-form-urlencoded", "state=s", "accessKeyId=A&secretAccessKey=B&sessionToken=C&expiration=2026-11-20T13:00:00Z"},
		{"application/json", "state=s", `{"Credentials":{"AccessKeyId":"A","SecretAccessKey":"B","SessionToken":"C","Expiration":1795266000}}`},
		{"application/json", "state=s", `{"AccessKeyId":"A","SecretAccessKey":"B","SessionToken":"C","Expiration":99999999999999}`},
		{"", "state=s&error=no%1b", ""},
		{"multipart/form-data; boundary=x", "state=s", "--x\r\nContent-Disposition: form-data; name=state\r\n\r\ns\r\n--x--"},
	} {
		f.Add(seed.kind, seed.query, seed.body)
	}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, kind, query, body string) {
		r := httptest.NewRequest("POST", "http://127.0.0.1/back", strings.NewReader(body))
		r.URL.RawQuery = query
		r.Header.Set("Content-Type", kind)
		c, err := broker.Read(r, "broker.example.com", "s", now)
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }) {
				t.Errorf("control characters in %q", err)
			}
			return
		}
		if c.AccessKeyID == "" || c.SecretAccessKey.Empty() || c.SessionToken.Empty() || !c.Expires.After(now) || c.Expires.Year() > 9999 {
			t.Errorf("credentials %+v", c)
		}
	})
}
