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
		Usage:     "run a program with credentials in its environment",
		ArgsUsage: "-- PROGRAM [ARGUMENT ...]",
		Flags:     slices.Concat(p.signInFlags, p.roleFlags),
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return &usageError{"exec needs a program to run", "as in samlcli exec -- aws sts get-caller-identity"}
			}
			_, err := p.deliver(c, func(s *settings) (aws.Sink, error) {
				return &sink.Exec{Argv: c.Args().Slice(), Env: s.environ, Stdin: s.stdin, Stdout: s.stdout, Stderr: s.stderr}, nil
			})
			return err
		},
	}
}
