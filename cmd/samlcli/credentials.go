package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/saml"
)

// giving is a command that delivers, and nothing else.
func giving(choose func(*settings) (aws.Sink, error)) func(*settings, context.Context) error {
	return func(s *settings, ctx context.Context) error {
		_, err := s.deliver(ctx, choose)
		return err
	}
}

// deliver signs in, gets the credentials of one role and gives them to a sink.
func (s *settings) deliver(ctx context.Context, choose func(*settings) (aws.Sink, error)) (aws.Credentials, error) {
	to, err := choose(s)
	if err != nil {
		return aws.Credentials{}, err
	}
	credentials, err := s.credentials(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	if _, isChild := to.(*sink.Exec); isChild { // it may be long
		s.noteDeliveries(ctx, delivery{to, credentials})
		return credentials, delivered(to.Write(ctx, credentials))
	}
	if err := to.Write(ctx, credentials); err != nil {
		return credentials, delivered(err)
	}
	s.noteDeliveries(ctx, delivery{to, credentials})
	return credentials, nil
}

// delivered marks what hindered a sink as what it is, trouble with the file or stream that the person named.
func delivered(err error) error {
	var (
		child    *sink.ExitError
		longTerm *sink.LongTermKeyError
	)
	if err == nil || errors.As(err, &child) || errors.As(err, &longTerm) {
		return err
	}
	return &usageError{err.Error(), diskHint(err, "AWS_SHARED_CREDENTIALS_FILE; samlcli exec needs none")}
}

// credentials returns those of one role: cached ones that last long enough, or new ones from STS.
func (s *settings) credentials(ctx context.Context) (aws.Credentials, error) {
	exchange, err := s.exchange()
	if err != nil {
		return aws.Credentials{}, err
	}
	switch source := s.source(); source {
	case fromSAML:
		return s.samlCredentials(ctx, exchange)
	case fromToken:
		return s.tokenCredentials(ctx, exchange)
	case fromKeys:
		return s.ownCredentials(ctx, exchange)
	case fromBroker:
		return s.brokerCredentials(ctx, exchange)
	default:
		return aws.Credentials{}, unknownSource(source)
	}
}

// samlCredentials returns those of a role that a SAML response offers.
func (s *settings) samlCredentials(ctx context.Context, exchange *aws.Exchange) (aws.Credentials, error) {
	l := &responses{s: s}
	if role, found := s.foundRole(); found && s.path("save-assertion") == "" && s.path("assertion") == "" {
		credentials, err := s.roleCredentials(ctx, exchange, role, l)
		if !errors.Is(err, errRoleGone) {
			return credentials, err
		}
	}
	r, err := l.get(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	role, err := s.chooseRole(ctx, l, r)
	if err != nil {
		return aws.Credentials{}, err
	}
	return s.roleCredentials(ctx, exchange, role, l)
}

// roleCredentials returns those of a role from the cache, or from STS by way of the cache.
func (s *settings) roleCredentials(ctx context.Context, exchange *aws.Exchange, role saml.Role, l *responses) (aws.Credentials, error) {
	call, err := s.callFor(exchange, role.ARN)
	if err != nil {
		return aws.Credentials{}, err
	}
	call.exchange.Provider = role.Provider
	a := &assumption{call, l}
	return s.cached(ctx, a, call.exchange, role.Provider, fmt.Sprint(call.given))
}

// cached returns a role's credentials from the cache, or from their source by way of it, and with them those of the roles that
// the profile goes on to. What makes this source's credentials differ from another's, beside what stands in e, is id.
func (s *settings) cached(ctx context.Context, source aws.Source, e *aws.Exchange, id ...string) (aws.Credentials, error) {
	early, err := s.duration("min-ttl", usualEarly(e.Duration))
	if err != nil {
		return aws.Credentials{}, err
	}
	hops, err := s.chain()
	if err != nil {
		return aws.Credentials{}, err
	}
	narrowed := *e
	if len(hops) > 0 { // what narrows the session is for the last role alone
		e.Policy, e.PolicyARNs = "", nil
	}
	key := digest(slices.Concat([]string{e.Role, e.Region, e.Duration.String(), e.Endpoint, e.Policy}, id, e.PolicyARNs)...)
	cache := &aws.Cached{Source: source, Store: credentialFiles{s}, Key: key, Role: e.Role, Early: early, Fresh: s.on("refresh"), Now: s.now}
	last, err := s.chained(cache, &narrowed, hops)
	if err != nil {
		return aws.Credentials{}, err
	}
	credentials, err := last.Credentials(ctx)
	if err == nil {
		s.noteAnswer(last)
	}
	return credentials, err
}

// usualEarly is a quarter of an hour, less for sessions that are not much longer themselves.
func usualEarly(wish time.Duration) time.Duration {
	if wish == 0 {
		return 15 * time.Minute
	}
	return min(15*time.Minute, wish/4)
}

// redeem asks STS, within the time limit.
func (s *settings) redeem(ctx context.Context, exchange *aws.Exchange, durations []time.Duration) (credentials aws.Credentials, granted time.Duration, err error) {
	s.log.detail("%s for %s in %s", exchange.Call(), exchange.Role, exchange.Region)
	err = s.inTime(ctx, exchange.Call(), func(ctx context.Context) error {
		credentials, granted, err = exchange.Longest(ctx, durations)
		return err
	})
	if err != nil {
		return aws.Credentials{}, 0, stepOf(exchange.Call(), err)
	}
	return credentials, granted, nil
}

// The durations that STS takes for roles.
const (
	shortest = 15 * time.Minute
	longest  = 12 * time.Hour
)

// exchange prepares the call to STS with everything that is known before the sign-in, so that mistakes cost no sign-in.
func (s *settings) exchange() (*aws.Exchange, error) {
	transport, err := s.connections()
	if err != nil {
		return nil, err
	}
	e := &aws.Exchange{
		Transport: transport, Now: s.now, Fallback: s.commas("fallback-region"),
		FIPS: s.on("fips") || s.env("AWS_USE_FIPS_ENDPOINT") == "true", DualStack: s.on("dual-stack") || s.env("AWS_USE_DUALSTACK_ENDPOINT") == "true",
	}
	if e.Endpoint = cmp.Or(s.text("sts-endpoint"), s.env("AWS_ENDPOINT_URL_STS")); e.Endpoint != "" {
		if _, err := aws.CheckEndpoint(e.Endpoint); err != nil {
			return nil, &usageError{err.Error(), ""}
		}
	}
	for _, region := range append([]string{s.text("region")}, e.Fallback...) {
		if region != "" && !aws.IsRegion(region) {
			return nil, &usageError{fmt.Sprintf("%q is not a region", plain.Text(region)), "as in eu-west-1"}
		}
	}
	if _, err := s.duration("min-ttl", 0); err != nil {
		return nil, err
	}
	if e.Duration, err = s.wishedDuration(); err != nil {
		return nil, err
	}
	e.Policy, e.PolicyARNs, err = s.policies()
	return e, err
}

// wishedDuration returns what --duration says; 0 for auto.
func (s *settings) wishedDuration() (time.Duration, error) {
	wish := s.text("duration")
	if wish == "auto" {
		return 0, nil
	}
	d, err := s.duration("duration", 0)
	if most, which := s.longestCall(); err == nil && wish != "" && (d < shortest || d > most) {
		err = &usageError{fmt.Sprintf("--duration is 15m to %s, not %s: AWS gives %s no less and no more", span(most), wish, which), ""}
	}
	return d, err
}
