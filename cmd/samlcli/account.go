package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/store"
)

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

func (s *settings) writeAccount(ctx context.Context, adapter, address, username string) error {
	return s.appendToConfig(ctx, func(*config) string { return s.accountText(adapter, address, username) })
}

// appendToConfig adds sections at the end of the config, which is what they may depend on; every byte before them stays.
func (p *program) appendToConfig(ctx context.Context, sections func(*config) string) error {
	err := store.Edit(ctx, p.configFile(), 0o600, func(old []byte) ([]byte, error) {
		text := string(old)
		config, err := parseConfig(p.configFile(), text)
		if err != nil {
			return nil, err
		}
		added := sections(config)
		if added == "" {
			return old, nil
		}
		if text != "" && !strings.HasSuffix(text, "\n") {
			text += "\n"
		}
		if text != "" {
			text += "\n"
		}
		text += added
		_, err = parseConfig(p.configFile(), text)
		return []byte(text), err
	})
	if err != nil {
		return &usageError{fmt.Sprintf("writing the config: %v", err), diskHint(err, "SAMLCLI_CONFIG")}
	}
	return nil
}

func (s *settings) accountText(adapter, address, username string) string {
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
	lines := func(key string, values []string) {
		if len(values) > 0 {
			fmt.Fprintf(&b, "%s = [%s]\n", key, strings.Join(tomlStrings(values), ", "))
		}
	}
	lines("mfa", s.commas("mfa"))
	lines("host", s.commas("host"))
	lines("set", s.list("set"))
	for _, flag := range []string{"target", "ca-bundle", "proxy", "user-agent", "timeout"} {
		line(keyOf(flag), s.lasting(flag))
	}
	return b.String()
}

// lasting is what the config may have of a flag: of --proxy no password.
func (s *settings) lasting(flag string) string {
	value := s.text(flag)
	if u, err := proxyAt(value); flag != "proxy" || err != nil || u == nil || u.User == nil {
		return value
	}
	s.log.warn("the proxy's address is not written, since it has a password: give it in HTTPS_PROXY, or with --proxy each time")
	return ""
}

func tomlStrings(values []string) []string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = tomlString(v)
	}
	return quoted
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
