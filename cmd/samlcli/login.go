package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) loginCommand() *cli.Command {
	return &cli.Command{
		Name:  "login",
		Usage: "sign in and write the credentials of a role into the AWS credentials file",
		Flags: slices.Concat(p.signInFlags, p.roleFlags, fileFlags("the --profile's name, else saml"), []cli.Flag{
			toggle("all", "log in to every role, or every one that --role matches, each into a section of its own"),
			text("profile-template", "name these sections by `TEMPLATE`, of .Account .Alias .Name .Partition (default: "+usualTemplate+")"),
			text("parallel", "ask AWS for `N` roles at once (default: 16)"),
		}),
		Action: p.does((*settings).login),
	}
}

// fileFlags are those of the commands that write the credentials file.
func fileFlags(section string) []cli.Flag {
	return []cli.Flag{
		outputFlag(),
		text("aws-profile", "write the section `NAME` of the credentials file (default: "+section+")"),
		toggle("force", "overwrite a section that holds a long-term key"),
		toggle("backup", "keep a copy of the credentials file as it was before the first change of a day"),
		text("aws-output", "let the AWS CLI print `FORMAT` for the profile: kept, with --region, in its section of the AWS config file"),
	}
}

func (s *settings) login(ctx context.Context) error {
	if s.many() && s.own() {
		return &usageError{"several roles come from a sign-in, and not from keys of your own", "name one with --role"}
	}
	if s.on("all") && s.isSet("aws-profile") {
		return &usageError{"--aws-profile is the name of one section, and --all writes many", "name them with --profile-template"}
	}
	if s.many() {
		return s.loginMany(ctx)
	}
	return s.loginOne(ctx)
}

// loginOne writes the credentials of one role into the credentials file.
func (s *settings) loginOne(ctx context.Context) error {
	var file *sink.File
	credentials, err := s.deliver(ctx, func(s *settings) (to aws.Sink, err error) {
		file, err = s.fileSink()
		return file, err
	})
	if err != nil {
		return err
	}
	if err := s.keepOutput(ctx, file.Section); err != nil {
		return err
	}
	left := credentials.Expires.Sub(s.now())
	s.log.info("profile %q has credentials for %s, valid for %s (until %s)", file.Section, cmp.Or(credentials.Role, "a role that the broker does not name"), span(left), credentials.Expires.Local().Format("15:04"))
	if s.text("output") != "json" {
		return nil
	}
	return writeJSON(s.stdout, map[string]any{"results": []loginResult{{
		Profile: file.Section, Role: credentials.Role, Account: saml.Role{ARN: credentials.Role}.Account(),
		Region: credentials.Region, Expires: credentials.Expires.UTC().Format(time.RFC3339),
		Subject: credentials.WebIdentity.Subject, Provider: credentials.WebIdentity.Provider, Audience: credentials.WebIdentity.Audience,
	}}})
}

type loginResult struct {
	Profile string `json:"profile"`
	Role    string `json:"role"`
	Account string `json:"account"`
	Region  string `json:"region"`
	Expires string `json:"expires"`
	Error   string `json:"error"`

	// What AWS read in a token.
	Subject  string `json:"subject,omitempty"`
	Provider string `json:"provider,omitempty"`
	Audience string `json:"audience,omitempty"`
}

func (s *settings) fileSink() (*sink.File, error) {
	f := &sink.File{Path: s.credentialsFile(), Section: cmp.Or(s.text("aws-profile"), s.profile, s.usualSection()), Force: s.on("force"), Backup: s.backup()}
	if f.Path == "" {
		return nil, &usageError{"there is no home directory for the credentials file", "name the file with AWS_SHARED_CREDENTIALS_FILE"}
	}
	if err := inifile.CheckName(f.Section); err != nil {
		return nil, &usageError{fmt.Sprintf("--aws-profile: %v", err), ""}
	}
	if len(s.hops) > 0 && s.text("aws-profile") == "" {
		return nil, &usageError{fmt.Sprintf("profile %q gets its credentials by its role_arn: keys in the credentials file would not be looked at", s.profile),
			"log in to its source_profile, or name another section with --aws-profile"}
	}
	if err := s.checkOutput(); err != nil {
		return nil, err
	}
	return f, delivered(f.Check())
}

// backup is where --backup keeps the credentials file of before today.
func (s *settings) backup() string {
	if !s.on("backup") {
		return ""
	}
	return s.credentialsFile() + "." + s.now().Local().Format(time.DateOnly) + ".bak"
}

// checkOutput refuses a format that the AWS CLI has not.
func (s *settings) checkOutput() error {
	formats := []string{"json", "text", "table", "yaml", "yaml-stream", "off"}
	if output := s.text("aws-output"); output != "" && !slices.Contains(formats, output) {
		return &usageError{fmt.Sprintf("--aws-output is one of %s, not %q", strings.Join(formats, ", "), output), ""}
	}
	return nil
}

// keepOutput writes what --aws-output says, and the region, into the sections of the AWS config file that go with those of
// the credentials file.
func (s *settings) keepOutput(ctx context.Context, sections ...string) error {
	output := s.text("aws-output")
	if output == "" {
		return nil
	}
	if s.awsConfigFile() == "" {
		return noHome("the AWS config file", "AWS_CONFIG_FILE")
	}
	pairs := []inifile.Pair{{Key: "output", Value: output}}
	if region := s.text("region"); region != "" {
		pairs = append(pairs, inifile.Pair{Key: "region", Value: region})
	}
	return delivered(store.Edit(ctx, s.awsConfigFile(), 0o600, func(data []byte) (_ []byte, err error) {
		for _, name := range sections {
			if name != "default" {
				name = "profile " + name
			}
			if data, err = inifile.Set(data, name, pairs); err != nil {
				return nil, err
			}
		}
		return data, nil
	}))
}

// usualSection is where credentials are written that nobody has named a section for.
func (s *settings) usualSection() string {
	if name := s.c.Command.Name; name != "login" {
		return name
	}
	return "saml"
}
