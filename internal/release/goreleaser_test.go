package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestGoreleaserBuildsTheSame: the flags of .goreleaser.yaml are those of the Makefile.
func TestGoreleaserBuildsTheSame(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("there is no make")
	}
	cmd := exec.Command("make", "-C", "../..", "--no-print-directory", "-n", "VERSION={{.Summary}}", "linux_amd64")
	cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=")
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("../../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	config := strings.NewReplacer("{{ .", "{{.", " }}", "}}").Replace(string(data))
	_, builds, _ := strings.Cut(config, "\nbuilds:\n")
	builds, _, _ = strings.Cut(builds, "\n\n")
	command := strings.NewReplacer("-gcflags=", "", "-ldflags ", "", "-tags ", "-tags=", "-modfile ", "-modfile=", "'", "").Replace(string(out))
	_, command, _ = strings.Cut(command, "GOARCH=amd64")
	command, _, _ = strings.Cut(command, " -o ")
	words := 0
	for word := range strings.FieldsSeq(command) {
		if word == "go" || word == "build" || word == `\` {
			continue
		}
		words++
		if !strings.Contains(builds, " "+word) {
			t.Errorf(".goreleaser.yaml builds without %s", word)
		}
	}
	if words < 12 {
		t.Errorf("the Makefile builds with %q", command)
	}
}
