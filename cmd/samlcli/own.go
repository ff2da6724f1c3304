package main

import (
	"cmp"
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/saml"
)

// An ownCall is what STS is asked in the name of somebody's own keys.
type ownCall struct {
	name      string // AssumeRole, GetSessionToken or GetFederationToken
	subject   any    // all that makes its answer differ from another's, beside the keys
	role      string // the ARN of a role; "" where only the answer says whose the session is
	mfaSerial string
	durations []time.Duration // to ask for in turn; 0 leaves it to STS
	ask       func(ctx context.Context, bearer aws.Credentials, code secret.Secret, d time.Duration) (aws.Credentials, error)
}

// own reports whether the credentials come from keys of somebody's own, and not from a sign-in.
func (s *settings) own() bool {
	switch s.c.Command.Name {
	case "assume", "session", "federate":
		return true
	}
	return s.text("source-profile") != ""
}

// ownCredentials returns those of the call that is asked for, and of the chain behind it, from the cache or from STS.
func (s *settings) ownCredentials(ctx context.Context) (aws.Credentials, error) {
	if s.wanted != nil {
		return aws.Credentials{}, &roleError{message: "keys of your own offer no other roles"}
	}
	keys, err := s.ownKeys()
	if err != nil {
		return aws.Credentials{}, err
	}
	e, err := s.exchange()
	if err != nil {
		return aws.Credentials{}, err
	}
	e.Region = cmp.Or(e.Region, s.text("region"), keys.Region)
	hops, err := s.chain()
	if err != nil {
		return aws.Credentials{}, err
	}
	call, hops, err := s.ownCall(keys, e, hops)
	if err != nil {
		return aws.Credentials{}, err
	}
	early, err := s.duration("min-ttl", usualEarly(e.Duration))
	if err != nil {
		return aws.Credentials{}, err
	}
	subject, _ := json.Marshal(call.subject) // strings and numbers always encode
	key := digest(keys.AccessKeyID, call.name, string(subject), call.mfaSerial, e.Duration.String(), e.Region, e.Endpoint)
	cache := &aws.Cached{Source: &ownSession{s, keys, e, call}, Store: credentialFiles{s}, Key: key, Role: call.role, Early: early, Fresh: s.on("refresh"), Now: s.now}
	source, _, _ := s.chained(cache, key, e, hops, early)
	return source.Credentials(ctx)
}

// ownCall finds out which call it is, and what is left of the chain behind it.
func (s *settings) ownCall(keys ownKeys, e *aws.Exchange, hops []aws.Hop) (*ownCall, []aws.Hop, error) {
	command, role := s.c.Command.Name, strings.Join(s.list("role"), " ")
	switch {
	case command == "federate":
		call, err := s.federateCall(keys, e)
		return call, nil, err
	case command == "session", command != "assume" && role == "" && len(hops) == 0:
		call, err := s.sessionCall(keys, e)
		return call, nil, err
	case role != "":
		hop, err := s.hop(role)
		if err != nil {
			return nil, nil, err
		}
		hops = append([]aws.Hop{hop}, hops...)
	case len(hops) == 0:
		return nil, nil, &usageError{"there is no role to assume", "name its ARN with --role"}
	}
	return s.assumeCall(keys, e, hops[0], len(hops) == 1), hops[1:], nil
}

func (s *settings) assumeCall(keys ownKeys, e *aws.Exchange, hop aws.Hop, last bool) *ownCall {
	hop.MFASerial = cmp.Or(s.text("mfa-serial"), hop.MFASerial, keys.mfaSerial)
	if last {
		hop.Policy, hop.PolicyARNs = e.Policy, s.withReadOnly(e.PolicyARNs, saml.Role{ARN: hop.Role}.Partition())
	}
	wish := cmp.Or(e.Duration, hop.Duration)
	durations := s.durations(hop.Role, wish, 0)
	if hop.MFASerial != "" { // a code is good for one call
		durations = []time.Duration{cmp.Or(wish, s.foundDuration(hop.Role))}
	}
	return &ownCall{"AssumeRole", hop, hop.Role, hop.MFASerial, durations, func(ctx context.Context, bearer aws.Credentials, code secret.Secret, d time.Duration) (aws.Credentials, error) {
		asked := hop
		asked.Duration = d
		return e.AssumeRole(ctx, bearer, asked, code)
	}}
}

func (s *settings) sessionCall(keys ownKeys, e *aws.Exchange) (*ownCall, error) {
	serial := cmp.Or(s.text("mfa-serial"), keys.mfaSerial)
	ask := func(ctx context.Context, bearer aws.Credentials, code secret.Secret, d time.Duration) (aws.Credentials, error) {
		return e.SessionToken(ctx, bearer, serial, code, d)
	}
	if e.Policy != "" || len(e.PolicyARNs) > 0 || s.on("read-only") {
		return nil, &usageError{"GetSessionToken takes no policies: the session may do what its user may", "samlcli federate and assume give narrower sessions"}
	}
	return &ownCall{"GetSessionToken", nil, "", serial, []time.Duration{e.Duration}, ask}, longTermOnly(keys, "GetSessionToken")
}

func (s *settings) federateCall(keys ownKeys, e *aws.Exchange) (*ownCall, error) {
	tags, err := s.tags()
	if err != nil {
		return nil, err
	}
	f := aws.Federation{Name: s.text("name"), Policy: e.Policy, PolicyARNs: s.withReadOnly(e.PolicyARNs, cmp.Or(aws.Partition(e.Region), "aws")), Tags: tags}
	if err := checkName("--name", f.Name, 32); err != nil {
		return nil, err
	}
	if f.Policy == "" && len(f.PolicyARNs) == 0 {
		s.log.warn("without a policy such a session may do next to nothing: --policy, --policy-arn and --read-only give one")
	}
	return &ownCall{"GetFederationToken", f, "", "", []time.Duration{e.Duration}, func(ctx context.Context, bearer aws.Credentials, _ secret.Secret, d time.Duration) (aws.Credentials, error) {
		asked := f
		asked.Duration = d
		return e.FederationToken(ctx, bearer, asked)
	}}, longTermOnly(keys, "GetFederationToken")
}

func longTermOnly(keys ownKeys, call string) error {
	if keys.longTerm() {
		return nil
	}
	return &usageError{keys.from + " holds a session's keys, and " + call + " takes an IAM user's alone", "samlcli assume takes them"}
}

// ownSession is the aws.Source of a call.
type ownSession struct {
	s    *settings
	keys ownKeys
	e    *aws.Exchange
	call *ownCall
}

func (o *ownSession) Credentials(ctx context.Context) (aws.Credentials, error) {
	bearer := o.keys.Credentials
	if o.call.role == "" {
		who, err := o.whose(ctx)
		if err != nil {
			return aws.Credentials{}, err
		}
		if bearer.Role = who.ARN; who.Root() && o.e.Duration > aws.MaxRootToken {
			return aws.Credentials{}, &usageError{"--duration: the root user's sessions last an hour at most", "use an IAM user's keys: root should have none"}
		}
	}
	code, err := o.s.mfaCode(ctx, o.call.mfaSerial)
	if err != nil {
		return aws.Credentials{}, err
	}
	return o.longest(ctx, bearer, code)
}

// whose finds out whose keys they are.
func (o *ownSession) whose(ctx context.Context) (who aws.Identity, err error) {
	err = o.s.inTime(ctx, func(ctx context.Context) error {
		who, err = o.e.Identity(ctx, o.keys.Credentials)
		return err
	})
	return who, stepOf("GetCallerIdentity", err)
}

func (o *ownSession) longest(ctx context.Context, bearer aws.Credentials, code secret.Secret) (credentials aws.Credentials, err error) {
	o.s.log.detail("%s with the keys of %s", o.call.name, o.keys.from)
	var granted time.Duration
	err = o.s.inTime(ctx, func(ctx context.Context) error {
		credentials, granted, err = aws.Longest(o.call.durations, func(d time.Duration) (aws.Credentials, error) { return o.call.ask(ctx, bearer, code, d) })
		return err
	})
	if err != nil {
		return aws.Credentials{}, stepOf(o.call.name, err)
	}
	if o.call.role != "" && granted > 0 {
		o.s.settle(o.call.role, o.e.Duration, 0, o.call.durations, granted)
	}
	return credentials, nil
}
