package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/internal/others"
	"github.com/samlcli/samlcli/internal/store"
)

func fromFlag() cli.Flag {
	return text("from", "take over the accounts of `TOOL`, from its own files: "+strings.Join(toolNames(), ", "))
}

func toolNames() []string {
	var names []string
	for _, tool := range others.Tools() {
		names = append(names, tool.Name)
	}
	return names
}

// configureFrom adds what another tool's file says to the config. The file is only read, and nothing is fetched.
func (p *program) configureFrom(c *cli.Context) error {
	s, err := p.fromSettings(c)
	if err != nil {
		return err
	}
	tool, err := otherTool(s.text("from"))
	if err != nil {
		return err
	}
	found, err := s.readOther(tool)
	if err != nil {
		return err
	}
	if err := s.addFound(c.Context, found); err != nil {
		return err
	}
	s.tellFound(tool, found)
	return s.offerKeyring(c.Context, found)
}

// fromSettings refuses what means nothing beside --from.
func (p *program) fromSettings(c *cli.Context) (*settings, error) {
	s := &settings{program: p, c: c, config: &config{}}
	if err := s.formats(); err != nil {
		return nil, err
	}
	if c.NArg() > 0 {
		return nil, &usageError{"--from takes no address: the accounts come from the other tool's files", "as in samlcli configure --from saml2aws"}
	}
	for _, flag := range c.LocalFlagNames() {
		if !slices.Contains([]string{"from", "account", "no-input", "verbose", "v", "log-format"}, flag) {
			return nil, &usageError{fmt.Sprintf("--from takes no --%s: the accounts are written as the other tool has them", flag),
				"edit " + p.configFile() + " afterwards"}
		}
	}
	if p.configFile() == "" {
		return nil, noHome("the config", "SAMLCLI_CONFIG")
	}
	return s, nil
}

func noHome(what, variable string) error {
	return &usageError{"there is no home directory for " + what, "name the file with " + variable}
}

func otherTool(name string) (others.Tool, error) {
	for _, tool := range others.Tools() {
		if tool.Name == name {
			return tool, nil
		}
	}
	hint := didYouMean(name, toolNames())
	if hint == "" {
		hint = "there are " + strings.Join(toolNames(), ", ")
	}
	return others.Tool{}, &usageError{fmt.Sprintf("--from knows no tool %q", name), hint}
}

// otherFile returns where a tool keeps its configuration.
func (h host) otherFile(tool others.Tool) string {
	file := ""
	if tool.Variable != "" {
		file = h.env(tool.Variable)
	}
	below, inHome := strings.CutPrefix(file, "~/")
	switch {
	case file != "" && !inHome:
		return file
	case h.home() == "":
		return ""
	case inHome:
		return filepath.Join(h.home(), below)
	}
	return filepath.Join(h.home(), tool.File)
}

// readOther returns what the tool's file says, or of --account alone what that one says.
func (s *settings) readOther(tool others.Tool) (*found, error) {
	f := &found{file: s.otherFile(tool)}
	if f.file == "" {
		return nil, &usageError{"there is no home directory to look for ~/" + tool.File + " in", ""}
	}
	hint := ""
	if tool.Variable != "" {
		hint = tool.Variable + " names another file"
	}
	data, err := store.Read(f.file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &usageError{fmt.Sprintf("nothing to import from %s: there is no %s", tool.Name, f.file), hint}
	}
	if err != nil {
		return nil, &usageError{err.Error(), ""}
	}
	entries, err := tool.Read(data)
	if err != nil {
		return nil, &usageError{fmt.Sprintf("%s: %v", f.file, err), ""}
	}
	if entries, err = named(entries, s.text("account"), f.file); err != nil {
		return nil, err
	}
	f.translate(entries, !tool.Accounts)
	if len(f.sections) == 0 {
		s.tellLeft(f)
		return nil, &usageError{fmt.Sprintf("nothing to import from %s: %s has no account of it", tool.Name, f.file), hint}
	}
	return f, nil
}

// named returns the entries of one name; all where there is none.
func named(entries []others.Entry, name, file string) ([]others.Entry, error) {
	if name == "" {
		return entries, nil
	}
	var names []string
	for _, e := range entries {
		if e.Name == name {
			return []others.Entry{e}, nil
		}
		if len(e.Account) > 0 {
			names = append(names, e.Name)
		}
	}
	hint := didYouMean(name, names)
	if hint == "" && len(names) > 0 {
		hint = "it has " + strings.Join(names, ", ")
	}
	return nil, &usageError{fmt.Sprintf("%s has no account %q", file, name), hint}
}

func (s *settings) tellFound(tool others.Tool, f *found) {
	next := ""
	for _, section := range f.sections {
		where := fmt.Sprintf("[%s.%s]", section.kind, tomlKey(section.name))
		if !section.added {
			s.log.info("%s is in the config already, and stays as it is", where)
			continue
		}
		s.log.info("wrote %s to %s", where, s.configFile())
		if section.kind == "profile" && next == "" {
			next = section.name
		}
	}
	s.tellLeft(f)
	if tool.Note != "" {
		s.log.info("%s", tool.Note)
	}
	if next != "" {
		s.log.info("next: samlcli login --profile %s", next)
	}
}

// tellLeft names what does not carry over, a line a key, and never a value.
func (s *settings) tellLeft(f *found) {
	for _, left := range f.left {
		key := strings.TrimSpace(left.Place + " " + left.Name)
		if left.Secret {
			s.log.warn("not copied: %s in %s is a secret: keep it in the keyring, or where a password_command in the account's section finds it", key, f.file)
			continue
		}
		s.log.info("not carried over: %s: %s", key, left.Why)
	}
}

// offerKeyring asks a person for the passwords that were not copied.
func (s *settings) offerKeyring(ctx context.Context, f *found) error {
	t, err := s.terminal()
	if err != nil {
		return nil // they are asked for at the sign-in
	}
	t.Close()
	if !s.keyring.there() {
		return nil
	}
	for _, account := range f.withPassword {
		s.name = account.name
		s.log.info("for [account.%s]:", tomlKey(s.name))
		if err := s.askSecrets(ctx, account.username); err != nil {
			return err
		}
	}
	return nil
}
