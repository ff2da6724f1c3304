package tape

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// A Recorder is an http.RoundTripper around another one that keeps every exchange in memory, as it was. What leaves it
// is scrubbed. It is safe for concurrent use.
type Recorder struct {
	transport http.RoundTripper

	mu        sync.Mutex
	exchanges []Exchange
	answers   []Line
}

// NewRecorder returns a recorder of what goes through a transport.
func NewRecorder(transport http.RoundTripper) *Recorder { return &Recorder{transport: transport} }

// RoundTrip passes a request on and keeps it with its response.
func (r *Recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readBody(req)
	if err != nil {
		return nil, fmt.Errorf("reading the request: %w", err)
	}
	request := requestOf(req, body)
	for i := range request.Cookies {
		request.Cookies[i].Value = strings.Trim(request.Cookies[i].Value, `"`)
	}
	sent := req.Clone(req.Context())
	sent.Body = io.NopCloser(bytes.NewReader(body))
	resp, received, err := r.exchange(sent)
	if err != nil {
		r.keep(Exchange{Request: request, Response: Response{Missing: missing(req.Context(), err)}})
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(received))
	r.keep(Exchange{Request: request, Response: responseOf(req.URL.Hostname(), resp, received)})
	return resp, nil
}

func (r *Recorder) exchange(req *http.Request) (*http.Response, []byte, error) {
	resp, err := r.transport.RoundTrip(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	received, err := io.ReadAll(io.LimitReader(resp.Body, 8<<20+1)) // the browser refuses more
	return resp, received, err
}

func (r *Recorder) keep(e Exchange) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.exchanges = append(r.exchanges, e)
}

// Len returns the number of requests so far.
func (r *Recorder) Len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.exchanges)
}

// Asker returns an asker that passes everything on to another one and keeps the answers for the tape's head.
func (r *Recorder) Asker(asker idp.Asker) idp.Asker { return &listener{asker, r} }

// Tape returns what was recorded so far as a tape without secrets. The source is the caller's word for where it comes
// from, the adapter the name of the one that it started with, the account what was configured, ended the error that the
// sign-in ended with. It is an error if something that
// looks like a live secret could not be taken out; the tape must not be kept then.
func (r *Recorder) Tape(source, adapter string, account idp.Account, ended error) (*Tape, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	raw := &Tape{Head: r.head(account, ended), Exchanges: r.exchanges}
	scrubbed, err := scrub(raw)
	scrubbed.Head = arranged(append([]Line{{"source", source}, {"idp", adapter}}, scrubbed.Head...))
	return scrubbed, err
}

func (r *Recorder) head(account idp.Account, ended error) []Line {
	lines := []Line{{"url", account.URL}, {"username", account.Username}, {"target", account.Target}}
	for _, factor := range account.MFA {
		lines = append(lines, Line{"mfa", string(factor)})
	}
	for _, host := range account.Hosts {
		lines = append(lines, Line{"host", host})
	}
	for key, value := range account.Settings {
		lines = append(lines, Line{"set", key + "=" + value})
	}
	lines = append(append(lines, r.answers...), Line{"want", strings.Join(strings.Fields(Outcome(ended)), " ")})
	return arranged(lines)
}

// arranged puts head lines in the order of headKeys and drops empty ones. Settings are sorted; the rest keeps its turn.
func arranged(lines []Line) []Line {
	var head []Line
	for _, key := range headKeys() {
		var values []Pair
		for _, line := range lines {
			if line.Key == key && line.Value != "" {
				values = append(values, Pair{line.Value, ""})
			}
		}
		if key == "set" {
			values = sorted(values)
		}
		for _, value := range values {
			head = append(head, Line{key, value.Name})
		}
	}
	return head
}

// responseOf keeps of a response what a login depends on. Expiry dates go, but for those that delete a cookie.
func responseOf(host string, resp *http.Response, body []byte) Response {
	r := Response{Status: resp.StatusCode, Body: textOf(resp.Header, body)}
	for _, name := range []string{"Location", "Content-Type", "Refresh", "WWW-Authenticate", "Retry-After"} {
		for _, value := range resp.Header.Values(name) {
			if name == "Content-Type" && r.Body != "" && strings.Contains(value, "html") {
				value = "text/html; charset=utf-8" // as textOf has made it
			}
			r.Header = append(r.Header, Pair{name, value})
		}
	}
	for _, cookie := range resp.Cookies() {
		if isForeign(cookie.Domain, host) { // a browser does not keep it
			continue
		}
		r.Header = append(r.Header, Pair{"Set-Cookie", cookieOf(cookie)})
	}
	return r
}

// isForeign reports whether a cookie's domain is not one of the host's.
func isForeign(domain, host string) bool {
	domain = strings.TrimPrefix(strings.ToLower(domain), ".")
	host = strings.ToLower(host)
	return domain != "" && host != domain && !strings.HasSuffix(host, "."+domain)
}

// cookieOf keeps of a cookie what decides where it is sent; quotes say nothing, and come and go with the value.
func cookieOf(c *http.Cookie) string {
	kept := http.Cookie{Name: c.Name, Value: c.Value, Path: c.Path, Domain: c.Domain, Secure: c.Secure}
	if c.MaxAge < 0 || !c.Expires.IsZero() && c.Expires.Year() < 2001 {
		kept.MaxAge = -1
	}
	return kept.String()
}

// textOf returns a body as UTF-8 with plain line ends; a picture is not kept.
func textOf(header http.Header, body []byte) string {
	if strings.Contains(header.Get("Content-Type"), "html") && !utf8.Valid(body) {
		body = (&web.Page{Header: header, Body: body}).UTF8()
	}
	if !utf8.Valid(body) {
		return fmt.Sprintf("(%d bytes that are no text)", len(body))
	}
	return strings.TrimRight(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n")
}

// listener keeps what goes through an asker.
type listener struct {
	idp.Asker
	recorder *Recorder
}

func (l *listener) Ask(ctx context.Context, q idp.Question) (string, error) {
	answer, err := l.Asker.Ask(ctx, q)
	if err == nil {
		l.keep(string(q.Kind), answer)
	}
	return answer, err
}

func (l *listener) Choose(ctx context.Context, c idp.Choice) (int, error) {
	index, err := l.Asker.Choose(ctx, c)
	if err == nil && index >= 0 && index < len(c.Options) {
		l.keep("choose", strings.TrimSpace(c.Options[index].Label))
	}
	return index, err
}

func (l *listener) Tell(ctx context.Context, message string) {
	l.keep("tell", message)
	l.Asker.Tell(ctx, message)
}

// Wait shows a wait where the other asker does.
func (l *listener) Wait(ctx context.Context, left time.Duration) (done func()) {
	if shows, ok := l.Asker.(idp.Waiter); ok {
		return shows.Wait(ctx, left)
	}
	return func() {}
}

func (l *listener) keep(key, value string) {
	l.recorder.mu.Lock()
	defer l.recorder.mu.Unlock()
	l.recorder.answers = append(l.recorder.answers, Line{key, value})
}
