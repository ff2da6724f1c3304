package aws_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

const (
	role      = "arn:aws:iam::123456789012:role/team/Admin"
	provider  = "arn:aws:iam::123456789012:saml-provider/idp"
	assertion = "PHNhbWxwOlJlc3BvbnNl+/=="
)

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

// answer is a server that gives one answer to every request, and keeps the requests.
type answer struct {
	status int
	body   io.Reader // nil is none
	err    error
	got    []*http.Request
	form   url.Values
}

func (a *answer) RoundTrip(r *http.Request) (*http.Response, error) {
	a.got = append(a.got, r)
	var body []byte
	var err error
	if r.Body != nil {
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	if a.form, err = url.ParseQuery(string(body)); err != nil {
		return nil, err
	}
	if a.err != nil {
		return nil, a.err
	}
	h := http.Header{"Location": {"https://elsewhere.example.com/"}}
	return &http.Response{StatusCode: a.status, Header: h, Body: io.NopCloser(a.body), Request: r}, nil
}

func recorded(t *testing.T, status int, name string) *answer {
	t.Helper()
	data, err := os.ReadFile("../fixtures/sts/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return &answer{status: status, body: bytes.NewReader(data)}
}

func exchange(a *answer) *aws.Exchange {
	return &aws.Exchange{Role: role, Provider: provider, Assertion: secret.New(assertion), Transport: a, Now: noon}
}

func TestExchange(t *testing.T) {
	t.Parallel()
	a := recorded(t, 200, "success.xml")
	e := exchange(a)
	e.Region = "eu-west-1"
	got, err := e.Credentials(t.Context())
	want := aws.Credentials{
		AccessKeyID:     "ASIAEXAMPLEACCESSKEY",
		SecretAccessKey: secret.New("example/secret+access/key0000000000000000"),
		SessionToken:    secret.New("exampleSessionToken//////////wEaCXVzLWVhc3QtMSJHMEUCIQ=="),
		Expires:         noon().Add(time.Hour),
		Role:            role,
		AssumedRole:     "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com",
		Region:          "eu-west-1",
	}
	if got != want || err != nil {
		t.Fatalf("Credentials() = %+v, %v, want %+v", got, err, want)
	}
	r := a.got[0]
	if r.Method != "POST" || r.URL.String() != "https://sts.eu-west-1.amazonaws.com/" || len(a.got) != 1 {
		t.Errorf("request = %s %s, %d times", r.Method, r.URL, len(a.got))
	}
	for _, h := range []string{"Authorization", "X-Amz-Date", "X-Amz-Security-Token", "Cookie"} {
		if v := r.Header.Values(h); v != nil {
			t.Errorf("%s: %q was sent", h, v)
		}
	}
	if got, want := a.form.Encode(), (url.Values{
		"Action": {"AssumeRoleWithSAML"}, "Version": {"2011-06-15"},
		"RoleArn": {role}, "PrincipalArn": {provider}, "SAMLAssertion": {assertion},
	}).Encode(); got != want {
		t.Errorf("form = %s, want %s", got, want)
	}
}

func TestExchangeParameters(t *testing.T) {
	t.Parallel()
	a := recorded(t, 200, "success.xml")
	e := exchange(a)
	e.Duration, e.Policy, e.PolicyARNs = 90*time.Minute, "{}", []string{"arn:1", "arn:2"}
	e.Endpoint = "http://127.0.0.1:4566/sts"
	if _, err := e.Credentials(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := a.got[0].URL.String(); !strings.HasPrefix(got, "http://127.0.0.1:4566/sts") {
		t.Errorf("address = %s", got)
	}
	for key, want := range map[string]string{
		"DurationSeconds": "5400", "Policy": "{}", "PolicyArns.member.1.arn": "arn:1", "PolicyArns.member.2.arn": "arn:2",
	} {
		if got := a.form.Get(key); got != want {
			t.Errorf("%s = %q, want %q", key, got, want)
		}
	}
}

func TestExchangeHost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ partition, region, want string }{
		{"aws", "", "sts.us-east-1.amazonaws.com"},
		{"aws", "aws-global", "sts.amazonaws.com"},
		{"aws", "mx-central-1", "sts.mx-central-1.amazonaws.com"},
		{"aws-us-gov", "", "sts.us-gov-west-1.amazonaws.com"},
		{"aws-us-gov", "us-gov-east-1", "sts.us-gov-east-1.amazonaws.com"},
		{"aws-cn", "", "sts.cn-north-1.amazonaws.com.cn"},
		{"aws-iso", "", "sts.us-iso-east-1.c2s.ic.gov"},
		{"aws-iso-b", "", "sts.us-isob-east-1.sc2s.sgov.gov"},
		{"aws-iso-e", "", "sts.eu-isoe-west-1.cloud.adc-e.uk"},
		{"aws-iso-f", "", "sts.us-isof-south-1.csp.hci.ic.gov"},
		{"aws-eusc", "", "sts.eusc-de-east-1.amazonaws.eu"},
	} {
		a := recorded(t, 400, "access-denied.xml")
		e := exchange(a)
		e.Role, e.Region = "arn:"+c.partition+":iam::123456789012:role/Admin", c.region
		_, err := e.Credentials(t.Context())
		if len(a.got) != 1 || a.got[0].URL.Host != c.want {
			t.Errorf("%s %q: %d requests, %v, want one to %s", c.partition, c.region, len(a.got), err, c.want)
		}
	}
}

func TestExchangeRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		file   string
		status int
		want   aws.RefusedError
	}{
		{"access-denied.xml", 403, aws.RefusedError{"AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML", 403, time.Time{}}},
		{"expired-token.xml", 400, aws.RefusedError{"ExpiredTokenException", "Token must be redeemed within 5 minutes of issuance", 400, time.Time{}}},
		{"invalid-identity-token.xml", 400, aws.RefusedError{"InvalidIdentityToken",
			"Response Signature Invalid (Service: AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken)", 400, time.Time{}}},
		{"validation-error.xml", 400, aws.RefusedError{"ValidationError",
			"The requested DurationSeconds exceeds the MaxSessionDuration set for this role.", 400, time.Time{}}},
		{"rejected-claim.xml", 403, aws.RefusedError{"IDPRejectedClaim", "Your request included an invalid 31mSAML response.", 403, time.Time{}}},
		{"wrong-role.xml", 200, aws.RefusedError{"UnusableAnswer",
			"it is for arn:aws:sts::123456789012:assumed-role/Auditor/alice@example.com, not for " + role, 200, time.Time{}}},
		{"no-role.xml", 200, aws.RefusedError{"UnusableAnswer", "there are no credentials in it", 200, time.Time{}}},
		{"no-session-token.xml", 200, aws.RefusedError{"UnusableAnswer", "a part of the credentials is missing", 200, time.Time{}}},
		{"line-end.xml", 200, aws.RefusedError{"UnusableAnswer", "the credentials hold characters that no credentials have", 200, time.Time{}}},
		{"expired.xml", 200, aws.RefusedError{"UnusableAnswer",
			"the credentials expired at 2026-11-20T11:59:59Z, and it is 2026-11-20T12:00:00Z here", 200, time.Time{}}},
		{"cut-short.xml", 200, aws.RefusedError{"UnusableAnswer", "HTTP 200 from sts.us-east-1.amazonaws.com is not an answer of STS", 200, time.Time{}}},
		{"garbage.txt", 200, aws.RefusedError{"UnusableAnswer", "there are no credentials in it", 200, time.Time{}}},
		{"proxy-error.html", 200, aws.RefusedError{"UnusableAnswer", "HTTP 200 from sts.us-east-1.amazonaws.com is not an answer of STS", 200, time.Time{}}},
		{"proxy-error.html", 404, aws.RefusedError{"UnusableAnswer", "HTTP 404 from sts.us-east-1.amazonaws.com is not an answer of STS", 404, time.Time{}}},
		{"garbage.txt", 302, aws.RefusedError{"UnusableAnswer", "HTTP 302 from sts.us-east-1.amazonaws.com is not an answer of STS", 302, time.Time{}}},
	} {
		a := recorded(t, c.status, c.file)
		_, err := exchange(a).Credentials(t.Context())
		got, ok := errors.AsType[*aws.RefusedError](err)
		if !ok || *got != c.want || len(a.got) != 1 {
			t.Errorf("%s: %#v, %d requests, want %#v", c.file, err, len(a.got), c.want)
		}
		noSecret(t, err)
	}
}

func TestExchangeUnreachable(t *testing.T) {
	t.Parallel()
	refused := errors.New("connection refused")
	for name, c := range map[string]struct {
		answer   *answer
		requests int
		want     string
	}{
		"no connection": {&answer{err: &transient{refused}}, 3, "connection refused"},
		"trouble":       {recorded(t, 503, "service-unavailable.xml"), 3, "the server answered HTTP 503"},
		"a page":        {recorded(t, 502, "proxy-error.html"), 3, "the server answered HTTP 502"},
		"broken off":    {&answer{status: 200, body: io.MultiReader(strings.NewReader("<AssumeRole"), broken{})}, 1, "unexpected EOF"},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := exchange(c.answer).Credentials(t.Context())
			got, ok := errors.AsType[*aws.UnreachableError](err)
			if !ok || err.Error() != "reaching sts.us-east-1.amazonaws.com: "+c.want || got.Host != "sts.us-east-1.amazonaws.com" {
				t.Errorf("%s: %#v, want %s", name, err, c.want)
			}
			if len(c.answer.got) != c.requests || time.Since(start) > 5*time.Second {
				t.Errorf("%s: %d requests in %v, want %d", name, len(c.answer.got), time.Since(start), c.requests)
			}
			noSecret(t, err)
		})
	}
}

// transient is what the SDK takes for a passing trouble of the network.
type transient struct{ error }

func (*transient) Timeout() bool   { return true }
func (*transient) Temporary() bool { return true }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestExchangeEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		a := recorded(t, 503, "service-unavailable.xml")
		_, err := exchange(a).Credentials(ctx)
		if _, ok := errors.AsType[*aws.UnreachableError](err); !ok || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error = %v, want an unreachable host for the deadline", err)
		}
	})
}

func TestExchangeFields(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*aws.Exchange){
		"not the ARN of a role":  func(e *aws.Exchange) { e.Role = "arn:aws:iam::123456789012:user/Admin" },
		"is in partition aws-cn": func(e *aws.Exchange) { e.Region = "cn-north-1" },
		"is not a region":        func(e *aws.Exchange) { e.Region = "evil.example.com/" },
		"partition \"aws-x\" is": func(e *aws.Exchange) { e.Role = "arn:aws-x:iam::123456789012:role/Admin" },
		"must be https":          func(e *aws.Exchange) { e.Endpoint = "http://sts.example.com" },
		"without user, query":    func(e *aws.Exchange) { e.Endpoint = "https://sts.example.com/?x" },
		"a transport":            func(e *aws.Exchange) { e.Transport = nil },
		"needs an assertion":     func(e *aws.Exchange) { e.Assertion = secret.New("") },
	} {
		a := recorded(t, 200, "success.xml")
		e := exchange(a)
		change(e)
		if _, err := e.Credentials(t.Context()); err == nil || !strings.Contains(err.Error(), want) || len(a.got) != 0 {
			t.Errorf("error = %v after %d requests, want %q", err, len(a.got), want)
		}
	}
}

func TestRefusedError(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]aws.RefusedError{
		"AWS refused: Not authorized (AccessDenied)":           {Code: "AccessDenied", Message: "Not authorized.", Status: 403},
		"AWS refused: AccessDenied (HTTP 403)":                 {Code: "AccessDenied", Status: 403},
		"AWS gave an answer that cannot be used: it is no XML": {Code: aws.UnusableAnswer, Message: "it is no XML", Status: 200},
	} {
		if got := e.Error(); got != want {
			t.Errorf("Error() = %q, want %q", got, want)
		}
	}
}

func noSecret(t *testing.T, err error) {
	t.Helper()
	for _, s := range []string{assertion, url.QueryEscape(assertion), "session+Token", "Bad Gateway"} {
		if strings.Contains(err.Error(), s) {
			t.Errorf("error %q holds %q", err, s)
		}
	}
}

// cutOff is a network that reaches some hosts only.
type cutOff struct {
	*answer
	reach string
}

func (c cutOff) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != c.reach {
		c.got = append(c.got, r)
		return nil, errors.New("no route to host")
	}
	return c.answer.RoundTrip(r)
}

// Where a region's STS cannot be reached the others are asked in turn; what they give is for the region that was meant.
func TestExchangeFallback(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := recorded(t, 200, "success.xml")
		e := exchange(a)
		e.Transport, e.Region, e.Fallback = cutOff{a, "sts.us-west-2.amazonaws.com"}, "eu-west-1", []string{"us-east-2", "us-west-2"}
		c, err := e.Credentials(t.Context())
		if err != nil || c.Region != "eu-west-1" {
			t.Errorf("%+v, %v", c, err)
		}
		e.Fallback = nil
		var unreachable *aws.UnreachableError
		if _, err := e.Credentials(t.Context()); !errors.As(err, &unreachable) || unreachable.Host != "sts.eu-west-1.amazonaws.com" {
			t.Errorf("without others: %v", err)
		}
	})
}

// So are they for the roles of a chain, but for a code that AWS may have seen, and by whoever wants to know whose credentials
// these are.
func TestFallbackOfOthers(t *testing.T) {
	t.Parallel()
	bearer := aws.Credentials{AccessKeyID: "ASIA", SecretAccessKey: secret.New("s"), SessionToken: secret.New("t"), Role: role, Region: "eu-west-1"}
	for name, c := range map[string]struct {
		call  func(context.Context, *aws.Exchange) error
		asked int
	}{
		"AssumeRole": {func(ctx context.Context, e *aws.Exchange) error {
			_, err := e.AssumeRole(ctx, bearer, aws.Hop{Role: role}, secret.Secret{})
			return err
		}, 2},
		"with a code": {func(ctx context.Context, e *aws.Exchange) error {
			_, err := e.AssumeRole(ctx, bearer, aws.Hop{Role: role, MFASerial: "m"}, secret.New("123456"))
			return err
		}, 1},
		"GetCallerIdentity": {func(ctx context.Context, e *aws.Exchange) error { _, err := e.Identity(ctx, bearer); return err }, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			hosts := map[string]bool{}
			e := exchange(nil)
			e.Transport, e.Region, e.Fallback = unheard(hosts), "eu-west-1", []string{"us-east-2"}
			if err := c.call(t.Context(), e); !errors.As(err, new(*aws.UnreachableError)) || len(hosts) != c.asked || !hosts["sts.eu-west-1.amazonaws.com"] {
				t.Errorf("%s: %v, asked %v", name, err, hosts)
			}
		})
	}
}

// unheard is a network without a host, which notes who was asked.
type unheard map[string]bool

func (u unheard) RoundTrip(r *http.Request) (*http.Response, error) {
	u[r.URL.Host] = true
	return nil, errors.New("no route to host")
}

func TestExchangeEndpoints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fips, dual bool
		want       string
	}{
		{true, false, "sts-fips.us-east-2.amazonaws.com"},
		{false, true, "sts.us-east-2.api.aws"},
		{true, true, "sts-fips.us-east-2.api.aws"},
	} {
		a := recorded(t, 200, "success.xml")
		e := exchange(a)
		e.Region, e.FIPS, e.DualStack = "us-east-2", c.fips, c.dual
		if _, err := e.Credentials(t.Context()); err != nil || a.got[0].URL.Host != c.want {
			t.Errorf("%+v: %v, asked %s", c, err, a.got[0].URL.Host)
		}
	}
}
