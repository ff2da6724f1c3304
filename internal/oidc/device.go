package oidc

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/samlcli/samlcli/internal/plain"
)

// Device is one sign-in of a machine without a browser: the person opens an address on another one (RFC 8628).
type Device struct {
	Address string // to be opened anywhere
	Code    string // to be typed there

	provider *Provider
	secret   string
	interval time.Duration
	ends     time.Time
}

// StartDevice begins a sign-in.
func (p *Provider) StartDevice(ctx context.Context) (*Device, error) {
	var given struct {
		Secret   string  `json:"device_code"`
		Code     string  `json:"user_code"`
		Address  string  `json:"verification_uri"`
		Google   string  `json:"verification_url"` // Google spells it so
		Lasts    float64 `json:"expires_in"`
		Interval float64 `json:"interval"`
	}
	if err := p.post(ctx, p.about.Device, url.Values{"scope": {p.client.scope()}}, &given); err != nil {
		return nil, err
	}
	if given.Address == "" {
		given.Address = given.Google
	}
	if _, safe := CheckAddress(given.Address); !safe || given.Secret == "" || given.Code == "" {
		return nil, p.odd("gives no code for this device")
	}
	if given.Interval < 1 {
		given.Interval = 5 // what it is where nothing is said (3.2)
	}
	if given.Lasts < 1 {
		given.Lasts = 600
	}
	return &Device{
		Address: plain.Short(given.Address, 500), Code: plain.Short(given.Code, 100), provider: p, secret: given.Secret,
		interval: seconds(given.Interval), ends: p.client.Now().Add(seconds(given.Lasts)),
	}, nil
}

// seconds is a span of time that is at most a day.
func seconds(n float64) time.Duration { return time.Duration(min(n, 86400) * float64(time.Second)) }

// Await asks, as often as the provider lets it, until the person has answered.
func (d *Device) Await(ctx context.Context) (Tokens, error) {
	for interval := d.interval; ; {
		timer := time.NewTimer(interval)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return Tokens{}, context.Cause(ctx)
		}
		t, err := d.provider.tokens(ctx, url.Values{
			"grant_type": {"urn:ietf:params:oauth:grant-type:device_code"}, "device_code": {d.secret},
		}, func(*Claims) error { return nil })
		var no *RefusedError
		switch {
		case !errors.As(err, &no) || no.Code != "authorization_pending" && no.Code != "slow_down":
			return t, err
		case d.provider.client.Now().After(d.ends):
			return Tokens{}, &RefusedError{d.provider.host, "expired_token", "nobody typed the code in time"}
		case no.Code == "slow_down":
			interval += 5 * time.Second
		}
	}
}
