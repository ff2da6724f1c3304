package aws

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/samlcli/samlcli/internal/secret"
)

// A Hop is a role that the bearer of other credentials may assume.
type Hop struct {
	Role           string // its ARN
	SessionName    string // "" is samlcli
	ExternalID     string
	SourceIdentity string
	MFASerial      string // the device of the bearer's that gives a code; "" where none is needed
	Policy         string // narrows the session; "" does not
	PolicyARNs     []string
	Tags           map[string]string
	Transitive     []string      // the tags that later hops keep
	Duration       time.Duration // 0 is STS's own, an hour
}

// MaxHop is the longest that AWS lets the session of a chained role be ("Roles terms and concepts", role chaining).
const MaxHop = time.Hour

// AssumeRole asks STS for a session of the hop's role for the bearer of other credentials; code is of the device that the hop
// names. Where and how to ask stands in the exchange; its errors are those of Credentials.
func (e *Exchange) AssumeRole(ctx context.Context, bearer Credentials, h Hop, code secret.Secret) (Credentials, error) {
	role, err := parseRole(h.Role)
	if err != nil {
		return Credentials{}, err
	}
	regions, err := e.regions(role.partition)
	if err != nil {
		return Credentials{}, err
	}
	if !code.Empty() { // AWS may have seen it
		regions = regions[:1]
	}
	in := h.input()
	in.SerialNumber, in.TokenCode = optional(h.MFASerial), optional(code.Reveal())
	c, err := inTurn(ctx, e, regions, func(at, host string) (Credentials, error) {
		out, err := e.client(at, provider(bearer)).AssumeRole(ctx, in, once(code))
		if err != nil {
			return Credentials{}, classify(ctx, host, err, append(bearer.parts(), code)...)
		}
		return checked(out.Credentials, out.AssumedRoleUser, h.Role, role, regions[0], e.Now())
	})
	if bearer.Region == "" {
		c.Region = ""
	}
	return c, err
}

// once keeps a code from being sent again where no answer came through: it is good for one call, and AWS may have seen it.
func once(code secret.Secret) func(*sts.Options) {
	return func(o *sts.Options) {
		if !code.Empty() {
			o.Retryer = sdk.NopRetryer{}
		}
	}
}

func (h Hop) input() *sts.AssumeRoleInput {
	return &sts.AssumeRoleInput{
		RoleArn: sdk.String(h.Role), RoleSessionName: sdk.String(cmp.Or(h.SessionName, "samlcli")), DurationSeconds: seconds(h.Duration),
		ExternalId: optional(h.ExternalID), SourceIdentity: optional(h.SourceIdentity), Policy: optional(h.Policy), PolicyArns: policies(h.PolicyARNs),
		TransitiveTagKeys: h.Transitive, Tags: tags(h.Tags),
	}
}

func tags(values map[string]string) []types.Tag {
	var list []types.Tag
	for _, key := range slices.Sorted(maps.Keys(values)) {
		list = append(list, types.Tag{Key: sdk.String(key), Value: sdk.String(values[key])})
	}
	return list
}

func policies(arns []string) []types.PolicyDescriptorType {
	var list []types.PolicyDescriptorType
	for _, arn := range arns {
		list = append(list, types.PolicyDescriptorType{Arn: sdk.String(arn)})
	}
	return list
}

// optional is nil for what is not said.
func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// seconds is nil where STS is to decide.
func seconds(d time.Duration) *int32 {
	if d <= 0 {
		return nil
	}
	return sdk.Int32(int32(min(d, 1<<30*time.Second) / time.Second))
}
