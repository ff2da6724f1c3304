package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) assertionCommand() *cli.Command {
	return &cli.Command{
		Name:  "assertion",
		Usage: "get the SAML response itself, or show what it says",
		Subcommands: []*cli.Command{
			{Name: "get", Usage: "print the SAML response as base64", Flags: p.signInFlags, Action: p.assertion((*settings).printEncoded)},
			{Name: "show", Usage: "show what the SAML response says", Flags: slices.Concat(p.signInFlags, []cli.Flag{outputFlag()}), Action: p.assertion((*settings).show)},
		},
		Action: func(c *cli.Context) error {
			if c.NArg() == 0 {
				return cli.ShowSubcommandHelp(c)
			}
			return &usageError{fmt.Sprintf("there is no command %q", "assertion "+c.Args().First()), didYouMean(c.Args().First(), []string{"get", "show"})}
		},
	}
}

func (p *program) assertion(do func(*settings, *saml.Response) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		if err := noArguments(c); err != nil {
			return err
		}
		s, err := p.settings(c)
		if err != nil {
			return err
		}
		r, err := s.response(c.Context)
		if err != nil {
			return err
		}
		return do(s, r)
	}
}

func (s *settings) printEncoded(r *saml.Response) error {
	_, err := fmt.Fprintln(s.stdout, r.Encoded)
	return err
}

func (s *settings) show(r *saml.Response) error {
	if s.text("output") == "json" {
		return writeJSON(s.stdout, shown(r))
	}
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	row := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s\n", name, plain.Text(value))
		}
	}
	row("issuer", r.Issuer)
	row("subject", r.Subject)
	row("audience", strings.Join(r.Audiences, ", "))
	row("recipient", r.Recipient)
	row("destination", r.Destination)
	row("session name", r.SessionName)
	if r.Duration > 0 {
		row("session duration", span(r.Duration))
	}
	s.showTimes(row, r)
	row("size", fmt.Sprintf("%d of the %d characters that AWS takes", len(r.Encoded), saml.MaxEncoded))
	if r.Encrypted {
		row("assertion", "encrypted for AWS: nothing of it can be read here")
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return showLists(s.stdout, r)
}

func (s *settings) showTimes(row func(name, value string), r *saml.Response) {
	if !r.IssuedAt.IsZero() {
		row("issued", r.IssuedAt.Format(time.RFC3339))
	}
	if r.Expires.IsZero() {
		return
	}
	left := r.Expires.Sub(s.now())
	state := "valid for " + span(left)
	if left <= 0 {
		state = "expired " + span(-left) + " ago"
	}
	row("expires", r.Expires.Format(time.RFC3339)+", "+state)
}

func showLists(w io.Writer, r *saml.Response) error {
	var b strings.Builder
	list := func(title string, lines []string) {
		if len(lines) > 0 {
			b.WriteString(title + "\n")
		}
		for _, line := range lines {
			b.WriteString("  " + plain.Text(line) + "\n")
		}
	}
	list("roles", roleLines(r.Roles))
	list("values of the role attribute that name no role", r.Malformed)
	var attributes []string
	for _, a := range r.Attributes {
		if !strings.HasSuffix(a.Name, "/Attributes/Role") {
			attributes = append(attributes, a.Name+": "+strings.Join(a.Values, ", "))
		}
	}
	list("attributes", attributes)
	_, err := io.WriteString(w, b.String())
	return err
}

// shown is the JSON shape of a response.
func shown(r *saml.Response) map[string]any {
	attributes := map[string][]string{}
	for _, a := range r.Attributes {
		attributes[a.Name] = append(attributes[a.Name], a.Values...)
	}
	return map[string]any{
		"issuer": r.Issuer, "subject": r.Subject, "audiences": array(r.Audiences), "recipient": r.Recipient, "destination": r.Destination,
		"session_name": r.SessionName, "session_duration": int(r.Duration.Seconds()), "issued": stamp(r.IssuedAt), "not_before": stamp(r.NotBefore),
		"expires": stamp(r.Expires), "roles": jsonRoles(r.Roles), "malformed_roles": array(r.Malformed), "attributes": attributes, "encrypted": r.Encrypted,
		"size": len(r.Encoded), "size_limit": saml.MaxEncoded,
	}
}

// array makes an empty array of nothing: programs expect one.
func array(values []string) []string { return append([]string{}, values...) }
