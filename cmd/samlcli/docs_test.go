package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
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
