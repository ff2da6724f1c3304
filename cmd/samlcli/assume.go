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
	s         *settings
	exchange  *aws.Exchange
	responses *responses
	given     bool // somebody named the region
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

// Credentials signs in, unless that was done, and asks STS. A response that STS will not have any more is followed by a new
// one, once.
func (a *assumption) Credentials(ctx context.Context) (aws.Credentials, error) {
	credentials, r, err := a.ask(ctx)
	if err != nil && a.responses.outdated(r, err) {
		credentials, _, err = a.ask(ctx)
	}
	return credentials, err
}

func (a *assumption) ask(ctx context.Context) (aws.Credentials, *saml.Response, error) {
	r, err := a.responses.get(ctx)
	if err != nil {
		return aws.Credentials{}, nil, err
	}
	if !r.Encrypted && !slices.Contains(r.Roles, saml.Role{ARN: a.exchange.Role, Provider: a.exchange.Provider}) {
		return aws.Credentials{}, r, fmt.Errorf("%w: %s", errRoleGone, a.exchange.Role)
	}
	e := *a.exchange
	e.Assertion = secret.New(r.Encoded)
	durations := a.s.durations(e.Role, e.Duration, r.Duration)
	credentials, granted, err := a.s.redeem(ctx, &e, durations)
	if err == nil {
		a.s.settle(e.Role, e.Duration, r.Duration, durations, granted)
	}
	if !a.given {
		credentials.Region = ""
	}
	return credentials, r, err
}
