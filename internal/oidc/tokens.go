package oidc

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/samlcli/samlcli/internal/secret"
)

// tokens takes what the token endpoint gave for what it was sent, and nothing that cannot be trusted.
func (p *Provider) tokens(ctx context.Context, given *oauth2.Token, err error, sent []string, check func(*Claims) error) (Tokens, error) {
	if err != nil {
		return Tokens{}, p.explain(err, path(p.config.Endpoint.TokenURL), sent...)
	}
	id, _ := given.Extra("id_token").(string)
	if id == "" {
		return Tokens{}, p.odd("gives no ID token")
	}
	t := Tokens{ID: secret.New(id), Refresh: secret.New(given.RefreshToken)}
	claims, err := p.verify(ctx, t.ID)
	if err != nil {
		return Tokens{}, err
	}
	t.Subject = claims.Subject
	return t, check(claims)
}

// skew is by how much the provider's clock may be ahead.
const skew = 5 * time.Minute

// verify returns what an ID token says, once that can be trusted (OpenID Connect Core 1.0, 3.1.3.7).
func (p *Provider) verify(ctx context.Context, token secret.Secret) (*Claims, error) {
	c, ok := Read(token)
	if !ok {
		return nil, unusable("it is no JSON Web Token")
	}
	now := p.client.Now()
	switch azp := c.Text("azp"); {
	case c.Issuer == "" || c.Subject == "" || c.Expires.IsZero() || len(c.Audience) == 0:
		return nil, unusable("it does not say of whom and for whom it is, or until when")
	case azp != "" && azp != p.client.ID || azp == "" && len(c.Audience) > 1:
		return nil, unusable("it was given to another client than %s", p.client.ID)
	case c.time("iat").After(now.Add(skew)), c.time("nbf").After(now.Add(skew)):
		return nil, unusable("it is of a time to come: is the clock here right?")
	}
	if err := c.Check(now, p.issuer, p.client.ID); err != nil {
		return nil, err
	}
	var (
		unreachable *UnreachableError
		answer      *AnswerError
	)
	switch _, err := p.keys.VerifySignature(ctx, token.Reveal()); { // the library's verifier does not say that nobody answered
	case errors.As(err, &unreachable):
		return nil, unreachable
	case errors.As(err, &answer):
		return nil, answer
	case err != nil:
		return nil, unusable("it is not signed by any key of %s", p.host)
	}
	return c, nil
}

// Refresh trades a refresh token for new tokens, of the same person.
func (p *Provider) Refresh(ctx context.Context, old Tokens) (Tokens, error) {
	refresh := old.Refresh.Reveal()
	given, err := p.config.TokenSource(p.client.through(ctx), &oauth2.Token{RefreshToken: refresh}).Token() // keeps a token that stays good
	return p.tokens(ctx, given, err, []string{refresh}, func(c *Claims) error {
		if c.Subject != old.Subject {
			return unusable("it is of another person than before")
		}
		return nil
	})
}

// ErrNoRevocation says that a provider has no way to end what it gave.
var ErrNoRevocation = errors.New("the provider has no way to end a session from here")

// Revoke makes a refresh token worthless (RFC 7009).
func (p *Provider) Revoke(ctx context.Context, refresh secret.Secret) error {
	if _, safe := CheckAddress(p.revoke); !safe {
		return ErrNoRevocation
	}
	form := url.Values{"token": {refresh.Reveal()}, "token_type_hint": {"refresh_token"}, "client_id": {p.client.ID}}
	inHeader := p.config.Endpoint.AuthStyle == oauth2.AuthStyleInHeader
	if !inHeader && p.config.ClientSecret != "" {
		form.Set("client_secret", p.config.ClientSecret)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.revoke, strings.NewReader(form.Encode()))
	if err != nil {
		return p.odd("names an address that is none")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if inHeader {
		r.SetBasicAuth(url.QueryEscape(p.client.ID), url.QueryEscape(p.config.ClientSecret))
	}
	resp, err := wire{ctx, p.client.Transport}.RoundTrip(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return p.odd("does not end the session")
	}
	return nil
}
