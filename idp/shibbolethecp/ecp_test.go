package shibbolethecp_test

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/shibbolethecp"
	"github.com/samlcli/samlcli/idp/web"
)

type person struct {
	answers []string
	told    string
}

func (p *person) Ask(_ context.Context, q idp.Question) (string, error) {
	if len(p.answers) == 0 {
		return "", idp.ErrNoAnswer
	}
	answer := p.answers[0]
	p.answers = p.answers[1:]
	return answer, nil
}
func (p *person) Choose(context.Context, idp.Choice) (int, error) { return 0, idp.ErrNoAnswer }
func (p *person) Tell(_ context.Context, message string)          { p.told += message }

type answer struct {
	status int
	kind   string
	body   string
}

// provider answers in turn, and keeps what it was asked.
type provider struct {
	answers []answer
	asked   []*http.Request
	bodies  []string
}

func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	p.asked, p.bodies = append(p.asked, r), append(p.bodies, string(body))
	a := p.answers[0]
	p.answers = p.answers[1:]
	return &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {a.kind}}, Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

const (
	shibboleth = `<?xml version="1.0" encoding="UTF-8"?>
<soap11:Envelope xmlns:soap11="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xs="http://www.w3.org/2001/XMLSchema"><soap11:Body>
<saml2p:Response xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"><saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>
  <saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">a &amp; b</saml2:Assertion></saml2p:Response></soap11:Body></soap11:Envelope>`
	simplesaml = `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><SOAP-ENV:Body><samlp:Response ID="_1"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:%s"></samlp:StatusCode></samlp:Status></samlp:Response></SOAP-ENV:Body></SOAP-ENV:Envelope>`
	refusedXML = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"><p:Status><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"><p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:%s"/></p:StatusCode><p:StatusMessage>%m</p:StatusMessage></p:Status></p:Response></e:Body></e:Envelope>`
)

func refusal(code, message string) string {
	return strings.NewReplacer("%s", code, "%m", message).Replace(refusedXML)
}

func TestECP(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		answers []answer
		typed   []string
		set     map[string]string
		want    string // the response's bytes, or the error
	}{
		{"shibboleth's prefixes", []answer{{200, "text/xml", shibboleth}}, []string{"p"}, nil,
			`<saml2p:Response xmlns:soap11="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"><saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>
  <saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">a &amp; b</saml2:Assertion></saml2p:Response>`},
		{"a prefix that the envelope declares", []answer{{200, "application/vnd.paos+xml", strings.ReplaceAll(simplesaml, "%s", "Success")}}, []string{"p"}, nil,
			`<samlp:Response xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_1"><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode></samlp:Status></samlp:Response>`},
		{"wrong password", []answer{{200, "text/xml", refusal("AuthnFailed", "no")}}, []string{"p"}, nil, "bad_credentials: Responder/AuthnFailed no"},
		{"wrong, then right", []answer{{200, "text/xml", refusal("AuthnFailed", "no")}, {200, "text/xml", strings.ReplaceAll(simplesaml, "%s", "Success")}}, []string{"p", "q"}, nil, "<samlp"},
		{"wrong, by HTTP", []answer{{401, "text/html", "<p>Unauthorized</p>"}}, []string{"p"}, nil, "bad_credentials: Unauthorized"},
		{"no consumer service", []answer{{200, "text/xml", refusal("RequestDenied", "")}}, []string{"p"}, nil,
			"blocked: Responder/RequestDenied; AWS's consumer service with the PAOS binding may be missing there"},
		{"fault", []answer{{500, "text/xml", `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultstring>Unable to process</faultstring></S:Fault></S:Body></S:Envelope>`}}, []string{"p"}, nil, "blocked: Unable to process"},
		{"nothing in it", []answer{{200, "text/xml", `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"/>`}}, []string{"p"}, nil, "its SOAP answer holds no SAML response"},
		{"broken", []answer{{200, "text/xml", `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body>`}}, []string{"p"}, nil, "its SOAP answer cannot be read"},
		{"nobody", nil, nil, nil, "nobody to ask"},
		{"duo", []answer{{200, "text/xml", strings.ReplaceAll(simplesaml, "%s", "Success")}}, []string{"p"}, map[string]string{"duo_factor": "push"}, "<samlp"},
		{"duo passcode", []answer{{200, "text/xml", strings.ReplaceAll(simplesaml, "%s", "Success")}}, []string{"p", "123456"}, map[string]string{"duo_factor": "passcode"}, "<samlp"},
	} {
		site, who := &provider{answers: c.answers}, &person{answers: c.typed}
		s := &idp.Session{
			Account: idp.Account{URL: "https://idp.example.com/idp/profile/SAML2/SOAP/ECP", Username: "alice", Settings: c.set},
			Browser: web.New(web.Options{Transport: site}), Ask: who,
		}
		result, err := idp.SignIn(t.Context(), shibbolethecp.New(), all.Adapters(), s)
		got := told(err)
		if xml, decoded := base64.StdEncoding.DecodeString(result.Response); err == nil && decoded == nil {
			got = string(xml)
		}
		if got != c.want && (c.want[:1] != "<" || !strings.HasPrefix(got, c.want)) {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
		if len(site.asked) > 0 {
			name, password, _ := site.asked[0].BasicAuth()
			if name != "alice" || password != "p" || !strings.Contains(site.bodies[0], `ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:PAOS"`) || !strings.Contains(site.bodies[0], ">urn:amazon:webservices<") {
				t.Errorf("%s: asked as %s with %s", c.name, name, site.bodies[0])
			}
		}
		if factor := c.set["duo_factor"]; factor != "" && site.asked[0].Header.Get("X-Shibboleth-Duo-Factor") != factor {
			t.Errorf("%s: headers %v", c.name, site.asked[0].Header)
		}
		if c.name == "duo passcode" && site.asked[0].Header.Get("X-Shibboleth-Duo-Passcode") != "123456" {
			t.Errorf("%s: headers %v", c.name, site.asked[0].Header)
		}
	}
}

func told(err error) string {
	var (
		refused *idp.RefusedError
		unknown *idp.UnknownPageError
	)
	switch {
	case errors.As(err, &refused):
		return refused.Kind + ": " + refused.Message
	case errors.As(err, &unknown):
		return unknown.Reason
	case errors.Is(err, idp.ErrNoAnswer):
		return "nobody to ask"
	case err != nil:
		return err.Error()
	}
	return ""
}
