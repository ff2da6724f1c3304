package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/internal/others"
)

// found is what another tool's file says, as sections of the config.
type found struct {
	file         string
	sections     []foundSection
	left         []others.Left
	withPassword []foundAccount // whose password is in the file
}

type foundSection struct {
	kind, name, text string
	added            bool // false where the config had one of that name
}

type foundAccount struct{ name, username string }

// translate writes the entries as sections. Profiles that sign in the same way share the account of the first, if they may.
func (f *found) translate(entries []others.Entry, share bool) {
	accounts := map[string]string{}
	for _, e := range entries {
		f.leave(e.Left...)
		if len(e.Account) == 0 {
			continue
		}
		text, username := f.accountText(e.Account)
		account, shared := accounts[text]
		if !share || !shared {
			account, accounts[text] = e.Name, e.Name
			f.sections = append(f.sections, foundSection{kind: "account", name: account, text: text})
		}
		profile := "account = " + tomlString(account) + "\n"
		for _, p := range e.Profile {
			profile += pairText(p)
		}
		f.sections = append(f.sections, foundSection{kind: "profile", name: e.Name, text: profile})
		owner := foundAccount{account, username}
		if username != "" && slices.ContainsFunc(e.Left, isPassword) && !slices.Contains(f.withPassword, owner) {
			f.withPassword = append(f.withPassword, owner)
		}
	}
}

func isPassword(left others.Left) bool {
	return left.Secret && strings.Contains(left.Name, "password")
}

// leave notes keys once, though several sections may inherit one.
func (f *found) leave(keys ...others.Left) {
	for _, left := range keys {
		if !slices.ContainsFunc(f.left, func(l others.Left) bool { return l.Key == left.Key }) {
			f.left = append(f.left, left)
		}
	}
}

// accountText writes an account without what its adapter does not know today, and without an address that no sign-in
// would take.
func (f *found) accountText(pairs []others.Pair) (text, username string) {
	adapter := ""
	for _, p := range pairs {
		switch p.Key {
		case "idp":
			adapter = p.Value
		case "username":
			username = p.Value
		case "url":
			address, err := webAddress(p.Value)
			if err != nil {
				f.leave(others.Left{Key: p.Source, Why: err.Error()})
				continue
			}
			p.Value = address
		}
		if p.Setting && !hasSetting(adapter, p.Key) {
			f.leave(others.Left{Key: p.Source, Why: fmt.Sprintf("the adapter %s has no setting %s", adapter, p.Key)})
			continue
		}
		text += pairText(p)
	}
	return text, username
}

func hasSetting(adapter, key string) bool {
	return slices.ContainsFunc(all.Adapters(), func(a idp.Adapter) bool {
		return a.Name == adapter && slices.ContainsFunc(a.Settings, func(s idp.Setting) bool { return s.Key == key })
	})
}

func pairText(p others.Pair) string {
	if len(p.List) > 0 {
		return fmt.Sprintf("%s = [%s]\n", p.Key, strings.Join(tomlStrings(p.List), ", "))
	}
	return fmt.Sprintf("%s = %s\n", p.Key, tomlString(p.Value))
}

// addFound writes the sections whose names are free, all at once.
func (s *settings) addFound(ctx context.Context, f *found) error {
	return s.appendToConfig(ctx, func(c *config) string {
		var added []string
		taken := map[string]bool{}
		for i, section := range f.sections {
			name := section.kind + "." + tomlKey(section.name)
			there := hasSection(c.Account, section.name)
			if section.kind == "profile" {
				there = hasSection(c.Profile, section.name)
			}
			if !there && !taken[name] {
				taken[name] = true
				f.sections[i].added = true
				added = append(added, "["+name+"]\n"+section.text)
			}
		}
		return strings.Join(added, "\n")
	})
}
