package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/internal/secret"
)

// Provider is what an issuer says of itself (OpenID Connect Discovery 1.0).
type Provider struct {
	client *Client
	host   string
	about  struct {
		Issuer   string   `json:"issuer"`
		Auth     string   `json:"authorization_endpoint"`
		Token    string   `json:"token_endpoint"`
		Keys     string   `json:"jwks_uri"`
		Device   string   `json:"device_authorization_endpoint"`
		Revoke   string   `json:"revocation_endpoint"`
		AuthWays []string `json:"token_endpoint_auth_methods_supported"`
	}
}

// Discover asks the issuer what it is.
func (c *Client) Discover(ctx context.Context) (*Provider, error) {
	issuer, safe := CheckAddress(c.Issuer)
	if !safe {
		return nil, errors.New("an issuer is an address like https://op.example.com")
	}
	p := &Provider{client: c, host: issuer.Host}
	if err := p.get(ctx, strings.TrimSuffix(c.Issuer, "/")+"/.well-known/openid-configuration", &p.about); err != nil {
		return nil, err
	}
	if strings.TrimSuffix(p.about.Issuer, "/") != strings.TrimSuffix(c.Issuer, "/") {
		return nil, p.odd("says that it is another issuer than " + c.Issuer)
	}
	for _, address := range []string{p.about.Auth, p.about.Token, p.about.Keys} {
		if _, safe := CheckAddress(address); !safe {
			return nil, p.odd("does not say where to sign in, by https")
		}
	}
	return p, nil
}

// HasDevices reports whether the provider lets devices without a browser sign in.
func (p *Provider) HasDevices() bool {
	_, safe := CheckAddress(p.about.Device)
	return safe
}

func (p *Provider) odd(reason string) error { return &AnswerError{p.host, reason} }

func (p *Provider) get(ctx context.Context, address string, into any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return p.odd("names an address that is none")
	}
	return p.do(r, into)
}

// post sends a form as the client, which is named in it, or in the header where its secret has to be there.
func (p *Provider) post(ctx context.Context, address string, form url.Values, into any) error {
	c := p.client
	inHeader := !c.Secret.Empty() && !slices.Contains(p.about.AuthWays, "client_secret_post") // basic is what all have (RFC 6749, 2.3.1)
	if !inHeader {
		form.Set("client_id", c.ID)
		if !c.Secret.Empty() {
			form.Set("client_secret", c.Secret.Reveal())
		}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return p.odd("names an address that is none")
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if inHeader {
		r.SetBasicAuth(url.QueryEscape(c.ID), url.QueryEscape(c.Secret.Reveal()))
	}
	err = p.do(r, into)
	if refused := (*RefusedError)(nil); errors.As(err, &refused) { // its words may repeat what it was sent
		var mask secret.Mask
		for _, name := range []string{"code", "code_verifier", "refresh_token", "device_code", "token"} {
			mask.Hide(form.Get(name))
		}
		mask.Hide(c.Secret.Reveal())
		refused.Code, refused.Message = mask.Text(refused.Code), mask.Text(refused.Message)
	}
	return err
}

const maxAnswer = 1 << 20

// do makes one request, follows no redirect, and reads the JSON that answers it; nil wants none.
func (p *Provider) do(r *http.Request, into any) error {
	r.Header.Set("Accept", "application/json")
	resp, err := p.client.Transport.RoundTrip(r)
	if err != nil {
		return &UnreachableError{r.URL.Host, err}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return &UnreachableError{r.URL.Host, err}
	}
	switch {
	case resp.StatusCode >= 500:
		return &UnreachableError{r.URL.Host, fmt.Errorf("it answers with status %d", resp.StatusCode)}
	case resp.StatusCode != http.StatusOK:
		return refusal(r, resp.StatusCode, body)
	case into != nil && json.Unmarshal(body, into) != nil:
		return &AnswerError{r.URL.Host, "answers at " + r.URL.Path + " with something else than JSON"}
	}
	return nil
}

// refusal reads an answer that is none (RFC 6749, 5.2). What was not asked as a client cannot be refused to it.
func refusal(r *http.Request, status int, body []byte) error {
	var said struct {
		Error   string `json:"error"`
		Message string `json:"error_description"`
	}
	if json.Unmarshal(body, &said) != nil || said.Error == "" || r.Method == http.MethodGet {
		return &AnswerError{r.URL.Host, fmt.Sprintf("answers at %s with status %d", r.URL.Path, status)}
	}
	return &RefusedError{r.URL.Host, said.Error, said.Message}
}
