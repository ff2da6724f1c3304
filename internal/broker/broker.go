// Package broker takes credentials from a credentials broker: a web page that signs a person in, has AWS give them a role, and
// sends the credentials to an address of the person's own machine.
//
// Brokers agree on little more than the parameter callback_uri. So the credentials may come in the address, as a form or as
// JSON, under whatever spelling of their usual names.
package broker

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/internal/secret"
)

// Address is where the person goes: the broker's own, which learns where to send the credentials. The state comes back with
// them, in the address that the broker is given, and by itself for brokers that know of such.
func Address(broker *url.URL, callback, state string) string {
	u := *broker
	q := u.Query()
	q.Set("callback_uri", callback+"?"+url.Values{"state": {state}}.Encode())
	q.Set("state", state)
	u.RawQuery = q.Encode()
	return u.String()
}

// RefusedError says that a broker gives nothing, or that what came is not from it.
type RefusedError struct{ Host, Message string }

// Error says why.
func (e *RefusedError) Error() string { return e.Host + " refused the sign-in: " + e.Message }

// AnswerError says that what a broker sent are no credentials to work with.
type AnswerError struct{ Host, Reason string }

// Error says what is wrong with it.
func (e *AnswerError) Error() string { return e.Host + " sent no usable credentials: " + e.Reason }

// Read takes the credentials out of what the browser brought back from a broker. Role and Region are "" where the broker does
// not say; Expires is never zero: who does not say until when credentials are good is taken to mean a quarter of an hour, the
// least that AWS gives.
func Read(r *http.Request, host, state string, now time.Time) (aws.Credentials, error) {
	said, ok := fields(r)
	if subtle.ConstantTimeCompare([]byte(said["state"]), []byte(state)) != 1 {
		return aws.Credentials{}, &RefusedError{host, "what came back to this machine belongs to another sign-in"}
	}
	if no := said.any("errordescription", "errormessage", "error"); no != "" {
		return aws.Credentials{}, &RefusedError{host, plain.Short(no, 300)}
	}
	if !ok {
		return aws.Credentials{}, &AnswerError{host, "it is neither a form nor JSON"}
	}
	c, reason := said.credentials(now)
	if reason != "" {
		return aws.Credentials{}, &AnswerError{host, reason}
	}
	return c, nil
}

func (f named) credentials(now time.Time) (c aws.Credentials, reason string) {
	c = aws.Credentials{
		AccessKeyID:     f.any("accesskeyid", "awsaccesskeyid", "accesskey"),
		SecretAccessKey: secret.New(f.any("secretaccesskey", "awssecretaccesskey", "secretkey")),
		SessionToken:    secret.New(f.any("sessiontoken", "awssessiontoken", "securitytoken")),
		Region:          f.any("region", "awsregion", "defaultregion"),
		Expires:         now.Add(15 * time.Minute).UTC(),
	}
	c.Role, c.AssumedRole = roles(f.any("rolearn", "role", "assumedrolearn", "assumedrole", "arn"))
	if text := f.any("expiration", "expires", "expiresat", "expiry"); text != "" {
		if c.Expires = instant(text); c.Expires.IsZero() {
			return c, "it does not say readably until when they are good"
		}
	}
	switch {
	case c.AccessKeyID == "" || c.SecretAccessKey.Empty() || c.SessionToken.Empty():
		return c, "access key, secret key or session token is missing"
	case !word(c.AccessKeyID, 128) || !word(c.SecretAccessKey.Reveal(), 256) || !word(c.SessionToken.Reveal(), 16<<10) || !word(c.Region+c.Role+"x", 4096):
		return c, "they have characters in them that no credentials have"
	case !now.Before(c.Expires):
		return c, "they expired at " + c.Expires.Format(time.RFC3339)
	}
	return c, ""
}

// word reports whether a text is printable ASCII without spaces, and not too long.
func word(text string, most int) bool {
	return len(text) <= most && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// roles returns a role and its session for the ARN of either.
func roles(arn string) (role, session string) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" {
		return "", ""
	}
	if name, ok := strings.CutPrefix(part[5], "assumed-role/"); ok && part[2] == "sts" {
		name, _, _ = strings.Cut(name, "/")
		return "arn:" + part[1] + ":iam::" + part[4] + ":role/" + name, arn
	}
	if part[2] == "iam" && strings.HasPrefix(part[5], "role/") {
		return arn, ""
	}
	return "", ""
}
