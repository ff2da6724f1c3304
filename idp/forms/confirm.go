package forms

import (
	"context"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

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
	var yes, skip *way
	for i, w := range ways {
		form, _ := w.take()
		switch button := form.Pressed(); {
		case says(button, skipWords) && skip == nil:
			skip = &ways[i]
		case says(button, yesWords) && yes == nil:
			yes = &ways[i]
		}
	}
	switch {
	case skip != nil && (yes == nil || !consents(p)):
		return skip
	case yes != nil:
		return yes
	case len(ways) == 1:
		return &ways[0]
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
	form, _ := way.take()
	switch {
	case asksForTerms(p):
		if err := agree(ctx, s, title(p)); err != nil {
			return err
		}
		tick(required(form))
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

// onwards returns the address of the one link of a page that has nothing else and says "continue" by where it leads.
func onwards(p *web.Page) string {
	var found []string
	p.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		href := a.AttrOr("href", "")
		leads := containsAny(strings.ToLower(href), "saml", "sso", "continue", "resume") || speaks(web.Words(a), []string{"continue", "click here", "proceed", "weiter", "continuer"})
		if leads && sameHost(p, href) && !speaks(web.Words(a), noWords) && !strings.HasPrefix(href, "#") && !slices.Contains(found, href) {
			found = append(found, href)
		}
	})
	if len(found) != 1 {
		return ""
	}
	return found[0]
}

func followLink(ctx context.Context, s *idp.Session) error {
	return follow(ctx, s, way{take: func() (*web.Form, string) { return nil, onwards(s.Page()) }})
}
