package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/internal/release/pages"
)

// TestSecurityPage: every test that docs/security.md names exists, and every threat names one or is not promised.
func TestSecurityPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`([a-z0-9/]+)\\.((?:Test|Fuzz)[A-Za-z]+)`").FindAllStringSubmatch(string(page), -1)
	if len(named) < 40 {
		t.Errorf("it names %d tests", len(named))
	}
	for _, name := range named {
		if !strings.Contains(testsOf(t, name[1]), "\nfunc "+name[2]+"(") {
			t.Errorf("there is no %s.%s", name[1], name[2])
		}
	}
	_, threats, _ := strings.Cut(string(page), "\n## Threats\n")
	threats, _, _ = strings.Cut(threats, "\n## ")
	rows := regexp.MustCompile(`(?m)^\| [*…].*$`).FindAllString(threats, -1)
	if len(rows) < 20 {
		t.Errorf("it has %d threats", len(rows))
	}
	for _, row := range rows {
		if !strings.Contains(row, ".Test") && !strings.Contains(row, ".Fuzz") && !strings.HasSuffix(row, "| not promised |") {
			t.Errorf("nothing shows: %s", row)
		}
	}
}

// TestNoFlagForAPassword: a command line is seen by everybody on the machine, and kept by the shell.
func TestNoFlagForAPassword(t *testing.T) {
	t.Parallel()
	var look func([]pages.Command)
	look = func(commands []pages.Command) {
		for _, c := range commands {
			for _, f := range c.Flags {
				for _, word := range []string{"password", "secret", "seed", "token"} {
					if strings.Contains(f.Name, word) && f.Value != "" && f.Value != "FILE" {
						t.Errorf("%s --%s %s", c.Name, f.Name, f.Value)
					}
				}
			}
			look(c.Commands)
		}
	}
	look(pageCommands(testApp().Commands))
}

// testsOf returns the test files of a package, one after the other.
func testsOf(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(data)
	}
	return all.String()
}
