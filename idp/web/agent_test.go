package web

import (
	"net/http"
	"testing"
)

func TestAppearAs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ configured, want string }{
		{"", DesktopUserAgent},
		{"my own", "my own"},
	} {
		var got string
		s := &site{answer: func(r *http.Request) (*http.Response, error) {
			got = r.UserAgent()
			return reply(200, nil, ""), nil
		}}
		b := New(Options{UserAgent: c.configured, Transport: s})
		b.AppearAs(DesktopUserAgent)
		if err := b.Open(t.Context(), "https://idp.example.com/"); err != nil || got != c.want {
			t.Errorf("configured %q: it calls itself %q (%v), want %q", c.configured, got, err, c.want)
		}
	}
}
