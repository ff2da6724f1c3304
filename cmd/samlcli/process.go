package main

import (
	"github.com/urfave/cli/v2"
	"slices"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
)

func (p *program) processCommand() *cli.Command {
	return &cli.Command{
		Name:  "process",
		Usage: "print credentials as an SDK's credential_process",
		Flags: slices.Concat(p.signInFlags, p.roleFlags),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			_, err := p.deliver(c, func(s *settings) (aws.Sink, error) { return &sink.Process{W: s.stdout}, nil })
			return err
		},
	}
}
