// Package web is the browser that a login is walked with: an HTTP client with cookies and a current page, which sends
// forms as the HTML standard says and runs no scripts.
package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"
)

// UserAgent is what the browser calls itself unless Options say otherwise.
const UserAgent = "AWS Sign-in"

const (
	maxPage      = 8 << 20 // bytes of one page, after decompression
	maxRedirects = 10      // of one request
	maxRetries   = 3       // of one GET
)

// Options configure a Browser. Transport is required.
type Options struct {
	Transport http.RoundTripper
	UserAgent string
	Now       func() time.Time // by which kept cookies expire; nil keeps them all
	// Pause waits as long as it is told, or until the context ends; nil does so. What is played from a tape need not wait.
	Pause func(context.Context, time.Duration) error
	// Trace, if set, hears the method, the address without its query, and the status of every answer.
	Trace func(method, place string, status int)
}

// A Browser keeps cookies and the page that it is on. It is not for concurrent use.
type Browser struct {
	transport http.RoundTripper
	jar       *jar
	now       func() time.Time
	pause     func(context.Context, time.Duration) error
	userAgent string
	allow     func(*http.Request, []byte) error
	trace     func(method, place string, status int)
	start     *url.URL // of the first request: may be at a host that is refused to redirects
	page      *Page
}

// New returns a browser without cookies on no page.
func New(o Options) *Browser {
	b := &Browser{transport: o.Transport, jar: newJar(), now: o.Now, pause: o.Pause, userAgent: o.UserAgent, trace: o.Trace}
	if b.now == nil {
		b.now = func() time.Time { return time.Time{} }
	}
	if b.pause == nil {
		b.pause = wait
	}
	if b.userAgent == "" {
		b.userAgent = UserAgent
	}
	return b
}

// A Request is what a page's script would send. Body may be nil.
type Request struct {
	Method string
	URL    string // absolute
	Header http.Header
	Body   []byte
}

// Page returns the page that the browser is on; nil before the first.
func (b *Browser) Page() *Page { return b.page }

// Cookie returns the value of the cookie of that name that would be sent to the address, and whether there is one.
func (b *Browser) Cookie(address *url.URL, name string) (value string, ok bool) {
	for _, c := range b.jar.Cookies(address) {
		if c.Name == name {
			return c.Value, true
		}
	}
	return "", false
}

// Pause waits, or does what Options say instead. It returns the context's error when that ends.
func (b *Browser) Pause(ctx context.Context, d time.Duration) error { return b.pause(ctx, d) }

// Allow sets who sees every request as it leaves, redirects included, and may refuse it.
func (b *Browser) Allow(allow func(*http.Request, []byte) error) { b.allow = allow }

// ForgetCookies empties the jar.
func (b *Browser) ForgetCookies() { b.jar = newJar() }

// Open goes to an address, resolved against the current page if there is one.
func (b *Browser) Open(ctx context.Context, address string) error {
	u, err := b.resolve(address)
	if err != nil {
		return err
	}
	return b.Visit(ctx, Request{Method: http.MethodGet, URL: u.String()})
}

// Submit sends a form and goes to the answer.
func (b *Browser) Submit(ctx context.Context, f *Form) error {
	r, err := f.Request()
	if err != nil {
		return err
	}
	return b.Visit(ctx, r)
}

// Visit sends a request and goes to the answer, whatever its status.
func (b *Browser) Visit(ctx context.Context, r Request) error {
	p, err := b.Fetch(ctx, r)
	if err != nil {
		return err
	}
	b.page = p
	return nil
}

// Fetch sends a request and returns the answer without going there, as a script's request would.
// Errors are *UnreachableError, *UnsafeError, *PageError, the error of what Allow set, or the context's.
func (b *Browser) Fetch(ctx context.Context, r Request) (*Page, error) {
	u, err := b.resolve(r.URL)
	if err != nil {
		return nil, err
	}
	if b.start == nil {
		b.start = u
	}
	referer := b.page
	for hop := 0; ; hop++ {
		if hop > maxRedirects {
			return nil, &PageError{URL: u, Reason: "it redirects without end"}
		}
		resp, body, err := b.send(ctx, r, u, referer)
		if err != nil {
			return nil, err
		}
		location := resp.Header.Get("Location")
		if !redirects(resp.StatusCode) || location == "" {
			return &Page{URL: u, Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
		}
		next, err := Resolve(u, location)
		if err != nil {
			return nil, &UnsafeError{Host: Host(u), Reason: "it redirects to an address that is none"}
		}
		if err := b.mayFollow(u, next); err != nil {
			return nil, err
		}
		if next.Fragment == "" {
			next.Fragment = u.Fragment
		}
		r, u = redirected(r, resp.StatusCode, Host(u) == Host(next)), next
	}
}

// send makes one exchange, repeating a GET that met a passing fault.
func (b *Browser) send(ctx context.Context, r Request, u *url.URL, referer *Page) (*http.Response, []byte, error) {
	for try := 0; ; try++ {
		resp, body, err := b.exchange(ctx, r, u, referer)
		again := err == nil && (resp.StatusCode == 502 || resp.StatusCode == 503 || resp.StatusCode == 504)
		if unreachable := (*UnreachableError)(nil); errors.As(err, &unreachable) {
			again = unreachable.passing()
		}
		if !again || r.Method != http.MethodGet || try == maxRetries {
			return resp, body, err
		}
		if err := b.pause(ctx, min(250*time.Millisecond<<try, 2*time.Second)); err != nil {
			return nil, nil, err
		}
	}
}

func (b *Browser) exchange(ctx context.Context, r Request, u *url.URL, referer *Page) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, r.Method, u.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, nil, &UnsafeError{Host: Host(u), Reason: "the address cannot be requested"}
	}
	b.dress(req, r, referer)
	if cookies := cookieHeader(b.jar.Cookies(u)); cookies != "" {
		req.Header.Set("Cookie", cookies)
	}
	if b.allow != nil {
		if err := b.allow(req, r.Body); err != nil {
			return nil, nil, err
		}
	}
	resp, err := b.transport.RoundTrip(req)
	if err != nil {
		return nil, nil, unreachable(ctx, u, err)
	}
	defer resp.Body.Close()
	b.jar.set(u, resp.Cookies(), b.now())
	if b.trace != nil {
		b.trace(r.Method, Place(u), resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxPage+1))
	if err != nil {
		return nil, nil, unreachable(ctx, u, err)
	}
	if len(body) > maxPage {
		return nil, nil, &PageError{URL: u, Status: resp.StatusCode, Reason: "it is larger than 8 MiB"}
	}
	return resp, body, nil
}

// dress adds the headers that a browser sends with such a request.
func (b *Browser) dress(req *http.Request, r Request, referer *Page) {
	for name, values := range r.Header {
		req.Header[name] = values
	}
	set := func(name, value string) {
		if req.Header.Get(name) == "" {
			req.Header.Set(name, value)
		}
	}
	set("User-Agent", b.userAgent)
	set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	set("Accept-Language", "en-US,en;q=0.5")
	if referer == nil || referer.URL.Scheme == "https" && req.URL.Scheme != "https" {
		return
	}
	from := *referer.URL
	from.Fragment, from.User = "", nil
	if Host(referer.URL) != Host(req.URL) {
		from.Path, from.RawPath, from.RawQuery, from.ForceQuery = "/", "", "", false
	}
	set("Referer", from.String())
	if r.Method == http.MethodPost {
		set("Origin", origin(referer.URL))
	}
}

func (b *Browser) resolve(address string) (*url.URL, error) {
	var base *url.URL
	if b.page != nil {
		base = b.page.URL
	}
	u, err := Resolve(base, address)
	if err != nil {
		return nil, &UnsafeError{Reason: "the address cannot be read"}
	}
	return u, b.mayFollow(base, u)
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
