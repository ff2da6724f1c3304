package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// version is set by the linker.
var version = "dev"

// run is the whole program: it returns the exit code.
func run(ctx context.Context, h host, args []string) (code int) {
	log := newLogger(h, args)
	defer func() {
		if recover() != nil { // its value may be anything, so it is not shown
			code = crashed(log)
		}
	}()
	app := newApp(h, log)
	err := app.RunContext(ctx, append([]string{"samlcli"}, arrange(app, args)...))
	return report(ctx, log, err)
}

func newApp(h host, log *logger) *cli.App {
	p := &program{host: h, log: log}
	app := &cli.App{
		Name:                      "samlcli",
		Usage:                     "sign in to a SAML identity provider and get AWS credentials",
		HideVersion:               true,
		DisableSliceFlagSeparator: true,
		HideHelpCommand:           true,
		Writer:                    h.stdout,
		ErrWriter:                 h.stderr,
		ExitErrHandler:            func(*cli.Context, error) {},
		OnUsageError:              wrongFlag,
		Flags:                     []cli.Flag{toggle("version", "print the version")},
		Action:                    p.noCommand,
		Commands: []*cli.Command{
			p.loginCommand(), p.rolesCommand(), p.assertionCommand(), p.processCommand(), p.envCommand(), p.execCommand(),
			p.configureCommand(), p.adaptersCommand(), p.versionCommand(),
		},
	}
	for _, c := range app.Commands {
		settle(c, app.OnUsageError)
	}
	return app
}

// wrongFlag turns the library's words about a flag into ours.
func wrongFlag(c *cli.Context, err error, _ bool) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return &usageError{err.Error(), ""}
	}
	var known []string
	for _, f := range c.Command.Flags {
		known = append(known, f.Names()...)
	}
	hint := didYouMean(strings.TrimLeft(name, "-"), known)
	if hint == "" {
		hint = "samlcli " + c.Command.Name + " --help lists the flags"
	}
	return &usageError{fmt.Sprintf("there is no flag --%s", strings.TrimLeft(name, "-")), hint}
}

// settle gives a command and those below it the ways of the program.
func settle(c *cli.Command, onUsageError cli.OnUsageErrorFunc) {
	c.OnUsageError = onUsageError
	c.HideHelpCommand = true
	for _, below := range c.Subcommands {
		settle(below, onUsageError)
	}
}

// program is what the commands share.
type program struct {
	host
	log *logger
}

func (p *program) noCommand(c *cli.Context) error {
	switch {
	case c.Bool("version"):
		return p.printVersion(c)
	case c.NArg() == 0:
		return cli.ShowAppHelp(c)
	}
	var names []string
	for _, command := range c.App.Commands {
		names = append(names, command.Name)
	}
	return &usageError{fmt.Sprintf("there is no command %q", c.Args().First()), didYouMean(c.Args().First(), names)}
}

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{Name: "version", Usage: "print the version", Action: p.printVersion}
}

func (p *program) printVersion(*cli.Context) error {
	_, err := fmt.Fprintln(p.stdout, version)
	return err
}

// arrange moves flags before the arguments of a command, so that both orders work; behind "--", and behind the program
// that exec is to run, nothing is touched.
func arrange(app *cli.App, args []string) []string {
	flags, command := app.Flags, 0
	for ; command < len(args); command++ {
		found := lookUp(app.Commands, args[command])
		if found == nil {
			break
		}
		flags = found.Flags
		if app = (&cli.App{Commands: found.Subcommands}); found.Name == "exec" {
			return args
		}
	}
	var first, rest []string
	for i := command; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--":
			return slices.Concat(args[:command], first, rest, args[i:])
		case len(arg) < 2 || arg[0] != '-':
			rest = append(rest, arg)
		default:
			first = append(first, arg)
			if takesValue(flags, arg) && i+1 < len(args) {
				i++
				first = append(first, args[i])
			}
		}
	}
	return slices.Concat(args[:command], first, rest)
}

func lookUp(commands []*cli.Command, name string) *cli.Command {
	i := slices.IndexFunc(commands, func(c *cli.Command) bool { return c.HasName(name) })
	if i < 0 {
		return nil
	}
	return commands[i]
}

// takesValue reports whether the argument behind a flag belongs to it.
func takesValue(flags []cli.Flag, arg string) bool {
	name := strings.TrimLeft(arg, "-")
	if strings.Contains(name, "=") {
		return false
	}
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			_, isBool := f.(*cli.BoolFlag)
			return !isBool
		}
	}
	return false
}
