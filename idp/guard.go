package idp

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/secret"
)

// guard keeps secrets from hosts that the person did not agree to, and the assertion from everybody but AWS.
type guard struct {
	walk    *walk
	start   string
	agreed  map[string]bool
	secrets []string
	open    bool // a secret was handed to the step at work: what it posts next carries it
	mask    secret.Mask
}

func newGuard(w *walk) guard {
	g := guard{walk: w, agreed: map[string]bool{}}
	if u, err := web.Resolve(nil, w.s.Account.URL); err == nil {
		g.start = web.Host(u)
	}
	g.agreed[g.start] = true
	for _, host := range w.s.Account.Hosts {
		g.agreed[canonical(host)] = true
	}
	return g
}

// canonical reads a host as a person writes it: with or without the default port, or as an address.
func canonical(host string) string {
	for _, address := range []string{host, "https://" + host} {
		if u, err := web.Resolve(nil, address); err == nil && u.Hostname() != "" {
			return web.Host(u)
		}
	}
	return host
}

// agree makes sure that a host may be given a secret: it is the start's, the account's or the page's vendor's, or the
// person says so now.
func (g *guard) agree(ctx context.Context, host string, kind Kind) error {
	if g.agreed[host] || slices.Contains(g.walk.adapter.Hosts, host) {
		return nil
	}
	index, err := g.walk.s.Ask.Choose(ctx, Choice{
		Title:   host + " asks for your " + string(kind) + ", and the sign-in began at " + g.start + ". Send it there?",
		Host:    host,
		Options: []Option{{Label: "no"}, {Label: "yes, " + host + " may have it"}},
	})
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || index != 1 {
		return &HostError{Host: host, Kind: kind}
	}
	g.agreed[host] = true
	return nil
}

// hold remembers a secret that was given to a step.
func (g *guard) hold(secret string) {
	g.open = true
	if !slices.Contains(refusalWords(), strings.ToLower(secret)) {
		g.mask.Hide(secret)
	}
	if secret != "" && !slices.Contains(g.secrets, secret) {
		g.secrets = append(g.secrets, secret)
	}
}

// turn notes that a new page is looked at: what was given out before has been sent.
func (g *guard) turn() { g.open = false }

// allow sees every request before it leaves.
func (g *guard) allow(req *http.Request, body []byte) error {
	host := web.Host(req.URL)
	g.walk.handOn(req, body)
	g.noteSent(req, body)
	if isAWS(req.URL) {
		return &UnknownPageError{Host: host, Path: web.Path(req.URL), Reason: atAWS(req.URL)}
	}
	if carriesResponseForAWS(req, body) {
		return astray(req.URL, 0)
	}
	carries := g.open && (len(body) > 0 || !readable(req.URL.RawQuery)) || slices.ContainsFunc(g.secrets, func(s string) bool { return contains(req, body, s) })
	if carries && !(web.Private(req.URL) && (g.agreed[host] || slices.Contains(g.walk.adapter.Hosts, host))) {
		return g.agree(req.Context(), host, g.walk.last)
	}
	return nil
}

// readable reports whether a query is UTF-8: what a page sends in its own character set hides a secret from comparison.
func readable(query string) bool {
	text, err := url.QueryUnescape(query)
	return err == nil && utf8.ValidString(text)
}

// host returns who is asking: the current page's host, or the start's before there is a page.
func (g *guard) host() string {
	if page := g.walk.s.Page(); page != nil {
		return page.Host()
	}
	return g.start
}

func atAWS(u *url.URL) string {
	if u.Query().Has("SAMLResponse") {
		return "the provider sends its response by redirect, where AWS cannot check the signature; its AWS application needs an assertion consumer service with the POST binding"
	}
	return "the walk came to AWS without a SAML response"
}

// contains reports whether a request would carry a secret: as a form value, a JSON string, or in its address.
func contains(req *http.Request, body []byte, secret string) bool {
	if valuesContain(req.URL.RawQuery, secret) || valuesContain(string(body), secret) || bytes.Contains(body, []byte(secret)) && len(secret) > 3 {
		return true
	}
	quoted, err := json.Marshal(secret)
	return err == nil && bytes.Contains(body, quoted)
}

func valuesContain(encoded, secret string) bool {
	values, _ := url.ParseQuery(encoded)
	for _, all := range values {
		if slices.Contains(all, secret) {
			return true
		}
	}
	return false
}
