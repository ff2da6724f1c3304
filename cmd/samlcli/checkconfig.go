package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/aws/inifile"
)

// checkConfig looks whether the config can be read, and whether its accounts and profiles are complete.
func (d *doctor) checkConfig(ctx context.Context) (found []finding) {
	path := d.configFile()
	_, err := os.Stat(path)
	name := d.config.DefaultAccount
	switch {
	case d.broken != nil: // and the rest of a config that can be read is looked at all the same
		found = append(found, wrong("", d.broken))
	case path == "" || errors.Is(err, fs.ErrNotExist):
		return []finding{well("there is none: flags and variables alone say how to sign in")}
	case name != "" && d.config.Account[name] == nil:
		found = append(found, wrong("default_account: ", noSection("account", name, d.config.Account)))
	}
	for _, name := range slices.Sorted(maps.Keys(d.config.Account)) {
		if err := d.as(name).complete(ctx); err != nil {
			found = append(found, wrong("[account."+name+"]: ", err))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.config.Profile)) {
		if err := d.profileError(name); err != nil {
			found = append(found, wrong("[profile."+name+"]: ", err))
		}
	}
	if len(found) == 0 {
		found = append(found, well("%s has %s and %s", path, counted(len(d.config.Account), "account"), counted(len(d.config.Profile), "profile")))
	}
	return found
}

// profileError says what taking a role with a profile would stop at before it begins, but for what has other reasons than it.
func (d *doctor) profileError(name string) error {
	account, _ := d.config.Profile[name]["account"].(string)
	if account != "" && d.config.Account[account] == nil {
		return noSection("account", account, d.config.Account)
	}
	s := d.as(cmp.Or(account, d.config.DefaultAccount))
	s.role = nil
	if _, err := s.exchange(); err != nil {
		return nil
	}
	s.role = d.config.Profile[name]
	_, err := s.exchange()
	return err
}

func counted(n int, noun string) string {
	switch n {
	case 0:
		return "no " + noun
	case 1:
		return "one " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// as returns the settings of another account, without any of what was made for this one.
func (d *doctor) as(account string) *settings {
	return &settings{program: d.program, c: d.c, config: d.config, name: account, account: d.config.Account[account], profile: d.profile, role: d.role}
}

// complete says what a sign-in with these settings would stop at before it begins.
func (s *settings) complete(ctx context.Context) (err error) {
	switch source := s.source(); source {
	case fromKeys:
		return nil
	case fromToken:
		if s.on("token-stdin") || s.tokenFile() == "-" {
			return nil
		}
		_, err = s.bearer(ctx)
		return err
	case fromBroker:
		if s.text("url") == "" {
			return s.noAddress()
		}
		return checkAddress(s.text("url"))
	case fromSAML:
		adapter, err := s.adapter()
		if err == nil {
			_, err = s.accountOf(adapter)
		}
		return err
	default:
		return unknownSource(source)
	}
}

// checkProfiles looks for names that mean one thing here and another to AWS's tools.
func (d *doctor) checkProfiles(context.Context) (found []finding) {
	files, err := d.awsFiles()
	if err != nil {
		return []finding{wrong("", err)}
	}
	for _, name := range slices.Sorted(maps.Keys(d.config.Profile)) {
		section, there := files.section(name)
		if there && servedBy(section, d.config.Profile) == nil && hasSource(section) {
			found = append(found, warn("give one of them another name, or let samlcli profiles write make AWS's tools use this one",
				"%s is a profile of the config and, from another source, of %s: AWS's tools take that one", name, d.awsConfigFile()))
		}
	}
	if len(found) == 0 {
		found = append(found, well("no profile of the config has a namesake in the AWS config file"))
	}
	return found
}

// hasSource reports whether a section of the AWS config file says where credentials come from.
func hasSource(s inifile.Section) bool {
	return slices.ContainsFunc([]string{"role_arn", "sso_session", "sso_start_url", "credential_process", "aws_access_key_id"}, func(key string) bool { return s.Get(key) != "" })
}

// checkKeys looks for keys that come before what samlcli gives: AWS's tools take the environment's first, then those of the
// files, and run a credential_process last.
func (d *doctor) checkKeys(context.Context) (found []finding) {
	if d.env("AWS_ACCESS_KEY_ID") != "" {
		found = append(found, warn("unset them: samlcli env --unset says how", "AWS_ACCESS_KEY_ID is set: AWS's tools take the environment's keys before those of any profile"))
	}
	files, err := d.awsFiles()
	if err != nil {
		return append(found, wrong("", err))
	}
	for _, header := range files.config.Names() {
		name := strings.TrimPrefix(header, "profile ")
		section, _ := files.section(name)
		if section.Get("credential_process") != "" && files.get(name, "aws_access_key_id") != "" {
			found = append(found, d.shadow(files, name))
		}
	}
	if len(found) == 0 {
		found = append(found, well("no keys are in the way of a credential_process"))
	}
	return found
}

func (d *doctor) shadow(files awsFiles, name string) finding {
	keys, inCredentials := files.credentials.Section(name)
	file := d.credentialsFile()
	if !inCredentials || keys.Get("aws_access_key_id") == "" {
		file = d.awsConfigFile()
	}
	fix := "remove the keys of that section from " + file
	what := "long-term keys"
	if files.get(name, "aws_session_token") != "" {
		what = "the keys of a session"
	}
	if expires, err := time.Parse(time.RFC3339, files.get(name, "x_security_token_expires")); err == nil && !expires.After(d.now()) {
		what = "keys that expired " + span(d.now().Sub(expires)) + " ago"
	}
	return bad(fix, "profile %s has a credential_process, which AWS's tools never run: %s has %s for it", name, file, what)
}
