package oidc

import (
	"context"
	"errors"
	"net/url"

	"github.com/samlcli/samlcli/internal/secret"
)

// tokens asks the token endpoint, and takes nothing that it does not trust.
func (p *Provider) tokens(ctx context.Context, form url.Values, check func(*Claims) error) (Tokens, error) {
	var given struct {
		ID      string `json:"id_token"`
		Refresh string `json:"refresh_token"`
	}
	if err := p.post(ctx, p.about.Token, form, &given); err != nil {
		return Tokens{}, err
	}
	if given.ID == "" {
		return Tokens{}, p.odd("gives no ID token")
	}
	t := Tokens{ID: secret.New(given.ID), Refresh: secret.New(given.Refresh)}
	claims, err := p.verify(ctx, t.ID)
	if err != nil {
		return Tokens{}, err
	}
	t.Subject = claims.Subject
	return t, check(claims)
}

// Refresh trades a refresh token for new tokens, of the same person.
func (p *Provider) Refresh(ctx context.Context, old Tokens) (Tokens, error) {
	t, err := p.tokens(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {old.Refresh.Reveal()}}, func(c *Claims) error {
		if c.Subject != old.Subject {
			return unusable("it is of another person than before")
		}
		return nil
	})
	if t.Refresh.Empty() { // the old one stays good (RFC 6749, 6)
		t.Refresh = old.Refresh
	}
	return t, err
}

// ErrNoRevocation says that a provider has no way to end what it gave.
var ErrNoRevocation = errors.New("the provider has no way to end a session from here")

// Revoke makes a refresh token worthless (RFC 7009).
func (p *Provider) Revoke(ctx context.Context, refresh secret.Secret) error {
	if _, safe := CheckAddress(p.about.Revoke); !safe {
		return ErrNoRevocation
	}
	return p.post(ctx, p.about.Revoke, url.Values{"token": {refresh.Reveal()}, "token_type_hint": {"refresh_token"}}, nil)
}
