package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/web"
)

// signIn walks the login and returns the response as it was received.
func (s *settings) signIn(ctx context.Context) (string, error) {
	session, adapter, err := s.session(ctx)
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

func (s *settings) session(ctx context.Context) (*idp.Session, idp.Adapter, error) {
	adapter, err := s.adapter()
	if err != nil {
		return nil, adapter, err
	}
	account, err := s.accountOf(adapter)
	if err != nil {
		return nil, adapter, err
	}
	browser, err := s.browser()
	if err != nil {
		return nil, adapter, err
	}
	answers, err := newAnswers(ctx, s)
	if err != nil {
		return nil, adapter, err
	}
	session := &idp.Session{Browser: browser, Account: account, Ask: answers, Now: s.now}
	session.Command = func(ctx context.Context) (string, error) { return s.runCommand(ctx, account) }
	session.Trace = func(step string, page *web.Page) {
		answers.step = step
		s.log.detail("step %q on %s", step, web.Place(page.URL))
	}
	return session, adapter, nil
}

// adapter returns the one that --idp names, else the one for the address.
func (s *settings) adapter() (idp.Adapter, error) {
	name := s.text("idp")
	if name == "" || name == "auto" {
		return all.For(s.text("url")), nil
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
		return &usageError{"the address to sign in at must be https (http is for this machine only)", ""}
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
