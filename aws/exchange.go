package aws

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/internal/secret"
)

// Exchange is the Source that gives STS what an identity provider says of a person: a SAML response, with AssumeRoleWithSAML,
// or a token, with AssumeRoleWithWebIdentity. The calls are not signed.
//
// Its errors are *RefusedError when STS answered, *UnreachableError when it did not, and anything else when the
// fields make no call possible. None of them holds the assertion or the token.
type Exchange struct {
	Role, Provider string            // ARNs, as the assertion pairs them; a token needs no provider
	Assertion      secret.Secret     // base64, exactly as the identity provider sent it
	Token          secret.Secret     // instead of an assertion: of OpenID Connect, exactly as it was received
	SessionName    string            // of the session of a token
	Duration       time.Duration     // 0 leaves it to the role
	Policy         string            // narrows the session; "" does not
	PolicyARNs     []string          // narrow it too
	Region         string            // whose STS is asked, and goes into the Credentials; "" is the partition's default
	Fallback       []string          // regions whose STS is asked in turn where Region's cannot be reached
	FIPS           bool              // ask endpoints with validated cryptography (FIPS 140)
	DualStack      bool              // ask endpoints that answer by IPv6 too
	Endpoint       string            // instead of the region's own address; http for loopback only
	Transport      http.RoundTripper // must be there
	Now            func() time.Time  // must be there
}

const (
	attempts   = 3
	maxBackoff = 2 * time.Second
)

// Credentials asks STS, three times at most where no answer comes through, then that of the other regions, and checks what
// it answers.
func (e *Exchange) Credentials(ctx context.Context) (Credentials, error) {
	assertion, token := e.Provider != "" && !e.Assertion.Empty(), !e.Token.Empty()
	if e.Transport == nil || e.Now == nil || assertion == token {
		return Credentials{}, errors.New("an exchange needs an assertion and its provider or a token, a transport and a clock")
	}
	role, err := parseRole(e.Role)
	if err != nil {
		return Credentials{}, err
	}
	regions, err := e.regions(role.partition)
	if err != nil {
		return Credentials{}, err
	}
	return inTurn(ctx, e, regions, func(at, host string) (Credentials, error) { return e.ask(ctx, role, at, host, regions[0]) })
}

// ask asks one region's STS for credentials to work with in another.
func (e *Exchange) ask(ctx context.Context, role roleARN, at, host, region string) (Credentials, error) {
	client := e.client(at, sdk.AnonymousCredentials{})
	if !e.Token.Empty() {
		return e.askForToken(ctx, client, host, role, region)
	}
	out, err := client.AssumeRoleWithSAML(ctx, e.input())
	if err != nil {
		return Credentials{}, classify(ctx, host, err, e.Assertion)
	}
	return checked(out.Credentials, out.AssumedRoleUser, e.Role, role, region, e.Now())
}

func (e *Exchange) client(region string, as sdk.CredentialsProvider) *sts.Client {
	o := sts.Options{
		Region:      region,
		Credentials: as,
		HTTPClient:  &http.Client{Transport: capped{e.Transport}, CheckRedirect: noRedirect},
		Retryer: retry.NewStandard(func(o *retry.StandardOptions) {
			o.MaxAttempts, o.MaxBackoff = attempts, maxBackoff
		}),
	}
	if e.FIPS {
		o.EndpointOptions.UseFIPSEndpoint = sdk.FIPSEndpointStateEnabled
	}
	if e.DualStack {
		o.EndpointOptions.UseDualStackEndpoint = sdk.DualStackEndpointStateEnabled
	}
	if e.Endpoint != "" {
		o.BaseEndpoint = sdk.String(e.Endpoint)
	}
	return sts.New(o)
}

// noRedirect keeps the assertion where it was sent.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func (e *Exchange) input() *sts.AssumeRoleWithSAMLInput {
	return &sts.AssumeRoleWithSAMLInput{
		RoleArn:         sdk.String(e.Role),
		PrincipalArn:    sdk.String(e.Provider),
		SAMLAssertion:   sdk.String(e.Assertion.Reveal()),
		DurationSeconds: seconds(e.Duration),
		Policy:          optional(e.Policy),
		PolicyArns:      policies(e.PolicyARNs),
	}
}

// host returns the server that will be asked.
func (e *Exchange) host(ctx context.Context, region string) (string, error) {
	u, err := e.Address(ctx, region)
	if err != nil {
		return "", err
	}
	return u.Host, nil
}

// Address returns where the STS of a region is asked. Nothing is sent there.
func (e *Exchange) Address(ctx context.Context, region string) (*url.URL, error) {
	if e.Endpoint != "" {
		return CheckEndpoint(e.Endpoint)
	}
	at, err := sts.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, sts.EndpointParameters{Region: &region, UseFIPS: &e.FIPS, UseDualStack: &e.DualStack}.WithDefaults())
	if err != nil {
		return nil, fmt.Errorf("region %s has no STS: %w", region, err)
	}
	return &at.URI, nil
}

// CheckEndpoint parses the address of an STS, which must be https, or http on this computer, and nothing but a host
// and a path.
func CheckEndpoint(address string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("an STS endpoint is an address like https://sts.example.com, without user, query or fragment")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return nil, fmt.Errorf("the STS endpoint %s must be https", plain.Text(u.Host))
	}
	return u, nil
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
