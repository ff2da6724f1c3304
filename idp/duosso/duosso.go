// Package duosso knows what is Duo Single Sign-On's own between the provider that it asks, Duo's prompt and AWS: those two are
// walked by their own adapters.
package duosso

import (
	"context"
	"net/http"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "duo-sso", Title: "Duo Single Sign-On",
		Owns: isOwn,
		Steps: []idp.Step{
			{Name: "duo-sso complete", On: isComplete, Do: complete, Tries: 2},
			{Name: "duo-sso no access", On: isDenied, Do: refuseAccess},
			{Name: "duo-sso first factor", On: isFirstFactor, Do: refuseScript},
		},
	}
}

// isOwn knows the service by its host, or under a domain of the customer's by its path: /saml2/sp/DI…/sso.
func isOwn(p *web.Page) bool {
	return web.SpeaksFor(p.URL.Hostname(), "sso.duosecurity.com") || strings.HasPrefix(p.Path(), "/saml2/sp/DI") || strings.HasPrefix(p.Path(), "/saml2/idp/DI")
}

func isComplete(p *web.Page) bool { return p.Has(`a[href*="sso_complete"]`) }

// complete follows the link that ends the sign-in.
func complete(ctx context.Context, s *idp.Session) error {
	return s.Open(ctx, s.Page().Attr(`a[href*="sso_complete"]`, "href"))
}

func isDenied(p *web.Page) bool {
	return isOwn(p) && p.Status == http.StatusForbidden && !isComplete(p)
}

func refuseAccess(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.NotAssigned, "h1, h2, p", "Duo's policy does not let you use this application")
}

// isFirstFactor knows the service's own question for the name and the password: a script that only a browser runs.
func isFirstFactor(p *web.Page) bool {
	return isOwn(p) && p.Status < 400 && !p.IsJSON() && !isComplete(p) && !p.Has("form [name=SAMLResponse], form [name=SAMLRequest], input[type=password]") && p.Has("script")
}

func refuseScript(_ context.Context, s *idp.Session) error {
	return s.Unknown(`Duo's own question for the password is a script that only a browser runs; sign in there and bring the response with idp = "paste"`)
}
