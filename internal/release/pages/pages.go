// Package pages writes what a release says of the program beside the program: completions of four shells, and the man
// page. It knows the program only as a tree of commands, so that nothing of it is linked in.
package pages

import (
	"maps"
	"slices"
	"strings"
)

// Command is the program, or a command of it.
type Command struct {
	Name, Usage, Description string
	Args                     string   // what follows the flags, as help says it
	Values                   []string // all that it may be, where that is known
	Flags                    []Flag
	Commands                 []Command
}

// Flag is a flag of a command.
type Flag struct {
	Name, Usage string
	Short       string   // one letter; "" is none
	Value       string   // what help calls its value; "" for a switch
	Values      []string // all that the value may be, where that is known
}

// Files returns the files of all pages by their names.
func Files(program Command, m Manual) map[string]string {
	tree := walk(program)
	return map[string]string{
		"completions/samlcli.bash": bash(tree),
		"completions/_samlcli":     zsh(program),
		"completions/samlcli.fish": fish(tree),
		"completions/samlcli.ps1":  powershell(tree),
		"man/samlcli.1":            man(program, m),
	}
}

// What a value is, beyond one of a list: the shells complete each of these in a way of their own.
const (
	anything = ""
	aFile    = "file"
	aName    = "name" // of a section of the config, which is called as the flag is
	aRole    = "role"
)

func (f Flag) kind() string {
	switch {
	case f.Value == "FILE":
		return aFile
	case f.Name == "account" || f.Name == "profile":
		return aName
	case f.Name == "role":
		return aRole
	}
	return anything
}

// place is a command with the words that lead to it: "" for the program, "assertion show".
type place struct {
	path string
	Command
}

// reads reports whether the command takes the name of a file.
func (c Command) reads() bool { return c.Args == "FILE" }

// runs reports whether the command takes another program's command line after --.
func (c Command) runs() bool { return strings.Contains(c.Args, "-- ") }

func walk(program Command) []place {
	all := []place{{"", program}}
	var below func(path string, c Command)
	below = func(path string, c Command) {
		for _, sub := range c.Commands {
			at := strings.TrimSpace(path + " " + sub.Name)
			all = append(all, place{at, sub})
			below(at, sub)
		}
	}
	below("", program)
	return all
}

// valued returns every flag with a value once, by name: a flag means the same in every command.
func valued(tree []place) []Flag {
	flags := map[string]Flag{}
	for _, at := range tree {
		for _, f := range at.Flags {
			if f.Value != "" {
				flags[f.Name] = f
			}
		}
	}
	var sorted []Flag
	for _, name := range slices.Sorted(maps.Keys(flags)) {
		sorted = append(sorted, flags[name])
	}
	return sorted
}

// words returns what may come next: commands, arguments and flags.
func (c Command) words() (words []string) {
	for _, sub := range c.Commands {
		words = append(words, sub.Name)
	}
	words = append(words, c.Values...)
	for _, f := range c.Flags {
		words = append(words, "--"+f.Name)
	}
	return append(words, "--help")
}
