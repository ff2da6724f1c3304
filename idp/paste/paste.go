// Package paste takes a SAML response that the person brings from a browser, on whatever machine that is.
package paste

import (
	"context"

	"github.com/samlcli/samlcli/idp"
)

// New returns the adapter, which walks no page.
func New() idp.Adapter {
	return idp.Adapter{Name: "paste", Title: "a SAML response from any browser", NoAddress: true, Start: start}
}

func start(ctx context.Context, s *idp.Session) error {
	if s.Account.URL != "" {
		s.Ask.Tell(ctx, "open "+s.Account.URL+" in any browser, with its developer tools on the network panel, and sign in")
	}
	s.Ask.Tell(ctx, "then copy the field SAMLResponse, or the whole payload, of the request to AWS named saml")
	response, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Response})
	if err == nil {
		s.Finish(idp.Result{Response: response})
	}
	return err
}
