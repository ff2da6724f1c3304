package aws_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

// signIn is the sign-in service.
type signIn struct {
	status int
	body   string
	host   string
	form   url.Values
	picky  bool // no session may have a duration
}

func (s *signIn) RoundTrip(r *http.Request) (*http.Response, error) {
	if s.status == 0 {
		return nil, errors.New("no route to host")
	}
	body, _ := io.ReadAll(r.Body)
	s.host, s.form = r.URL.Host, nil
	s.form, _ = url.ParseQuery(string(body))
	if s.picky && s.form.Has("SessionDuration") {
		return &http.Response{StatusCode: 400, Body: http.NoBody, Request: r}, nil
	}
	return &http.Response{StatusCode: s.status, Body: io.NopCloser(strings.NewReader(s.body)), Request: r}, nil
}

func TestConsole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		partition string
		console   aws.Console
		asked     string
		want      []string
	}{
		{"aws", aws.Console{}, "signin.aws.amazon.com", []string{"https://signin.aws.amazon.com/federation?Action=login", "us-east-1.console.aws.amazon.com%2Fconsole%2Fhome", "SigninToken=token-1"}},
		{"aws", aws.Console{Service: "s3", Region: "eu-west-1", Duration: time.Hour}, "eu-west-1.signin.aws.amazon.com", []string{"eu-west-1.console.aws.amazon.com%2Fs3%2Fhome%3Fregion%3Deu-west-1"}},
		{"aws-cn", aws.Console{}, "signin.amazonaws.cn", []string{"cn-north-1.console.amazonaws.cn"}},
		{"aws-eusc", aws.Console{}, "signin.amazonaws-eusc.eu", []string{"eusc-de-east-1.console.amazonaws-eusc.eu"}},
		{"aws-us-gov", aws.Console{LogoutFirst: true}, "signin.amazonaws-us-gov.com", []string{"/oauth?Action=logout&redirect_uri=https%3A%2F%2Fsignin.amazonaws-us-gov.com%2Ffederation%3FAction%3Dlogin"}},
	} {
		s := &signIn{status: 200, body: `{"SigninToken":"token-1"}`}
		c.console.Transport = s
		got, err := c.console.Address(t.Context(), aws.Credentials{AccessKeyID: "ASIA", SecretAccessKey: secret.New("s"), SessionToken: secret.New("t"), Role: "arn:" + c.partition + ":iam::123456789012:role/Admin"})
		if err != nil || s.host != c.asked || s.form.Get("Session") != `{"sessionId":"ASIA","sessionKey":"s","sessionToken":"t"}` || (s.form.Get("SessionDuration") == "3600") != (c.console.Duration > 0) {
			t.Errorf("%+v: %v, asked %s for %v", c.console, err, s.host, s.form)
		}
		for _, part := range c.want {
			if !strings.Contains(got.Reveal(), part) {
				t.Errorf("%s is not in %s", part, got.Reveal())
			}
		}
	}
}

// TestConsoleOfNobody: where nobody says whose credentials they are, the region tells the partition.
func TestConsoleOfNobody(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{"": "signin.aws.amazon.com", "cn-north-1": "signin.amazonaws.cn", "eu-west-1": "eu-west-1.signin.aws.amazon.com"} {
		s := &signIn{status: 200, body: `{"SigninToken":"token-1"}`}
		if _, err := (&aws.Console{Transport: s}).Address(t.Context(), aws.Credentials{AccessKeyID: "ASIA", Region: region}); err != nil || s.host != want {
			t.Errorf("%s: %v, asked %s, want %s", region, err, s.host, want)
		}
	}
}

// What AWS gives no session of a chosen length gets one of its own.
func TestConsoleDuration(t *testing.T) {
	t.Parallel()
	s := &signIn{status: 200, body: `{"SigninToken":"token-1"}`, picky: true}
	console := aws.Console{Transport: s, Duration: time.Hour}
	if got, err := console.Address(t.Context(), aws.Credentials{AccessKeyID: "ASIA", Role: role}); err != nil || !strings.Contains(got.Reveal(), "token-1") {
		t.Errorf("%v, asked for %v", err, s.form)
	}
}

// Credentials of one partition are not shown to another's sign-in.
func TestConsoleNowhere(t *testing.T) {
	t.Parallel()
	for partition, region := range map[string]string{"aws-iso-e": "", "aws-iso-f": "us-isof-east-1", "aws-new": "new-1"} {
		s := &signIn{status: 200, body: `{"SigninToken":"token-1"}`}
		console := aws.Console{Transport: s, Region: region}
		_, err := console.Address(t.Context(), aws.Credentials{AccessKeyID: "ASIA", Role: "arn:" + partition + ":iam::123456789012:role/Admin"})
		if err == nil || !strings.Contains(err.Error(), "no address of a console") || s.host != "" {
			t.Errorf("%s: %v, asked %s", partition, err, s.host)
		}
	}
}

func TestConsoleRefused(t *testing.T) {
	t.Parallel()
	for _, s := range []*signIn{{}, {status: 400, body: "Token ASIA is bad"}, {status: 200, body: "<html>"}, {status: 200, body: "{}"}} {
		console := aws.Console{Transport: s}
		_, err := console.Address(t.Context(), aws.Credentials{AccessKeyID: "ASIA", Role: role})
		var refused *aws.RefusedError
		var unreachable *aws.UnreachableError
		if s.status == 0 && !errors.As(err, &unreachable) || s.status > 0 && !errors.As(err, &refused) || strings.Contains(err.Error(), "ASIA") {
			t.Errorf("%+v: %v", s, err)
		}
	}
}
