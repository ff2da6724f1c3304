package entra_test

import (
	"compress/flate"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/entra"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/web"
)

func TestEntra(t *testing.T) {
	t.Parallel()
	idptest.Run(t, entra.New(), all.Adapters())
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// The address of a tenant alone gets a request in AWS's name, or that of the settings.
func TestOwnRequest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		settings         map[string]string
		issuer, consumer string
	}{
		{nil, "https://signin.aws.amazon.com/saml", "https://signin.aws.amazon.com/saml"},
		{map[string]string{"app_id_uri": "https://signin.aws.amazon.com/saml#2", "acs_url": "https://signin.amazonaws.cn/saml"}, "https://signin.aws.amazon.com/saml#2", "https://signin.amazonaws.cn/saml"},
	} {
		var request string
		s := &idp.Session{
			Account: idp.Account{URL: "https://login.microsoftonline.com/acme.example.com/saml2", Settings: c.settings},
			Browser: web.New(web.Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				deflated, err := base64.StdEncoding.DecodeString(r.URL.Query().Get("SAMLRequest"))
				if err != nil {
					return nil, err
				}
				xml, err := io.ReadAll(flate.NewReader(strings.NewReader(string(deflated))))
				request = string(xml)
				return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody}, err
			})}),
		}
		_, _ = idp.SignIn(t.Context(), entra.New(), nil, s)
		for _, want := range []string{`AssertionConsumerServiceURL="` + c.consumer + `"`, ">" + c.issuer + "</saml:Issuer>", ` IsPassive="false"`, `nameid-format:emailAddress"/>`} {
			if !strings.Contains(request, want) {
				t.Errorf("asked %s, want %s in it", request, want)
			}
		}
	}
}

func FuzzAnswers(f *testing.F) { idptest.Fuzz(f, entra.New(), all.Adapters()) }
