package oidc_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/internal/oidc"
	"github.com/samlcli/samlcli/internal/secret"
)

// FuzzRead takes anything for a token: what is read of it can be said.
func FuzzRead(f *testing.F) {
	for _, claims := range []string{
		"eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlLmNvbSIsInN1YiI6ImFsaWNlIiwiYXVkIjpbImEiLDFdLCJleHAiOjE3OTUyNjI0MDB9", // {"iss":…,"aud":["a",1],"exp":…}
		"eyJleHAiOjFlMzA4LCJhdWQiOm51bGx9", "bnVsbA", "W10", "",
	} {
		f.Add("e30." + claims + ".c2ln")
	}
	f.Fuzz(func(t *testing.T, token string) {
		c, ok := oidc.Read(secret.New(token))
		if !ok {
			return
		}
		if err := c.Check(noon(), "https://idp.example.com", "samlcli"); err != nil {
			mustBePlain(t, err)
		}
		if !c.Expires.IsZero() && c.Expires.Before(time.Unix(0, 0)) {
			t.Errorf("it expires at %s", c.Expires)
		}
	})
}

// FuzzProvider takes any answers for those of a provider: of its keys and addresses, then of a device's code, then of a token.
// It ends, it asks nobody over plain http, and no token comes of it, since nobody but the provider can sign one.
func FuzzProvider(f *testing.F) {
	const about = `{"issuer":"https://idp.example.com","authorization_endpoint":"https://idp.example.com/a","token_endpoint":"https://idp.example.com/t",` +
		`"device_authorization_endpoint":"https://idp.example.com/d","jwks_uri":"https://idp.example.com/k"}`
	f.Add(about, `{"device_code":"x","user_code":"y","verification_uri":"https://idp.example.com/v","interval":5}`, `{"id_token":"e30.e30.e30"}`, `{"keys":[{"kty":"RSA","n":"AA","e":"AQAB"}]}`)
	f.Add(about, `{"device_code":"x","user_code":"y","verification_url":"https://idp.example.com/v","interval":1e308,"expires_in":1e308}`, `{"error":"slow_down"}`, `{}`)
	f.Add(strings.ReplaceAll(about, "https:", "http:"), "", "", "")
	f.Add("<html>", "[]", "null", "{")
	f.Fuzz(func(t *testing.T, about, device, token, keys string) {
		synctest.Test(t, func(t *testing.T) {
			n := 0
			answer := roundTrip(func(r *http.Request) (*http.Response, error) {
				if n++; r.URL.Scheme != "https" || n > 1000 {
					t.Errorf("request %d asks %s", n, r.URL)
					return nil, errors.New("too many")
				}
				body := map[string]string{"/d": device, "/t": token, "/k": keys}[r.URL.Path]
				if n == 1 {
					body = about
				}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
			})
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			client := oidc.Client{Issuer: "https://idp.example.com", ID: "samlcli", Transport: answer, Now: time.Now}
			p, err := client.Discover(ctx)
			if err != nil {
				mustBePlain(t, err)
				return
			}
			if !p.HasDevices() {
				return
			}
			if d, err := p.StartDevice(ctx); err != nil {
				mustBePlain(t, err)
			} else if tokens, err := d.Await(ctx); err == nil {
				t.Errorf("tokens of %q", tokens.Subject)
			} else {
				mustBePlain(t, err)
			}
		})
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func mustBePlain(t *testing.T, err error) {
	t.Helper()
	if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }) {
		t.Errorf("control characters in %q", err)
	}
}
