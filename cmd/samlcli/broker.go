package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/broker"
	"github.com/samlcli/samlcli/internal/callback"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/saml"
)

// brokerCredentials returns those that a broker gives: of the role that it or the person there decides on, which must be the one
// that is asked for, if one is.
func (s *settings) brokerCredentials(ctx context.Context, exchange *aws.Exchange) (aws.Credentials, error) {
	b := &brokered{s: s}
	var err error
	if len(s.list("role")) > 0 {
		if b.role, err = s.onlyRole(); err != nil {
			return aws.Credentials{}, err
		}
	}
	if s.text("url") == "" {
		return aws.Credentials{}, s.noAddress()
	}
	if err := checkAddress(s.text("url")); err != nil {
		return aws.Credentials{}, err
	}
	hops, err := s.chain()
	if err != nil {
		return aws.Credentials{}, err
	}
	e := *exchange
	e.Role, e.Region, e.PolicyARNs = b.role, cmp.Or(s.text("region"), s.env("AWS_REGION"), s.env("AWS_DEFAULT_REGION")), slices.Clone(e.PolicyARNs)
	if len(hops) > 0 {
		e.PolicyARNs = s.withReadOnly(e.PolicyARNs, saml.Role{ARN: hops[len(hops)-1].Role}.Partition())
	} else if e.Policy != "" || len(e.PolicyARNs) > 0 || s.on("read-only") {
		return aws.Credentials{}, &usageError{"the credentials of a broker cannot be made narrower", "leave policies out, or go on to another role with a chain"}
	}
	b.region = e.Region
	return s.cached(ctx, b, &e)
}

// brokered is the aws.Source of what a broker gives.
type brokered struct {
	s            *settings
	role, region string // that are asked for; "" where the broker decides
}

// Credentials has the person visit the broker, and awaits what it sends.
func (b *brokered) Credentials(ctx context.Context) (c aws.Credentials, err error) {
	s := b.s
	if s.nobodyBrowses() {
		return c, &questionError{message: s.accountName() + " wants somebody to sign in with a browser, and there is nobody to ask", step: "broker",
			hints: []string{"at a terminal, and without --no-input, a browser is opened; what the broker gives then serves samlcli process until it expires"}}
	}
	err = s.inTime(ctx, "broker", func(ctx context.Context) error {
		unlock, err := s.alone(ctx, s.rememberedFile("sign-in"))
		if err != nil {
			return stepped("waiting for another sign-in", err)
		}
		defer unlock()
		c, err = b.visit(ctx)
		return stepped("broker", err)
	})
	if err != nil {
		return aws.Credentials{}, err
	}
	if b.role != "" && c.Role != "" && c.Role != b.role {
		return aws.Credentials{}, &roleError{message: fmt.Sprintf("the broker gave credentials for %s, not for %s", c.Role, b.role), hint: "choose that role at the broker"}
	}
	c.Role, c.Region = cmp.Or(b.role, c.Role), cmp.Or(b.region, c.Region)
	return c, nil
}

func (b *brokered) visit(ctx context.Context) (aws.Credentials, error) {
	address, err := url.Parse(b.s.text("url"))
	if err != nil {
		return aws.Credentials{}, &usageError{"the address of the broker cannot be read", ""}
	}
	listener, err := callback.Listen("localhost")
	if err != nil {
		return aws.Credentials{}, &usageError{"waiting for the browser: " + err.Error(), ""}
	}
	defer listener.Close()
	listener.Origin = address.Scheme + "://" + web.Host(address) // as browsers write it
	state := rand.Text()
	var c aws.Credentials
	err = b.s.visiting(ctx, secret.New(broker.Address(address, listener.Address(), state)), func(ctx context.Context) error {
		return listener.Await(ctx, func(r *http.Request) (err error) {
			c, err = broker.Read(r, address.Host, state, b.s.now())
			return err
		})
	})
	if err != nil { // it may be at work still
		return aws.Credentials{}, err
	}
	return c, nil
}
