package main

import (
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

// settings answers what was set for a command: a flag beats a variable beats the config's section.
type settings struct {
	*program
	c       *cli.Context
	config  *config
	name    string // the account's; "" where only flags say how to sign in
	profile string
	account section
	role    section
	hops    []aws.Hop // that a profile of the AWS config file adds to the profile's own chain

	unasked *unasked          // nobody is asked anything; nil where somebody may be
	wanted  []string          // instead of what --role says
	set     map[string]bool   // the flags that were given
	shared  http.RoundTripper // once it is made
	key     string            // the account's, once it is made
	sealKey []byte            // of what is remembered, once it is found
	noKeys  bool              // the keyring is in trouble: it is not waited for twice

	token secret.Secret // of standard input, once it is read

	anew bool // the last sign-in's response does not count
	kept bool // the response in use is that one

	ahead time.Duration // how far the provider's clock is ahead of this one, by its last answer; 0 where there was none
}

// settings finds the account and profile that a command is for.
func (p *program) settings(c *cli.Context) (*settings, error) {
	config, err := p.readConfig()
	if err != nil {
		return nil, err
	}
	s := &settings{program: p, c: c, config: config}
	s.profile = s.text("profile")
	if aws := p.env("AWS_PROFILE"); s.profile == "" && hasSection(config.Profile, aws) {
		s.profile = aws
	}
	if s.role, s.hops, err = p.profileNamed(config, s.profile); err != nil {
		return nil, err
	}
	s.name = s.text("account")
	if s.name == "" && s.text("url") == "" && !s.own() {
		s.name = config.usual()
	}
	var known bool
	if s.account, known = config.Account[s.name]; s.name != "" && !known {
		return nil, noSection("account", s.name, config.Account)
	}
	return s, s.formats()
}

func hasSection(sections map[string]section, name string) bool {
	_, ok := sections[name]
	return ok
}

func noSection(kind, name string, sections map[string]section) error {
	known := slices.Sorted(maps.Keys(sections))
	hint := didYouMean(name, known)
	if hint == "" && len(known) > 0 {
		hint = "the config has " + strings.Join(known, ", ")
	}
	return &usageError{fmt.Sprintf("there is no [%s.%s] in the config", kind, name), hint}
}

// usual returns the account to use where nobody names one.
func (c *config) usual() string {
	if c.DefaultAccount != "" || len(c.Account) != 1 {
		return c.DefaultAccount
	}
	return slices.Collect(maps.Keys(c.Account))[0]
}

// formats checks what --output and --log-format say, and tells the log what is wanted of it.
func (s *settings) formats() error {
	for _, flag := range []string{"output", "log-format"} {
		if value := s.text(flag); !slices.Contains([]string{"", "text", "json"}, value) {
			return &usageError{fmt.Sprintf("--%s is text or json, not %q", flag, value), ""}
		}
	}
	s.log.verbose, s.log.json = s.on("verbose"), s.text("log-format") == "json"
	return nil
}

// isSet reports whether a flag was given. The library's own way of saying that takes longer than a page of a sign-in.
func (s *settings) isSet(flag string) bool {
	if s.set == nil {
		s.set = map[string]bool{}
		for _, name := range s.c.FlagNames() {
			s.set[name] = true
		}
	}
	return s.set[flag]
}

// text returns one value; "" where nothing is set.
func (s *settings) text(flag string) string {
	if s.isSet(flag) {
		return s.c.String(flag)
	}
	if value := s.variable(flag); value != "" {
		return value
	}
	if value, ok := s.file(keyOf(flag)); ok {
		return fmt.Sprint(value)
	}
	return ""
}

// list returns the values of a repeatable flag. In a variable they are words, as a shell splits them.
func (s *settings) list(flag string) []string {
	if flag == "role" && s.wanted != nil {
		return slices.Clone(s.wanted)
	}
	var values []string
	switch file, _ := s.file(keyOf(flag)); {
	case s.isSet(flag):
		values = slices.Clone(s.c.StringSlice(flag))
	case s.variable(flag) != "":
		values = splitWords(s.variable(flag))
	default:
		values = texts(file)
	}
	return slices.DeleteFunc(values, func(v string) bool { return v == "" })
}

// commas returns the values of a list that may also be written with commas.
func (s *settings) commas(flag string) []string {
	var words []string
	for _, value := range s.list(flag) {
		words = append(words, strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	return words
}

// on reports whether a switch is on.
func (s *settings) on(flag string) bool {
	if flag == "no-input" && s.unasked != nil {
		return true
	}
	if s.isSet(flag) {
		return s.c.Bool(flag)
	}
	switch strings.ToLower(s.text(flag)) {
	case "", "0", "false", "no", "off":
		return false
	}
	return true
}

// path returns the name of a file, where ~/ is the home directory.
func (s *settings) path(flag string) string {
	file := s.text(flag)
	if below, ok := strings.CutPrefix(file, "~/"); ok && s.home() != "" {
		return filepath.Join(s.home(), below)
	}
	return file
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

func (s *settings) variable(flag string) string {
	return s.env("SAMLCLI_" + strings.ToUpper(keyOf(flag)))
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

// texts reads a value of the config that may be one or several.
func texts(value any) []string {
	switch v := value.(type) {
	case nil, map[string]any:
		return nil
	case []any:
		values := make([]string, len(v))
		for i := range v {
			values[i] = fmt.Sprint(v[i])
		}
		return values
	}
	return []string{fmt.Sprint(value)}
}
