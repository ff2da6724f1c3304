package main

import (
	"github.com/urfave/cli/v2"
	"slices"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
)

func (p *program) execCommand() *cli.Command {
	return &cli.Command{
		Name:      "exec",
		Usage:     "run a program with credentials in its environment; at a terminal, without one, your shell",
		ArgsUsage: "[-- PROGRAM [ARGUMENT ...]]",
		Flags: slices.Concat(p.signInFlags, p.roleFlags, []cli.Flag{
			toggle("server", "give it an endpoint that keeps its credentials fresh, instead of credentials that end"),
		}),
		Action: func(c *cli.Context) error {
			argv := c.Args().Slice()
			if len(argv) == 0 {
				if argv = p.subshell(); argv == nil {
					return &usageError{"exec needs a program to run", "as in samlcli exec -- aws sts get-caller-identity"}
				}
			}
			stop := func() {}
			defer func() { stop() }()
			_, err := p.deliver(c, func(s *settings) (aws.Sink, error) {
				e := &sink.Exec{Argv: argv, Env: s.environ, Stdin: s.stdin, Stdout: s.stdout, Stderr: s.stderr}
				if !s.on("server") {
					return e, nil
				}
				endpoint, err := s.startEndpoint(c.Context)
				if err == nil {
					e.Endpoint, stop = endpoint.variables(), endpoint.stop
				}
				return e, err
			})
			return err
		},
	}
}

// subshell is the person's own shell, where there is somebody to type into it.
func (p *program) subshell() []string {
	shell := p.env("SHELL")
	t, err := p.tty()
	if err != nil || shell == "" {
		return nil
	}
	_ = t.Close()
	return []string{shell}
}
