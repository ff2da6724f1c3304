package aws

import (
	"context"
	"strings"
	"unicode"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/samlcli/samlcli/internal/plain"
)

// Call is the name of the call that an exchange makes.
func (e *Exchange) Call() string {
	if !e.Token.Empty() {
		return "AssumeRoleWithWebIdentity"
	}
	return "AssumeRoleWithSAML"
}

// askForToken gives STS the token, and notes whom AWS takes its bearer for.
func (e *Exchange) askForToken(ctx context.Context, client *sts.Client, host string, role roleARN, region string) (Credentials, error) {
	out, err := client.AssumeRoleWithWebIdentity(ctx, &sts.AssumeRoleWithWebIdentityInput{
		RoleArn:          sdk.String(e.Role),
		RoleSessionName:  sdk.String(e.SessionName),
		WebIdentityToken: sdk.String(e.Token.Reveal()),
		DurationSeconds:  seconds(e.Duration),
		Policy:           optional(e.Policy),
		PolicyArns:       policies(e.PolicyARNs),
	})
	if err != nil {
		return Credentials{}, classify(ctx, host, err, e.Token)
	}
	c, err := checked(out.Credentials, out.AssumedRoleUser, e.Role, role, region, e.Now())
	if err == nil {
		c.WebIdentity = WebIdentity{said(out.SubjectFromWebIdentityToken), said(out.Provider), said(out.Audience)}
	}
	return c, err
}

// SessionName makes the name of a session of a text, as near to it as STS allows: 2 to 64 letters, digits and _+=,.@-; "samlcli"
// of one that leaves nothing.
func SessionName(text string) string {
	name := strings.Map(func(r rune) rune {
		if r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_+=,.@-", r)) {
			return r
		}
		return '-'
	}, text)
	if name = name[:min(len(name), 64)]; len(name) < 2 || strings.Trim(name, "-") == "" {
		return "samlcli"
	}
	return name
}

// said is somebody else's word for something, safe to show.
func said(text *string) string { return plain.Short(sdk.ToString(text), maxMessage) }
