package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/internal/release/pages"
)

// TestDocs: every adapter has a page for users, whose table of settings is the adapter's own, and a row in the README.
func TestDocs(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all.Adapters() {
		if !strings.Contains(string(readme), fmt.Sprintf("| [`%s`](docs/idp/%s.md) |", a.Name, a.Name)) {
			t.Errorf("README.md has no row for %s", a.Name)
		}
		path := filepath.Join("../../docs/idp", a.Name+".md")
		page, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		before, rest, _ := strings.Cut(string(page), "<!-- settings -->\n")
		_, after, found := strings.Cut(rest, "<!-- /settings -->")
		want := before + "<!-- settings -->\n" + settingsTable(a) + "<!-- /settings -->" + after
		switch {
		case !found:
			t.Errorf("%s has no place for the settings", path)
		case *update:
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		case string(page) != want:
			t.Errorf("the settings in %s are not the adapter's: go test ./cmd/samlcli -update", path)
		}
	}
}

func settingsTable(a idp.Adapter) string {
	if len(a.Settings) == 0 {
		return "It has no settings of its own.\n"
	}
	var b strings.Builder
	b.WriteString("| setting | what it is | default |\n|---|---|---|\n")
	for _, s := range a.Settings {
		def := s.Default
		if def != "" {
			def = "`" + def + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Key, s.Help, def)
	}
	return b.String()
}

// TestDocsCommands: what the documentation would have typed is there to be typed.
func TestDocsCommands(t *testing.T) {
	t.Parallel()
	program := pages.Command{Commands: pageCommands(testApp().Commands), Flags: pageFlags(testApp().Flags)}
	var files []string
	for _, pattern := range []string{"../../*.md", "../../docs/*.md", "../../docs/*/*"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	typed := regexp.MustCompile("(?m)(?:^|[`(>=] ?|bin/)samlcli ([a-z-][^`#\n;|&>)]*)")
	lines := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range typed.FindAllStringSubmatch(string(data), -1) {
			if wrong := unknownWord(program, strings.Fields(line[1])); wrong != "" {
				t.Errorf("%s: samlcli %s: there is no %s", file, strings.TrimSpace(line[1]), wrong)
			}
			lines++
		}
	}
	if lines < 50 {
		t.Errorf("only %d commands were found", lines)
	}
}

// unknownWord returns the command or flag of a command line that there is not.
func unknownWord(c pages.Command, words []string) string {
	for i, word := range words {
		name, _, _ := strings.Cut(word, "=")
		switch at := slices.IndexFunc(c.Commands, func(sub pages.Command) bool { return sub.Name == word }); {
		case word == "--" || word == "--help":
			return ""
		case at >= 0:
			c = c.Commands[at]
		case i == 0 && name[0] != '-':
			return word
		case strings.HasPrefix(word, "-"):
			if !slices.ContainsFunc(c.Flags, func(f pages.Flag) bool { return "--"+f.Name == name || "-"+f.Short == name }) {
				return name
			}
		}
	}
	return ""
}
