package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/forms"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/saml"
)

// response returns the SAML response that a command works with: the one that --assertion names, or that of a sign-in.
func (s *settings) response(ctx context.Context) (*saml.Response, error) {
	if file := s.text("assertion"); file != "" {
		return s.savedResponse(file)
	}
	limit, err := s.duration("timeout", 2*time.Minute)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	encoded, err := s.signIn(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.save(ctx, encoded); err != nil {
		return nil, err
	}
	return saml.Parse(encoded)
}

// savedResponse reads a response that was saved before.
func (s *settings) savedResponse(file string) (*saml.Response, error) {
	data, err := s.readInput(file)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("reading the SAML response: %v", err), ""}
	}
	encoded, err := saml.Extract(data)
	if format := (*saml.FormatError)(nil); errors.As(err, &format) && format.Kind == saml.KindHTML {
		encoded, err = fromPage(data), nil
	}
	var r *saml.Response
	if err == nil {
		r, err = saml.Parse(encoded)
	}
	if format := (*saml.FormatError)(nil); errors.As(err, &format) {
		return nil, &usageError{fmt.Sprintf("--assertion %s: %v", file, err), ""}
	}
	return r, err
}

const maxInput = 16 << 20

func (s *settings) readInput(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(io.LimitReader(s.stdin, maxInput))
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxInput))
}

// fromPage finds the response in a saved page.
func fromPage(data []byte) string {
	page := &web.Page{Body: data, Header: http.Header{"Content-Type": {"text/html"}}}
	for _, form := range page.Forms() {
		if value := form.Value("SAMLResponse"); value != "" {
			return value
		}
	}
	return ""
}

// signIn walks the login and returns the response as it was received.
func (s *settings) signIn(ctx context.Context) (string, error) {
	session, adapter, err := s.session()
	if err != nil {
		return "", err
	}
	result, err := idp.SignIn(ctx, adapter, all.Adapters(), session)
	if err != nil {
		return "", err
	}
	s.log.detail("signed in: a SAML response for %s", result.Destination)
	return result.Response, nil
}

func (s *settings) session() (*idp.Session, idp.Adapter, error) {
	adapter, err := s.adapter()
	if err != nil {
		return nil, adapter, err
	}
	account, err := s.accountOf()
	if err != nil {
		return nil, adapter, err
	}
	browser, err := s.browser()
	if err != nil {
		return nil, adapter, err
	}
	answers, err := newAnswers(s)
	if err != nil {
		return nil, adapter, err
	}
	session := &idp.Session{Browser: browser, Account: account, Ask: answers}
	session.Trace = func(step string, page *web.Page) { s.log.detail("step %q on %s", step, web.Place(page.URL)) }
	return session, adapter, nil
}

// adapter returns the one that --idp names. Auto is the generic one: the pages decide anyway.
func (s *settings) adapter() (idp.Adapter, error) {
	name := s.text("idp")
	if name == "" || name == "auto" {
		return forms.New(), nil
	}
	adapters := all.Adapters()
	i := slices.IndexFunc(adapters, func(a idp.Adapter) bool { return a.Name == name })
	if i < 0 {
		var names []string
		for _, a := range adapters {
			names = append(names, a.Name)
		}
		return idp.Adapter{}, &usageError{fmt.Sprintf("there is no adapter %q", name), didYouMean(name, append(names, "auto"))}
	}
	return adapters[i], nil
}

func (s *settings) accountOf() (idp.Account, error) {
	a := idp.Account{URL: s.text("url"), Username: s.text("username"), Target: s.text("target")}
	if a.URL == "" {
		return a, &usageError{"there is no address to sign in at", "give it with --url, or configure an account: samlcli configure URL"}
	}
	if u, err := web.Resolve(nil, a.URL); err != nil || !web.Private(u) || u.Hostname() == "" {
		return a, &usageError{"the address to sign in at must be https (http is for this machine only)", ""}
	}
	a.Hosts = append(s.words("host"), s.words("hosts")...)
	for _, word := range s.words("mfa") {
		if !slices.Contains(idp.Factors(), idp.Factor(word)) {
			return a, &usageError{fmt.Sprintf("--mfa: there is no factor %q", word), didYouMean(word, factorNames())}
		}
		a.MFA = append(a.MFA, idp.Factor(word))
	}
	settings, err := s.adapterSettings()
	a.Settings = settings
	return a, err
}

func factorNames() []string {
	var names []string
	for _, f := range idp.Factors() {
		names = append(names, string(f))
	}
	return names
}

func (s *settings) browser() (*web.Browser, error) {
	transport, err := s.connections()
	if err != nil {
		return nil, err
	}
	return web.New(web.Options{
		Transport: transport,
		UserAgent: s.text("user-agent"),
		Trace: func(method, place string, status int) {
			s.log.detail("%s %s: %d", method, place, status)
		},
	}), nil
}

// connections returns the transport for the provider and for AWS.
func (s *settings) connections() (http.RoundTripper, error) {
	return s.transport(transportOptions{
		proxy:   s.text("proxy"),
		bundles: []string{s.text("ca-bundle"), s.env("AWS_CA_BUNDLE"), s.env("SSL_CERT_FILE")},
	})
}

// save writes the response where --save-assertion says, for its owner alone.
func (s *settings) save(ctx context.Context, encoded string) error {
	file := s.text("save-assertion")
	if file == "" {
		return nil
	}
	line := append([]byte(strings.TrimSpace(encoded)), '\n')
	err := store.Edit(ctx, file, 0o600, func(old []byte) ([]byte, error) {
		if bytes.Equal(old, line) {
			return old, nil
		}
		return line, nil
	})
	if err == nil {
		err = os.Chmod(file, 0o600) // a file that was there keeps its mode in an edit
	}
	if err != nil {
		return &usageError{fmt.Sprintf("saving the SAML response: %v", err), ""}
	}
	return nil
}

// keyringName is what the account is called in the keyring: its name, or its host where only flags say how to sign in.
func (s *settings) keyringName() string {
	if s.name != "" {
		return s.name
	}
	u, err := web.Resolve(nil, s.text("url"))
	if err != nil {
		return ""
	}
	return web.Host(u)
}
