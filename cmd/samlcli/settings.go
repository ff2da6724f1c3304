package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp/all"
)

// settings answers what was set for a command: a flag beats a variable beats the config's section.
type settings struct {
	*program
	c       *cli.Context
	name    string // the account's; "" where only flags say how to sign in
	profile string
	account section
	role    section
}

// settings finds the account and profile that a command is for.
func (p *program) settings(c *cli.Context) (*settings, error) {
	config, err := p.readConfig()
	if err != nil {
		return nil, err
	}
	s := &settings{program: p, c: c}
	s.profile = s.text("profile")
	if aws := p.env("AWS_PROFILE"); s.profile == "" && config.Profile[aws] != nil {
		s.profile = aws
	}
	if s.role = config.Profile[s.profile]; s.profile != "" && s.role == nil {
		return nil, &usageError{fmt.Sprintf("there is no [profile.%s] in the config", s.profile), didYouMean(s.profile, slices.Sorted(maps.Keys(config.Profile)))}
	}
	s.name = s.text("account")
	if s.name == "" && s.text("url") == "" {
		s.name = config.usual()
	}
	if s.account = config.Account[s.name]; s.name != "" && s.account == nil {
		return nil, &usageError{fmt.Sprintf("there is no [account.%s] in the config", s.name), didYouMean(s.name, slices.Sorted(maps.Keys(config.Account)))}
	}
	return s, s.check()
}

// usual returns the account to use where nobody names one.
func (c *config) usual() string {
	if c.DefaultAccount != "" || len(c.Account) != 1 {
		return c.DefaultAccount
	}
	return slices.Collect(maps.Keys(c.Account))[0]
}

// check finds values of the wrong type early, so that the getters need no errors.
func (s *settings) check() error {
	for _, group := range []struct {
		title string
		keys  section
	}{{"account." + s.name, s.account}, {"profile." + s.profile, s.role}} {
		for _, key := range slices.Sorted(maps.Keys(group.keys)) {
			switch group.keys[key].(type) {
			case string, bool, int64, []any:
			case map[string]any:
				if key == "set" {
					continue
				}
				return &usageError{fmt.Sprintf("config: %q in [%s] has the wrong type", key, group.title), ""}
			default:
				return &usageError{fmt.Sprintf("config: %q in [%s] has the wrong type", key, group.title), ""}
			}
		}
	}
	for _, format := range []struct {
		flag  string
		known []string
	}{{"output", []string{"", "text", "json"}}, {"log-format", []string{"", "text", "json"}}} {
		if value := s.text(format.flag); !slices.Contains(format.known, value) {
			return &usageError{fmt.Sprintf("--%s is text or json, not %q", format.flag, value), ""}
		}
	}
	return nil
}

// file returns what the config says for a key.
func (s *settings) file(key string) (any, bool) {
	for _, keys := range []section{s.account, s.role} {
		if value, ok := keys[key]; ok {
			return value, true
		}
	}
	return nil, false
}

// text returns one value; "" where nothing is set.
func (s *settings) text(flag string) string {
	if values := s.list(flag); len(values) > 0 {
		return strings.Join(values, ",")
	}
	return ""
}

// list returns the values of a repeatable flag, or the one of another.
func (s *settings) list(flag string) []string {
	if s.c.IsSet(flag) {
		if values := s.c.StringSlice(flag); values != nil {
			return values
		}
		return []string{s.c.String(flag)}
	}
	if value := s.env("SAMLCLI_" + strings.ToUpper(keyOf(flag))); value != "" {
		return []string{value}
	}
	value, _ := s.file(keyOf(flag))
	switch v := value.(type) {
	case string:
		return []string{v}
	case bool, int64:
		return []string{fmt.Sprint(v)}
	case []any:
		values := make([]string, len(v))
		for i := range v {
			values[i] = fmt.Sprint(v[i])
		}
		return values
	}
	return nil
}

// words returns the values of a list that may also be written with commas.
func (s *settings) words(flag string) []string {
	var words []string
	for _, value := range s.list(flag) {
		words = append(words, strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	return words
}

// on reports whether a switch is on.
func (s *settings) on(flag string) bool {
	if s.c.IsSet(flag) {
		return s.c.Bool(flag)
	}
	switch strings.ToLower(s.text(flag)) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}

// duration reads a span of time as Go writes it, "90m", or as a number of seconds.
func (s *settings) duration(flag string, otherwise time.Duration) (time.Duration, error) {
	value := s.text(flag)
	if value == "" {
		return otherwise, nil
	}
	d, err := time.ParseDuration(value)
	if err != nil {
		d, err = time.ParseDuration(value + "s")
	}
	if err != nil || d <= 0 {
		return 0, &usageError{fmt.Sprintf("--%s is a time such as 90m or 1h, not %q", flag, value), ""}
	}
	return d, nil
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
	for _, key := range known {
		if value, ok := s.account[key]; ok {
			set[key] = fmt.Sprint(value)
		}
	}
	if table, ok := s.account["set"].(map[string]any); ok {
		for key, value := range table {
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
