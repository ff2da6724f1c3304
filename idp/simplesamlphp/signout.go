package simplesamlphp

import (
	"context"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// signOut opens the single logout service beside the address of the sign-in, as 1.x and 2.x name the two.
func signOut(ctx context.Context, b *web.Browser, start *url.URL) error {
	services := strings.NewReplacer("/SSOService.php", "/SingleLogoutService.php", "/singleSignOnService", "/singleLogout")
	out := *start
	out.Path, out.RawPath = services.Replace(start.Path), ""
	home, _, _ := strings.Cut(start.Path, "/saml2/")
	home, _, _ = strings.Cut(home, "/module.php/")
	back := &url.URL{Scheme: start.Scheme, Host: start.Host, Path: home + "/"}
	out.RawQuery = url.Values{"ReturnTo": {back.String()}}.Encode()
	return b.Open(ctx, out.String())
}
