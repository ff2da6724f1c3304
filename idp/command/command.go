// Package command leaves the sign-in to a program of the person's choice, which prints the SAML response.
package command

import (
	"context"

	"github.com/samlcli/samlcli/idp"
)

// New returns the adapter, which walks no page.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "command", Title: "a program that prints the SAML response", NoAddress: true,
		Settings: []idp.Setting{{Key: "command", Help: "the program and its arguments, run without a shell"}},
		Start:    start,
	}
}

func start(ctx context.Context, s *idp.Session) error {
	response, err := s.Command(ctx)
	if err == nil {
		s.Finish(idp.Result{Response: response})
	}
	return err
}
