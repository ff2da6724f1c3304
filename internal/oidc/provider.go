package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/samlcli/samlcli/internal/secret"
)

// Provider is what an issuer says of itself (OpenID Connect Discovery 1.0).
type Provider struct {
	client *Client
	host   string
	issuer string // as its tokens have it
	config oauth2.Config
	keys   oidc.KeySet
	revoke string
}

// Discover asks the issuer what it is.
func (c *Client) Discover(ctx context.Context) (*Provider, error) {
	issuer, safe := CheckAddress(c.Issuer)
	if !safe {
		return nil, errors.New("an issuer is an address like https://op.example.com")
	}
	p := &Provider{client: c, host: issuer.Host}
	said, err := oidc.NewProvider(oidc.InsecureIssuerURLContext(c.through(ctx), c.Issuer), c.Issuer) // whose name is checked here, without a slash
	if err != nil {
		return nil, p.explain(err, strings.TrimSuffix(issuer.Path, "/")+"/.well-known/openid-configuration")
	}
	var about struct {
		Issuer   string   `json:"issuer"`
		Keys     string   `json:"jwks_uri"`
		Revoke   string   `json:"revocation_endpoint"`
		AuthWays []string `json:"token_endpoint_auth_methods_supported"`
	}
	if err := said.Claims(&about); err != nil || strings.TrimSuffix(about.Issuer, "/") != strings.TrimSuffix(c.Issuer, "/") {
		return nil, p.odd("says that it is another issuer than " + c.Issuer)
	}
	for _, address := range []string{said.Endpoint().AuthURL, said.Endpoint().TokenURL, about.Keys} {
		if _, safe := CheckAddress(address); !safe {
			return nil, p.odd("does not say where to sign in, by https")
		}
	}
	p.issuer, p.revoke = about.Issuer, about.Revoke
	p.config = oauth2.Config{ClientID: c.ID, ClientSecret: c.Secret.Reveal(), Endpoint: said.Endpoint(), Scopes: c.scopes()}
	p.config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	if !c.Secret.Empty() && !slices.Contains(about.AuthWays, "client_secret_post") { // basic is what all have (RFC 6749, 2.3.1)
		p.config.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	p.keys = oidc.NewRemoteKeySet(c.through(ctx), about.Keys)
	return p, nil
}

// HasDevices reports whether the provider lets devices without a browser sign in.
func (p *Provider) HasDevices() bool {
	_, safe := CheckAddress(p.config.Endpoint.DeviceAuthURL)
	return safe
}

// scopes are what is asked for.
func (c *Client) scopes() []string {
	return append([]string{"openid"}, slices.DeleteFunc(slices.Clone(c.Scopes), func(s string) bool { return s == "openid" })...)
}

func (p *Provider) odd(reason string) error { return &AnswerError{p.host, reason} }

// explain makes one of our errors of the libraries', which quote what a provider answers. The place is where it was asked; what
// it was sent is hidden in its words, should it repeat that.
func (p *Provider) explain(err error, place string, sent ...string) error {
	var (
		unreachable *UnreachableError
		answer      *AnswerError
		refused     *oauth2.RetrieveError
	)
	switch {
	case errors.As(err, &unreachable):
		return unreachable
	case errors.As(err, &answer):
		return answer
	case !errors.As(err, &refused):
		return p.odd("answers at " + place + " with something else than JSON")
	}
	var said struct {
		Error   string `json:"error"`
		Message string `json:"error_description"`
	}
	if json.Unmarshal(refused.Body, &said) != nil || said.Error == "" { // RFC 6749, 5.2
		return p.odd(fmt.Sprintf("answers at %s with status %d", place, refused.Response.StatusCode))
	}
	var mask secret.Mask
	for _, text := range append(sent, p.config.ClientSecret) {
		mask.Hide(text)
	}
	return &RefusedError{p.host, mask.Text(said.Error), mask.Text(said.Message)}
}

// path is where an address of the provider's is, without its host.
func path(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that is none"
	}
	return u.Path
}
