// Package aws gets AWS credentials for a SAML response or a token and says what they are; package sink says where they go.
//
// A Source gives credentials, a Sink takes them, and neither knows the other. Nothing here reads the environment,
// the configuration or the instance's metadata: whatever a call needs stands in the fields of the Source.
package aws

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/secret"
)

// Credentials are the keys of one session of one role.
type Credentials struct {
	AccessKeyID     string
	SecretAccessKey secret.Secret
	SessionToken    secret.Secret
	Expires         time.Time // in UTC
	Role            string    // the role's ARN, as it was asked for
	AssumedRole     string    // the session's ARN, as AWS answered
	Region          string    // where to work with them; "" if nobody said
	WebIdentity     WebIdentity
}

// WebIdentity is what AWS read in the token that credentials were given for; empty where it was none.
type WebIdentity struct{ Subject, Provider, Audience string }

// parts are the keys that a request shows AWS.
func (c Credentials) parts() []secret.Secret {
	return []secret.Secret{secret.New(c.AccessKeyID), c.SecretAccessKey, c.SessionToken}
}

// Source gives credentials. It may be used by several goroutines at once.
type Source interface {
	Credentials(ctx context.Context) (Credentials, error)
}

// Sink takes credentials to where they are needed.
type Sink interface {
	Write(ctx context.Context, c Credentials) error
}

// RefusedError says that STS answered, and that the answer gives no credentials for the role.
type RefusedError struct {
	Code    string    // AWS's own, or UnusableAnswer
	Message string    // AWS's own words, safe to print
	Status  int       // of the HTTP answer
	At      time.Time // by AWS's clock; zero where the answer does not say
}

// UnusableAnswer is the Code of an answer that makes no sense, is for another role, or has expired already.
const UnusableAnswer = "UnusableAnswer"

// Error says what STS said.
func (e *RefusedError) Error() string {
	if e.Code == UnusableAnswer {
		return "AWS gave an answer that cannot be used: " + e.Message
	}
	if e.Message == "" || e.Message == e.Code {
		return fmt.Sprintf("AWS refused: %s (HTTP %d)", e.Code, e.Status)
	}
	return fmt.Sprintf("AWS refused: %s (%s)", strings.TrimRight(e.Message, "."), e.Code)
}

// UnreachableError says that no answer of STS came through: no connection, a broken one, the end of the context,
// or a server that answered only with its own trouble.
type UnreachableError struct {
	Host string
	Err  error
}

// Error names the host and the reason.
func (e *UnreachableError) Error() string { return fmt.Sprintf("reaching %s: %v", e.Host, e.Err) }

// Unwrap returns the reason; it is the context's cause where the context ended.
func (e *UnreachableError) Unwrap() error { return e.Err }
