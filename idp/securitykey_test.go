package idp

import (
	"context"
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

type key struct{ asked KeyRequest }

func (k *key) Sign(_ context.Context, r KeyRequest) (KeyAssertion, error) {
	k.asked = r
	return KeyAssertion{ID: []byte("id"), Signature: []byte("s")}, nil
}

func TestSignChallenge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ rpID, want, clientData, err string }{
		{"", "login.example.com", `{"type":"webauthn.get","challenge":"-_8","origin":"https://login.example.com:8443","crossOrigin":false}`, ""},
		{"example.com", "example.com", `{"type":"webauthn.get","challenge":"-_8","origin":"https://login.example.com:8443","crossOrigin":false}`, ""},
		{"other.com", "", "", "unknown login.example.com:8443: it asks a security key for the signature of another site"},
	} {
		k := &key{}
		page := Adapter{Name: "toy", Steps: []Step{{Name: "key", On: has("#key"), Do: func(ctx context.Context, s *Session) error {
			answer, err := s.SignChallenge(ctx, KeyRequest{Challenge: []byte{0xfb, 0xff}, RPID: c.rpID})
			if string(answer.ClientData) != c.clientData || s.Prefers(Push) != (err != nil) {
				t.Errorf("%q: signed %s", c.rpID, answer.ClientData)
			}
			s.Finish(Result{Response: "x"})
			return err
		}}}}
		s := &Session{Ask: &person{}, Key: k, Account: Account{URL: "https://login.example.com:8443/", MFA: []Factor{TOTP}},
			Browser: web.New(web.Options{Transport: &provider{pages: map[string][]string{"login.example.com:8443/": {"<p id=key>"}}}})}
		_, err := SignIn(t.Context(), page, nil, s)
		if told(err) != c.err || k.asked.RPID != c.want {
			t.Errorf("%q: %v, and the key was asked for %q", c.rpID, err, k.asked.RPID)
		}
	}
}
