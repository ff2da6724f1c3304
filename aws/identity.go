package aws

import (
	"context"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// An Identity is who AWS takes the bearer of credentials for.
type Identity struct{ Account, ARN, UserID string }

// Identity asks STS with GetCallerIdentity whose credentials these are. Where and how to ask stands in the exchange; its errors
// are those of Credentials.
func (e *Exchange) Identity(ctx context.Context, c Credentials) (Identity, error) {
	role, err := parseRole(c.Role)
	if err != nil {
		return Identity{}, err
	}
	region, _, err := ChooseRegion(role.partition, e.Region, c.Region)
	if err != nil {
		return Identity{}, err
	}
	host, err := e.host(ctx, region)
	if err != nil {
		return Identity{}, err
	}
	out, err := e.client(region, provider(c)).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Identity{}, classify(ctx, host, err)
	}
	return Identity{sdk.ToString(out.Account), sdk.ToString(out.Arn), sdk.ToString(out.UserId)}, nil
}

// provider hands credentials to the SDK, for a signature.
func provider(c Credentials) sdk.CredentialsProvider {
	return sdk.CredentialsProviderFunc(func(context.Context) (sdk.Credentials, error) {
		return sdk.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey.Reveal(), SessionToken: c.SessionToken.Reveal()}, nil
	})
}
