package main

import (
	"context"
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
		Usage: "get the SAML response itself, show what it says, or check it",
		Subcommands: []*cli.Command{
			{Name: "get", Usage: "print the SAML response as base64", Flags: p.signInFlags, Action: p.assertion((*settings).printEncoded)},
			{Name: "show", Usage: "show what the SAML response says", Flags: slices.Concat(p.signInFlags, []cli.Flag{outputFlag()}), Action: p.assertion((*settings).show)},
			p.verifyCommand(),
		},
	}
}

func (p *program) assertion(do func(*settings, context.Context, *saml.Response) error) cli.ActionFunc {
	return p.does(func(s *settings, ctx context.Context) error {
		r, err := s.response(ctx)
		if err != nil {
			return err
		}
		return do(s, ctx, r)
	})
}

func (s *settings) printEncoded(_ context.Context, r *saml.Response) error {
	_, err := fmt.Fprintln(s.stdout, r.Encoded)
	return err
}

func (s *settings) show(_ context.Context, r *saml.Response) error {
	if s.text("output") == "json" {
		return writeJSON(s.stdout, shown(r, s.knownAliases()))
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
	for _, signature := range r.Signatures() {
		for _, cells := range shapeOf(signature).rows() {
			row(cells[0], cells[1])
		}
	}
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
	b.WriteString(roleTable(r.Roles))
	list := func(title string, lines []string) {
		if len(lines) > 0 {
			b.WriteString(title + "\n")
		}
		for _, line := range lines {
			b.WriteString("  " + plain.Text(line) + "\n")
		}
	}
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

// roleTable has a line for each role, whose names are IAM's and so safe to print, and for the provider that vouches for it.
func roleTable(roles []saml.Role) string {
	if len(roles) == 0 {
		return ""
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, role := range roles {
		fmt.Fprintf(w, "  %s\t%s\t%s\n", role.Account(), role.Name(), role.Provider)
	}
	_ = w.Flush() // into memory
	return "roles\n" + b.String()
}

// shown is the JSON shape of a response.
func shown(r *saml.Response, names map[string]string) map[string]any {
	attributes := map[string][]string{}
	for _, a := range r.Attributes {
		attributes[a.Name] = append(attributes[a.Name], a.Values...)
	}
	signatures := []shownSignature{}
	for _, s := range r.Signatures() {
		signatures = append(signatures, shapeOf(s))
	}
	return map[string]any{
		"issuer": r.Issuer, "subject": r.Subject, "audiences": array(r.Audiences), "recipient": r.Recipient, "destination": r.Destination,
		"session_name": r.SessionName, "session_duration": int(r.Duration.Seconds()), "issued": stamp(r.IssuedAt), "not_before": stamp(r.NotBefore),
		"expires": stamp(r.Expires), "roles": jsonRoles(r.Roles, names), "malformed_roles": array(r.Malformed), "attributes": attributes, "encrypted": r.Encrypted,
		"size": len(r.Encoded), "size_limit": saml.MaxEncoded, "signatures": signatures,
	}
}

// array makes an empty array of nothing: programs expect one.
func array(values []string) []string { return append([]string{}, values...) }
