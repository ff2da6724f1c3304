package oidc

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Authorization is one sign-in in a browser: the authorization code flow (OpenID Connect Core 1.0, 3.1) with PKCE (RFC 7636).
type Authorization struct {
	provider                     *Provider
	config                       oauth2.Config
	state, nonce, verifier, hint string
}

// Authorize begins a sign-in that comes back to an address of this machine. The hint is the name that the provider may
// suggest to the person; "" for none.
func (p *Provider) Authorize(callback, hint string) *Authorization {
	a := &Authorization{provider: p, config: p.config, state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier(), hint: hint}
	a.config.RedirectURL = callback
	return a
}

// Address is where the person signs in.
func (a *Authorization) Address() string {
	options := []oauth2.AuthCodeOption{oauth2.S256ChallengeOption(a.verifier), oidc.Nonce(a.nonce)}
	if a.hint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", a.hint))
	}
	return a.config.AuthCodeURL(a.state, options...)
}

// Redeem takes the query that came back, and trades the code in it for tokens.
func (a *Authorization) Redeem(ctx context.Context, answer url.Values) (Tokens, error) {
	p := a.provider
	code, said := answer.Get("code"), answer.Get("error")
	switch {
	case subtle.ConstantTimeCompare([]byte(answer.Get("state")), []byte(a.state)) != 1:
		return Tokens{}, &RefusedError{p.host, "state", "what came back to this machine belongs to another sign-in"}
	case answer.Has("iss") && answer.Get("iss") != p.issuer: // RFC 9207
		return Tokens{}, &RefusedError{p.host, "iss", "what came back to this machine is of another issuer"}
	case said != "":
		return Tokens{}, &RefusedError{p.host, said, answer.Get("error_description")}
	case code == "":
		return Tokens{}, p.odd("sent the browser back without a code")
	}
	given, err := a.config.Exchange(p.client.through(ctx), code, oauth2.VerifierOption(a.verifier))
	return p.tokens(ctx, given, err, []string{code, a.verifier}, func(c *Claims) error {
		if c.Text("nonce") != a.nonce {
			return unusable("its nonce is of another sign-in")
		}
		return nil
	})
}
