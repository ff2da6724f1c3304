package oidc

import (
	"encoding/base64"
	"slices"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/secret"
)

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

func unsigned(claims string) secret.Secret {
	return secret.New("e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln")
}

func TestRead(t *testing.T) {
	t.Parallel()
	c, ok := Read(unsigned(`{"iss":"https://op.example.com","sub":"7","aud":["a","b"],"exp":1795176000,"email":"alice@example.com","n":7}`))
	if !ok || c.Issuer != "https://op.example.com" || c.Subject != "7" || !slices.Equal(c.Audience, []string{"a", "b"}) || !c.Expires.Equal(noon()) ||
		c.Text("email") != "alice@example.com" || c.Text("n") != "" || c.Text("none") != "" {
		t.Errorf("Read = %+v, %v", c, ok)
	}
	if c, _ := Read(unsigned(`{"aud":"a"}`)); !slices.Equal(c.Audience, []string{"a"}) || !c.Expires.IsZero() {
		t.Errorf("Read = %+v", c)
	}
	for _, text := range []string{"", "opaque", "a.b", "a.b.c", "a.e30.c.d", "e30.bnVsbA.c", "e30.W10.c", `{"header":".e30."}`} {
		if c, ok := Read(secret.New(text)); ok {
			t.Errorf("Read(%q) = %+v", text, c)
		}
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ claims, issuer, client, want string }{
		{`{"iss":"i","aud":"c","exp":1795176001}`, "i", "c", ""},
		{`{"iss":"i","aud":["x","c"]}`, "", "c", ""},
		{`{"iss":"accounts.google.com"}`, "https://accounts.google.com", "", ""},
		{`{"exp":1795176000}`, "", "", "the token cannot be used: it expired at 2026-11-20T12:00:00Z"},
		{`{"iss":"j\u001b"}`, "i", "", "the token cannot be used: it is of j, not of i"},
		{`{"iss":"example.com"}`, "https://example.com", "", "the token cannot be used: it is of example.com, not of https://example.com"},
		{`{"aud":["x","y"]}`, "", "c", "the token cannot be used: it is for x, y, not for c"},
	} {
		c, _ := Read(unsigned(test.claims))
		got := ""
		if err := c.Check(noon(), test.issuer, test.client); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.claims, got, test.want)
		}
	}
}
