package main

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
)

func (p *program) adaptersCommand() *cli.Command {
	return &cli.Command{
		Name:      "adapters",
		Usage:     "list the providers that are known, or one's settings",
		ArgsUsage: "[NAME]",
		Action: func(c *cli.Context) error {
			switch c.NArg() {
			case 0:
				return p.listAdapters()
			case 1:
				return p.showAdapter(c.Args().First())
			}
			return &usageError{"adapters takes one name at most", ""}
		},
	}
}

func (p *program) listAdapters() error {
	w := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	for _, a := range all.Adapters() {
		fmt.Fprintf(w, "%s\t%s\n", a.Name, a.Title)
	}
	return w.Flush()
}

func (p *program) showAdapter(name string) error {
	var names []string
	for _, a := range all.Adapters() {
		if a.Name == name {
			return p.describe(a)
		}
		names = append(names, a.Name)
	}
	return &usageError{fmt.Sprintf("there is no adapter %q", name), didYouMean(name, names)}
}

func (p *program) describe(a idp.Adapter) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", a.Name, a.Title)
	if len(a.Settings) > 0 {
		b.WriteString("settings, for --set KEY=VALUE or the account's section of the config:\n")
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, s := range a.Settings {
		help := s.Help
		if s.Default != "" {
			help += " (default: " + s.Default + ")"
		}
		fmt.Fprintf(w, "  %s\t%s\n", s.Key, help)
	}
	_ = w.Flush() // a strings.Builder takes everything
	b.WriteString("steps:\n")
	for _, s := range a.Steps {
		fmt.Fprintf(&b, "  %s\n", s.Name)
	}
	_, err := p.stdout.Write([]byte(b.String()))
	return err
}
