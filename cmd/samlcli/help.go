package main

import (
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"
)

// Help is printed here and not by the command library: its templates call methods by name, for which the linker would have to
// keep every method of every type.

// errHelp ends a command that was asked for its help, which is printed.
var errHelp = errors.New("help was asked for")

func helpFlag() cli.Flag {
	f := toggle("help", "show help")
	f.Aliases = []string{"h"}
	return f
}

// helped prints a command's help where it is asked for.
func (p *program) helped(c *cli.Context, help func() error) error {
	if !c.Bool("help") {
		return nil
	}
	if err := help(); err != nil {
		return err
	}
	return errHelp
}

func (p *program) printAppHelp(app *cli.App) error {
	return p.printHelp(app.Name+" - "+app.Usage, app.Name+" [global options] command [command options]", "", app.Commands, "GLOBAL OPTIONS", app.Flags)
}

func (p *program) printCommandHelp(c *cli.Command) error {
	usage := strings.TrimSpace(c.HelpName + " [command options] " + c.ArgsUsage)
	return p.printHelp(c.HelpName+" - "+c.Usage, usage, c.Description, c.Subcommands, "OPTIONS", c.Flags)
}

func (p *program) printHelp(name, usage, description string, commands []*cli.Command, title string, flags []cli.Flag) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 1, 8, 2, ' ', 0)
	fmt.Fprintf(w, "NAME:\n   %s\n\nUSAGE:\n   %s\n", name, usage)
	if description != "" {
		fmt.Fprintf(w, "\nDESCRIPTION:\n   %s\n", strings.ReplaceAll(description, "\n", "\n   "))
	}
	if len(commands) > 0 {
		fmt.Fprint(w, "\nCOMMANDS:\n")
		for _, c := range commands {
			fmt.Fprintf(w, "   %s\t%s\n", c.Name, c.Usage)
		}
	}
	fmt.Fprintf(w, "\n%s:\n", title)
	for _, f := range flags {
		fmt.Fprintf(w, "   %s\n", f)
	}
	_ = w.Flush() // into memory
	_, err := fmt.Fprint(p.stdout, b.String())
	return err
}
