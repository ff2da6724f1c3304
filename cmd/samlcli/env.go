package main

import (
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
			text("shell", "write for the shell `NAME`: "+strings.Join(sink.Shells(), ", ")+" (default: the one in $SHELL)"),
		}),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			_, err := p.deliver(c, func(s *settings) (aws.Sink, error) {
				shell := s.text("shell")
				if shell == "" {
					shell = p.shell()
				}
				if !slices.Contains(sink.Shells(), shell) {
					return nil, &usageError{fmt.Sprintf("--shell: there is no shell %q", shell), "the shells are " + strings.Join(sink.Shells(), ", ")}
				}
				return &sink.Env{W: s.stdout, Shell: shell}, nil
			})
			return err
		},
	}
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
