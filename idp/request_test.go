package idp

import (
	"compress/flate"
	"encoding/base64"
	"io"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestAuthnRequest(t *testing.T) {
	t.Parallel()
	s := &Session{Now: func() time.Time { return time.Date(2026, 11, 21, 1, 2, 3, 456, time.FixedZone("", 3600)) }}
	request := s.AuthnRequest(AuthnRequest{Issuer: `https://signin.aws.amazon.com/saml#<&`, Consumer: AWSConsumer, Binding: "urn:x", NameID: "urn:email"})
	for _, want := range []string{` IssueInstant="2026-11-21T00:02:03Z"`, ` ID="id`, ` IsPassive="false"`, `<samlp:NameIDPolicy Format="urn:email"/></samlp:AuthnRequest>`, `>https://signin.aws.amazon.com/saml#&lt;&amp;</saml:Issuer>`,
		` AssertionConsumerServiceURL="https://signin.aws.amazon.com/saml"`, ` ProtocolBinding="urn:x"`} {
		if !strings.Contains(request, want) {
			t.Errorf("%s lacks %s", request, want)
		}
	}
	if bare := s.AuthnRequest(AuthnRequest{}); strings.Contains(bare, "ProtocolBinding") || strings.Contains(bare, "NameIDPolicy") {
		t.Errorf("%s has what nobody wants", bare)
	}
	u, err := url.Parse(RedirectBinding(&url.URL{Scheme: "https", Host: "idp.example.com", Path: "/saml2", RawQuery: "sso_reload=True"}, request))
	if err != nil {
		t.Fatal(err)
	}
	deflated, err := base64.StdEncoding.DecodeString(u.Query().Get("SAMLRequest"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(flate.NewReader(strings.NewReader(string(deflated))))
	if string(got) != request || err != nil || u.Query().Get("sso_reload") != "True" {
		t.Errorf("%s carries %s, %v", u, got, err)
	}
}
