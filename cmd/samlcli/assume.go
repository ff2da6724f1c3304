package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/saml"
)

// roleCall is a call to STS for one role.
type roleCall struct {
	s        *settings
	exchange *aws.Exchange
	given    bool // somebody named the region
}

// callFor prepares the call for a role: a copy of the exchange, with what the role decides.
func (s *settings) callFor(exchange *aws.Exchange, role string) (roleCall, error) {
	partition := saml.Role{ARN: role}.Partition()
	region, given, err := aws.ChooseRegion(partition, s.text("region"), s.env("AWS_REGION"), s.env("AWS_DEFAULT_REGION"))
	if err != nil {
		return roleCall{}, &usageError{err.Error(), "name a region of the role's partition with --region"}
	}
	e := *exchange
	e.Role, e.Region, e.PolicyARNs = role, region, s.withReadOnly(e.PolicyARNs, partition)
	return roleCall{s, &e, given}, nil
}

// redeem asks STS for the longest session there is: of the duration that was wished, or that the provider said, or that the role
// allows.
func (c *roleCall) redeem(ctx context.Context, e *aws.Exchange, said time.Duration) (aws.Credentials, error) {
	durations := c.s.durations(e.Role, e.Duration, said)
	credentials, granted, err := c.s.redeem(ctx, e, durations)
	if err == nil {
		c.s.settle(e.Role, e.Duration, said, durations, granted)
	}
	if !c.given {
		credentials.Region = ""
	}
	return credentials, err
}

// assumption is the aws.Source of one role of SAML responses: it signs in where it must, and asks STS.
type assumption struct {
	roleCall
	responses *responses
}

// errRoleGone says that the role which a request led to before is not offered any more.
var errRoleGone = errors.New("the role is not offered any more")

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
	credentials, err := a.redeem(ctx, &e, r.Duration)
	if err != nil {
		err = a.responses.explained(r, e.Role, err)
	}
	return credentials, r, err
}
