package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/internal/term"
	"github.com/samlcli/samlcli/saml"
)

// chooseRole finds the one role that a command is for: by --role, as the only one, or by asking.
func (s *settings) chooseRole(ctx context.Context, r *saml.Response) (saml.Role, error) {
	if r.Encrypted {
		return s.namedRole()
	}
	if len(r.Roles) == 0 {
		return saml.Role{}, noRoles(r)
	}
	patterns := s.list("role")
	matching := slices.DeleteFunc(slices.Clone(r.Roles), func(role saml.Role) bool {
		return len(patterns) > 0 && !slices.ContainsFunc(patterns, func(p string) bool { return matches(p, role) })
	})
	switch len(matching) {
	case 0:
		return saml.Role{}, &roleError{
			message: fmt.Sprintf("the sign-in offers no role that matches %s", strings.Join(patterns, " or ")),
			lines:   roleLines(r.Roles),
		}
	case 1:
		return matching[0], nil
	}
	return s.askRole(ctx, matching)
}

// namedRole takes role and provider from --role: an encrypted response tells neither.
func (s *settings) namedRole() (saml.Role, error) {
	for _, pattern := range s.list("role") {
		if role, provider, found := strings.Cut(pattern, ",arn:"); found {
			return saml.Role{ARN: role, Provider: "arn:" + provider}, nil
		}
	}
	return saml.Role{}, &roleError{
		message: "the SAML response is encrypted for AWS, so its roles cannot be read here",
		hint:    "name both with --role ROLE-ARN,PROVIDER-ARN",
	}
}

func noRoles(r *saml.Response) error {
	e := &roleError{
		message: "signed in, but the provider sent no AWS role",
		hint:    "its administrator must give you one in the attribute https://aws.amazon.com/SAML/Attributes/Role; see samlcli assertion show",
	}
	if len(r.Malformed) > 0 {
		e.message = "signed in, but the provider sent no usable AWS role"
		e.lines = r.Malformed
	}
	return e
}

// matches reports whether a role is meant by an ARN, a name, an account and name, or a pattern of these with * and ?.
func matches(pattern string, role saml.Role) bool {
	name := role.Name()
	last := name[strings.LastIndexByte(name, '/')+1:]
	for _, text := range []string{role.ARN, role.ARN + "," + role.Provider, name, last, role.Account() + "/" + name, role.Account() + "/" + last} {
		if wildcard(pattern, text) {
			return true
		}
	}
	return false
}

func wildcard(pattern, text string) bool {
	for pattern != "" {
		switch pattern[0] {
		case '*':
			for i := range len(text) + 1 {
				if wildcard(pattern[1:], text[i:]) {
					return true
				}
			}
			return false
		case '?':
			if text == "" {
				return false
			}
		default:
			if text == "" || text[0] != pattern[0] {
				return false
			}
		}
		pattern, text = pattern[1:], text[1:]
	}
	return text == ""
}

func roleLines(roles []saml.Role) []string {
	lines := make([]string, len(roles))
	for i, role := range roles {
		lines[i] = role.ARN
	}
	return lines
}

// askRole lets the person choose, from a list grouped by account that begins with the last choice.
func (s *settings) askRole(ctx context.Context, roles []saml.Role) (saml.Role, error) {
	t, err := s.terminal()
	if err != nil {
		return saml.Role{}, &questionError{
			message: fmt.Sprintf("the sign-in offers %d roles, and there is nobody to choose", len(roles)),
			lines:   roleLines(roles),
			hints:   []string{"choose one with --role ARN, or role in the profile of the config"},
		}
	}
	defer t.Close()
	roles = s.lastFirst(roles)
	list := term.List{Title: "Role"}
	for _, role := range roles {
		item := term.Item{Group: role.Account(), Label: role.Name()}
		if slices.ContainsFunc(roles, func(o saml.Role) bool { return o.ARN == role.ARN && o != role }) {
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

// lastFirst brings the account and the role of the last choice to the top, and keeps accounts together.
func (s *settings) lastFirst(roles []saml.Role) []saml.Role {
	last := s.choices()[s.keyringName()]
	rank := map[string]int{}
	for _, role := range roles {
		if _, ok := rank[role.Account()]; !ok {
			rank[role.Account()] = len(rank) + 1
		}
		if role.ARN == last {
			rank[role.Account()] = 0
		}
	}
	sorted := slices.Clone(roles)
	slices.SortStableFunc(sorted, func(a, b saml.Role) int {
		switch {
		case a.ARN == last && b.ARN != last:
			return -1
		case b.ARN == last && a.ARN != last:
			return 1
		}
		return rank[a.Account()] - rank[b.Account()]
	})
	return sorted
}

// choices returns the last choice by account; none where nothing can be read.
func (s *settings) choices() map[string]string {
	choices := map[string]string{}
	if data, err := store.Read(s.stateFile("choices.json")); err == nil {
		_ = json.Unmarshal(data, &choices) // a damaged file is as good as none
	}
	return choices
}

func (s *settings) remember(ctx context.Context, role saml.Role) {
	file := s.stateFile("choices.json")
	err := errors.New("there is no home directory")
	if file != "" {
		err = store.Edit(ctx, file, 0o600, func(old []byte) ([]byte, error) {
			choices := map[string]string{}
			_ = json.Unmarshal(old, &choices) // a damaged file is made anew
			choices[s.keyringName()] = role.ARN
			return json.Marshal(choices)
		})
	}
	if err != nil {
		s.log.detail("the choice is not remembered: %v", err)
	}
}
