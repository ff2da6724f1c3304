package main

import (
	"cmp"
	"fmt"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
)

func (p *program) envCommand() *cli.Command {
	return &cli.Command{
		Name:  "env",
		Usage: "print credentials as a shell's statements, as in eval \"$(samlcli env)\"",
		Flags: slices.Concat(p.signInFlags, p.roleFlags, []cli.Flag{
			toggle("unset", "print the statements that take the credentials out again"),
			text("shell", "write for the shell `NAME`: "+strings.Join(sink.Shells(), ", ")+" (default: the one in $SHELL)"),
		}),
		Action: func(c *cli.Context) error {
			if c.Bool("unset") {
				return p.unset(c)
			}
			return p.does(giving((*settings).envSink))(c)
		},
	}
}

func (s *settings) envSink() (aws.Sink, error) {
	shell, err := s.shellName()
	return &sink.Env{W: s.stdout, Shell: shell}, err
}

// shellName is what --shell says, else the shell that the person most likely types into.
func (s *settings) shellName() (string, error) {
	shell := cmp.Or(s.text("shell"), s.shell())
	if !slices.Contains(sink.Shells(), shell) {
		return "", &usageError{fmt.Sprintf("--shell: there is no shell %q", shell), "the shells are " + strings.Join(sink.Shells(), ", ")}
	}
	return shell, nil
}

// unset needs no sign-in and no config.
func (p *program) unset(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	s := &settings{program: p, c: c, config: &config{}}
	shell, err := s.shellName()
	if err != nil {
		return err
	}
	text, err := sink.Unset(shell)
	if err != nil {
		return &usageError{err.Error(), "name a shell with --shell"}
	}
	_, err = fmt.Fprint(p.stdout, text)
	return err
}

// shell is the one that the person most likely types into.
func (p *program) shell() string {
	name := path.Base(p.env("SHELL"))
	switch {
	case slices.Contains(sink.Shells(), name):
		return name
	case name == "pwsh":
		return "powershell"
	case runtime.GOOS == "windows":
		return "powershell"
	}
	return "sh"
}
