package keycloak

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// signOut opens the realm's logout address, and confirms where 18 and later ask.
func signOut(ctx context.Context, b *web.Browser, start *url.URL) error {
	before, after, found := strings.Cut(start.EscapedPath(), "/realms/")
	realm, _, _ := strings.Cut(after, "/")
	if !found || realm == "" {
		return errors.New("the address is not of a realm")
	}
	if err := b.Open(ctx, start.Scheme+"://"+start.Host+before+"/realms/"+realm+"/protocol/openid-connect/logout"); err != nil {
		return err
	}
	if f := b.Page().Form("form[action*='/logout-confirm']"); f != nil {
		return b.Submit(ctx, f.Press(f.Field("confirmLogout")))
	}
	return nil
}
