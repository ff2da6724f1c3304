package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
)

func (p *program) loginCommand() *cli.Command {
	return &cli.Command{
		Name:  "login",
		Usage: "sign in and write the credentials of a role into the AWS credentials file",
		Flags: append(append(signInFlags(), roleFlags()...), outputFlag(),
			text("aws-profile", "write the section `NAME` of the credentials file (default: the --profile's name, else saml)"),
			toggle("force", "overwrite a section that holds a long-term key"),
		),
		Action: p.login,
	}
}

func (p *program) login(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	var s *settings
	var file *sink.File
	credentials, err := p.deliver(c, func(found *settings) (to aws.Sink, err error) {
		s = found
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
		Profile: file.Section, Role: credentials.Role, Account: accountOfARN(credentials.Role),
		Region: credentials.Region, Expires: credentials.Expires.UTC().Format(time.RFC3339),
	}}})
}

type loginResult struct {
	Profile string `json:"profile"`
	Role    string `json:"role"`
	Account string `json:"account"`
	Region  string `json:"region"`
	Expires string `json:"expires"`
	Error   string `json:"error"`
}

func (s *settings) fileSink() (*sink.File, error) {
	f := &sink.File{Path: s.credentialsFile(), Section: s.text("aws-profile"), Force: s.on("force")}
	if f.Path == "" {
		return nil, &usageError{"there is no home directory for the credentials file", "name the file with AWS_SHARED_CREDENTIALS_FILE"}
	}
	if f.Section == "" {
		f.Section = s.profile
	}
	if f.Section == "" {
		f.Section = "saml"
	}
	return f, nil
}

// accountOfARN returns the account number of an ARN.
func accountOfARN(arn string) string {
	if parts := strings.SplitN(arn, ":", 6); len(parts) == 6 {
		return parts[4]
	}
	return ""
}

// noArguments refuses arguments where a command takes none: a forgotten dash, mostly.
func noArguments(c *cli.Context) error {
	if c.NArg() > 0 {
		return &usageError{fmt.Sprintf("%s takes no argument %q", c.Command.Name, c.Args().First()), ""}
	}
	return nil
}

// writeJSON writes one object or array and a line end, at once.
func writeJSON(w io.Writer, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(data, '\n'))
	return err
}
