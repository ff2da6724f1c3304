package idp

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/internal/plain"
)

// Providers repeat what they were sent: "wrong password 'hunter2'", a session in a path, a whole request on an error page. So everything that went there and may be secret is hidden in their words: answers, cookies, and what looks like a
// token in an address, a form or JSON.

// refusalWords are no secrets: the gap in a refusal would tell them.
func refusalWords() []string {
	return []string{"wrong", "bad", "invalid", "incorrect", "failed", "denied", "error", "username", "user", "name", "password", "code"}
}

// noteSent remembers the tokens of a request.
func (g *guard) noteSent(req *http.Request, body []byte) {
	for _, c := range req.Cookies() {
		g.noteToken(c.Value)
	}
	for _, encoded := range []string{req.URL.RawQuery, string(body)} {
		values, _ := url.ParseQuery(encoded)
		for _, all := range values {
			for _, value := range all {
				g.noteToken(value)
			}
		}
	}
	var object any
	if json.Unmarshal(body, &object) == nil {
		g.noteTokens(object)
	}
}

// noteTokens remembers those in what JSON holds.
func (g *guard) noteTokens(value any) {
	switch v := value.(type) {
	case string:
		g.noteToken(v)
	case []any:
		for _, element := range v {
			g.noteTokens(element)
		}
	case map[string]any:
		for _, element := range v {
			g.noteTokens(element)
		}
	}
}

// noteToken remembers a value that is no word, name or address.
func (g *guard) noteToken(value string) {
	if (len(value) >= 20 || len(value) >= 16 && strings.ContainsAny(value, "0123456789")) && !strings.ContainsAny(value, " @:\n") && value[0] != '/' {
		g.mask.Hide(value)
	}
}

// Masked hides in the provider's words, or an address of its, what was sent to it in this walk: "***" stands there.
func (s *Session) Masked(text string) string {
	if s.walk == nil {
		return text
	}
	return s.walk.mask.Text(text)
}

// hide hides in an error what was sent.
func (w *walk) hide(err error) error {
	var (
		refused *RefusedError
		page    *UnknownPageError
		step    *StepError
	)
	switch {
	case errors.As(err, &refused):
		refused.Message = w.mask.Text(refused.Message)
	case errors.As(err, &page):
		page.Path, page.Title, page.Reason = plain.Short(w.mask.Text(page.Path), 200), w.mask.Text(page.Title), w.mask.Text(page.Reason)
		for i := range page.Forms {
			page.Forms[i] = w.mask.Text(page.Forms[i])
		}
	case errors.As(err, &step):
		step.Err = w.mask.Error(step.Err)
	}
	return err
}
