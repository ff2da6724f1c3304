package oidc_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/internal/lab/openid"
	"github.com/samlcli/samlcli/internal/oidc"
	"github.com/samlcli/samlcli/internal/secret"
)

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

const back = "http://127.0.0.1:7/callback"

// start returns a provider that a client has discovered.
func start(t *testing.T, o openid.Options, c oidc.Client) (*openid.Provider, *oidc.Provider) {
	t.Helper()
	if o.Now == nil {
		o.Now = noon
	}
	op, err := openid.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(op.Close)
	c.Issuer, c.Now, c.Transport = op.URL, noon, &http.Transport{DisableKeepAlives: true}
	if c.ID == "" {
		c.ID = "samlcli"
	}
	p, err := c.Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return op, p
}

// approve is the person at the browser: it returns what comes back.
func approve(t *testing.T, address string) url.Values {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", address, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Fatal(resp.Status, err)
	}
	return to.Query()
}

func TestCode(t *testing.T) {
	t.Parallel()
	for _, clientSecret := range []string{"", "s3cret"} {
		op, p := start(t, openid.Options{Secret: clientSecret}, oidc.Client{Secret: secret.New(clientSecret), Scopes: []string{"openid", "email"}})
		a := p.Authorize(back, "alice")
		u, _ := url.Parse(a.Address())
		for name, want := range map[string]string{"scope": "openid email", "redirect_uri": back, "login_hint": "alice", "code_challenge_method": "S256", "response_type": "code"} {
			if got := u.Query().Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
		answer := approve(t, a.Address())
		tokens, err := a.Redeem(t.Context(), answer)
		if err != nil || tokens.Subject != "248289761001" || tokens.Refresh.Empty() {
			t.Fatalf("%+v, %v", tokens, err)
		}
		_, err = a.Redeem(t.Context(), answer)
		refused(t, err, "invalid_grant")
		again, err := p.Refresh(t.Context(), tokens)
		if err != nil || again.Refresh == tokens.Refresh {
			t.Errorf("refreshed: %v", err)
		}
		_, err = p.Refresh(t.Context(), tokens)
		refused(t, err, "invalid_grant")
		if err := p.Revoke(t.Context(), again.Refresh); err != nil || op.Live() != 0 {
			t.Errorf("revoked: %v, %d", err, op.Live())
		}
	}
}

func refused(t *testing.T, err error, code string) {
	t.Helper()
	if no := (*oidc.RefusedError)(nil); !errors.As(err, &no) || no.Code != code {
		t.Errorf("%v, want the refusal %s", err, code)
	}
}

func TestWhatComesBack(t *testing.T) {
	t.Parallel()
	op, p := start(t, openid.Options{}, oidc.Client{})
	a := p.Authorize(back, "")
	good := approve(t, a.Address())
	with := func(name, value string) url.Values {
		q := url.Values{}
		for k, v := range good {
			q[k] = v
		}
		if q.Set(name, value); value == "" {
			q.Del(name)
		}
		return q
	}
	before := len(op.Requests())
	for want, answer := range map[string]url.Values{
		"belongs to another sign-in":   with("state", "another"),
		"another sign-in (state)":      with("state", ""),
		"is of another issuer":         with("iss", "https://evil.example.com"),
		"The words (access_denied)":    {"state": good["state"], "error": {"access_denied"}, "error_description": {"The\x1b words"}},
		"refused the sign-in: x\u0020": {"state": good["state"], "error": {"x "}},
		"without a code":               with("code", ""),
	} {
		if _, err := a.Redeem(t.Context(), answer); err == nil || !strings.Contains(err.Error()+" ", want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if len(op.Requests()) != before {
		t.Error("the provider was asked")
	}
	if _, err := p.Authorize(back, "").Redeem(t.Context(), good); err == nil {
		t.Error("another sign-in's answer was taken")
	}
	if _, err := a.Redeem(t.Context(), with("iss", op.URL)); err != nil {
		t.Error(err)
	}
}

// TestUntrusted: whatever is wrong with an ID token, it is not handed on.
func TestUntrusted(t *testing.T) {
	t.Parallel()
	for want, claims := range map[string]map[string]any{
		"it expired at 2026":            {"exp": noon().Unix()},
		"it is for x, not for samlcli":  {"aud": "x"},
		"given to another client":       {"aud": []string{"samlcli", "x"}},
		"another client than samlcli":   {"azp": "x"},
		"it is of https://evil":         {"iss": "https://evil.example.com"},
		"its nonce":                     {"nonce": "another"},
		"nonce is of another sign-in":   {"nonce": nil},
		"does not say of whom":          {"sub": nil},
		"for whom it is, or until when": {"exp": nil},
		"of a time to come":             {"iat": noon().Add(time.Hour).Unix()},
		"is the clock here right":       {"nbf": noon().Add(time.Hour).Unix()},
	} {
		_, p := start(t, openid.Options{Claims: claims}, oidc.Client{})
		a := p.Authorize(back, "")
		_, err := a.Redeem(t.Context(), approve(t, a.Address()))
		if bad := (*oidc.TokenError)(nil); !errors.As(err, &bad) || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v, want %s", claims, err, want)
		}
	}
}

func TestForged(t *testing.T) {
	t.Parallel()
	_, p := start(t, openid.Options{Forges: true}, oidc.Client{})
	a := p.Authorize(back, "")
	if _, err := a.Redeem(t.Context(), approve(t, a.Address())); err == nil || !strings.Contains(err.Error(), "not signed by any key") {
		t.Error(err)
	}
}

// TestNoKeys: that the keys cannot be had says nothing about the token.
func TestNoKeys(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"503": "reaching op.example.com: it answers with status 503",
		"404": "op.example.com answers at /k with status 404",
		"":    "reaching op.example.com: connection refused",
	} {
		op, err := openid.New("https://op.example.com", openid.Options{Now: noon})
		if err != nil {
			t.Fatal(err)
		}
		network := answers{
			"/.well-known/openid-configuration": `{"issuer":"https://op.example.com","authorization_endpoint":"https://op.example.com/a","token_endpoint":"https://op.example.com/t","jwks_uri":"https://op.example.com/k"}`,
			"/t":                                `{"access_token":"x","id_token":"` + op.Token(nil) + `"}`,
		}
		if text != "" {
			network["/k"] = text
		}
		p, err := (&oidc.Client{Issuer: "https://op.example.com", ID: "samlcli", Now: noon, Transport: network}).Discover(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Refresh(t.Context(), oidc.Tokens{Subject: "248289761001", Refresh: secret.New("r")}); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestDevice(t *testing.T) {
	t.Parallel()
	for _, denies := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			op, err := openid.New("https://op.example.com", openid.Options{Now: time.Now, Denies: denies})
			if err != nil {
				t.Fatal(err)
			}
			c := &oidc.Client{Issuer: op.URL, ID: "samlcli", Now: time.Now, Transport: inProcess{op}}
			p, err := c.Discover(t.Context())
			if err != nil || !p.HasDevices() {
				t.Fatal(err)
			}
			d, err := p.StartDevice(t.Context())
			if err != nil || d.Code != "WDJB-MJHT" || d.Address != "https://op.example.com/activate" {
				t.Fatalf("%+v %v", d, err)
			}
			began := time.Now()
			tokens, err := d.Await(t.Context())
			if took := time.Since(began); took != 15*time.Second {
				t.Errorf("it took %s", took)
			}
			if denies {
				refused(t, err, "access_denied")
			} else if err != nil || tokens.Subject == "" {
				t.Errorf("%+v %v", tokens, err)
			}
		})
	}
}

// inProcess is a network of one server.
type inProcess struct{ http.Handler }

func (h inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := &written{header: http.Header{}, status: 200}
	h.ServeHTTP(w, r)
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(strings.NewReader(w.body.String())), Request: r}, nil
}

type written struct {
	header http.Header
	status int
	body   strings.Builder
}

func (w *written) Header() http.Header            { return w.header }
func (w *written) WriteHeader(status int)         { w.status = status }
func (w *written) Write(data []byte) (int, error) { return w.body.Write(data) }

// answers is a network in which every address has a text; what begins with a number is a status.
type answers map[string]string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	text, ok := a[r.URL.Path]
	if !ok {
		return nil, errors.New("connection refused")
	}
	status := 200
	switch {
	case strings.HasPrefix(text, "503"):
		status = 503
	case strings.HasPrefix(text, "404"), strings.HasPrefix(text, `{"error"`):
		status = 404
	}
	return &http.Response{StatusCode: status, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

func TestDiscover(t *testing.T) {
	t.Parallel()
	const at = "/.well-known/openid-configuration"
	for _, c := range []struct {
		issuer, text, want string
	}{
		{"http://op.example.com", "", "an issuer is an address like https://op.example.com"},
		{"https://u:p@op.example.com", "", "an issuer is an address like https://op.example.com"},
		{"https://op.example.com", "", "reaching op.example.com: connection refused"},
		{"https://op.example.com", "503", "reaching op.example.com: it answers with status 503"},
		{"https://op.example.com", "404", "op.example.com answers at " + at + " with status 404"},
		{"https://op.example.com", `{"error":"Realm does not exist"}`, "op.example.com answers at " + at + " with status 404"},
		{"https://op.example.com", "<html>", "op.example.com answers at " + at + " with something else than JSON"},
		{"https://op.example.com", `{"issuer":"https://op.example.net"}`, "op.example.com says that it is another issuer than https://op.example.com"},
		{"https://op.example.com", `{"issuer":"https://op.example.com","authorization_endpoint":"https://op.example.com/a","token_endpoint":"http://op.example.com/t","jwks_uri":"https://op.example.com/k"}`, "op.example.com does not say where to sign in, by https"},
		{"https://op.example.com/", `{"issuer":"https://op.example.com","authorization_endpoint":"https://op.example.com/a","token_endpoint":"https://op.example.com/t","jwks_uri":"https://op.example.com/k"}`, ""},
	} {
		network := answers{}
		if c.text != "" {
			network[at] = c.text
		}
		p, err := (&oidc.Client{Issuer: c.issuer, ID: "x", Now: noon, Transport: network}).Discover(t.Context())
		if err != nil && err.Error() != c.want || err == nil && (c.want != "" || p.HasDevices()) {
			t.Errorf("%s: %v, want %s", c.text, err, c.want)
		}
	}
}

// TestEcho: a provider that repeats what it was sent makes nobody say it.
func TestEcho(t *testing.T) {
	t.Parallel()
	network := answers{
		"/.well-known/openid-configuration": `{"issuer":"https://op.example.com","authorization_endpoint":"https://op.example.com/a","token_endpoint":"https://op.example.com/t","jwks_uri":"https://op.example.com/k","revocation_endpoint":"https://op.example.com/r"}`,
		"/t":                                `404`,
		"/r":                                `404`,
	}
	p, err := (&oidc.Client{Issuer: "https://op.example.com", ID: "x", Secret: secret.New("s3cret-of-x"), Now: noon, Transport: network}).Discover(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Refresh(t.Context(), oidc.Tokens{Refresh: secret.New("refresh-7")})
	if odd := (*oidc.AnswerError)(nil); !errors.As(err, &odd) {
		t.Error(err)
	}
	for _, said := range []string{"refresh-7", "s3cret-of-x"} {
		network["/t"] = `{"error":"bad ` + said + `"}`
		if _, err = p.Refresh(t.Context(), oidc.Tokens{Refresh: secret.New("refresh-7")}); err == nil || strings.Contains(err.Error(), said) {
			t.Error(err)
		}
	}
	if slices.Contains([]error{nil, oidc.ErrNoRevocation}, p.Revoke(t.Context(), secret.New("refresh-7"))) {
		t.Error("revoked")
	}
}
