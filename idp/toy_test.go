package idp

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, body string) *http.Response {
	kind := "text/html; charset=utf-8"
	if strings.HasPrefix(body, "{") {
		kind = "application/json"
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body))}
}

func has(selector string) func(*web.Page) bool {
	return func(p *web.Page) bool { return p.Has(selector) }
}

// A provider answers by "POST host/path", else "host/path"; several answers come one after the other, the last for ever.
// An answer is a page, or a status alone, or a status and an address to redirect to, parted by a space.
type provider struct {
	pages map[string][]string
	seen  []string // "GET host/path" and the body of a POST
}

func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	place := web.Host(r.URL) + r.URL.Path
	p.seen = append(p.seen, strings.TrimSpace(r.Method+" "+place+" "+string(body)))
	for _, key := range []string{r.Method + " " + place, place} {
		pages, ok := p.pages[key]
		if !ok {
			continue
		}
		if len(pages) > 1 {
			p.pages[key] = pages[1:]
		}
		var status int
		var rest string
		if n, _ := fmt.Sscanf(pages[0], "%d %s", &status, &rest); n == 0 {
			return answer(200, pages[0]), nil
		}
		resp := answer(status, strings.TrimPrefix(pages[0], fmt.Sprint(status, " ")))
		if status/100 == 3 {
			resp.Header.Set("Location", rest)
		}
		return resp, nil
	}
	return answer(404, "<title>Not found</title>"), nil
}

// A person answers each kind of question in turn, then no more, and takes the option of a choice that is named.
type person struct {
	answers map[Kind][]string
	takes   string
	asked   []Question
	chosen  []Choice
	told    []string
}

func (p *person) Ask(_ context.Context, q Question) (string, error) {
	p.asked = append(p.asked, q)
	answers := p.answers[q.Kind]
	if len(answers) == 0 {
		return "", ErrNoAnswer
	}
	p.answers[q.Kind] = answers[1:]
	return answers[0], nil
}

func (p *person) Choose(_ context.Context, c Choice) (int, error) {
	p.chosen = append(p.chosen, c)
	for i, o := range c.Options {
		if p.takes != "" && strings.HasPrefix(o.Label, p.takes) {
			return i, nil
		}
	}
	return 0, ErrNoAnswer
}

func (p *person) Tell(_ context.Context, message string) { p.told = append(p.told, message) }

// toy is an adapter of three pages.
func toy() Adapter {
	return Adapter{Name: "toy", Refusal: ".no", Settings: []Setting{{Key: "color", Default: "red"}}, Steps: []Step{
		{Name: "password", On: has("[name=password]"), Do: fill("password", Password), Tries: 3},
		{Name: "code", On: has("[name=code]"), Do: fill("code", Code), Tries: 3},
		{Name: "captcha", On: has("[name=captcha]"), Do: fill("captcha", Captcha), Tries: 3},
		{Name: "user", On: has("[name=user]"), Do: fill("user", Username)},
		{Name: "stay", On: has("#stay"), Do: func(context.Context, *Session) error { return nil }},
	}}
}

func fill(field string, kind Kind) func(context.Context, *Session) error {
	return func(ctx context.Context, s *Session) error {
		value, err := s.Ask.Ask(ctx, Question{Kind: kind})
		if err != nil {
			return err
		}
		return s.Submit(ctx, s.Page().Form("[name="+field+"]").Set(field, value))
	}
}

const (
	passwordPage = `<form method=post action=/password><input name=password type=password></form>`
	wrongPage    = `<p class=no>Wrong ` + "\x1b" + `[1mpassword.</p>` + passwordPage
	codePage     = `<form method=post action=/code><input name=code></form>`
	wrongCode    = `<p class=error>Wrong code.</p>` + codePage
	donePage     = `<form method=post action="https://signin.aws.amazon.com/saml"><input type=hidden name=SAMLResponse value=cmVzcG9uc2U=><input type=hidden name=RelayState value=r></form>`
)

var awsResponse = encoded(`<Response Destination="https://signin.aws.amazon.com/saml"/>`)

func encoded(xml string) string { return base64.StdEncoding.EncodeToString([]byte(xml)) }

// walked signs in at idp.example.com with the toy.
func walked(t *testing.T, pages map[string][]string, p *person, account Account) (Result, *provider, error) {
	t.Helper()
	site := &provider{pages: pages}
	if account.URL == "" {
		account.URL = "https://idp.example.com/"
	}
	if p.answers == nil {
		p.answers = map[Kind][]string{Password: {"pass-word"}, Code: {"123456"}}
	}
	s := &Session{Browser: web.New(web.Options{Transport: site}), Account: account, Ask: p}
	result, err := SignIn(t.Context(), toy(), []Adapter{toy()}, s)
	return result, site, err
}

// told writes an error as the tables do: "refused KIND: message", "unknown HOST: reason", "host HOST", or its text.
func told(err error) string {
	var (
		refused *RefusedError
		unknown *UnknownPageError
		host    *HostError
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return "refused " + refused.Kind + ": " + refused.Message
	case errors.As(err, &unknown):
		return "unknown " + unknown.Host + ": " + unknown.Reason
	case errors.As(err, &host):
		return "host " + host.Host
	}
	return err.Error()
}
