package main

import (
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/internal/others"
	"github.com/samlcli/samlcli/internal/release/pages"
)

var pagesDir = flag.String("pages", "", "write completions and man page into this directory, for a release")

// TestPages writes the pages of a release from the commands that the program has; without -pages it only looks at them.
// A test may do so since nothing of it is in the program.
func TestPages(t *testing.T) {
	t.Parallel()
	files := releasePages(t)
	for name, text := range files {
		for _, word := range []string{"login", "configure", "write", "save-assertion", "powershell", "profile"} {
			if !strings.Contains(strings.ReplaceAll(text, `\-`, "-"), word) && !(word == "powershell" && name == "man/samlcli.1") {
				t.Errorf("%s does not know %q", name, word)
			}
		}
	}
	if *pagesDir == "" {
		return
	}
	for name, text := range files {
		path := filepath.Join(*pagesDir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
}

func releasePages(t *testing.T) map[string]string {
	t.Helper()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var exits [][2]string
	for _, row := range regexp.MustCompile(`(?m)^\| (\d+) \| (.+) \|$`).FindAllStringSubmatch(string(readme), -1) {
		exits = append(exits, [2]string{row[1], row[2] + "."})
	}
	app := testApp()
	return pages.Files(pages.Command{Name: app.Name, Usage: app.Usage, Flags: pageFlags(app.Flags), Commands: pageCommands(app.Commands)}, pages.Manual{
		Shared: []pages.Group{{Title: "flags of signing in", Flags: pageFlags(signInFlags())}, {Title: "flags of taking a role", Flags: pageFlags(roleFlags())}},
		Exits:  exits,
		Files: [][2]string{
			{"~/.config/samlcli/config.toml", "accounts and profiles; $SAMLCLI_CONFIG names another, and $XDG_CONFIG_HOME another place."},
			{"~/.cache/samlcli", "credentials, for their owner alone; below $XDG_CACHE_HOME where that is set."},
			{"~/.local/state/samlcli", "what outlives a sign-in, sealed where it is secret; below $XDG_STATE_HOME where that is set."},
		},
	})
}

// testApp is the program's commands, for a look at them.
func testApp() *cli.App {
	h := host{stdout: io.Discard, stderr: io.Discard}
	return newApp(h, newLogger(h, nil), nil)
}

func pageCommands(commands []*cli.Command) (all []pages.Command) {
	for _, c := range commands {
		command := pages.Command{
			Name: c.Name, Usage: c.Usage, Description: c.Description, Args: c.ArgsUsage, Flags: pageFlags(c.Flags), Commands: pageCommands(c.Subcommands),
		}
		if c.Name == "adapters" {
			command.Values = flagValues()["idp"][1:]
		}
		all = append(all, command)
	}
	return all
}

var placeholder = regexp.MustCompile("`(.+?)`")

func pageFlags(flags []cli.Flag) (all []pages.Flag) {
	values := flagValues()
	for _, f := range flags {
		documented := f.(cli.DocGenerationFlag)
		if f.Names()[0] == "help" { // the pages know that every command has it
			continue
		}
		usage := documented.GetUsage()
		flag := pages.Flag{Name: f.Names()[0], Usage: strings.ReplaceAll(usage, "`", ""), Values: values[f.Names()[0]]}
		if len(f.Names()) > 1 {
			flag.Short = f.Names()[1]
		}
		if documented.TakesValue() {
			flag.Value = "VALUE"
			if named := placeholder.FindStringSubmatch(usage); named != nil {
				flag.Value = named[1]
			}
		}
		all = append(all, flag)
	}
	return all
}

// flagValues is what flags may say, where that is a list.
func flagValues() map[string][]string {
	adapters := []string{"auto"}
	for _, a := range all.Adapters() {
		adapters = append(adapters, a.Name)
	}
	var factors []string
	for _, f := range idp.Factors() {
		factors = append(factors, string(f))
	}
	var tools []string
	for _, tool := range others.Tools() {
		tools = append(tools, tool.Name)
	}
	return map[string][]string{
		"idp": adapters, "mfa": factors, "shell": sink.Shells(), "from": tools,
		"output": {"text", "json"}, "log-format": {"text", "json"}, "remember": {"keyring", "file", "off"},
		"to": {"profile", "process", "env", "console"}, "source": {"saml", "web-identity", "broker"},
	}
}

// TestFlagsMeanTheSame: completions know a flag by its name alone.
func TestFlagsMeanTheSame(t *testing.T) {
	t.Parallel()
	app, known := testApp(), map[string]pages.Flag{}
	var look func([]pages.Command)
	look = func(commands []pages.Command) {
		for _, c := range commands {
			for _, f := range c.Flags {
				if before, seen := known[f.Name]; seen && (before.Value == "") != (f.Value == "") {
					t.Errorf("--%s takes a value in one command, and none in %s", f.Name, c.Name)
				}
				if f.Value == "VALUE" {
					t.Errorf("%s --%s does not say what its value is", c.Name, f.Name)
				}
				known[f.Name] = f
			}
			look(c.Commands)
		}
	}
	look(pageCommands(app.Commands))
	for name := range flagValues() {
		if known[name].Value == "" {
			t.Errorf("there is no flag --%s that takes a value", name)
		}
	}
}
