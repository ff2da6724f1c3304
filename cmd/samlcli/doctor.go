package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/internal/plain"
)

func (p *program) doctorCommand() *cli.Command {
	return &cli.Command{
		Name:   "doctor",
		Usage:  "look for what hinders a sign-in: config, files, keys in the way, keyring, terminal, network, clock",
		Flags:  slices.Concat(p.signInFlags, p.roleFlags, []cli.Flag{outputFlag()}),
		Action: p.doctor,
	}
}

// finding is one line of what the doctor says, and its JSON shape.
type finding struct {
	Check   string `json:"check"`
	State   state  `json:"state"`
	Message string `json:"message"`
	Fix     string `json:"fix"`
}

type state string

const (
	fine    state = "ok"
	warning state = "warning"
	trouble state = "problem"
)

func well(format string, args ...any) finding {
	return finding{State: fine, Message: fmt.Sprintf(format, args...)}
}

func warn(fix, format string, args ...any) finding {
	return finding{State: warning, Message: fmt.Sprintf(format, args...), Fix: fix}
}

func bad(fix, format string, args ...any) finding {
	return finding{State: trouble, Message: fmt.Sprintf(format, args...), Fix: fix}
}

// wrong is the finding of an error, with what its hint says as the fix.
func wrong(where string, err error) finding {
	f := bad("", "%s%v", where, err)
	if usage := (*usageError)(nil); errors.As(err, &usage) {
		f.Fix = usage.hint
	}
	return f
}

// doctor looks at one thing after the other. Nothing that it does changes anything.
type doctor struct {
	*settings
	broken error // why the settings cannot be had as they are
}

// check is one thing to look at.
type check struct {
	name string
	look func(*doctor, context.Context) []finding
}

func checks() []check {
	return []check{
		{"config", (*doctor).checkConfig},
		{"profiles", (*doctor).checkProfiles},
		{"keys", (*doctor).checkKeys},
		{"files", (*doctor).checkFiles},
		{"keyring", (*doctor).checkKeyring},
		{"terminal", (*doctor).checkTerminal},
		{"network", (*doctor).checkNetwork},
	}
}

func (p *program) doctor(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	d := &doctor{}
	if d.settings, d.broken = p.settings(c); d.broken != nil {
		d.settings = &settings{program: p, c: c, config: &config{}}
		if config, err := p.readConfig(); err == nil { // something else is wrong
			d.config = config
		}
		if err := d.formats(); err != nil {
			return err
		}
	}
	var findings []finding
	for _, check := range checks() {
		for _, f := range check.look(d, c.Context) {
			if f.Check == "" {
				f.Check = check.name
			}
			findings = append(findings, f)
		}
	}
	if err := d.print(findings); err != nil {
		return err
	}
	return verdictOn(findings)
}

func verdictOn(findings []finding) error {
	problems := 0
	for _, f := range findings {
		if f.State == trouble {
			problems++
		}
	}
	switch problems {
	case 0:
		return nil
	case 1:
		return &verdictError{exitUsage, "doctor", "there is a problem"}
	}
	return &verdictError{exitUsage, "doctor", fmt.Sprintf("there are %d problems", problems)}
}

func (d *doctor) print(findings []finding) error {
	if d.text("output") == "json" {
		return writeJSON(d.stdout, findings)
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(w, "%s\t%s\t%s\n", f.State, f.Check, plain.Text(f.Message))
		if f.Fix != "" {
			fmt.Fprintf(w, "\t\tfix: %s\n", plain.Text(f.Fix))
		}
	}
	_ = w.Flush() // into memory
	_, err := fmt.Fprint(d.stdout, b.String())
	return err
}
