// Package openid is a small OpenID provider for tests and the demo: discovery, the authorization code with PKCE, the device
// grant, refresh tokens that change with each use, revocation. It insists on what real ones insist on. Whoever asks at it is
// signed in already, as its one person.
package openid

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/big"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// Options say how a provider differs from the usual one. Only the clock must be there.
type Options struct {
	Now      func() time.Time
	ClientID string         // "" is samlcli
	Secret   string         // the client's; "" for one that has none
	Denies   bool           // the person says no
	NoDevice bool           // there is no device grant
	Forges   bool           // its key is not among those that it publishes
	Claims   map[string]any // beside the usual ones of its ID tokens, or instead; nil values leave a claim out
	Lasts    time.Duration  // of ID tokens; 0 is an hour
}

// Provider is a running one. Its methods may be called at any time from any goroutine.
type Provider struct {
	URL string // the issuer

	options Options
	key     *rsa.PrivateKey
	server  *http.Server

	mu       sync.Mutex
	requests []string
	codes    map[string]*grant // not used yet
	refresh  map[string]bool   // good ones
	devices  map[string]*device
}

// signingKey is made once for a process: it takes a tenth of a second.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// New returns a provider that is at an address, for whoever serves it there.
func New(address string, o Options) (*Provider, error) {
	if o.ClientID == "" {
		o.ClientID = "samlcli"
	}
	if o.Lasts == 0 {
		o.Lasts = time.Hour
	}
	key, err := signingKey()
	if err != nil {
		return nil, fmt.Errorf("making the key of the OpenID provider: %w", err)
	}
	return &Provider{URL: address, options: o, key: key, codes: map[string]*grant{}, refresh: map[string]bool{}, devices: map[string]*device{}}, nil
}

// Start starts a provider on a free port of 127.0.0.1. It runs until Close.
func Start(o Options) (*Provider, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the OpenID provider: %w", err)
	}
	p, err := New("http://"+listener.Addr().String(), o)
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}
	go func() { _ = p.server.Serve(listener) }()
	return p, nil
}

// Close stops it at once.
func (p *Provider) Close() { _ = p.server.Close() }

// Issuer is how IAM knows the provider, for roles that trust it.
func (p *Provider) Issuer(roles ...string) map[string]lab.Issuer {
	return map[string]lab.Issuer{p.URL: {Key: &p.key.PublicKey, Audience: []string{p.options.ClientID}, Roles: roles}}
}

// Requests returns every request answered so far in its order: "POST /token refresh_token".
func (p *Provider) Requests() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// ServeHTTP answers one request.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // what is missing is complained about
	p.mu.Lock()
	defer p.mu.Unlock()
	line := r.Method + " " + r.URL.Path
	if kind := r.PostForm.Get("grant_type"); kind != "" {
		line += " " + kind
	}
	p.requests = append(p.requests, line)
	switch line := r.Method + " " + r.URL.Path; line {
	case "GET /.well-known/openid-configuration":
		writeJSON(w, http.StatusOK, p.discovery())
	case "GET /keys":
		writeJSON(w, http.StatusOK, p.keys())
	case "GET /auth":
		p.authorize(w, r)
	case "POST /token":
		p.token(w, r)
	case "POST /device":
		p.startDevice(w, r)
	case "POST /revoke":
		p.revoke(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *Provider) discovery() map[string]any {
	d := map[string]any{
		"issuer": p.URL, "authorization_endpoint": p.URL + "/auth", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
		"revocation_endpoint": p.URL + "/revoke", "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{"S256"},
	}
	if !p.options.NoDevice {
		d["device_authorization_endpoint"] = p.URL + "/device"
	}
	return d
}

func (p *Provider) keys() any {
	if p.options.Forges {
		return map[string]any{"keys": []any{}}
	}
	public := p.key.PublicKey
	return map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "lab",
		"n": encode(public.N.Bytes()), "e": encode(big.NewInt(int64(public.E)).Bytes()),
	}}}
}

// Token returns an ID token with the usual claims of the person, and others beside them or instead; nil values leave a claim
// out.
func (p *Provider) Token(others map[string]any) string {
	now := p.options.Now()
	claims := map[string]any{
		"iss": p.URL, "sub": "248289761001", "aud": p.options.ClientID, "email": "alice@example.com",
		"iat": now.Unix(), "exp": now.Add(p.options.Lasts).Unix(),
	}
	maps.Copy(claims, p.options.Claims)
	maps.Copy(claims, others)
	maps.DeleteFunc(claims, func(_ string, value any) bool { return value == nil })
	return Sign(p.key, "lab", claims)
}

// Sign makes a token of claims, RS256.
func Sign(key *rsa.PrivateKey, id string, claims map[string]any) string {
	head, _ := json.Marshal(map[string]string{"alg": "RS256", "typ": "JWT", "kid": id}) // strings always encode
	body, err := json.Marshal(claims)
	if err != nil {
		panic(err) // a mistake of the test
	}
	text := encode(head) + "." + encode(body)
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
	if err != nil {
		panic(err)
	}
	return text + "." + encode(signature)
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}
