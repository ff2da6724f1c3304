package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/internal/store"
)

func (p *program) configureCommand() *cli.Command {
	return &cli.Command{
		Name:      "configure",
		Usage:     "look at a sign-in address, and write an account for it into the config",
		ArgsUsage: "URL",
		Description: "The address is fetched once, to name the adapter. At a terminal the user name is asked for, and the password and the\n" +
			"seed of an authenticator, which go into the keyring; without one, --password-stdin puts the password there.",
		Flags:  signInFlags(),
		Action: p.configure,
	}
}

func (p *program) configure(c *cli.Context) error {
	if c.NArg() != 1 {
		return &usageError{"configure takes one address", "as in samlcli configure https://idp.example.com/aws --account work"}
	}
	config, err := p.readConfig()
	if err != nil {
		return err
	}
	s := &settings{program: p, c: c}
	p.log.verbose = s.on("verbose")
	address, err := webAddress(c.Args().First())
	if err != nil {
		return err
	}
	s.name = s.text("account")
	if s.name == "" {
		s.name = nameFor(address)
	}
	if _, taken := config.Account[s.name]; taken {
		return &usageError{fmt.Sprintf("there is an [account.%s] already in %s", s.name, p.configFile()), "name another one with --account, or edit that file"}
	}
	adapter, err := s.recognise(c.Context, address)
	if err != nil {
		return err
	}
	username, err := s.askUsername(c.Context)
	if err != nil {
		return err
	}
	if err := s.writeAccount(c.Context, adapter, address, username); err != nil {
		return err
	}
	p.log.info("wrote [account.%s] with idp = %q to %s", s.name, adapter, p.configFile())
	if err := s.askSecrets(c.Context, username); err != nil {
		return err
	}
	p.log.info("next: samlcli login --account %s", s.name)
	return nil
}

// webAddress completes an address that lacks its scheme.
func webAddress(address string) (string, error) {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	u, err := web.Resolve(nil, address)
	if err != nil || u.Hostname() == "" || !web.Private(u) {
		return "", &usageError{"the address must be https (http is for this machine only)", ""}
	}
	return address, nil
}

// nameFor makes an account's name of an address: the first word of its host that tells companies apart.
func nameFor(address string) string {
	u, err := web.Resolve(nil, address)
	if err != nil {
		return "work"
	}
	for label := range strings.SplitSeq(u.Hostname(), ".") {
		switch label {
		case "www", "login", "sso", "idp", "auth", "accounts", "signin", "account":
			continue
		}
		if strings.Trim(label, "0123456789:[]") != "" {
			return label
		}
	}
	return "work"
}

// recognise fetches the first page, and names the adapter whose page it is; "auto" where it is nobody's in particular.
func (s *settings) recognise(ctx context.Context, address string) (string, error) {
	if name := s.text("idp"); name != "" {
		_, err := s.adapter()
		return name, err
	}
	browser, err := s.browser()
	if err != nil {
		return "", err
	}
	limit, err := s.duration("timeout", 2*time.Minute)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := browser.Open(ctx, address); err != nil {
		return "", err
	}
	page := browser.Page()
	if page.Status >= 400 && page.Status != 401 {
		return "", &idp.UnknownPageError{Status: page.Status, Host: page.Host(), Path: page.URL.EscapedPath(), Title: page.Title(),
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

// writeAccount adds the section at the end of the config; every byte before it stays.
func (s *settings) writeAccount(ctx context.Context, adapter, address, username string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "[account.%s]\n", tomlKey(s.name))
	line := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s = %s\n", key, tomlString(value))
		}
	}
	line("idp", adapter)
	line("url", address)
	line("username", username)
	for _, flag := range []string{"mfa", "host", "set"} {
		if values := s.words(flag); len(values) > 0 {
			quoted := make([]string, len(values))
			for i, v := range values {
				quoted[i] = tomlString(v)
			}
			fmt.Fprintf(&b, "%s = [%s]\n", keyOf(flag), strings.Join(quoted, ", "))
		}
	}
	for _, flag := range []string{"target", "ca-bundle", "proxy", "user-agent", "timeout"} {
		line(keyOf(flag), s.text(flag))
	}
	err := store.Edit(ctx, s.configFile(), 0o600, func(old []byte) ([]byte, error) {
		text := string(old)
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		if text != "" {
			text += "\n"
		}
		text += b.String()
		var check config
		if _, err := toml.Decode(text, &check); err != nil {
			return nil, fmt.Errorf("the file would not be readable: %s", tomlMessage(err))
		}
		return []byte(text), nil
	})
	if err != nil {
		return &usageError{fmt.Sprintf("writing the config: %v", err), ""}
	}
	return nil
}

func tomlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, "\\u%04X", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String() + `"`
}

func tomlKey(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") == "" && s != "" {
		return s
	}
	return tomlString(s)
}

// askSecrets puts the password and the seed of an authenticator into the keyring, if the person gives them.
func (s *settings) askSecrets(ctx context.Context, username string) error {
	if username == "" {
		return nil
	}
	a, err := newAnswers(s)
	if err != nil {
		return err
	}
	if s.on("password-stdin") {
		return s.keep("password", username, a.password)
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
	if kind == "totp" {
		if _, err := totp(value, s.now()); err != nil {
			return &usageError{err.Error(), ""}
		}
	}
	if err := s.keyring.set(keyringEntry(kind, s.name, username), value); err != nil {
		return &usageError{fmt.Sprintf("keyring: %v", err), "use " + strconv.Quote(kind+"_command") + " in the account of the config instead"}
	}
	s.log.info("put the %s into the keyring", kind)
	return nil
}
