package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

// deliver signs in, gets the credentials of one role and gives them to a sink.
func (p *program) deliver(c *cli.Context, sink func(*settings) (aws.Sink, error)) (aws.Credentials, error) {
	s, err := p.settings(c)
	if err != nil {
		return aws.Credentials{}, err
	}
	p.log.verbose = s.on("verbose")
	to, err := sink(s)
	if err != nil {
		return aws.Credentials{}, err
	}
	credentials, err := s.credentials(c.Context)
	if err != nil {
		return aws.Credentials{}, err
	}
	return credentials, to.Write(c.Context, credentials)
}

// credentials gets those of one role from STS.
func (s *settings) credentials(ctx context.Context) (aws.Credentials, error) {
	exchange, err := s.exchange()
	if err != nil {
		return aws.Credentials{}, err
	}
	r, err := s.response(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	role, err := s.chooseRole(ctx, r)
	if err != nil {
		return aws.Credentials{}, err
	}
	region, given, err := aws.ChooseRegion(role.Partition(), s.text("region"), s.env("AWS_REGION"), s.env("AWS_DEFAULT_REGION"))
	if err != nil {
		return aws.Credentials{}, &usageError{err.Error(), "name a region of the role's partition with --region"}
	}
	exchange.Role, exchange.Provider, exchange.Region = role.ARN, role.Provider, region
	exchange.Assertion = secret.New(r.Encoded)
	if exchange.Duration == 0 && r.Duration >= shortest && r.Duration <= longest {
		exchange.Duration = r.Duration
	}
	if s.on("read-only") {
		exchange.PolicyARNs = append(exchange.PolicyARNs, "arn:"+role.Partition()+":iam::aws:policy/ReadOnlyAccess")
	}
	s.log.detail("AssumeRoleWithSAML for %s in %s", role.ARN, region)
	credentials, err := exchange.Credentials(ctx)
	if !given {
		credentials.Region = ""
	}
	return credentials, err
}

// The durations that STS takes for this call.
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
	e := &aws.Exchange{PolicyARNs: s.list("policy-arn"), Endpoint: s.text("sts-endpoint"), Transport: transport, Now: s.now}
	if e.Endpoint == "" {
		e.Endpoint = s.env("AWS_ENDPOINT_URL_STS")
	}
	if wish := s.text("duration"); wish != "" && wish != "auto" {
		if e.Duration, err = s.duration("duration", 0); err != nil {
			return nil, err
		}
		if e.Duration < shortest || e.Duration > longest {
			return nil, &usageError{fmt.Sprintf("--duration is 15m to 12h, not %s", wish), ""}
		}
	}
	if file := s.text("policy"); file != "" {
		policy, err := os.ReadFile(file)
		if err != nil {
			return nil, &usageError{fmt.Sprintf("reading the policy: %v", err), ""}
		}
		e.Policy = string(policy)
	}
	return e, nil
}

// span is a length of time as people say it: "7h59m", "3m12s".
func span(d time.Duration) string {
	d = d.Round(time.Second)
	if d >= time.Hour {
		d = d.Round(time.Minute)
	}
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if len(text) > len(zero) && text[len(text)-len(zero):] == zero {
			text = text[:len(text)-2]
		}
	}
	return text
}
