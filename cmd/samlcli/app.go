package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"
)

// version is set by the linker.
var version = "dev"

// run is the whole program: it returns the exit code.
func run(ctx context.Context, h host, args []string) int {
	log := newLogger(h, args)
	_, err := caught(func() (*cli.App, error) {
		app := newApp(h, log, args)
		return app, app.RunContext(ctx, append([]string{"samlcli"}, arrange(app, args)...))
	})
	if errors.Is(err, errHelp) {
		return exitDone
	}
	return report(ctx, log, err)
}

func newApp(h host, log *logger, args []string) *cli.App {
	p := &program{host: h, log: log, args: args, signInFlags: signInFlags(), roleFlags: roleFlags()}
	app := &cli.App{
		Name:                      "samlcli",
		Usage:                     "sign in to a SAML identity provider and get AWS credentials",
		HideVersion:               true,
		DisableSliceFlagSeparator: true,
		HideHelp:                  true,
		Compiled:                  time.Unix(1, 0), // else the library looks for a file of the program's name
		Writer:                    h.stdout,
		ErrWriter:                 h.stderr,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              wrongFlag,
		Flags:                     []cli.Flag{toggle("version", "print the version"), helpFlag()},
		Action:                    p.noCommand,
		Commands: []*cli.Command{
			p.loginCommand(),
			p.rolesCommand(),
			p.assertionCommand(),
			p.processCommand(),
			p.envCommand(),
			p.execCommand(),
			p.statusCommand(),
			p.logoutCommand(),
			p.profilesCommand(),
			p.whoamiCommand(),
			p.consoleCommand(),
			p.serveCommand(),
			p.assumeCommand(),
			p.sessionCommand(),
			p.federateCommand(),
			p.configureCommand(),
			p.recordCommand(),
			p.replayCommand(),
			p.doctorCommand(),
			p.adaptersCommand(),
			p.versionCommand(),
		},
	}
	app.Before = func(c *cli.Context) error {
		return p.helped(c, func() error { return p.printAppHelp(app) })
	}
	for _, c := range app.Commands {
		p.settle(c)
	}
	return app
}

// wrongFlag turns the library's words about a flag into ours.
func wrongFlag(c *cli.Context, err error, _ bool) error {
	if name, found := strings.CutPrefix(err.Error(), "flag needs an argument: -"); found {
		return &usageError{fmt.Sprintf("--%s needs a value", name), c.Command.HelpName + " --help says which"}
	}
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown { // the library quotes the value, which may be a password
		return &usageError{"a switch takes no value: it is there or not", ""}
	}
	name = strings.TrimLeft(name, "-")
	var known []string
	for _, f := range c.Command.Flags {
		known = append(known, f.Names()[0])
	}
	hint := cmp.Or(didYouMean(name, known), c.Command.HelpName+" --help lists the flags")
	if c.Command.Name == c.App.Name {
		hint = "flags stand behind the command, as in samlcli login --" + name
	}
	return &usageError{fmt.Sprintf("there is no flag --%s", name), hint}
}

// settle gives a command and those below it the ways of the program. One without flags answers at once: no signal need
// be caught.
func (p *program) settle(c *cli.Command) {
	c.OnUsageError = wrongFlag
	waits := len(c.Flags) > 0 && p.catchSignals != nil
	c.HideHelp, c.Flags = true, append(slices.Clip(c.Flags), helpFlag())
	c.Before = func(ctx *cli.Context) error {
		if waits {
			p.catchSignals()
		}
		return p.helped(ctx, func() error { return p.printCommandHelp(c) })
	}
	if len(c.Subcommands) > 0 {
		c.Action = p.noCommandBelow
	}
	for _, below := range c.Subcommands {
		p.settle(below)
	}
}

// noCommandBelow is for a command that does nothing by itself.
func (p *program) noCommandBelow(c *cli.Context) error {
	if c.NArg() == 0 {
		return p.printCommandHelp(c.Command)
	}
	var names []string
	for _, below := range c.Command.Subcommands {
		names = append(names, below.Name)
	}
	hint := cmp.Or(didYouMean(c.Args().First(), names), "the commands of samlcli "+c.Command.Name+" are "+strings.Join(names, ", "))
	return &usageError{fmt.Sprintf("there is no command %q", c.Command.Name+" "+c.Args().First()), hint}
}

// program is what the commands share.
type program struct {
	host
	log                    *logger
	args                   []string
	signInFlags, roleFlags []cli.Flag // made once: only one command runs
}

func (p *program) noCommand(c *cli.Context) error {
	switch {
	case c.Bool("version"):
		return p.printVersion(c)
	case c.NArg() == 0, c.Args().First() == "help":
		return p.printAppHelp(c.App)
	}
	var names []string
	for _, command := range c.App.Commands {
		names = append(names, command.Name)
	}
	hint := cmp.Or(didYouMean(c.Args().First(), names), "samlcli --help lists the commands")
	return &usageError{fmt.Sprintf("there is no command %q", c.Args().First()), hint}
}

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{Name: "version", Usage: "print the version", Action: p.printVersion}
}

func (p *program) printVersion(*cli.Context) error {
	_, err := fmt.Fprintln(p.stdout, version)
	return err
}

// does is the action of a command that takes no arguments.
func (p *program) does(do func(*settings, context.Context) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		if err := noArguments(c); err != nil {
			return err
		}
		s, err := p.settings(c)
		if err != nil {
			return err
		}
		return do(s, c.Context)
	}
}

// noArguments refuses arguments where a command takes none: a forgotten dash, mostly. They are not shown: one may be a
// password.
func noArguments(c *cli.Context) error {
	if c.NArg() > 0 {
		return &usageError{fmt.Sprintf("%s takes no arguments", c.Command.Name), c.Command.HelpName + " --help lists the flags"}
	}
	return nil
}
