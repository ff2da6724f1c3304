package forms

import (
	"context"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

func title(p *web.Page) string {
	if heading := p.Text("h1, h2, legend"); heading != "" {
		return heading
	}
	return p.Title()
}

// confirmation returns the one way on of a page that only wants to be agreed with or passed: "later" on a page that nags,
// "yes" on one that asks, or the only button that there is.
func confirmation(p *web.Page) *way {
	ways := buttonWays(p)
	var yes *way
	for i, w := range ways {
		if says(w.button, yesWords) {
			yes = &ways[i]
			break
		}
	}
	if later := skip(p); later != nil && (yes == nil || !consents(p)) {
		return later
	}
	if yes == nil && (len(ways) == 1 || len(ways) > 1 && consents(p)) {
		return &ways[0]
	}
	return yes
}

// skip returns the way past a page that nags: a button or a link that says "later", in few words.
func skip(p *web.Page) *way {
	for _, f := range formsOf(p) {
		for i, x := range f.Buttons() {
			if x.Visible() && says(x, skipWords) {
				return &way{label: x.Label(), form: func() *web.Form {
					c := f.Copy()
					return c.Press(c.Buttons()[i])
				}}
			}
		}
	}
	for _, w := range leading(p) {
		if speaks(w.label, skipWords) && len(strings.Fields(w.label)) <= 4 {
			return &w
		}
	}
	return nil
}

// consents reports whether a page asks to hand on what it knows about the person.
func consents(p *web.Page) bool {
	return p.Has(`[id*=consent i], [name*=consent i], [class*=consent i], form[action*=consent i], [name^=_shib_idp], [id*=attribute-release i]`)
}

// asksForTerms reports whether a page wants terms of use accepted.
func asksForTerms(p *web.Page) bool {
	return p.Has(`[id*=terms i], [name*=terms i], [class*=terms i], [id*=eula i], [name*=eula i], [name*=tou i], form[action*=terms i]`) ||
		containsAny(strings.ToLower(title(p)), "terms of", "terms and", "acceptable use", "nutzungsbedingungen", "conditions d'utilisation")
}

func confirm(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	way := confirmation(p)
	if way == nil || formKind(p) != otherPage {
		way = skip(p)
	}
	if way.form == nil {
		return follow(ctx, s, *way)
	}
	form := way.form()
	switch {
	case asksForTerms(p):
		if err := agree(ctx, s, title(p)); err != nil {
			return err
		}
		tick(terms(form))
	case consents(p):
		s.Ask.Tell(ctx, p.Host()+" releases your attributes to AWS, as the sign-in needs")
	case s.Given() && title(p) != "":
		s.Ask.Tell(ctx, p.Host()+" says: "+title(p))
	}
	if err := settle(ctx, s, form); err != nil {
		return err
	}
	return s.Submit(ctx, form)
}

// terms returns the boxes by which terms are accepted: those that must be ticked, or the only one.
func terms(f *web.Form) []*web.Field {
	if must := required(f); len(must) > 0 {
		return must
	}
	all := boxes(f, (*web.Field).Visible)
	if len(all) > 1 {
		return nil
	}
	return all
}
