package google_test

import (
	"net/url"
	"os"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/google"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
)

func TestGoogle(t *testing.T) {
	t.Parallel()
	idptest.Run(t, google.New(), all.Adapters())
}

// A refusal of the client leaves a mark in the cookies, which must not be kept for the next sign-in.
func TestRejectedForgetsCookies(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../fixtures/google/rejected.txt")
	if err != nil {
		t.Fatal(err)
	}
	recorded, err := tape.Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	s := &idp.Session{Browser: web.New(web.Options{Transport: tape.NewPlayer(recorded)}), Account: recorded.Account(), Ask: tape.NewAsker(recorded)}
	if _, err := idp.SignIn(t.Context(), google.New(), nil, s); err == nil {
		t.Error("SignIn = nil, want a refusal")
	}
	if _, kept := s.Cookie(&url.URL{Scheme: "https", Host: "accounts.google.com", Path: "/"}, "__Host-GAPS"); kept {
		t.Error("__Host-GAPS is kept, want no cookie")
	}
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, google.New(), all.Adapters()) }
