package forms_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/forms"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/lab"
)

// The strangers: logins of products and of quirks that have no adapter.
func TestStrangers(t *testing.T) {
	t.Parallel()
	idptest.Run(t, forms.New(), all.Adapters())
}

// answers gives a password and codes of a seed, each once.
type answers struct{ password, seed string }

func (a answers) Ask(_ context.Context, q idp.Question) (string, error) {
	switch {
	case q.Attempt > 1:
		return "", idp.ErrNoAnswer
	case q.Kind == idp.Password:
		return a.password, nil
	}
	return lab.Code(a.seed, time.Now()), nil
}

func (answers) Choose(context.Context, idp.Choice) (int, error) { return 0, idp.ErrNoAnswer }
func (answers) Tell(context.Context, string)                    {}

func TestLab(t *testing.T) {
	t.Parallel()
	l, err := lab.Start(lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	for _, c := range []struct{ name, password, kind string }{
		{"signed in", lab.AlicePassword, ""},
		{"wrong password", "wrong", idp.BadCredentials},
	} {
		s := &idp.Session{
			Browser: web.New(web.Options{Transport: &http.Transport{}}),
			Account: idp.Account{URL: l.URL, Username: "alice"},
			Ask:     answers{c.password, lab.AliceSeed},
		}
		result, err := idp.SignIn(t.Context(), forms.New(), all.Adapters(), s)
		var refused *idp.RefusedError
		if kind := ""; errors.As(err, &refused) {
			kind = refused.Kind
			if kind != c.kind {
				t.Errorf("%s: refused as %q, want %q", c.name, kind, c.kind)
			}
			continue
		}
		if err != nil || c.kind != "" || result.Response == "" {
			t.Errorf("%s: SignIn = %q, %v", c.name, result.Destination, err)
		}
	}
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, forms.New(), all.Adapters()) }
