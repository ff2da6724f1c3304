package main

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

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
