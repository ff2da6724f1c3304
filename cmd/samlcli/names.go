package main

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/saml"
)

const usualTemplate = "{{or .Alias .Account}}-{{.Name}}"

// roleFields are what a --profile-template may name: of an account twelve digits and its name, which may be empty, of a role
// the name without its path.
func roleFields(role saml.Role, alias string) map[string]string {
	name := role.Name()
	name = name[strings.LastIndexByte(name, '/')+1:]
	return map[string]string{"Account": role.Account(), "Alias": alias, "Name": name, "Role": name, "Partition": role.Partition()}
}

// profileTemplate reads --profile-template, before anybody signs in.
func (s *settings) profileTemplate() (*nameTemplate, error) {
	t, err := parseName(cmp.Or(s.text("profile-template"), usualTemplate))
	for _, alias := range []string{"", "x"} { // it may ask which
		if err == nil {
			_, err = t.execute(roleFields(saml.Role{}, alias))
		}
	}
	if err != nil {
		return nil, &usageError{fmt.Sprintf("--profile-template: %v", err), "it may name .Account, .Alias, .Name and .Partition, as in " + usualTemplate}
	}
	return t, nil
}

// profileNames names the profile of each role, and refuses two of one name.
func (s *settings) profileNames(ctx context.Context, t *nameTemplate, l *responses, r *saml.Response, roles []saml.Role) ([]string, error) {
	var aliases map[string]string
	if strings.Contains(t.text, ".Alias") {
		aliases = s.aliases(ctx, l, r, roles)
	}
	names := make([]string, len(roles))
	taken := map[string]saml.Role{}
	for i, role := range roles {
		name, err := t.execute(roleFields(role, aliases[role.Account()]))
		if err == nil {
			err = inifile.CheckName(name)
		}
		if err != nil {
			return nil, &usageError{fmt.Sprintf("--profile-template: %v", err), ""}
		}
		if other, is := taken[name]; is {
			return nil, &usageError{fmt.Sprintf("%s and %s would both be profile %q", other.ARN, role.ARN, name), "tell them apart with --profile-template, as in '{{.Account}}-{{.Name}}'"}
		}
		names[i], taken[name] = name, role
	}
	return names, nil
}
