package main

import (
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/quick"
	"github.com/samlcli/samlcli/internal/store"
)

func (p *program) processCommand() *cli.Command {
	return &cli.Command{
		Name:  "process",
		Usage: "print credentials as an SDK's credential_process",
		Description: "Without a terminal it asks nobody anything and opens no browser, but ends with exit code 3: samlcli login, once, leaves\n" +
			"it what it needs.",
		Flags:  slices.Concat(p.signInFlags, p.roleFlags),
		Action: p.does(giving((*settings).processSink)),
	}
}

func (s *settings) processSink() (aws.Sink, error) { return &sink.Process{W: s.stdout}, nil }

// noteAnswer lets package quick answer the same call the next time.
func (s *settings) noteAnswer(c *aws.Cached) {
	if s.c.Command.Name != "process" || s.credentialFile(c.Key) == "" || !s.repeatable() {
		return
	}
	entry := quick.Entry{Config: s.configFile(), Early: c.Early, File: s.credentialFile(c.Key), Role: c.Role}
	path, text := entry.Text(quick.Call{Args: s.args, Environ: s.environ})
	if err := store.Keep(path, []byte(text)); err != nil {
		s.unkept("the call is not cached", err)
	}
}

// repeatable reports whether the same call leads to the same again, as far as package quick can see: it looks at the config, and
// at no other file.
func (s *settings) repeatable() bool {
	ours := s.profile == "" || hasSection(s.config.Profile, s.profile) // else it is of the AWS config file
	once := s.on("refresh") || s.on("password-stdin") || s.text("code") != "" || s.text("save-assertion") != ""
	brought := s.bringsToken() || s.source() == fromKeys || s.text("policy") != ""
	return ours && !once && !brought && !s.on("verbose")
}
