package aws

import (
	"context"
	"strings"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/internal/secret"
)

// The longest sessions that the bearer of long-term keys may have (AWS STS API Reference, GetSessionToken and
// GetFederationToken).
const (
	MaxToken     = 36 * time.Hour
	MaxRootToken = time.Hour
)

// Root reports whether the identity is an account's root user.
func (i Identity) Root() bool { return strings.HasSuffix(i.ARN, ":root") }

// SessionToken asks STS with GetSessionToken for a session of the bearer, whose keys must be long-term ones; code is of the
// device named, where one is. A duration of 0 leaves it to STS, which gives 12 hours. Where and how to ask stands in the
// exchange; its errors are those of Credentials. Role of what it returns is the bearer's.
func (e *Exchange) SessionToken(ctx context.Context, bearer Credentials, mfaSerial string, code secret.Secret, d time.Duration) (Credentials, error) {
	region, host, err := e.home(ctx, bearer)
	if err != nil {
		return Credentials{}, err
	}
	in := &sts.GetSessionTokenInput{DurationSeconds: seconds(d), SerialNumber: optional(mfaSerial), TokenCode: optional(code.Reveal())}
	out, err := e.client(region, provider(bearer)).GetSessionToken(ctx, in, once(code))
	if err != nil {
		return Credentials{}, classify(ctx, host, err, append(bearer.parts(), code)...)
	}
	c, err := usable(out.Credentials, e.Now())
	c.Role, c.AssumedRole, c.Region = bearer.Role, bearer.Role, bearer.Region
	return c, err
}

// A Federation is somebody without an identity of AWS's, who acts in the name of the bearer of long-term keys, within policies.
type Federation struct {
	Name       string // 2 to 32 characters
	Policy     string // without any policy the session may do nothing
	PolicyARNs []string
	Tags       map[string]string
	Duration   time.Duration // 0 leaves it to STS, which gives 12 hours
}

// FederationToken asks STS with GetFederationToken for a session of such a person. Where and how to ask stands in the
// exchange; its errors are those of Credentials. Role of what it returns is the federated user's ARN.
func (e *Exchange) FederationToken(ctx context.Context, bearer Credentials, f Federation) (Credentials, error) {
	region, host, err := e.home(ctx, bearer)
	if err != nil {
		return Credentials{}, err
	}
	in := &sts.GetFederationTokenInput{
		Name: sdk.String(f.Name), Policy: optional(f.Policy), PolicyArns: policies(f.PolicyARNs), Tags: tags(f.Tags), DurationSeconds: seconds(f.Duration),
	}
	out, err := e.client(region, provider(bearer)).GetFederationToken(ctx, in)
	if err != nil {
		return Credentials{}, classify(ctx, host, err, bearer.parts()...)
	}
	c, err := usable(out.Credentials, e.Now())
	if err != nil {
		return Credentials{}, err
	}
	if out.FederatedUser == nil || !strings.HasSuffix(sdk.ToString(out.FederatedUser.Arn), ":federated-user/"+f.Name) {
		return Credentials{}, unusable("it is not for " + plain.Short(f.Name, maxMessage))
	}
	c.Role, c.Region = sdk.ToString(out.FederatedUser.Arn), bearer.Region
	c.AssumedRole = c.Role
	return c, nil
}
