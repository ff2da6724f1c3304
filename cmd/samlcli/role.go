package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/internal/term"
	"github.com/samlcli/samlcli/saml"
)

// chooseRole finds the one role that a command is for: by --role, as the only one, or by asking.
func (s *settings) chooseRole(ctx context.Context, l *responses, r *saml.Response) (saml.Role, error) {
	if r.Encrypted {
		return s.namedRole()
	}
	if len(r.Roles) == 0 {
		return saml.Role{}, noRoles(r)
	}
	matching := s.matching(ctx, l, r)
	switch len(matching) {
	case 0:
		return saml.Role{}, s.noMatch(r)
	case 1:
		s.rememberRole(matching[0])
		return matching[0], nil
	}
	return s.askRole(ctx, matching)
}

// matching returns the roles that --role is about; all where nothing is said. What accounts are called is found out where a
// pattern may have such a name in it.
func (s *settings) matching(ctx context.Context, l *responses, r *saml.Response) []saml.Role {
	patterns, names := s.list("role"), s.knownAliases()
	if len(patterns) == 0 {
		return r.Roles
	}
	if slices.ContainsFunc(patterns, func(p string) bool { return namesAccount(p) && len(suiting(r.Roles, names, p)) == 0 }) {
		names = s.aliases(ctx, l, r, r.Roles)
	}
	return suiting(r.Roles, names, patterns...)
}

// namesAccount reports whether a pattern begins with an account, and not with its number.
func namesAccount(pattern string) bool {
	account, _, found := strings.Cut(pattern, "/")
	return found && !strings.Contains(account, ":") && strings.Trim(account, "0123456789") != ""
}

func suiting(roles []saml.Role, names map[string]string, patterns ...string) []saml.Role {
	return slices.DeleteFunc(slices.Clone(roles), func(role saml.Role) bool {
		return !slices.ContainsFunc(patterns, func(p string) bool { return matches(p, role, names[role.Account()]) })
	})
}

func (s *settings) noMatch(r *saml.Response) error {
	patterns := s.list("role")
	return &roleError{
		message: fmt.Sprintf("the sign-in offers no role that matches %s", strings.Join(patterns, " or ")),
		hint:    nearestRole(patterns, r.Roles),
		lines:   roleLines(r.Roles),
	}
}

// namedRole takes role and provider from --role, in either order: an encrypted response tells neither.
func (s *settings) namedRole() (saml.Role, error) {
	for _, pattern := range s.list("role") {
		first, second, found := strings.Cut(pattern, ",arn:")
		if !found {
			continue
		}
		r := saml.Role{ARN: first, Provider: "arn:" + second}
		if strings.Contains(first, ":saml-provider/") {
			r = saml.Role{ARN: r.Provider, Provider: r.ARN}
		}
		if !strings.Contains(r.ARN, ":role/") || !strings.Contains(r.Provider, ":saml-provider/") || r.Partition() == "" {
			return saml.Role{}, &usageError{fmt.Sprintf("--role: %q is not the ARN of a role and that of a SAML provider", pattern),
				"as in arn:aws:iam::123456789012:role/Admin,arn:aws:iam::123456789012:saml-provider/idp"}
		}
		return r, nil
	}
	return saml.Role{}, unreadableRoles("name both with --role ROLE-ARN,PROVIDER-ARN")
}

func unreadableRoles(hint string) error {
	return &roleError{message: "the SAML response is encrypted for AWS, so its roles cannot be read here", hint: hint}
}

func noRoles(r *saml.Response) error {
	e := &roleError{
		message: "signed in, but the provider sent no AWS role",
		hint:    "its administrator must give you one in the attribute https://aws.amazon.com/SAML/Attributes/Role; see samlcli assertion show",
	}
	if len(r.Malformed) > 0 {
		e.message = "signed in, but the provider sent no usable AWS role"
		e.lines = r.Malformed
		e.hint = "samlcli assertion verify says what its administrator must change in each of these"
	}
	return e
}

// matches reports whether a role is meant by an ARN, a name, an account, or what it is called, and name, or a pattern of these
// with * and ?.
func matches(pattern string, role saml.Role, alias string) bool {
	name := role.Name()
	last := name[strings.LastIndexByte(name, '/')+1:]
	texts := []string{role.ARN, role.ARN + "," + role.Provider, name, last, role.Account() + "/" + name, role.Account() + "/" + last}
	if alias != "" {
		texts = append(texts, alias+"/"+name, alias+"/"+last)
	}
	return slices.ContainsFunc(texts, func(text string) bool { return wildcard(pattern, text) })
}

// wildcard takes time for the product of both lengths, at most: of several stars only the last is tried further.
func wildcard(pattern, text string) bool {
	p, i := 0, 0
	star, from := -1, 0 // the last star, and what it leaves
	for i < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[i]):
			p++
			i++
		case star >= 0:
			from++
			p, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// roleLines are the roles' ARNs, and their providers where several vouch for one: what --role takes to tell them apart.
func roleLines(roles []saml.Role) []string {
	providers := countProviders(roles)
	lines := make([]string, len(roles))
	for i, role := range roles {
		if lines[i] = role.ARN; providers[role.ARN] > 1 {
			lines[i] += "," + role.Provider
		}
	}
	return lines
}

func countProviders(roles []saml.Role) map[string]int {
	providers := map[string]int{}
	for _, role := range roles {
		providers[role.ARN]++
	}
	return providers
}

// nearestRole is a hint for a role that was perhaps misspelt.
func nearestRole(patterns []string, roles []saml.Role) string {
	var known []string
	for _, role := range roles {
		known = append(known, role.Name(), role.Account()+"/"+role.Name(), role.ARN)
	}
	for _, pattern := range patterns {
		if hint := didYouMean(pattern, known); hint != "" {
			return hint
		}
	}
	return "take one of these with --role"
}

// askRole lets the person choose, from a list grouped by account that begins with the last choice.
func (s *settings) askRole(ctx context.Context, roles []saml.Role) (saml.Role, error) {
	t, err := s.terminal()
	if err != nil {
		return saml.Role{}, &questionError{
			message: fmt.Sprintf("the sign-in offers %d roles, and there is nobody to choose", len(roles)),
			lines:   roleLines(roles),
			hints:   []string{"choose one of these with --role, or role in the profile of the config"},
		}
	}
	defer t.Close()
	roles = s.lastFirst(roles)
	list, providers := term.List{Title: "Role"}, countProviders(roles)
	for _, role := range roles {
		item := term.Item{Group: role.Account(), Label: role.Name()}
		if providers[role.ARN] > 1 {
			item.Detail = role.Provider
		}
		list.Items = append(list.Items, item)
	}
	i, err := t.Choose(ctx, list)
	if err != nil {
		return saml.Role{}, err
	}
	s.remember(ctx, roles[i])
	return roles[i], nil
}
