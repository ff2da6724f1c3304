package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/saml"
)

// assumption is the aws.Source of one role: it signs in where it must, and asks STS.
type assumption struct {
	s        *settings
	exchange *aws.Exchange
	response *saml.Response // nil until it is needed
	given    bool           // somebody named the region
}

// errRoleGone says that the role which a request led to before is not offered any more.
var errRoleGone = errors.New("the role is not offered any more")

// assume fills in what the role decides.
func (a *assumption) assume(role saml.Role) error {
	s, e := a.s, a.exchange
	region, given, err := aws.ChooseRegion(role.Partition(), s.text("region"), s.env("AWS_REGION"), s.env("AWS_DEFAULT_REGION"))
	if err != nil {
		return &usageError{err.Error(), "name a region of the role's partition with --region"}
	}
	e.Role, e.Provider, e.Region, a.given = role.ARN, role.Provider, region, given
	if arn := "arn:" + role.Partition() + ":iam::aws:policy/ReadOnlyAccess"; s.on("read-only") && !slices.Contains(e.PolicyARNs, arn) {
		e.PolicyARNs = append(e.PolicyARNs, arn)
	}
	return nil
}

// Credentials signs in, unless that was done, and asks STS. A response that was kept and that STS will not have any more
// is followed by a new one, once.
func (a *assumption) Credentials(ctx context.Context) (aws.Credentials, error) {
	if a.response == nil {
		r, err := a.s.response(ctx)
		if err != nil {
			return aws.Credentials{}, err
		}
		if !r.Encrypted && !slices.Contains(r.Roles, saml.Role{ARN: a.exchange.Role, Provider: a.exchange.Provider}) {
			return aws.Credentials{}, fmt.Errorf("%w: %s", errRoleGone, a.exchange.Role)
		}
		a.response = r
	}
	credentials, err := a.redeem(ctx)
	var refused *aws.RefusedError
	if !errors.As(err, &refused) {
		return credentials, err
	}
	a.s.forget("assertion") // whoever mends the reason wants to see it mended
	if a.s.kept && (refused.Code == "ExpiredTokenException" || refused.Code == "InvalidIdentityToken") {
		a.s.anew, a.response = true, nil
		return a.Credentials(ctx)
	}
	return credentials, err
}

func (a *assumption) redeem(ctx context.Context) (aws.Credentials, error) {
	e := *a.exchange
	e.Assertion = secret.New(a.response.Encoded)
	durations := a.durations()
	credentials, granted, err := a.s.redeem(ctx, &e, durations)
	if err == nil {
		a.settle(durations, granted)
	}
	if !a.given {
		credentials.Region = ""
	}
	return credentials, err
}
