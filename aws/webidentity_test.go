package aws_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

const token = "header.payload.signature"

func TestWebIdentity(t *testing.T) {
	t.Parallel()
	a := recorded(t, 200, "web-identity.xml")
	e := &aws.Exchange{Role: role, Token: secret.New(token), SessionName: "alice", Transport: a, Now: noon, Duration: time.Hour, Policy: "{}", PolicyARNs: []string{"arn:1"}}
	got, err := e.Credentials(t.Context())
	want := aws.WebIdentity{Subject: "248289761001", Provider: "arn:aws:iam::123456789012:oidc-provider/op.example.com", Audience: "client.example.com"}
	if err != nil || got.WebIdentity != want || got.AccessKeyID != "ASIAEXAMPLEACCESSKEY" || got.AssumedRole != "arn:aws:sts::123456789012:assumed-role/Admin/alice" {
		t.Errorf("Credentials() = %+v, %v", got, err)
	}
	if got, want := a.form.Encode(), (url.Values{
		"Action": {"AssumeRoleWithWebIdentity"}, "Version": {"2011-06-15"}, "RoleArn": {role}, "RoleSessionName": {"alice"},
		"WebIdentityToken": {token}, "DurationSeconds": {"3600"}, "Policy": {"{}"}, "PolicyArns.member.1.arn": {"arn:1"},
	}).Encode(); got != want {
		t.Errorf("form = %s, want %s", got, want)
	}
	if a.got[0].Header.Get("Authorization") != "" {
		t.Error("the call is signed")
	}
	if e.Call() != "AssumeRoleWithWebIdentity" || exchange(a).Call() != "AssumeRoleWithSAML" {
		t.Error("a call has another's name")
	}
}

func TestWebIdentityRefused(t *testing.T) {
	t.Parallel()
	a := recorded(t, 400, "expired-token.xml")
	_, err := (&aws.Exchange{Role: role, Token: secret.New(token), Transport: a, Now: noon}).Credentials(t.Context())
	if err == nil || strings.Contains(err.Error(), token) {
		t.Errorf("got %v", err)
	}
	both := &aws.Exchange{Role: role, Provider: provider, Assertion: secret.New(assertion), Token: secret.New(token), Transport: a, Now: noon}
	if _, err := both.Credentials(t.Context()); err == nil || len(a.got) != 1 {
		t.Errorf("assertion and token: %v, %d requests", err, len(a.got))
	}
}

func TestSessionName(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"alice@example.com":     "alice@example.com",
		"a b/c|d":               "a-b-c-d",
		"repo:org/x:ref:main":   "repo-org-x-ref-main",
		"Ä":                     "samlcli",
		"x":                     "samlcli",
		"":                      "samlcli",
		strings.Repeat("x", 65): strings.Repeat("x", 64),
	} {
		if got := aws.SessionName(text); got != want {
			t.Errorf("SessionName(%q) = %q, want %q", text, got, want)
		}
	}
}
