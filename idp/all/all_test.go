package all_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/web"
)

func TestRecordedPages(t *testing.T) { idptest.Pages(t, all.Adapters()) }

// Where an address is claimed, the adapter's own start is needed; everywhere else the first page decides.
func TestFor(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://accounts.google.com/o/saml2/initsso?idpid=C1&spid=2&forceauthn=false":                      "google",
		"https://accounts.google.com/o/saml2?idpid=C1":                                                      "google",
		"https://login.microsoftonline.com/acme.example.com/saml2":                                          "entra",
		"https://login.microsoftonline.us/acme.example.com/saml2":                                           "entra",
		"https://login.microsoftonline.com/acme.example.com/saml2?SAMLRequest=x":                            "forms",
		"https://myapps.microsoft.com/signin/aws/a1?tenantId=t1":                                            "forms",
		"https://account.activedirectory.windowsazure.com/applications/redirecttofederatedapplication.aspx": "forms",
		"https://apm.example.com/saml/idp/res?id=/Common/aws":                                               "f5apm",
		"https://apm.example.com/":                                                                          "forms",
		"https://idp.example.com/idp/profile/SAML2/SOAP/ECP":                                                "shibboleth-ecp",
		"https://idp.example.com/idp/profile/SAML2/Unsolicited/SSO?providerId=urn:amazon:webservices":       "forms",
		"https://fs.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn:amazon:webservices":           "forms",
		"https://acme.okta.com/home/amazon_aws/0oa1/272":                                                    "forms",
		"https://acme.okta.com/app/amazon_aws/exk1/sso/saml":                                                "forms",
		"https://pf.example.com:9031/idp/startSSO.ping?PartnerSpId=urn%3Aamazon%3Awebservices":              "forms",
		"https://sso.connect.pingidentity.com/sso/sp/initsso?saasid=s&idpid=i":                              "forms",
		"https://sso.jumpcloud.com/saml2/aws":                                                               "forms",
		"https://acme.eu.auth0.com/samlp/client1":                                                           "forms",
		"https://auth.example.com/application/saml/aws/sso/binding/init/":                                   "forms",
		"https://sso.example.com/auth/realms/staff/protocol/saml/clients/aws":                               "forms",
		"https://nam.example.com/nidp/saml2/idpsend?PID=STS_1":                                              "forms",
		"https://eaa.example.com/?app=signin.aws.amazon.com":                                                "forms",
		"https://idp.example.com/simplesaml/saml2/idp/SSOService.php?spentityid=urn:amazon:webservices":     "forms",
		"https://accounts.google.com.example.com/o/saml2/initsso?idpid=C1&spid=2":                           "forms",
		"https://login.microsoftonline.com.example.com/acme/saml2":                                          "forms",
		"https://idp.example.com/acme/saml2":                                                                "forms",
		"https://idp.example.com/saml/idp/res":                                                              "forms",
		"http://127.0.0.1:1/sso":                                                                            "forms",
		"":                                                                                                  "forms",
		"%":                                                                                                 "forms",
	} {
		if got := all.For(address); got.Name != want {
			t.Errorf("For(%q) = %s, want %s", address, got.Name, want)
		}
	}
}

// A host's name says nothing of whose pages it shows, and a path alone does not make a login a provider's.
func TestFalseClaims(t *testing.T) {
	t.Parallel()
	const (
		keycloak = `<form id="kc-form-login" method="post"><input name="username"><input type="password" name="password"></form>`
		stranger = `<form method="post"><input name="login"><input type="password" name="secret"><button>Go</button></form>`
	)
	for _, c := range []struct{ address, page, want string }{
		{"https://acme.okta.com/realms/staff/protocol/saml", keycloak, "keycloak password"},
		{"https://login.microsoftonline.com/realms/staff/protocol/saml", keycloak, "keycloak password"},
		{"https://accounts.google.com/realms/staff/protocol/saml", keycloak, "keycloak password"},
		{"https://api-1.duosecurity.com/realms/staff/protocol/saml", keycloak, "keycloak password"},
		{"https://acme.okta.com/login", stranger, "password"},
		{"https://idp.example.com/login/login.htm", stranger, "password"},
		{"https://idp.example.com/realms/staff/login-actions/authenticate", stranger, "password"},
		{"https://idp.example.com/if/flow/default/", stranger, "password"},
		{"https://idp.example.com/my.policy", stranger, "password"},
		{"https://idp.example.com/nidp/app/login", stranger, "password"},
		{"https://idp.example.com/idp/profile/SAML2/Unsolicited/SSO", stranger, "password"},
		{"https://idp.example.com/u/login", stranger, "password"},
		{"https://idp.example.com/idp/startSSO.ping", stranger, "password"},
		{"https://idp.example.com/login.srf", stranger, "password"},
		{"https://idp.example.com/adfs/ls/", stranger, "adfs password"}, // AD FS's forms have whatever names a theme gives them
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		page := &web.Page{URL: u, Status: http.StatusOK, Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(c.page)}
		if got := strings.Join(idp.Recognise(page, all.Adapters()), ", "); got != c.want {
			t.Errorf("%s is recognised as %q, want %q", c.address, got, c.want)
		}
	}
}
