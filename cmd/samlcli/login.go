package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) loginCommand() *cli.Command {
	return &cli.Command{
		Name:  "login",
		Usage: "sign in and write the credentials of a role into the AWS credentials file",
		Flags: slices.Concat(p.signInFlags, p.roleFlags, []cli.Flag{
			outputFlag(),
			text("aws-profile", "write the section `NAME` of the credentials file (default: the --profile's name, else saml)"),
			toggle("all", "log in to every role, or every one that --role matches, each into a section of its own"),
			text("profile-template", "name these sections by `TEMPLATE`, of .Account .Alias .Name .Partition (default: "+usualTemplate+")"),
			text("parallel", "ask AWS for `N` of them at once (default: 16)"),
			toggle("force", "overwrite a section that holds a long-term key"),
		}),
		Action: p.login,
	}
}

func (p *program) login(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	s, err := p.settings(c)
	if err != nil {
		return err
	}
	if s.many() {
		return s.loginMany(c.Context)
	}
	var file *sink.File
	credentials, err := s.deliver(c.Context, func(s *settings) (to aws.Sink, err error) {
		file, err = s.fileSink()
		return file, err
	})
	if err != nil {
		return err
	}
	left := credentials.Expires.Sub(p.now())
	p.log.info("profile %q has credentials for %s, valid for %s (until %s)", file.Section, credentials.Role, span(left), credentials.Expires.Local().Format("15:04"))
	if s.text("output") != "json" {
		return nil
	}
	return writeJSON(p.stdout, map[string]any{"results": []loginResult{{
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
	f := &sink.File{Path: s.credentialsFile(), Section: cmp.Or(s.text("aws-profile"), s.profile, "saml"), Force: s.on("force")}
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
	return f, delivered(f.Check())
}
