package oidc

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/url"
	"slices"
	"strings"
)

// Authorization is one sign-in in a browser: the authorization code flow (OpenID Connect Core 1.0, 3.1) with PKCE (RFC 7636).
type Authorization struct {
	provider                         *Provider
	callback, state, nonce, verifier string
	hint                             string
}

// Authorize begins a sign-in that comes back to an address of this machine. The hint is the name that the provider may
// suggest to the person; "" for none.
func (p *Provider) Authorize(callback, hint string) *Authorization {
	return &Authorization{provider: p, callback: callback, hint: hint, state: rand.Text(), nonce: rand.Text(), verifier: rand.Text() + rand.Text()}
}

// Address is where the person signs in.
func (a *Authorization) Address() string {
	p := a.provider
	u, _ := CheckAddress(p.about.Auth) // it was checked
	sum := sha256.Sum256([]byte(a.verifier))
	q := u.Query()
	for name, value := range map[string]string{
		"response_type": "code", "client_id": p.client.ID, "redirect_uri": a.callback, "scope": p.client.scope(), "state": a.state, "nonce": a.nonce,
		"code_challenge": base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method": "S256", "login_hint": a.hint,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

// scope is what is asked for.
func (c *Client) scope() string {
	scopes := slices.DeleteFunc(slices.Clone(c.Scopes), func(s string) bool { return s == "openid" })
	return strings.Join(append([]string{"openid"}, scopes...), " ")
}

// Redeem takes the query that came back, and trades the code in it for tokens.
func (a *Authorization) Redeem(ctx context.Context, answer url.Values) (Tokens, error) {
	p := a.provider
	code, said := answer.Get("code"), answer.Get("error")
	switch {
	case subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(a.state)) != 1:
		return Tokens{}, &RefusedError{p.host, "state", "what came back to this machine belongs to another sign-in"}
	case answer.Has("iss") && answer.Get("iss") != p.about.Issuer: // RFC 9207
		return Tokens{}, &RefusedError{p.host, "iss", "what came back to this machine is of another issuer"}
	case said != "":
		return Tokens{}, &RefusedError{p.host, said, answer.Get("error_description")}
	case code == "":
		return Tokens{}, p.odd("sent the browser back without a code")
	}
	return p.tokens(ctx, url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {a.callback}, "code_verifier": {a.verifier},
	}, func(c *Claims) error {
		if c.Text("nonce") != a.nonce {
			return unusable("its nonce is of another sign-in")
		}
		return nil
	})
}
