package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/internal/store"
)

// config is the person's file.
type config struct {
	DefaultAccount string             `toml:"default_account"`
	Account        map[string]section `toml:"account"`
	Profile        map[string]section `toml:"profile"`
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
	if errors.Is(err, fs.ErrNotExist) {
		return &config{}, nil
	}
	if err != nil {
		return nil, &usageError{fmt.Sprintf("reading the config: %v", err), ""}
	}
	var c config
	known, err := toml.Decode(string(data), &c)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("config %s: %s", path, tomlMessage(err)), ""}
	}
	if extra := known.Undecoded(); len(extra) > 0 {
		key := extra[0].String()
		return nil, &usageError{fmt.Sprintf("config %s: unknown key %q", path, key), didYouMean(key, []string{"default_account", "account", "profile"})}
	}
	return &c, c.check(path)
}

// tomlMessage leaves out the text of the line, which may hold anything.
func tomlMessage(err error) string {
	var parse toml.ParseError
	if errors.As(err, &parse) {
		return fmt.Sprintf("line %d: %s", parse.Position.Line, parse.Message)
	}
	return "it holds a value of the wrong type"
}

func (c *config) check(path string) error {
	for _, group := range []struct {
		kind     string
		sections map[string]section
		known    []string
	}{{"account", c.Account, accountKeys()}, {"profile", c.Profile, profileKeys()}} {
		for _, name := range slices.Sorted(maps.Keys(group.sections)) {
			for _, key := range slices.Sorted(maps.Keys(group.sections[name])) {
				if !slices.Contains(group.known, key) {
					where := fmt.Sprintf("config %s: unknown key %q in [%s.%s]", path, key, group.kind, name)
					return &usageError{where, unknownKeyHint(key, group.known)}
				}
			}
		}
	}
	return nil
}

func unknownKeyHint(key string, known []string) string {
	if key == "password" || key == "totp_seed" || key == "totp_secret" {
		return "secrets are not kept in the config: use password_command or totp_command, or samlcli configure to put them into the keyring"
	}
	return didYouMean(key, known)
}

func accountKeys() []string {
	keys := append(keysOf(signInFlags()), accountOnlyKeys()...)
	keys = append(keys, "hosts")
	for _, a := range all.Adapters() {
		for _, s := range a.Settings {
			keys = append(keys, s.Key)
		}
	}
	return without(keys, "account")
}

func profileKeys() []string {
	return append(without(keysOf(roleFlags()), "profile"), "account", "aws_profile", "output", "force")
}

func keysOf(flags []cli.Flag) []string {
	var keys []string
	for _, f := range flags {
		keys = append(keys, keyOf(f.Names()[0]))
	}
	return keys
}

func without(keys []string, key string) []string {
	return slices.DeleteFunc(keys, func(k string) bool { return k == key })
}

func keyOf(flag string) string { return strings.ReplaceAll(flag, "-", "_") }

// didYouMean names the nearest of the known words.
func didYouMean(word string, known []string) string {
	best, distance := "", 1+len(word)/3
	for _, k := range known {
		if d := editDistance(word, k); d < distance || d == distance && best == "" {
			best, distance = k, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", best)
}

// editDistance is Levenshtein's.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
