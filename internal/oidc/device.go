package oidc

import (
	"context"
	"errors"
	"time"

	"golang.org/x/oauth2"

	"github.com/samlcli/samlcli/internal/plain"
)

// Device is one sign-in of a machine without a browser: the person opens an address on another one (RFC 8628).
type Device struct {
	Address string // to be opened anywhere
	Code    string // to be typed there

	provider *Provider
	given    *oauth2.DeviceAuthResponse
}

const (
	usualLife = 10 * time.Minute // of a code that does not say how long it is good
	usualWait = 5                // seconds, where nothing is said (3.2)
	maxWait   = 300
)

// StartDevice begins a sign-in.
func (p *Provider) StartDevice(ctx context.Context) (*Device, error) {
	var options []oauth2.AuthCodeOption
	if p.config.ClientSecret != "" {
		options = append(options, oauth2.SetAuthURLParam("client_secret", p.config.ClientSecret))
	}
	given, err := p.config.DeviceAuth(p.client.through(ctx), options...)
	if err != nil {
		return nil, p.explain(err, path(p.config.Endpoint.DeviceAuthURL))
	}
	if _, safe := CheckAddress(given.VerificationURI); !safe || given.DeviceCode == "" || given.UserCode == "" {
		return nil, p.odd("gives no code for this device")
	}
	if given.Interval < 1 {
		given.Interval = usualWait
	}
	if given.Interval = min(given.Interval, maxWait); given.Expiry.IsZero() {
		given.Expiry = p.client.Now().Add(usualLife)
	}
	return &Device{plain.Short(given.VerificationURI, 500), plain.Short(given.UserCode, 100), p, given}, nil
}

// Await asks, as often as the provider lets it, until the person has answered.
func (d *Device) Await(ctx context.Context) (Tokens, error) {
	p := d.provider
	given, err := p.config.DeviceAccessToken(p.client.through(ctx), d.given)
	switch {
	case err != nil && ctx.Err() != nil:
		return Tokens{}, context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded) && !errors.As(err, new(*UnreachableError)):
		return Tokens{}, &RefusedError{p.host, "expired_token", "nobody typed the code in time"}
	}
	return p.tokens(ctx, given, err, []string{d.given.DeviceCode}, func(*Claims) error { return nil })
}
