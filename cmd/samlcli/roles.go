package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/saml"
)

func (p *program) rolesCommand() *cli.Command {
	return &cli.Command{
		Name:   "roles",
		Usage:  "list the roles that the sign-in offers",
		Flags:  slices.Concat(p.signInFlags, []cli.Flag{outputFlag()}),
		Action: p.does((*settings).roles),
	}
}

// role is the JSON shape of a role.
type role struct {
	ARN       string `json:"arn"`
	Provider  string `json:"provider"`
	Account   string `json:"account"`
	Name      string `json:"name"`
	Partition string `json:"partition"`
	Alias     string `json:"alias"`
}

func jsonRoles(roles []saml.Role, names map[string]string) []role {
	shapes := make([]role, len(roles))
	for i, r := range roles {
		shapes[i] = role{r.ARN, r.Provider, r.Account(), r.Name(), r.Partition(), names[r.Account()]}
	}
	return shapes
}

func (s *settings) roles(ctx context.Context) error {
	r, err := s.response(ctx)
	if err != nil {
		return err
	}
	if r.Encrypted {
		return unreadableRoles("")
	}
	if len(r.Roles) == 0 {
		return noRoles(r)
	}
	if s.text("output") == "json" {
		return writeJSON(s.stdout, jsonRoles(r.Roles, s.knownAliases()))
	}
	_, err = fmt.Fprintln(s.stdout, strings.Join(roleLines(r.Roles), "\n"))
	return err
}
