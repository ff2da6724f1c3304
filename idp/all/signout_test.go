package all_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/web"
)

// Where each provider's session ends, for an account whose address is at it.
func TestSignOut(t *testing.T) {
	places := map[string]string{
		"adfs":          "/adfs/ls/?wa=wsignout1.0",
		"auth0":         "/v2/logout",
		"entra":         "/common/oauth2/v2.0/logout",
		"f5apm":         "/vdesk/hangup.php3",
		"google":        "/Logout",
		"keycloak":      "/auth/realms/staff/protocol/openid-connect/logout",
		"okta":          "/login/signout",
		"pingfed":       "/idp/startSLO.ping",
		"shibboleth":    "/idp/profile/Logout",
		"simplesamlphp": "/auth/realms/staff/saml2/idp/SingleLogoutService.php?ReturnTo=https%3A%2F%2Fidp.example.com%2Fauth%2Frealms%2Fstaff%2F",
	}
	start := &url.URL{Scheme: "https", Host: "idp.example.com", Path: "/auth/realms/staff/saml2/idp/SSOService.php"}
	for _, a := range all.Adapters() {
		if a.SignOut == nil {
			if places[a.Name] != "" {
				t.Errorf("%s has no sign-out", a.Name)
			}
			continue
		}
		asked := ""
		browser := web.New(web.Options{Transport: network(func(r *http.Request) (*http.Response, error) {
			asked = r.URL.String()
			return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {"text/html"}}, Body: http.NoBody, Request: r}, nil
		})})
		if err := a.SignOut(t.Context(), browser, start); err != nil {
			t.Error(err)
		}
		if want := "https://idp.example.com" + places[a.Name]; asked != want || a.Owns == nil {
			t.Errorf("%s: signs out at %s, want %s", a.Name, asked, want)
		}
	}
}

type network func(*http.Request) (*http.Response, error)

func (n network) RoundTrip(r *http.Request) (*http.Response, error) { return n(r) }
