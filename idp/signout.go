package idp

import (
	"context"
	"net/url"

	"github.com/samlcli/samlcli/idp/web"
)

// SignOutAt is the SignOut of a provider that ends the session of whoever opens an address of its host: a path, and perhaps a
// query.
func SignOutAt(place string) func(ctx context.Context, b *web.Browser, start *url.URL) error {
	return func(ctx context.Context, b *web.Browser, start *url.URL) error {
		return b.Open(ctx, start.Scheme+"://"+start.Host+place)
	}
}
