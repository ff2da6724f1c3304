package sink_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/secret"
)

func TestEndpoint(t *testing.T) {
	t.Parallel()
	e := &sink.Endpoint{Host: "127.0.0.1:1", Token: secret.New("right"), Get: func(_ context.Context, path string) (aws.Credentials, error) {
		switch path {
		case "":
			return credentials(), nil
		case "broken":
			return aws.Credentials{}, errors.New("nobody to ask")
		}
		return aws.Credentials{}, sink.ErrNoSuchPath
	}}
	for _, c := range []struct {
		what, method, path string
		change             func(*http.Request)
		status             int
	}{
		{"right", "GET", "/", nil, 200},
		{"no such path", "GET", "/../etc/passwd", nil, 404},
		{"no credentials", "GET", "/broken", nil, 502},
		{"POST", "POST", "/", nil, 405},
		{"wrong token", "GET", "/", func(r *http.Request) { r.Header.Set("Authorization", "wrong") }, 401},
		{"longer token", "GET", "/", func(r *http.Request) { r.Header.Set("Authorization", "right!") }, 401},
		{"no token", "GET", "/", func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"another name", "GET", "/", func(r *http.Request) { r.Host = "evil.example.com" }, 403},
		{"a page", "GET", "/", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example.com") }, 403},
		{"a browser", "GET", "/", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
	} {
		r := httptest.NewRequest(c.method, "http://127.0.0.1:1"+c.path, nil)
		r.Header.Set("Authorization", "right")
		if c.change != nil {
			c.change(r)
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		body := w.Body.String()
		if w.Code != c.status || strings.Contains(body, "ASIA") != (c.status == 200) || strings.Contains(body, "right") {
			t.Errorf("%s: %d %s", c.what, w.Code, body)
		}
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "http://127.0.0.1:1/", nil)
	(&sink.Endpoint{Host: "127.0.0.1:1"}).ServeHTTP(w, r)
	if w.Code != 401 {
		t.Errorf("without a token of its own: %d", w.Code)
	}
}
