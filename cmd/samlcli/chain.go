package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/saml"
)

// chain returns the roles that the profile goes on to from the sign-in's, in turn.
func (s *settings) chain() ([]aws.Hop, error) {
	hops := s.hops
	if value, ok := s.role["chain"]; ok {
		own, err := readChain(value)
		if err != nil {
			return nil, err
		}
		hops = slices.Concat(own, s.hops)
	}
	return hops, nil
}

const chainHint = `as in chain = [{role = "arn:aws:iam::123456789012:role/Deploy", external_id = "x"}]`

// readChain reads an array of tables, each one hop.
func readChain(value any) ([]aws.Hop, error) {
	var tables []map[string]any
	switch list := value.(type) {
	case []map[string]any:
		tables = list
	case []any:
		for _, v := range list {
			table, ok := v.(map[string]any)
			if !ok {
				return nil, &usageError{"a chain is a list of tables", chainHint}
			}
			tables = append(tables, table)
		}
	default:
		return nil, &usageError{"a chain is a list of tables", chainHint}
	}
	hops := make([]aws.Hop, len(tables))
	for i, table := range tables {
		for _, key := range slices.Sorted(maps.Keys(table)) {
			if err := setHop(&hops[i], key, table[key]); err != nil {
				return nil, err
			}
		}
		if !isRole(hops[i].Role) {
			return nil, &usageError{"each part of a chain needs the ARN of its role", chainHint}
		}
		if err := checkNames(hops[i], "chain: session_name", "chain: source_identity"); err != nil {
			return nil, err
		}
	}
	return hops, nil
}

func setHop(h *aws.Hop, key string, value any) error {
	texts := map[string]*string{"role": &h.Role, "session_name": &h.SessionName, "external_id": &h.ExternalID, "source_identity": &h.SourceIdentity, "mfa_serial": &h.MFASerial}
	text, isText := value.(string)
	tags, isTable := value.(map[string]any)
	list, isList := value.([]any)
	switch {
	case texts[key] != nil && isText:
		*texts[key] = text
	case key == "duration" && isText:
		d, err := time.ParseDuration(text)
		if err != nil || d < shortest || d > aws.MaxHop {
			return &usageError{"chain: duration is 15m to 1h: AWS gives chained roles no more", ""}
		}
		h.Duration = d
	case key == "tags" && isTable:
		h.Tags = map[string]string{}
		for name, v := range tags {
			h.Tags[name] = fmt.Sprint(v)
		}
	case key == "transitive" && isList:
		for _, v := range list {
			h.Transitive = append(h.Transitive, fmt.Sprint(v))
		}
	default:
		return &usageError{fmt.Sprintf("chain: %q is not known, or of the wrong type", key),
			"a part of a chain has role, session_name, external_id, source_identity, mfa_serial, duration, tags and transitive"}
	}
	return nil
}

// chained is the Source of the last role of a chain, each role's credentials cached by themselves. What narrows the session,
// and the wish for a duration, are for the last one.
func (s *settings) chained(first *aws.Cached, narrowed *aws.Exchange, hops []aws.Hop) (*aws.Cached, error) {
	last := first
	for i, hop := range hops {
		if i == len(hops)-1 {
			hop.Policy, hop.PolicyARNs = narrowed.Policy, s.withReadOnly(narrowed.PolicyARNs, saml.Role{ARN: hop.Role}.Partition())
			hop.Duration = cmp.Or(hop.Duration, narrowed.Duration)
		}
		early, err := s.hopEarly(min(cmp.Or(hop.Duration, aws.MaxHop), aws.MaxHop))
		if err != nil {
			return nil, err
		}
		text, _ := json.Marshal(hop) // strings and numbers always encode
		assumed := &chainedRole{s, last, narrowed, hop}
		last = &aws.Cached{Source: assumed, Store: credentialFiles{s}, Key: digest(last.Key, string(text)), Role: hop.Role, Early: early, Fresh: s.on("refresh"), Now: s.now}
	}
	return last, nil
}

// hopEarly is how long cached credentials of a session of that length must last. Those of one that is never so long as is asked
// for would be got again by every call.
func (s *settings) hopEarly(length time.Duration) (time.Duration, error) {
	early, err := s.duration("min-ttl", usualEarly(length))
	if early >= length {
		early = usualEarly(length)
	}
	return early, err
}

// chainedRole is the aws.Source of a role that is assumed with the credentials of another one.
type chainedRole struct {
	s        *settings
	bearer   aws.Source
	exchange *aws.Exchange
	hop      aws.Hop
}

func (c *chainedRole) Credentials(ctx context.Context) (credentials aws.Credentials, err error) {
	bearer, err := c.bearer.Credentials(ctx)
	if err != nil {
		return aws.Credentials{}, err
	}
	hop := c.hop
	if hop.Duration > aws.MaxHop {
		c.s.log.warn("the session of %s ends after an hour, not %s: AWS gives chained roles no more", roleWords(hop.Role), span(hop.Duration))
		hop.Duration = aws.MaxHop
	}
	code, err := c.s.mfaCode(ctx, hop.MFASerial)
	if err != nil {
		return aws.Credentials{}, err
	}
	c.s.log.detail("AssumeRole for %s", hop.Role)
	err = c.s.inTime(ctx, "AssumeRole", func(ctx context.Context) error {
		credentials, err = c.exchange.AssumeRole(ctx, bearer, hop, code)
		return err
	})
	return credentials, stepOf("AssumeRole", err)
}

// mfaCode gets a code of the device that AWS knows by its serial number, from where a sign-in's codes come.
func (s *settings) mfaCode(ctx context.Context, serial string) (code secret.Secret, err error) {
	if serial == "" {
		return code, nil
	}
	err = s.inTime(ctx, "AssumeRole", func(ctx context.Context) error {
		a := &answers{s: s, step: "AssumeRole"}
		text, err := a.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.TOTP, Host: "AWS", Label: "Code of " + plain.Text(serial)})
		code = secret.New(text)
		return err
	})
	return code, err
}

// stepOf names the call that failed, or says what made it impossible.
func stepOf(call string, err error) error {
	var (
		refused     *aws.RefusedError
		unreachable *aws.UnreachableError
	)
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused), errors.As(err, &unreachable):
		return &idp.StepError{Step: call, Err: err}
	}
	return &usageError{err.Error(), ""}
}
