package aws

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"github.com/samlcli/samlcli/internal/plain"
)

// Alias asks IAM with ListAccountAliases what the account of the credentials is called; "" is that it has no alias. IAM has one
// address a partition (AWS General Reference, "IAM endpoints and quotas"); endpoint stands in its place where it is not "".
// The exchange says over what transport; its errors are those of Credentials.
func (e *Exchange) Alias(ctx context.Context, c Credentials, endpoint string) (string, error) {
	role, err := parseRole(c.Role)
	if err != nil {
		return "", err
	}
	host, region := iamOf(role.partition)
	if endpoint == "" {
		endpoint = "https://" + host + "/"
	}
	u, err := CheckEndpoint(endpoint)
	if err != nil || u.Host == "" {
		return "", fmt.Errorf("no address of IAM in partition %s is known", role.partition)
	}
	r, err := e.signed(ctx, c, u, region, url.Values{"Action": {"ListAccountAliases"}, "Version": {"2010-05-08"}}.Encode())
	if err != nil {
		return "", err
	}
	resp, err := capped{e.Transport}.RoundTrip(r)
	if err != nil {
		return "", &UnreachableError{u.Host, err}
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", &RefusedError{Code: "ListAccountAliases", Status: resp.StatusCode}
	}
	return firstMember(resp.Body), nil
}

func iamOf(partition string) (host, region string) {
	switch partition {
	case "aws":
		return "iam.amazonaws.com", "us-east-1"
	case "aws-cn":
		return "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"
	case "aws-us-gov":
		return "iam.us-gov.amazonaws.com", "us-gov-west-1"
	}
	return "", ""
}

// signed is a call of IAM's in the name of the credentials (Signature Version 4).
func (e *Exchange) signed(ctx context.Context, c Credentials, u *url.URL, region, body string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	as := sdk.Credentials{AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey.Reveal(), SessionToken: c.SessionToken.Reveal()}
	sum := sha256.Sum256([]byte(body))
	return r, v4.NewSigner().SignHTTP(ctx, as, r, hex.EncodeToString(sum[:]), "iam", region, e.Now())
}

// firstMember reads the one alias that an account may have, as one safe line.
func firstMember(body io.Reader) string {
	for d := xml.NewDecoder(body); ; {
		token, err := d.Token()
		if err != nil {
			return ""
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "member" {
			text, _ := d.Token()
			alias, _ := text.(xml.CharData)
			return plain.Short(string(alias), maxAlias)
		}
	}
}

const maxAlias = 63 // characters (IAM API Reference, CreateAccountAlias)
