package main

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/saml"
)

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
	data, err := store.Read(s.stateFile("choices.json"))
	if err != nil {
		return nil
	}
	return readChoices(data)
}

// readChoices takes a damaged file for none.
func readChoices(data []byte) map[string]string {
	choices := map[string]string{}
	if json.Unmarshal(data, &choices) != nil || choices == nil {
		return map[string]string{}
	}
	return choices
}

// remember keeps a choice for the next time.
func (s *settings) remember(ctx context.Context, role saml.Role) {
	file := s.stateFile("choices.json")
	err := errors.New("there is no home directory")
	if file != "" {
		err = store.Edit(ctx, file, 0o600, func(old []byte) ([]byte, error) {
			choices := readChoices(old)
			choices[s.keyringName()] = role.ARN
			return json.Marshal(choices)
		})
	}
	if err != nil {
		s.unkept("the choice is not remembered", err)
	}
}
