package aws

import (
	"context"
	"maps"
	"slices"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"
)

// A Hop is a role that the session of another one may assume.
type Hop struct {
	Role           string // its ARN
	SessionName    string // "" is samlcli
	ExternalID     string
	SourceIdentity string
	Tags           map[string]string
	Transitive     []string      // the tags that later hops keep
	Duration       time.Duration // an hour at most, as AWS has it for chains; 0 is an hour
}

// MaxHop is the longest that AWS lets the session of a chained role be ("Roles terms and concepts", role chaining).
const MaxHop = time.Hour

// Chained is the Source of a Hop: it takes another Source's credentials to STS, with AssumeRole. Its errors are those of
// Exchange.
type Chained struct {
	Source   Source
	Hop      Hop
	Exchange *Exchange // where and how to ask; nothing else of it counts
}

// Credentials gets the first role's credentials, and with them the second's.
func (c *Chained) Credentials(ctx context.Context) (Credentials, error) {
	role, err := parseRole(c.Hop.Role)
	if err != nil {
		return Credentials{}, err
	}
	region, _, err := ChooseRegion(role.partition, c.Exchange.Region)
	if err != nil {
		return Credentials{}, err
	}
	host, err := c.Exchange.host(ctx, region)
	if err != nil {
		return Credentials{}, err
	}
	first, err := c.Source.Credentials(ctx)
	if err != nil {
		return Credentials{}, err
	}
	out, err := c.Exchange.client(region, provider(first)).AssumeRole(ctx, c.Hop.input())
	if err != nil {
		return Credentials{}, classify(ctx, host, err)
	}
	second, err := checked(out.Credentials, out.AssumedRoleUser, c.Hop.Role, role, region, c.Exchange.Now())
	if first.Region == "" {
		second.Region = ""
	}
	return second, err
}

func (h Hop) input() *sts.AssumeRoleInput {
	name, duration := h.SessionName, h.Duration
	if name == "" {
		name = "samlcli"
	}
	if duration == 0 {
		duration = MaxHop
	}
	in := &sts.AssumeRoleInput{
		RoleArn: sdk.String(h.Role), RoleSessionName: sdk.String(name), DurationSeconds: sdk.Int32(int32(min(duration, MaxHop) / time.Second)),
		TransitiveTagKeys: h.Transitive,
	}
	if h.ExternalID != "" {
		in.ExternalId = sdk.String(h.ExternalID)
	}
	if h.SourceIdentity != "" {
		in.SourceIdentity = sdk.String(h.SourceIdentity)
	}
	for _, key := range slices.Sorted(maps.Keys(h.Tags)) {
		in.Tags = append(in.Tags, types.Tag{Key: sdk.String(key), Value: sdk.String(h.Tags[key])})
	}
	return in
}
