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
	name      string
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

// ownCredentials returns those of the call that is asked for, and of the chain behind it.
func (s *settings) ownCredentials(ctx context.Context, e *aws.Exchange) (aws.Credentials, error) {
	if s.wanted != nil {
		return aws.Credentials{}, &roleError{message: "keys of your own offer no other roles"}
	}
	keys, err := s.ownKeys()
	if err != nil {
		return aws.Credentials{}, err
	}
	e.Region = cmp.Or(s.text("region"), keys.Region)
	call, err := s.ownCall(keys, e)
	if err != nil {
		return aws.Credentials{}, err
	}
	e.Role = call.role
	subject, _ := json.Marshal(call.subject) // strings and numbers always encode
	return s.cached(ctx, &ownSession{s, keys, e, call}, e, keys.AccessKeyID, call.name, string(subject), call.mfaSerial)
}

// ownCall finds out which call it is.
func (s *settings) ownCall(keys ownKeys, e *aws.Exchange) (*ownCall, error) {
	switch s.ownCallName() {
	case federationToken:
		return s.federateCall(keys, e)
	case sessionToken:
		return s.sessionCall(keys, e)
	}
	roles := s.list("role")
	if len(roles) == 0 {
		return nil, &usageError{"there is no role to assume", "name its ARN with --role"}
	}
	return s.assumeCall(keys, e, strings.Join(roles, " "))
}

// The calls that keys of one's own may make.
const (
	assumeRole      = "AssumeRole"
	sessionToken    = "GetSessionToken"
	federationToken = "GetFederationToken"
)

// ownCallName is the one that the command makes, or the profile.
func (s *settings) ownCallName() string {
	switch command := s.c.Command.Name; {
	case command == "federate":
		return federationToken
	case command == "session", command != "assume" && len(s.list("role")) == 0:
		return sessionToken
	}
	return assumeRole
}

func (s *settings) assumeCall(keys ownKeys, e *aws.Exchange, role string) (*ownCall, error) {
	hop, err := s.hop(role)
	if err != nil {
		return nil, err
	}
	if _, _, err := aws.ChooseRegion(saml.Role{ARN: role}.Partition(), e.Region); err != nil { // before a code is asked for
		return nil, &usageError{err.Error(), "name a region of the role's partition with --region"}
	}
	hop.MFASerial = cmp.Or(hop.MFASerial, keys.mfaSerial)
	e.PolicyARNs = s.withReadOnly(e.PolicyARNs, saml.Role{ARN: role}.Partition())
	durations := s.durations(role, e.Duration, 0)
	if hop.MFASerial != "" { // a code is good for one call
		durations = []time.Duration{cmp.Or(e.Duration, s.foundDuration(role))}
	}
	return &ownCall{assumeRole, hop, role, hop.MFASerial, durations, func(ctx context.Context, bearer aws.Credentials, code secret.Secret, d time.Duration) (aws.Credentials, error) {
		asked := hop
		asked.Duration, asked.Policy, asked.PolicyARNs = d, e.Policy, e.PolicyARNs // none where a chain follows
		return e.AssumeRole(ctx, bearer, asked, code)
	}}, nil
}

func (s *settings) sessionCall(keys ownKeys, e *aws.Exchange) (*ownCall, error) {
	serial := cmp.Or(s.text("mfa-serial"), keys.mfaSerial)
	ask := func(ctx context.Context, bearer aws.Credentials, code secret.Secret, d time.Duration) (aws.Credentials, error) {
		return e.SessionToken(ctx, bearer, serial, code, d)
	}
	if e.Policy != "" || len(e.PolicyARNs) > 0 || s.on("read-only") {
		return nil, &usageError{"GetSessionToken takes no policies: the session may do what its user may", "samlcli federate and assume give narrower sessions"}
	}
	return &ownCall{sessionToken, nil, "", serial, []time.Duration{e.Duration}, ask}, longTermOnly(keys, sessionToken)
}

func (s *settings) federateCall(keys ownKeys, e *aws.Exchange) (*ownCall, error) {
	tags, err := s.tags()
	if err != nil {
		return nil, err
	}
	if hops, err := s.chain(); err != nil || len(hops) > 0 {
		return nil, cmp.Or(err, error(&usageError{"what GetFederationToken gives may assume no roles, and the profile has a chain of them", "samlcli assume and session give credentials that may"}))
	}
	f := aws.Federation{Name: s.text("name"), Policy: e.Policy, PolicyARNs: s.withReadOnly(e.PolicyARNs, cmp.Or(aws.Partition(e.Region), "aws")), Tags: tags}
	if err := checkName("--name", f.Name, 32); err != nil {
		return nil, err
	}
	if f.Policy == "" && len(f.PolicyARNs) == 0 {
		s.log.warn("without a policy such a session may do next to nothing: --policy, --policy-arn and --read-only give one")
	}
	return &ownCall{federationToken, f, "", "", []time.Duration{e.Duration}, func(ctx context.Context, bearer aws.Credentials, _ secret.Secret, d time.Duration) (aws.Credentials, error) {
		asked := f
		asked.Duration = d
		return e.FederationToken(ctx, bearer, asked)
	}}, longTermOnly(keys, federationToken)
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
	err = o.s.inTime(ctx, "GetCallerIdentity", func(ctx context.Context) error {
		who, err = o.e.Identity(ctx, o.keys.Credentials)
		return err
	})
	return who, stepOf("GetCallerIdentity", err)
}

func (o *ownSession) longest(ctx context.Context, bearer aws.Credentials, code secret.Secret) (credentials aws.Credentials, err error) {
	o.s.log.detail("%s with the keys of %s", o.call.name, o.keys.from)
	var granted time.Duration
	err = o.s.inTime(ctx, o.call.name, func(ctx context.Context) error {
		credentials, granted, err = aws.Longest(o.call.durations, func(d time.Duration) (aws.Credentials, error) { return o.call.ask(ctx, bearer, code, d) })
		return err
	})
	if err != nil {
		return aws.Credentials{}, stepOf(o.call.name, err)
	}
	switch {
	case o.call.role == "" || granted == 0:
	case o.keys.longTerm():
		o.s.settle(o.call.role, o.e.Duration, 0, o.call.durations, granted)
	case granted < o.e.Duration: // which is no news of the role: others may have longer ones
		o.s.log.warn("the session of %s ends after an hour, not %s: AWS gives chained roles no more", roleWords(o.call.role), span(o.e.Duration))
	}
	return credentials, nil
}
