package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"syscall"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/internal/store"
)

// config is the person's file.
type config struct {
	DefaultAccount string
	Account        map[string]section
	Profile        map[string]section
	Alias          map[string]string // names of AWS accounts, by their numbers
}

// section is one account or profile: its keys as they stand.
type section map[string]any

// readConfig reads and checks the config; one that is not there is empty.
func (p *program) readConfig() (*config, error) {
	path := p.configFile()
	if path == "" {
		return &config{}, nil
	}
	data, err := store.Read(path)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // a service's home may be /dev/null
		return &config{}, nil
	}
	if err != nil {
		return nil, &usageError{fmt.Sprintf("reading the config: %v", err), "another file is named with SAMLCLI_CONFIG"}
	}
	return parseConfig(path, string(data))
}

// parseConfig reads the config's text, and finds unknown keys and values of the wrong type in every section of it.
func parseConfig(path, text string) (*config, error) {
	var keys map[string]any
	if _, err := toml.Decode(text, &keys); err != nil {
		return nil, notTOML(path, err)
	}
	c := &config{}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		var ok bool
		switch key {
		case "default_account":
			c.DefaultAccount, ok = keys[key].(string)
		case "account":
			c.Account, ok = sections(keys[key])
		case "profile":
			c.Profile, ok = sections(keys[key])
		case "alias":
			c.Alias, ok = stringsOf(keys[key])
		default:
			return nil, &usageError{fmt.Sprintf("config %s: unknown key %q", path, key), didYouMean(key, []string{"default_account", "account", "profile", "alias"})}
		}
		if !ok {
			return nil, &usageError{fmt.Sprintf("config %s: %q has the wrong type", path, key),
				`accounts are sections [account.NAME], profiles are sections [profile.NAME], names of AWS accounts are lines 123456789012 = "NAME" below [alias], and default_account = "NAME"`}
		}
	}
	return c, c.check(path)
}

func sections(value any) (map[string]section, bool) {
	table, ok := value.(map[string]any)
	named := map[string]section{}
	for name, keys := range table {
		s, isTable := keys.(map[string]any)
		named[name], ok = s, ok && isTable
	}
	return named, ok
}

func stringsOf(value any) (map[string]string, bool) {
	table, ok := value.(map[string]any)
	all := map[string]string{}
	for key, v := range table {
		text, isText := v.(string)
		all[key], ok = text, ok && isText
	}
	return all, ok
}

// notTOML names the line. The library's own words are left out: they quote the line, which may hold anything.
func notTOML(path string, err error) error {
	var parse toml.ParseError
	if !errors.As(err, &parse) {
		return &usageError{fmt.Sprintf("config %s is not TOML", path), ""}
	}
	return &usageError{fmt.Sprintf("config %s: line %d is not TOML", path, parse.Position.Line), `a line is [account.NAME], [profile.NAME], or key = "value"`}
}

func (c *config) check(path string) error {
	accounts := kind{"account", accountKeys()}
	profiles := kind{"profile", profileKeys()}
	for _, name := range slices.Sorted(maps.Keys(c.Account)) {
		if err := c.Account[name].check(path, name, accounts, profiles); err != nil {
			return err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.Profile)) {
		if err := c.Profile[name].check(path, name, profiles, accounts); err != nil {
			return err
		}
	}
	return nil
}

// kind is one of the two kinds of sections, and what a section of it may say.
type kind struct {
	name string
	keys map[string]cli.Flag
}

func (s section) check(path, name string, own, other kind) error {
	where := fmt.Sprintf("in [%s.%s]", own.name, name)
	for _, key := range slices.Sorted(maps.Keys(s)) {
		flag, ok := own.keys[key]
		if !ok {
			return &usageError{fmt.Sprintf("config %s: unknown key %q %s", path, key, where), unknownKeyHint(key, own, other)}
		}
		if key == "chain" {
			if _, err := readChain(s[key]); err != nil {
				return &usageError{fmt.Sprintf("config %s: %s: %v", path, where, err), chainHint}
			}
			continue
		}
		if want := wrongType(flag, s[key]); want != "" {
			return &usageError{fmt.Sprintf("config %s: %q %s must be %s", path, key, where, want), ""}
		}
	}
	return nil
}

// wrongType says what a value should be, or nothing where it is that.
func wrongType(flag cli.Flag, value any) string {
	switch flag.(type) {
	case *cli.BoolFlag:
		if _, ok := value.(bool); !ok {
			return "true or false"
		}
	case *cli.StringFlag:
		if !scalar(value) {
			return "a string"
		}
	default:
		table, isTable := value.(map[string]any)
		values := slices.Collect(maps.Values(table))
		if list, ok := value.([]any); ok {
			values = list
		} else if !isTable {
			values = []any{value}
		}
		if isTable && flag.Names()[0] != "set" || slices.ContainsFunc(values, func(v any) bool { return !scalar(v) }) {
			return "a string or a list of strings"
		}
	}
	return ""
}

func scalar(value any) bool {
	switch value.(type) {
	case string, int64, bool:
		return true
	}
	return false
}

func unknownKeyHint(key string, own, other kind) string {
	if key == "password" || key == "totp_seed" || key == "totp_secret" {
		return "secrets are not kept in the config: use password_command or totp_command, or samlcli configure to put them into the keyring"
	}
	if _, ok := other.keys[key]; ok {
		return fmt.Sprintf("%s belongs in a section [%s.NAME]", key, other.name)
	}
	return didYouMean(key, slices.Sorted(maps.Keys(own.keys)))
}

// accountKeys are the keys of an account: the flags of a sign-in, what is no flag, and the adapters' settings.
func accountKeys() map[string]cli.Flag {
	flags := append(signInFlags(), list("hosts", ""), list("password-command", ""), list("code-command", ""), list("totp-command", ""),
		list("token-command", ""), text("issuer", ""), text("client-id", ""), list("client-secret-command", ""), list("scopes", ""), text("session-name-claim", ""),
		text("metadata", ""), list("account-id", ""))
	for _, a := range all.Adapters() {
		for _, s := range a.Settings {
			flags = append(flags, text(s.Key, ""))
		}
	}
	return keysOf(append(flags, list("command", "")), "account")
}

// profileKeys are the keys of a profile: the flags of a role, and those that single commands have.
func profileKeys() map[string]cli.Flag {
	flags := slices.Concat(roleFlags(), assumeFlags(), fileFlags(""), []cli.Flag{text("account", ""), text("shell", ""), list("chain", ""), text("source-profile", "")})
	return keysOf(flags, "profile")
}

// keysOf returns flags by their keys, but for the one that names the section itself.
func keysOf(flags []cli.Flag, own string) map[string]cli.Flag {
	keys := map[string]cli.Flag{}
	for _, f := range flags {
		keys[keyOf(f.Names()[0])] = f
	}
	delete(keys, own)
	return keys
}

func keyOf(flag string) string { return strings.ReplaceAll(flag, "-", "_") }
