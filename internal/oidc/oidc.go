// Package oidc gets ID tokens of OpenID Connect for a program on somebody's machine, and reads tokens that came from elsewhere.
//
// It is the part of OpenID Connect Core, Discovery, RFC 6749, 7009, 7636, 8252 and 8628 that such a program needs.
package oidc

import (
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/samlcli/samlcli/internal/secret"
)

// Client is a program as its OpenID provider knows it. All fields but Secret and Scopes must be there.
type Client struct {
	Issuer    string
	ID        string
	Secret    secret.Secret // of a client that has one; no secret at all, where a program has it
	Scopes    []string      // beside openid
	Transport http.RoundTripper
	Now       func() time.Time
}

// Tokens are what a provider gave. The ID token was checked: its signature, and that it is of the issuer, for the client, of now.
type Tokens struct {
	ID      secret.Secret
	Subject string
	Refresh secret.Secret // empty where it gave none
}

// CheckAddress parses an address of a provider, which must be https, or http on this computer.
func CheckAddress(address string) (*url.URL, bool) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" {
		return nil, false
	}
	return u, u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname())
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
