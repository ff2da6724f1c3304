package pages

import (
	"fmt"
	"slices"
	"strings"
)

// Manual is what a man page says beyond the commands and their flags.
type Manual struct {
	Shared []Group     // flags that several commands have, said once
	Exits  [][2]string // exit codes and their meanings
	Files  [][2]string // files and what they hold
}

// Group is flags that belong together.
type Group struct {
	Title string
	Flags []Flag
}

// man writes the page in the macros that every man knows.
func man(program Command, m Manual) string {
	var b strings.Builder
	fmt.Fprintf(&b, ".TH SAMLCLI 1\n.SH NAME\nsamlcli \\- %s\n", roff(program.Usage))
	b.WriteString(".SH SYNOPSIS\n.B samlcli\n.I COMMAND\n.RI [ FLAGS ]\n.br\n.B samlcli\n.RI [ COMMAND ]\n.B \\-\\-help\n.SH COMMANDS\n")
	for _, at := range walk(program)[1:] {
		if len(at.Commands) == 0 {
			manCommand(&b, at, m.Shared)
		}
	}
	for _, group := range m.Shared {
		fmt.Fprintf(&b, ".SH %s\n", roff(strings.ToUpper(group.Title)))
		manFlags(&b, group.Flags)
	}
	b.WriteString(".SH ENVIRONMENT\nEvery flag is a variable as well:\n.B SAMLCLI_\nand its name in capitals, with _ for \\-. A flag beats a variable, and that the config.\n")
	manRows(&b, "EXIT STATUS", m.Exits)
	manRows(&b, "FILES", m.Files)
	return b.String()
}

// manCommand says a command with the flags that are its own, and names the groups that it shares.
func manCommand(b *strings.Builder, at place, shared []Group) {
	fmt.Fprintf(b, ".SS %s\n%s.\n", roff(strings.TrimSpace("samlcli "+at.path+" "+at.Args)), roff(capital(at.Usage)))
	if at.Description != "" {
		fmt.Fprintf(b, ".PP\n%s\n", roff(at.Description))
	}
	own := at.Flags
	var titles []string
	for _, group := range shared {
		if !has(at.Flags, group.Flags) {
			continue
		}
		titles = append(titles, strings.ToUpper(group.Title))
		own = slices.DeleteFunc(slices.Clone(own), func(f Flag) bool { return has(group.Flags, []Flag{f}) })
	}
	if len(titles) > 0 {
		fmt.Fprintf(b, ".PP\nIt takes the flags under %s, below.\n", roff(strings.Join(titles, " and ")))
	}
	manFlags(b, own)
}

// has reports whether all wanted flags are among some.
func has(some, wanted []Flag) bool {
	return !slices.ContainsFunc(wanted, func(w Flag) bool {
		return !slices.ContainsFunc(some, func(f Flag) bool { return f.Name == w.Name })
	})
}

func manFlags(b *strings.Builder, flags []Flag) {
	for _, f := range flags {
		names := `\fB` + roff("--"+f.Name) + `\fR`
		if f.Short != "" {
			names += `, \fB` + roff("-"+f.Short) + `\fR`
		}
		if f.Value != "" {
			names += ` \fI` + roff(f.Value) + `\fR`
		}
		fmt.Fprintf(b, ".TP\n%s\n%s\n", names, roff(capital(f.Usage)+"."))
	}
}

func manRows(b *strings.Builder, title string, rows [][2]string) {
	fmt.Fprintf(b, ".SH %s\n", title)
	for _, row := range rows {
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roff(row[0]), roff(capital(row[1])))
	}
}

// roff escapes what the macros would read as their own.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`).Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return strings.NewReplacer("\n.", "\n\\&.", "\n'", "\n\\&'").Replace(text)
}

func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}
