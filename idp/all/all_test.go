package all_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
)

func TestRecordedPages(t *testing.T) { idptest.Pages(t, all.Adapters()) }

func TestFor(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://accounts.google.com/o/saml2/initsso?idpid=C1&spid=2":            "google",
		"https://login.microsoftonline.com/acme.example.com/saml2":               "entra",
		"https://login.microsoftonline.com/acme.example.com/saml2?SAMLRequest=x": "forms",
		"https://idp.example.com/acme/saml2":                                     "forms",
		"https://idp.example.com/idp/profile/SAML2/SOAP/ECP":                     "shibboleth-ecp",
		"http://127.0.0.1:1/sso":                                                 "forms",
		"":                                                                       "forms",
		"%":                                                                      "forms",
	} {
		if got := all.For(address); got.Name != want {
			t.Errorf("For(%q) = %s, want %s", address, got.Name, want)
		}
	}
}
