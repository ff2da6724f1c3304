package main

import (
	"cmp"
	"context"
	"slices"

	"github.com/urfave/cli/v2"

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
			s, err := p.settings(c)
			if err != nil {
				return err
			}
			e := s.execSink(argv)
			if s.on("server") {
				return s.execServed(c.Context, e)
			}
			_, err = s.deliver(c.Context, func(*settings) (aws.Sink, error) { return e, nil })
			return err
		},
	}
}

// execServed runs the program with an endpoint beside it, which ends when it does.
func (s *settings) execServed(ctx context.Context, e *sink.Exec) error {
	if shadow := s.shadow(); shadow != "" {
		return &usageError{shadow, "give that profile another name, or leave --server out: credentials in the environment come before all"}
	}
	endpoint, err := s.startEndpoint(ctx)
	if err != nil {
		return err
	}
	defer endpoint.stop()
	e.Endpoint = endpoint.variables()
	s.noteDeliveries(ctx, delivery{e, endpoint.first})
	return delivered(e.Write(ctx, endpoint.first))
}

func (s *settings) execSink(argv []string) *sink.Exec {
	return &sink.Exec{Argv: argv, Env: s.environ, Stdin: s.stdin, Stdout: s.stdout, Stderr: s.stderr}
}

// subshell is the person's own shell, where there is somebody to type into it.
func (p *program) subshell() []string {
	shell := cmp.Or(p.env("SHELL"), p.env("ComSpec")) // the other is Windows'
	t, err := p.tty()
	if err != nil || shell == "" {
		return nil
	}
	_ = t.Close()
	return []string{shell}
}
