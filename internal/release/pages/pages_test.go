package pages

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// toy has one of everything that a program can have.
func toy() Command {
	shared := []Flag{
		{Name: "profile", Usage: "what it's for: [a name]", Value: "NAME"},
		{Name: "role", Usage: "a role", Value: "ROLE"},
		{Name: "bundle", Usage: "a file", Value: "FILE"},
		{Name: "output", Usage: "print FORMAT", Value: "FORMAT", Values: []string{"text", "json"}},
		{Name: "verbose", Short: "v", Usage: "say more"},
	}
	return Command{Name: "samlcli", Usage: "sign in", Commands: []Command{
		{Name: "login", Usage: "sign in; it's here", Flags: shared},
		{Name: "replay", Usage: "read a file", Args: "FILE", Flags: shared},
		{Name: "adapters", Usage: "list them", Args: "[NAME]", Values: []string{"keycloak", "okta"}},
		{Name: "exec", Usage: "run a program", Args: "[-- PROGRAM]", Flags: shared},
		{Name: "assertion", Usage: "see it", Commands: []Command{{Name: "get", Usage: "get it"}, {Name: "show", Usage: ".show it", Flags: shared}}},
	}}
}

// lines are what a person typed, and what one press of the tab key makes of it.
var lines = [][2]string{
	{"samlcli logi", "samlcli login"},
	{"samlcli assertion s", "samlcli assertion show"},
	{"samlcli assertion show --out", "samlcli assertion show --output"},
	{"samlcli login --output js", "samlcli login --output json"},
	{"samlcli login --output=js", "samlcli login --output=json"},
	{"samlcli login --verbose --profile pr", "samlcli login --verbose --profile prod"},
	{"samlcli login --role arn:aws:iam::123456789012:role/Ad", "samlcli login --role arn:aws:iam::123456789012:role/Admin"},
	{"samlcli login --profile assertion --out", "samlcli login --profile assertion --output"},
	{"samlcli login --bundle cert", "samlcli login --bundle certificates.pem"},
	{"samlcli replay cert", "samlcli replay certificates.pem"},
	{"samlcli replay --verb", "samlcli replay --verbose"},
	{"samlcli adapters ok", "samlcli adapters okta"},
	{"samlcli exec -- only-h", "samlcli exec -- only-here"},
}

// home is a directory with a config, a role that was found, a file to name, and the pages themselves.
func home(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"certificates.pem":                       "",
		".config/samlcli/config.toml":            "[account.work]\nurl = \"https://idp.example.com\"\n\n[profile.prod]\nrole = \"Admin\"\n[profile.\"a b\"]\n",
		".local/state/samlcli/key":               "nothing of this",
		"bin/samlcli":                            "#!/bin/sh\n",
		"bin/only-here":                          "#!/bin/sh\n",
		".local/state/samlcli/x/role-":           "nothing of this",
		".local/state/samlcli/accounts/0/role-1": "arn:aws:iam::123456789012:role/Admin\narn:aws:iam::123456789012:saml-provider/work\n",
	}
	for name, text := range Files(toy(), Manual{}) {
		files[name] = text
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// shell runs a script in a home of its own, and returns what it prints.
func shell(t *testing.T, name, home, script string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skip("there is no " + name)
	}
	cmd := exec.Command(path, "-c", script)
	cmd.Dir, cmd.Env = home, []string{"HOME=" + home, "PATH=" + filepath.Join(home, "bin") + ":" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "TERM=dumb"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// TestBash: bash puts an answer in the place of the last word only, which it ends at colons and equal signs too.
func TestBash(t *testing.T) {
	t.Parallel()
	at := home(t)
	for _, line := range lines {
		got := shell(t, "bash", at, fmt.Sprintf("source completions/samlcli.bash; COMP_LINE='%s'; COMP_POINT=${#COMP_LINE}; _samlcli; echo \"${COMPREPLY[*]}\"", line[0]))
		typed := line[0][:strings.LastIndexAny(line[0], " :=")+1]
		if got := typed + strings.TrimSpace(got); got != line[1] {
			t.Errorf("%q becomes %q, want %q", line[0], got, line[1])
		}
	}
}

func TestFish(t *testing.T) {
	t.Parallel()
	at := home(t)
	for _, line := range lines {
		got := shell(t, "fish", at, fmt.Sprintf("source completions/samlcli.fish; complete -C '%s'", line[0]))
		word, _, _ := strings.Cut(strings.TrimSpace(got), "\t")
		if got := line[0][:strings.LastIndex(line[0], " ")+1] + word; got != line[1] {
			t.Errorf("%q becomes %q, want %q", line[0], got, line[1])
		}
	}
}

// TestZsh types each line, with a tab, into a zsh at a terminal of its own, in which the programs only say how they were called.
func TestZsh(t *testing.T) {
	t.Parallel()
	at := home(t)
	typed := []string{"PS1= PS2= RPS1=", "unsetopt beep", "fpath=($PWD/completions $fpath)", "autoload -U compinit", "compinit -u -D", `samlcli() { print -r -- samlcli "$@" >>got }`}
	for _, line := range lines {
		typed = append(typed, line[0]+"\t")
	}
	script := "zmodload zsh/zpty\nzpty shell zsh -f -i\n"
	for _, line := range append(typed, "exit") {
		script += "zpty -w shell '" + quoted(line) + "'\n"
	}
	said := shell(t, "zsh", at, script+"while zpty -r shell line; do print -r -- $line; done; true\n")
	data, _ := os.ReadFile(filepath.Join(at, "got"))
	got := strings.Split(strings.TrimSpace(string(data)), "\n")
	for i, line := range lines {
		if i >= len(got) || strings.TrimSpace(got[i]) != line[1] {
			t.Fatalf("%q becomes %q, want %q; zsh said\n%s", line[0], got[min(i, len(got)-1)], line[1], said)
		}
	}
}
