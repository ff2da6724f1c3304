package idp

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

// Adapters may begin and end a walk themselves.
func TestStart(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		start func(context.Context, *Session) error
		want  string
	}{
		{"finishes", func(_ context.Context, s *Session) error { s.Finish(Result{Response: "x"}); return nil }, ""},
		{"asks before there is a page", func(ctx context.Context, s *Session) error {
			if _, err := s.Ask.Choose(ctx, Choice{Options: []Option{{Label: "one", Factor: Push}}}); err != nil {
				return err
			}
			answer, err := s.Ask.Ask(ctx, Question{Kind: Answer})
			s.Finish(Result{Response: answer})
			return err
		}, ""},
		{"opens nothing", func(context.Context, *Session) error { return nil }, "start: nothing was opened"},
		{"does not know", func(_ context.Context, s *Session) error { return s.Unknown("so what") }, "unknown idp.example.com: so what"},
		{"refuses", func(_ context.Context, s *Session) error { return s.Refuse(Blocked, ".x", "so") }, "refused blocked: so"},
		{"fails", func(context.Context, *Session) error { return errors.New("no") }, "start: no"},
		{"opens no address", func(ctx context.Context, s *Session) error { return s.Open(ctx, "file:///x") }, "unknown : it is not a web address"},
	} {
		s := &Session{Browser: web.New(web.Options{}), Ask: &person{answers: map[Kind][]string{Answer: {"x"}}}, Account: Account{URL: "https://idp.example.com/"}}
		result, err := SignIn(t.Context(), Adapter{Start: c.start}, nil, s)
		if told(err) != c.want || err == nil && result.Response != "x" {
			t.Errorf("%s: %+v, %v; want %q", c.name, result, err, c.want)
		}
	}
}

// What steps may ask of their session.
func TestSession(t *testing.T) {
	t.Parallel()
	p := &person{answers: map[Kind][]string{Username: {"alice"}, Password: {"p"}}}
	steps := Adapter{Name: "toy", Settings: []Setting{{Key: "color", Default: "red"}}, Steps: []Step{{Name: "all", On: has("#all"), Do: func(ctx context.Context, s *Session) error {
		first, _ := s.Username(ctx)
		again, _ := s.Username(ctx)
		if first != "alice" || again != "alice" || s.Setting("color") != "red" || s.Setting("size") != "9" || s.Setting("none") != "" {
			t.Errorf("user %q, %q, settings %q %q", first, again, s.Setting("color"), s.Setting("size"))
		}
		if s.Given() || !s.Prefers(Push) || s.Prefers(TOTP) {
			t.Error("Given or Prefers at the start")
		}
		if i, err := s.Ask.Choose(ctx, Choice{Options: []Option{{Label: "a", Factor: Push}, {Label: "b", Factor: TOTP}}}); i != 1 || err != nil {
			t.Errorf("Choose = %d, %v, want the account's", i, err)
		}
		s.Ask.Tell(ctx, "x")
		if _, err := s.Ask.Ask(ctx, Question{Kind: Password}); err != nil || !s.Given() || s.Prefers(Push) {
			t.Errorf("Ask = %v", err)
		}
		if got := told(s.Refuse(Locked, ".words", "m")); got != "refused locked: Locked out" {
			t.Errorf("Refuse: %s", got)
		}
		if got := s.Refuse(Locked, ".none", "m").Error(); got != "idp.example.com refused the sign-in: m" {
			t.Errorf("Refuse: %s", got)
		}
		return s.StartAgain(ctx)
	}}, {Name: "again", On: has("#again"), Do: func(ctx context.Context, s *Session) error { return s.StartAgain(ctx) }}}}
	s := &Session{Ask: p, Account: Account{URL: "https://idp.example.com/", MFA: []Factor{TOTP}, Settings: map[string]string{"size": "9"}},
		Browser: web.New(web.Options{Transport: &provider{pages: map[string][]string{"idp.example.com/": {"<p id=all class=words>Locked out", "<p id=again>"}}}})}
	var traced []string
	s.Trace = func(step string, page *web.Page) { traced = append(traced, step+" "+page.Path()) }
	_, err := SignIn(t.Context(), steps, []Adapter{toy()}, s)
	if want := "unknown idp.example.com: it leads nowhere, even from the start address"; told(err) != want {
		t.Errorf("SignIn = %v, want %s", err, want)
	}
	if want := []string{"all /", "start again /", "again /"}; !slices.Equal(traced, want) || !slices.Equal(p.told, []string{"x"}) {
		t.Errorf("traced %q, told %q", traced, p.told)
	}
	if len(Factors()) != 9 {
		t.Errorf("Factors() = %q", Factors())
	}
}
