package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/plain"
)

// signIn walks the login and returns the response as it was received. The cookies of the last time are tried first: where
// they lead nowhere before anybody has answered anything, it starts without them.
func (s *settings) signIn(ctx context.Context) (string, error) {
	w, err := s.walk(ctx)
	if err != nil {
		return "", err
	}
	kept := s.rememberedSession()
	w.last = kept
	response, err := w.signIn(ctx, kept.Cookies)
	if err != nil && len(kept.Cookies) > 0 && !w.answers.asked && leadsNowhere(err) {
		s.log.detail("the remembered session leads nowhere: %v", err)
		s.forget("session")
		return w.signIn(ctx, nil)
	}
	return response, err
}

// leadsNowhere reports whether other cookies might have led elsewhere.
func leadsNowhere(err error) bool {
	var (
		refused *idp.RefusedError
		page    *idp.UnknownPageError
		beyond  *web.PageError
	)
	return errors.As(err, &refused) || errors.As(err, &page) || errors.As(err, &beyond)
}

// walk is one sign-in, as the settings have it.
type walk struct {
	s         *settings
	adapters  []idp.Adapter
	adapter   idp.Adapter
	account   idp.Account
	transport http.RoundTripper
	answers   *answers
	ask       idp.Asker       // the answers, by way of who listens
	last      providerSession // whose page came last, and where, among those who know how to sign out
}

// note finds out whose page it is.
func (w *walk) note(page *web.Page) {
	for _, a := range w.adapters {
		if a.SignOut != nil && a.Owns != nil && a.Owns(page) {
			w.last.Adapter, w.last.Place = a.Name, page.URL.Scheme+"://"+page.URL.Host+page.URL.EscapedPath()
		}
	}
}

func (s *settings) walk(ctx context.Context) (w *walk, err error) {
	w = &walk{s: s, adapters: all.Adapters()}
	if w.adapter, err = s.adapter(); err != nil {
		return nil, err
	}
	if w.account, err = s.accountOf(w.adapter); err != nil {
		return nil, err
	}
	if w.transport, err = s.providerConnections(); err != nil {
		return nil, err
	}
	w.transport = clockReader{w.transport, s.now, func(ahead time.Duration) { s.ahead = ahead }}
	w.answers, err = newAnswers(ctx, s)
	w.ask = w.answers
	return w, err
}

func (w *walk) signIn(ctx context.Context, cookies []web.Cookie) (string, error) {
	s := w.s
	session := &idp.Session{Account: w.account, Ask: w.ask, Now: s.now}
	session.Browser = s.browser(w.transport, session.Masked)
	session.TakeCookies(cookies)
	session.Command = func(ctx context.Context) (string, error) { return s.runCommand(ctx, w.account) }
	session.Trace = func(step string, page *web.Page) {
		w.answers.step = step
		w.note(page)
		s.log.detail("step %q on %s", step, plain.Short(session.Masked(web.Place(page.URL)), maxPlace))
	}
	result, err := idp.SignIn(ctx, w.adapter, w.adapters, session)
	if err != nil {
		s.distrust(err)
		w.answers.noteRefusal(err)
		return "", err
	}
	w.last.Cookies = session.Cookies()
	s.rememberSession(w.last)
	s.log.detail("signed in: a SAML response for %s", plain.Short(session.Masked(result.Destination), maxPlace))
	return result.Response, nil
}

// maxPlace is how many characters of an address -v tells.
const maxPlace = 200

// browser returns one whose requests -v tells; masked, where there is one, hides in their addresses what was sent.
func (s *settings) browser(transport http.RoundTripper, masked func(place string) string) *web.Browser {
	return web.New(web.Options{
		Transport: transport,
		UserAgent: s.text("user-agent"),
		Now:       s.now,
		Trace: func(method, place string, status int) {
			if masked != nil {
				place = masked(place)
			}
			s.log.detail("%s %s: %d", method, plain.Short(place, maxPlace), status)
		},
	})
}

// adapter returns the one that --idp names, else the one for the address.
func (s *settings) adapter() (idp.Adapter, error) {
	name := s.text("idp")
	if name == "" || name == "auto" {
		return all.For(s.text("url")), nil
	}
	return adapterNamed(name)
}

func adapterNamed(name string) (idp.Adapter, error) {
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

func (s *settings) accountOf(adapter idp.Adapter) (idp.Account, error) {
	a := idp.Account{URL: s.text("url"), Username: s.text("username"), Target: s.text("target")}
	if a.URL == "" && !adapter.NoAddress {
		return a, s.noAddress()
	}
	if a.URL != "" {
		if err := checkAddress(a.URL); err != nil {
			return a, err
		}
	}
	a.Hosts = append(s.commas("host"), s.commas("hosts")...)
	for _, word := range s.commas("mfa") {
		if !slices.Contains(idp.Factors(), idp.Factor(word)) {
			return a, &usageError{fmt.Sprintf("--mfa: there is no factor %q", word), didYouMean(word, factorNames())}
		}
		a.MFA = append(a.MFA, idp.Factor(word))
	}
	settings, err := s.adapterSettings()
	a.Settings = settings
	return a, err
}

// noAddress says why there is no address to sign in at, and how to give one.
func (s *settings) noAddress() error {
	if s.name != "" {
		return &usageError{fmt.Sprintf("[account.%s] has no url to sign in at", s.name), "write it there, or give it with --url"}
	}
	if names := slices.Sorted(maps.Keys(s.config.Account)); len(names) > 0 {
		return &usageError{"the config has several accounts, and none is named: " + strings.Join(names, ", "),
			"name one with --account, in the profile of the config, or as its default_account"}
	}
	return &usageError{"there is no address to sign in at", "give it with --url, or configure an account: samlcli configure URL"}
}

func checkAddress(address string) error {
	u, err := web.Resolve(nil, address)
	switch {
	case err != nil:
		return &usageError{"the address to sign in at cannot be read", "a host's name is written in ASCII: xn--…"}
	case u.Hostname() == "" || !web.Private(u):
		return &usageError{"the address to sign in at must be https (http is for this machine only)", "it is the provider's own link to AWS, as in its portal"}
	case u.User != nil:
		return &usageError{"the address to sign in at must not hold a user name or a password", "give the name with --username"}
	}
	return nil
}

func factorNames() []string {
	var names []string
	for _, f := range idp.Factors() {
		names = append(names, string(f))
	}
	return names
}

// adapterSettings collects what is set for adapters: keys of the account's section, its table "set", and --set.
func (s *settings) adapterSettings() (map[string]string, error) {
	known := []string{}
	for _, a := range all.Adapters() {
		for _, setting := range a.Settings {
			known = append(known, setting.Key)
		}
	}
	set := map[string]string{}
	table, _ := s.account["set"].(map[string]any)
	for key, value := range table {
		set[key] = fmt.Sprint(value)
	}
	for _, key := range known {
		if value, ok := s.account[key]; ok && scalar(value) {
			set[key] = fmt.Sprint(value)
		}
	}
	for _, pair := range s.list("set") {
		key, value, found := strings.Cut(pair, "=")
		if !found {
			return nil, &usageError{fmt.Sprintf("--set takes KEY=VALUE, not %q", key), ""}
		}
		set[key] = value
	}
	for _, key := range slices.Sorted(maps.Keys(set)) {
		if !slices.Contains(known, key) {
			return nil, &usageError{fmt.Sprintf("no adapter has a setting %q", key), didYouMean(key, known)}
		}
	}
	return set, nil
}
