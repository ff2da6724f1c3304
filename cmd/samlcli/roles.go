package main

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

func (p *program) rolesCommand() *cli.Command {
	return &cli.Command{
		Name:   "roles",
		Usage:  "list the roles that the sign-in offers",
		Flags:  append(signInFlags(), outputFlag()),
		Action: p.roles,
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

func (p *program) roles(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	s, err := p.settings(c)
	if err != nil {
		return err
	}
	p.log.verbose = s.on("verbose")
	r, err := s.response(c.Context)
	if err != nil {
		return err
	}
	if r.Encrypted {
		_, err := s.namedRole()
		return err
	}
	if len(r.Roles) == 0 {
		return noRoles(r)
	}
	if s.text("output") == "json" {
		roles := make([]role, len(r.Roles))
		for i, o := range r.Roles {
			roles[i] = role{o.ARN, o.Provider, o.Account(), o.Name(), o.Partition(), ""}
		}
		return writeJSON(p.stdout, roles)
	}
	_, err = fmt.Fprintln(p.stdout, strings.Join(roleLines(r.Roles), "\n"))
	return err
}
