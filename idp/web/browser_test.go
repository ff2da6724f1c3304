package web

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// site answers requests in the test, and notes them.
type site struct {
	answer func(*http.Request) (*http.Response, error)
	seen   []string // "GET https://host/path?query body"
}

func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	address, _, _ := strings.Cut(r.URL.String(), "#")
	s.seen = append(s.seen, strings.TrimSpace(r.Method+" "+address+" "+string(body)))
	return s.answer(r)
}

func reply(status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status int
		method string
		want   string
	}{
		{301, "GET", "GET https://a.example/next"}, {301, "POST", "GET https://a.example/next"}, {302, "POST", "GET https://a.example/next"},
		{303, "POST", "GET https://a.example/next"}, {303, "PUT", "GET https://a.example/next"}, {302, "PUT", "PUT https://a.example/next x=1"},
		{307, "POST", "POST https://a.example/next x=1"}, {308, "POST", "POST https://a.example/next x=1"}, {307, "GET", "GET https://a.example/next"},
		{303, "HEAD", "HEAD https://a.example/next"}, {304, "GET", ""}, {300, "GET", ""},
	} {
		s := &site{answer: func(r *http.Request) (*http.Response, error) {
			if r.URL.Path == "/next" {
				if kind := r.Header.Get("Content-Type"); (kind != "") != (r.Method == "POST" || r.Method == "PUT") {
					t.Errorf("%d %s: Content-Type %q goes on", c.status, c.method, kind)
				}
				return reply(200, nil, ""), nil
			}
			return reply(c.status, http.Header{"Location": {"next"}}, ""), nil
		}}
		r := Request{Method: c.method, URL: "https://a.example/#f"}
		if c.method == "POST" || c.method == "PUT" {
			r.Body, r.Header = []byte("x=1"), http.Header{"Content-Type": {"text/x"}}
		}
		b := New(Options{Transport: s})
		if err := b.Visit(t.Context(), r); err != nil {
			t.Fatalf("%d %s: %v", c.status, c.method, err)
		}
		got := strings.Join(s.seen[1:], " ")
		if got != c.want {
			t.Errorf("%d %s: then %q, want %q", c.status, c.method, got, c.want)
		}
		if c.want != "" && b.Page().URL.Fragment != "f" {
			t.Errorf("%d %s: the fragment is lost: %s", c.status, c.method, b.Page().URL)
		}
	}
}

func TestRedirectErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		location, want string
		requests       int
	}{
		{"/again", "page https://a.example/again: it redirects without end", 11},
		{"http://a.example/", "not going to a.example: plain http is for this machine only", 1},
		{"http://127.0.0.1/", "not going to 127.0.0.1: it leaves https for http", 1},
		{"javascript:x", "not going to a.example: it leads to something that is not a web address", 1},
		{"https://169.254.169.254/", "not going to 169.254.169.254: it is a link-local or metadata address", 1},
		{"https://[", "not going to a.example: it redirects to an address that is none", 1},
	} {
		s := &site{answer: func(*http.Request) (*http.Response, error) {
			return reply(302, http.Header{"Location": {c.location}}, ""), nil
		}}
		err := New(Options{Transport: s}).Open(t.Context(), "https://a.example/")
		if err == nil || err.Error() != c.want || len(s.seen) != c.requests {
			t.Errorf("to %s: %v after %d requests, want %q after %d", c.location, err, len(s.seen), c.want, c.requests)
		}
	}
}

// What a browser says of itself, where it comes from, and what another host is not told.
func TestHeaders(t *testing.T) {
	t.Parallel()
	var last http.Header
	s := &site{answer: func(r *http.Request) (*http.Response, error) {
		last = r.Header
		if r.URL.Path == "/away" {
			return reply(307, http.Header{"Location": {"https://b.example/"}}, ""), nil
		}
		return reply(200, http.Header{"Content-Type": {"text/html"}}, `<form method=post action=/q><input name=a>`), nil
	}}
	var traced []string
	b := New(Options{Transport: s, Trace: func(method, place string, status int) {
		traced = append(traced, fmt.Sprint(method, " ", place, " ", status))
	}})
	if err := b.Open(t.Context(), "https://u:p@a.example/x?y=secret#z"); err != nil {
		t.Fatal(err)
	}
	if last.Get("User-Agent") != UserAgent || last.Get("Referer")+last.Get("Origin")+last.Get("Authorization") != "" {
		t.Errorf("first request: %v", last)
	}
	if err := b.Submit(t.Context(), b.Page().Forms()[0]); err != nil {
		t.Fatal(err)
	}
	if last.Get("Referer") != "https://a.example/x?y=secret" || last.Get("Origin") != "https://a.example" {
		t.Errorf("form: %v", last)
	}
	r := Request{Method: "POST", URL: "https://a.example/away", Header: http.Header{"X-Token": {"t"}, "Accept": {"application/json"}, "Content-Type": {"x"}}}
	if _, err := b.Fetch(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	if last.Get("Referer") != "https://a.example/" || last.Get("X-Token") != "" || last.Get("Accept") != "application/json" || last.Get("Content-Type") != "x" {
		t.Errorf("another host: %v", last)
	}
	want := []string{"GET https://a.example/x 200", "POST https://a.example/q 200", "POST https://a.example/away 307", "POST https://b.example/ 200"}
	if !slices.Equal(traced, want) {
		t.Errorf("traced %q, want %q", traced, want)
	}
	if b.Page().Path() != "/q" {
		t.Errorf("Fetch moved the browser to %s", b.Page().URL)
	}
	refused := errors.New("refused")
	b.Allow(func(*http.Request, []byte) error { return refused })
	if err := b.Open(t.Context(), "/more"); err != refused || len(s.seen) != 4 {
		t.Errorf("Open = %v after %d requests, want what Allow said", err, len(s.seen))
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	set := map[string][]string{
		"https://a.example.co.uk/":      {"host=1", "domain=2; Domain=example.co.uk", "suffix=3; Domain=co.uk", "path=4; Path=/p", "none=5; SameSite=None; Secure", `q="a b"`, "json=a, b"},
		"http://127.0.0.1:8080/":        {"s=1; Secure", "h=2; HttpOnly"},
		"https://b.example.co.uk/other": {"host=6"},
	}
	var sent string
	s := &site{answer: func(r *http.Request) (*http.Response, error) {
		sent = r.Header.Get("Cookie")
		return reply(200, http.Header{"Set-Cookie": set[r.URL.String()]}, ""), nil
	}}
	b := New(Options{Transport: s})
	for _, c := range []struct{ address, want string }{
		{"http://127.0.0.1:8080/", ""},
		{"http://127.0.0.1:8081/", "s=1; h=2"},
		{"https://a.example.co.uk/", ""},
		{"https://a.example.co.uk/p/x", `path=4; host=1; domain=2; none=5; q="a b"; json=a, b`},
		{"https://b.example.co.uk/other", "domain=2"},
		{"https://b.example.co.uk/", "domain=2; host=6"},
		{"https://c.co.uk/", ""},
	} {
		if _, err := b.Fetch(t.Context(), Request{Method: "GET", URL: c.address}); err != nil || sent != c.want {
			t.Errorf("%s: sent %q, %v; want %q", c.address, sent, err, c.want)
		}
	}
	at, _ := url.Parse("https://a.example.co.uk/")
	_, host := b.Cookie(at, "host")
	if _, suffix := b.Cookie(at, "suffix"); !host || suffix {
		t.Error("Cookie: host is there, suffix is not")
	}
	b.ForgetCookies()
	for _, want := range []string{"", "host=1; domain=2; none=5; q=\"a b\"; json=a, b"} {
		if _, err := b.Fetch(t.Context(), Request{Method: "GET", URL: at.String()}); err != nil || sent != want {
			t.Errorf("after ForgetCookies: sent %q, %v; want %q", sent, err, want)
		}
	}
}

func TestRetries(t *testing.T) {
	t.Parallel()
	refused := &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	for _, c := range []struct {
		name, method string
		status       int
		err          error
		want         int // requests
	}{
		{"GET 502", "GET", 502, nil, 4}, {"GET 503", "GET", 503, nil, 4}, {"GET 504", "GET", 504, nil, 4}, {"GET 500", "GET", 500, nil, 1},
		{"POST 503", "POST", 503, nil, 1}, {"GET refused", "GET", 0, refused, 4}, {"POST refused", "POST", 0, refused, 1},
		{"certificate", "GET", 0, x509.UnknownAuthorityError{}, 1}, {"no such host", "GET", 0, &net.DNSError{IsNotFound: true}, 1},
		{"name server trouble", "GET", 0, &net.DNSError{IsTimeout: true}, 4}, {"429", "GET", 429, nil, 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &site{answer: func(*http.Request) (*http.Response, error) {
				if c.err != nil {
					return nil, c.err
				}
				return reply(c.status, nil, ""), nil
			}}
			begin := time.Now()
			p, err := New(Options{Transport: s}).Fetch(t.Context(), Request{Method: c.method, URL: "https://a.example/?secret"})
			if len(s.seen) != c.want || time.Since(begin) > 2*time.Second {
				t.Errorf("%s: %d requests in %v, want %d", c.name, len(s.seen), time.Since(begin), c.want)
			}
			var unreachable *UnreachableError
			if c.err == nil && (err != nil || p.Status != c.status) || c.err != nil && (!errors.As(err, &unreachable) || !errors.Is(err, c.err)) {
				t.Errorf("%s: %v", c.name, err)
			}
			if c.err != nil && (strings.Contains(err.Error(), "secret") || unreachable.Untrusted() != (c.name == "certificate")) {
				t.Errorf("%s: %v", c.name, err)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) { // the end comes during the back-off
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		s := &site{answer: func(*http.Request) (*http.Response, error) { return reply(503, nil, ""), nil }}
		begin := time.Now()
		if err := New(Options{Transport: s}).Open(ctx, "https://a.example/"); err != context.DeadlineExceeded || time.Since(begin) != 300*time.Millisecond {
			t.Errorf("Open = %v after %v, want the deadline", err, time.Since(begin))
		}
	})
}

func TestErrorsSayNothingRaw(t *testing.T) {
	t.Parallel()
	s := &site{answer: func(*http.Request) (*http.Response, error) { return nil, errors.New("malformed header: \x1b]0;x\a\n") }}
	_, err := New(Options{Transport: s}).Fetch(t.Context(), Request{Method: "POST", URL: "https://a.example/"})
	if want := "reaching a.example: malformed header: ]0;x"; err == nil || err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	if err := New(Options{}).Open(t.Context(), "https://["); err == nil || err.Error() != "the address cannot be read" {
		t.Errorf("Open of no address = %v", err)
	}
	if err := New(Options{}).Visit(t.Context(), Request{Method: "B A D", URL: "https://a.example/"}); err == nil {
		t.Error("a method that is none was sent")
	}
}
