// Package sink says where credentials go: a section of a credentials file, a credential_process answer, a shell's
// environment, a child process. One file a sink; a sink gets credentials and its own fields, never a configuration.
//
// What goes to a writer goes there in one Write, and not at all where anything is wrong.
package sink

import (
	"time"

	"github.com/samlcli/samlcli/aws"
)

var (
	_ aws.Sink = (*File)(nil)
	_ aws.Sink = (*Process)(nil)
	_ aws.Sink = (*Env)(nil)
	_ aws.Sink = (*Exec)(nil)
)

// variable is an environment variable.
type variable struct{ name, value string }

// variables is what the SDKs and their users read credentials from.
func variables(c aws.Credentials) []variable {
	vs := []variable{
		{"AWS_ACCESS_KEY_ID", c.AccessKeyID},
		{"AWS_SECRET_ACCESS_KEY", c.SecretAccessKey.Reveal()},
		{"AWS_SESSION_TOKEN", c.SessionToken.Reveal()},
	}
	if c.Region != "" {
		vs = append(vs, variable{"AWS_REGION", c.Region}, variable{"AWS_DEFAULT_REGION", c.Region})
	}
	if !c.Expires.IsZero() {
		vs = append(vs, variable{"AWS_CREDENTIAL_EXPIRATION", stamp(c.Expires)})
	}
	return vs
}

// stamp is a time as every reader of these formats expects it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
