package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/template"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/saml"
)

const usualTemplate = "{{or .Alias .Account}}-{{.Name}}"

// roleFields are what a --profile-template may name.
type roleFields struct {
	Account   string // twelve digits
	Alias     string // the account's name; may be empty
	Name      string // of the role, without its path
	Role      string // the same
	Partition string
}

// profileTemplate reads --profile-template, before anybody signs in.
func (s *settings) profileTemplate() (*template.Template, error) {
	text := s.text("profile-template")
	if text == "" {
		text = usualTemplate
	}
	t, err := template.New("").Option("missingkey=error").Parse(text)
	if err == nil && (len(t.Templates()) > 1 || strings.Contains(t.Root.String(), "{{range")) {
		err = errors.New("it may not repeat anything") // which could go on for ever
	}
	if err == nil {
		err = t.Execute(&strings.Builder{}, roleFields{})
	}
	if err != nil {
		return nil, &usageError{fmt.Sprintf("--profile-template: %v", err), "it may name .Account, .Alias, .Name and .Partition, as in " + usualTemplate}
	}
	return t, nil
}

// profileNames names the profile of each role, and refuses two of one name.
func (s *settings) profileNames(ctx context.Context, t *template.Template, l *responses, r *saml.Response, roles []saml.Role) ([]string, error) {
	var aliases map[string]string
	if strings.Contains(t.Root.String(), ".Alias") {
		aliases = s.aliases(ctx, l, r, roles)
	}
	names := make([]string, len(roles))
	taken := map[string]saml.Role{}
	for i, role := range roles {
		name := role.Name()
		name = name[strings.LastIndexByte(name, '/')+1:]
		var b strings.Builder
		err := t.Execute(&b, roleFields{role.Account(), aliases[role.Account()], name, name, role.Partition()})
		if err != nil {
			return nil, &usageError{fmt.Sprintf("--profile-template: %v", err), ""}
		}
		names[i] = b.String()
		if err := inifile.CheckName(names[i]); err != nil {
			return nil, &usageError{fmt.Sprintf("--profile-template: %v", err), ""}
		}
		if other, is := taken[names[i]]; is {
			return nil, &usageError{fmt.Sprintf("%s and %s would both be profile %q", other.ARN, role.ARN, names[i]), "tell them apart with --profile-template, as in '{{.Account}}-{{.Name}}'"}
		}
		taken[names[i]] = role
	}
	return names, nil
}
