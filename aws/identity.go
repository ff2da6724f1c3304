package aws

import (
	"cmp"
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// An Identity is who AWS takes the bearer of credentials for.
type Identity struct{ Account, ARN, UserID string }

// Identity asks STS with GetCallerIdentity whose credentials these are. Where and how to ask stands in the exchange; its errors
// are those of Credentials.
func (e *Exchange) Identity(ctx context.Context, c Credentials) (Identity, error) {
	regions, err := e.regions(c.partition(e.Region), c.Region)
	if err != nil {
		return Identity{}, err
	}
	return inTurn(ctx, e, regions, func(at, host string) (Identity, error) {
		out, err := e.client(at, provider(c)).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
		if err != nil {
			return Identity{}, classify(ctx, host, err, c.parts()...)
		}
		return Identity{sdk.ToString(out.Account), sdk.ToString(out.Arn), sdk.ToString(out.UserId)}, nil
	})
}

// home returns the region to ask for the bearer of any credentials, and its STS.
func (e *Exchange) home(ctx context.Context, bearer Credentials) (region, host string, err error) {
	if region, _, err = ChooseRegion(bearer.partition(e.Region), e.Region, bearer.Region); err != nil {
		return "", "", err
	}
	host, err = e.host(ctx, region)
	return region, host, err
}

// partition is that of the role, or where nobody says which it is, of the region where they are used.
func (c Credentials) partition(region string) string {
	return cmp.Or(partitionOf(c.Role), Partition(cmp.Or(region, c.Region)), "aws")
}

// provider hands credentials to the SDK, for a signature.
func provider(c Credentials) sdk.CredentialsProvider {
	return sdk.CredentialsProviderFunc(func(context.Context) (sdk.Credentials, error) {
		return sdk.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey.Reveal(), SessionToken: c.SessionToken.Reveal()}, nil
	})
}
