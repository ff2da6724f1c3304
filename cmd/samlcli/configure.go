package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/secret"
)

func (p *program) configureCommand() *cli.Command {
	return &cli.Command{
		Name:      "configure",
		Usage:     "look at a sign-in address, and write an account for it into the config",
		ArgsUsage: "URL | --from TOOL",
		Description: "The address is fetched once, to name the adapter. At a terminal the user name is asked for, and the password and the\n" +
			"seed of an authenticator, which go into the keyring; without one, --password-stdin puts the password there.\n" +
			"With --from, another tool's accounts and profiles are added to the config instead (of --account alone, that one), and\n" +
			"what cannot be carried over is listed; its files are only read, and nothing is fetched.",
		Flags:  p.configureFlags(),
		Action: p.configure,
	}
}

// configureFlags are those of a sign-in, but for what an account cannot keep.
func (p *program) configureFlags() []cli.Flag {
	flags := slices.DeleteFunc(slices.Clone(p.signInFlags), func(f cli.Flag) bool {
		return slices.Contains([]string{"url", "code", "assertion", "save-assertion", "source", "token-file", "token-stdin", "device", "browser-cmd"}, f.Names()[0])
	})
	return append([]cli.Flag{fromFlag()}, flags...)
}

func (p *program) configure(c *cli.Context) error {
	if c.IsSet("from") || p.env("SAMLCLI_FROM") != "" {
		return p.configureFrom(c)
	}
	s, address, err := p.newAccount(c)
	if err != nil {
		return err
	}
	adapter, err := s.recognise(c.Context, address)
	if err != nil {
		return err
	}
	username, err := s.askUsername(c.Context)
	if err != nil {
		return err
	}
	if err := s.askSecrets(c.Context, username); err != nil {
		return err
	}
	if err := s.writeAccount(c.Context, adapter, address, username); err != nil {
		return err
	}
	p.log.info("wrote [account.%s] with idp = %q to %s", s.name, adapter, p.configFile())
	p.log.info("next: samlcli login --account %s", s.name)
	return nil
}

// newAccount names the account to be written, before anything is asked.
func (p *program) newAccount(c *cli.Context) (s *settings, address string, err error) {
	if c.NArg() != 1 {
		return nil, "", &usageError{"configure takes one address", "as in samlcli configure https://idp.example.com/aws --account work"}
	}
	config, err := p.readConfig()
	if err != nil {
		return nil, "", err
	}
	s = &settings{program: p, c: c, config: config}
	if err := s.formats(); err != nil {
		return nil, "", err
	}
	if address, err = webAddress(c.Args().First()); err != nil {
		return nil, "", err
	}
	s.name = cmp.Or(s.text("account"), nameFor(address))
	switch {
	case p.configFile() == "":
		err = noHome("the config", "SAMLCLI_CONFIG")
	case hasSection(config.Account, s.name):
		err = &usageError{fmt.Sprintf("there is an [account.%s] already in %s", s.name, p.configFile()), "name another one with --account, or edit that file"}
	case s.on("password-stdin") && s.text("username") == "":
		err = &usageError{"--password-stdin needs --username: the keyring keeps a password for somebody", ""}
	}
	return s, address, err
}

// webAddress completes an address that lacks its scheme.
func webAddress(address string) (string, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	return address, checkAddress(address)
}

// recognise knows the adapter by the address, or fetches the first page, and names the adapter whose page it is; "auto" where it is nobody's in particular.
func (s *settings) recognise(ctx context.Context, address string) (string, error) {
	if name := s.text("idp"); name != "" {
		_, err := s.adapter()
		return name, err
	}
	if a := all.For(address); !a.Generic {
		return a.Name, nil
	}
	transport, err := s.providerConnections()
	if err != nil {
		return "", err
	}
	browser := s.browser(transport, nil)
	if err := s.inTime(ctx, "looking at the address", func(ctx context.Context) error { return browser.Open(ctx, address) }); err != nil {
		return "", err
	}
	page := browser.Page()
	if page.Status >= 500 {
		return "", &web.UnreachableError{Host: page.Host(), Err: fmt.Errorf("it answers with status %d", page.Status)}
	}
	if page.Status >= 400 && page.Status != 401 {
		return "", &idp.UnknownPageError{Status: page.Status, Host: page.Host(), Path: web.Path(page.URL), Title: page.Title(),
			Reason: "the provider answers with an error"}
	}
	for _, a := range all.Adapters() {
		if a.Owns != nil && a.Owns(page) {
			return a.Name, nil
		}
	}
	return "auto", nil
}

func (s *settings) askUsername(ctx context.Context) (string, error) {
	if name := s.text("username"); name != "" {
		return name, nil
	}
	t, err := s.terminal()
	if err != nil {
		return "", nil // it is asked for at the sign-in
	}
	defer t.Close()
	name, err := t.Line(ctx, "User name (empty to be asked each time): ")
	return strings.TrimSpace(name), err
}

// askSecrets puts the password and the seed of an authenticator into the keyring, if the person gives them.
func (s *settings) askSecrets(ctx context.Context, username string) error {
	if s.on("password-stdin") {
		a, err := newAnswers(ctx, s)
		if err != nil {
			return err
		}
		return s.keep("password", username, a.password)
	}
	if username == "" {
		return nil
	}
	t, err := s.terminal()
	if err != nil || !s.keyring.there() {
		return nil
	}
	defer t.Close()
	for _, ask := range []struct{ kind, prompt string }{
		{"password", "Password for the keyring (empty to be asked each time): "},
		{"totp", "Authenticator seed for the keyring, base32 or otpauth:// (empty for none): "},
	} {
		value, err := t.Hidden(ctx, ask.prompt)
		if err != nil {
			return err
		}
		if value == "" {
			continue
		}
		if err := s.keep(ask.kind, username, secret.New(value)); err != nil {
			return err
		}
	}
	return nil
}

func (s *settings) keep(kind, username string, value secret.Secret) error {
	name := "password"
	if kind == "totp" {
		name = "authenticator's seed"
		if _, err := totp(value, s.now()); err != nil {
			return &usageError{err.Error(), ""}
		}
	}
	if err := s.keyring.set(keyringEntry(kind, s.name, username), value); err != nil {
		return &usageError{fmt.Sprintf("keyring: %v", err), "use " + strconv.Quote(kind+"_command") + " in the account of the config instead"}
	}
	s.log.info("put the %s into the keyring", name)
	return nil
}
