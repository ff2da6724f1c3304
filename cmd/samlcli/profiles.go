package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) profilesCommand() *cli.Command {
	write := &cli.Command{
		Name:  "write",
		Usage: "write profiles that get their credentials from samlcli into the AWS config file: those of the config, and with --all or --role those that the sign-in offers",
		Flags: slices.Concat(p.signInFlags, []cli.Flag{
			list("role", "profiles for the roles that match `ROLE` as well (repeatable)"),
			toggle("all", "profiles for every role that the sign-in offers as well"),
			text("profile-template", "name these by `TEMPLATE`, of .Account .Alias .Name .Partition (default: "+usualTemplate+")"),
			text("region", "the `REGION` of profiles that have none of their own"),
		}),
		Action: p.does((*settings).writeProfiles),
	}
	return &cli.Command{Name: "profiles", Usage: "keep profiles in the AWS config file", Subcommands: []*cli.Command{write}}
}

// An awsProfile is a section of the AWS config file that runs samlcli.
type awsProfile struct {
	name, region string
	args         []string // of samlcli process
}

func (s *settings) writeProfiles(ctx context.Context) error {
	file := s.awsConfigFile()
	if file == "" {
		return noHome("the AWS config file", "AWS_CONFIG_FILE")
	}
	profiles := s.ownProfiles()
	if s.on("all") || len(s.list("role")) > 0 {
		more, err := s.roleProfiles(ctx)
		if err != nil {
			return err
		}
		profiles = append(profiles, more...)
	}
	if len(profiles) == 0 {
		return &usageError{"there is no profile to write", "write a section [profile.NAME] into the config, or take the sign-in's roles with --all"}
	}
	err := store.Edit(ctx, file, 0o600, func(old []byte) ([]byte, error) { return withBlock(old, profiles) })
	if err != nil && !errors.As(err, new(*usageError)) {
		err = &usageError{err.Error(), diskHint(err, "AWS_CONFIG_FILE")}
	}
	if err != nil {
		return err
	}
	s.log.info("wrote %d profiles to %s", len(profiles), file)
	s.warnOfKeys(profiles)
	return nil
}

// warnOfKeys names the profiles that have keys in the credentials file, as login writes them: programs take these, expired or
// not, and never run a credential_process beside them.
func (s *settings) warnOfKeys(profiles []awsProfile) {
	files, err := s.awsFiles()
	if err != nil {
		return
	}
	var names []string
	for _, p := range profiles {
		if keys, _ := files.credentials.Section(p.name); keys.Get("aws_access_key_id") != "" {
			names = append(names, p.name)
		}
	}
	if len(names) > 0 {
		s.log.warn("programs take the keys in %s before what these give: %s", s.credentialsFile(), strings.Join(names, ", "))
	}
}

// awsConfigFile returns the AWS config file.
func (h host) awsConfigFile() string {
	if path := h.env("AWS_CONFIG_FILE"); path != "" {
		return path
	}
	if h.home() == "" {
		return ""
	}
	return filepath.Join(h.home(), ".aws", "config")
}

// ownProfiles are those of the config.
func (s *settings) ownProfiles() []awsProfile {
	var profiles []awsProfile
	for _, name := range slices.Sorted(maps.Keys(s.config.Profile)) {
		region, _ := s.config.Profile[name]["region"].(string)
		if region == "" {
			region = s.text("region")
		}
		profiles = append(profiles, awsProfile{name, region, []string{"--profile", name}})
	}
	return profiles
}

// roleProfiles are one for each role that the sign-in offers and --role matches.
func (s *settings) roleProfiles(ctx context.Context) ([]awsProfile, error) {
	t, err := s.profileTemplate()
	if err != nil {
		return nil, err
	}
	if s.name == "" {
		return nil, &usageError{"profiles of roles need an account of the config to sign in with", "samlcli configure URL writes one"}
	}
	l := &responses{s: s}
	r, err := l.get(ctx)
	if err != nil {
		return nil, err
	}
	var roles []saml.Role
	if roles, err = s.manyRoles(ctx, l, r); err != nil {
		return nil, err
	}
	names, err := s.profileNames(ctx, t, l, r, roles)
	if err != nil {
		return nil, err
	}
	profiles := make([]awsProfile, len(roles))
	for i, role := range roles {
		profiles[i] = awsProfile{names[i], s.text("region"), []string{"--account", s.name, "--role", role.ARN + "," + role.Provider}}
	}
	return profiles, nil
}

// cutAt cuts a text around the first such line. What ends the line is the editor's affair.
func cutAt(text, line string) (before, after string, found bool) {
	at := 0
	for l := range strings.Lines(text) {
		if strings.TrimRight(l, "\r\n") == line {
			return text[:at], text[at+len(l):], true
		}
		at += len(l)
	}
	return text, "", false
}

// processLine is the line of a credential_process. SDKs split it, or hand it to a shell: what one of these takes for something
// else than a letter is refused.
func processLine(args []string) (string, error) {
	line := "samlcli process"
	for _, word := range args {
		if strings.ContainsAny(word, "\"'`\\$&|<>(){}*?!%^~") {
			return "", &usageError{fmt.Sprintf("%q cannot stand in a line of the AWS config file", word), "give it a name of letters, digits and blanks"}
		}
		line += " " + quoted(word)
	}
	return line, nil
}

// quoted is a word between others.
func quoted(word string) string {
	if strings.ContainsAny(word, " \t") {
		return `"` + word + `"`
	}
	return word
}

// The lines around what samlcli writes; what stands between them is its own.
const (
	blockBegin = "# >>> samlcli profiles write: what stands in this block is written anew"
	blockEnd   = "# <<< samlcli profiles write"
)

// withBlock returns the file with the profiles in its block, which stays where it is; all else stays as it is. A profile that
// somebody else wrote is not written a second time.
func withBlock(old []byte, profiles []awsProfile) ([]byte, error) {
	before, after := string(old), ""
	if head, rest, found := cutAt(before, blockBegin); found {
		_, tail, closed := cutAt(rest, blockEnd)
		if !closed {
			return nil, &usageError{"the block of samlcli's profiles in the AWS config file has no end", fmt.Sprintf("put back the line %q where it ends", blockEnd)}
		}
		before, after = head, tail
	} else if before != "" && !strings.HasSuffix(before, "\n\n") {
		before = strings.TrimRight(before, "\n") + "\n\n"
	}
	others := inifile.Parse([]byte(before + after))
	taken := map[string]bool{}
	var b strings.Builder
	for _, p := range profiles {
		section := "profile " + p.name
		if p.name == "default" {
			section = p.name
		}
		if err := inifile.CheckName(section); err != nil {
			return nil, &usageError{fmt.Sprintf("profile %q: %v", p.name, err), ""}
		}
		command, err := processLine(p.args)
		if err != nil {
			return nil, err
		}
		if _, is := others.Section(section); is || taken[section] {
			return nil, &usageError{fmt.Sprintf("there is a profile %q already, which samlcli did not write", p.name), "rename one of the two; nothing was written"}
		}
		taken[section] = true
		fmt.Fprintf(&b, "[%s]\ncredential_process = %s\n", section, command)
		if p.region != "" {
			fmt.Fprintf(&b, "region = %s\n", p.region)
		}
	}
	return []byte(before + blockBegin + "\n" + b.String() + blockEnd + "\n" + after), nil
}
