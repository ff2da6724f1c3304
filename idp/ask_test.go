package idp

import (
	"context"
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

// A code that is asked for beside the password, and may be left out.
func TestOptional(t *testing.T) {
	t.Parallel()
	const both = `<form method=post action=/both><input type=password name=password><input name=code></form>`
	adapter := Adapter{Name: "both", Steps: []Step{{Name: "both", On: has("[action='/both']"), Tries: 3, Do: func(ctx context.Context, s *Session) error {
		f := s.Page().Form("form")
		for _, kind := range []Kind{Password, Code} {
			answer, err := s.Ask.Ask(ctx, Question{Kind: kind, Optional: kind == Code})
			if err != nil {
				return err
			}
			f.Set(string(kind), answer)
		}
		return s.Submit(ctx, f)
	}}}}
	pages := map[string][]string{"idp.example.com/": {both}, "idp.example.com/both": {both, codePage}}
	for _, c := range []struct {
		name    string
		answers map[Kind][]string
		sent    string // last
		want    string
	}{
		{"both", map[Kind][]string{Password: {"p"}, Code: {"1"}}, "POST idp.example.com/both password=p&code=1", "refused bad_credentials: wrong user name or password"},
		{"no code", map[Kind][]string{Password: {"p"}}, "POST idp.example.com/both password=p&code=", "refused bad_credentials: wrong user name or password"},
		{"no code, then a page that insists", map[Kind][]string{Password: {"p", "q"}}, "POST idp.example.com/both password=q&code=", "no answer"},
	} {
		site := &provider{pages: map[string][]string{}}
		for place, all := range pages {
			site.pages[place] = all
		}
		s := &Session{Browser: web.New(web.Options{Transport: site}), Account: Account{URL: "https://idp.example.com/"}, Ask: &person{answers: c.answers}}
		_, err := SignIn(t.Context(), adapter, []Adapter{toy()}, s)
		got := told(err)
		if err == ErrNoAnswer {
			got = "no answer"
		}
		if got != c.want || site.seen[len(site.seen)-1] != c.sent {
			t.Errorf("%s: %q after %q, want %q after %q", c.name, got, site.seen, c.want, c.sent)
		}
	}
}

// Who settles a choice: the account, then the provider, then the person.
func TestChoose(t *testing.T) {
	t.Parallel()
	push, code, usual := Option{Label: "push", Factor: Push}, Option{Label: "code", Factor: TOTP}, Option{Label: "text", Factor: SMS, Usual: true}
	for _, c := range []struct {
		options []Option
		account []Factor
		takes   string
		want    string
	}{
		{[]Option{push}, []Factor{TOTP}, "", "push"},
		{[]Option{push, code, usual}, []Factor{Email, TOTP}, "push", "code"},
		{[]Option{push, code, usual}, []Factor{Email}, "push", "text"},
		{[]Option{push, code}, nil, "code", "code"},
		{[]Option{push, code}, nil, "", ""},
	} {
		w := newWalk(toy(), nil, &Session{Browser: web.New(web.Options{}), Ask: &person{takes: c.takes}, Account: Account{MFA: c.account}})
		i, err := w.s.Ask.Choose(t.Context(), Choice{Options: c.options})
		if got := c.options[i].Label; err == nil && got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("Choose(%v) = %q, %v, want %q", c.options, got, err, c.want)
		}
	}
}
