package sink_test

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/aws/sink"
)

func env(t *testing.T, shell, region string) (string, error) {
	t.Helper()
	c := credentials()
	c.Region = region
	var w writes
	err := (&sink.Env{W: &w, Shell: shell}).Write(t.Context(), c)
	if err == nil && w.n != 1 || err != nil && w.n != 0 {
		t.Errorf("%s: %d writes, %v", shell, w.n, err)
	}
	return w.String(), err
}

func TestEnv(t *testing.T) {
	t.Parallel()
	posix := "export AWS_ACCESS_KEY_ID='ASIAEXAMPLE'\nexport AWS_SECRET_ACCESS_KEY='secret/+=<&>'\n" +
		"export AWS_SESSION_TOKEN='token//=='\nexport AWS_REGION='a'\\''b'\nexport AWS_DEFAULT_REGION='a'\\''b'\n" +
		"export AWS_CREDENTIAL_EXPIRATION='2026-11-20T13:00:00Z'\n"
	// A line of each; the lines differ in name and value alone.
	for shell, want := range map[string]string{
		"sh": posix, "bash": posix, "zsh": posix,
		"fish":       "set -gx AWS_REGION 'a\\'b';\n",
		"powershell": "$Env:AWS_REGION = 'a''b'\n",
		"cmd":        "set \"AWS_REGION=a'b\"\n",
		"nu":         "$env.AWS_REGION = \"a'b\"\n",
		"json": `{"AWS_ACCESS_KEY_ID":"ASIAEXAMPLE","AWS_CREDENTIAL_EXPIRATION":"2026-11-20T13:00:00Z","AWS_DEFAULT_REGION":"a'b",` +
			`"AWS_REGION":"a'b","AWS_SECRET_ACCESS_KEY":"secret/+=<&>","AWS_SESSION_TOKEN":"token//=="}` + "\n",
	} {
		got, err := env(t, shell, "a'b")
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %q, %v, want %q in it", shell, got, err, want)
		}
	}
	for _, shell := range sink.Shells() {
		got, err := env(t, shell, "")
		if shell == "dotenv" {
			if err == nil {
				t.Errorf("dotenv: %q, want an error for <&>", got)
			}
			continue
		}
		if err != nil || strings.Contains(got, "REGION") {
			t.Errorf("%s without a region: %q, %v", shell, got, err)
		}
	}
}

// values are what a shell might take for something else.
func values() []string {
	return []string{
		"eu-west-1", "", " a  b ", "'", "''", "a'b''c'", `"`, `a"b`, "`id`", "$(id)", "${HOME}", "$HOME", "%PATH%", "%%", "^&|<>()", "!x",
		`\`, `\\'`, `a\nb`, "a\nb", "a\n", "\r\n", "\t", "#x", "a #b", "*", "~", "a;b", "é‘’‚‛“”", "\x1b[31m", "{a,b}", "[a]", "=",
	}
}

// shells are the programs that take statements, and how.
func shells() map[string][]string {
	return map[string][]string{
		"sh": {"sh", "-c"}, "bash": {"bash", "-c"}, "zsh": {"zsh", "-fc"}, "fish": {"fish", "--no-config", "-c"},
		"powershell": {"pwsh", "-NoProfile", "-NonInteractive", "-Command"}, "nu": {"nu", "--no-config-file", "-c"},
	}
}

func TestEnvInShells(t *testing.T) {
	t.Parallel()
	for shell, run := range shells() {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(run[0]); err != nil {
				t.Skipf("%s is not installed", run[0])
			}
			for _, value := range values() {
				if value == "" {
					continue // no region, no line
				}
				text, err := env(t, shell, value)
				if err != nil {
					t.Fatal(err)
				}
				if got := inShell(t, run, text)["AWS_REGION"]; got != value {
					t.Errorf("%q arrived as %q through %q", value, got, text)
				}
			}
		})
	}
}

// FuzzEnv takes any value through every shell that is there: it arrives as it was, or is refused.
func FuzzEnv(f *testing.F) {
	var there []string
	for _, shell := range slices.Sorted(maps.Keys(shells())) {
		if _, err := exec.LookPath(shells()[shell][0]); err == nil {
			there = append(there, shell)
		}
	}
	for _, value := range []string{"eu-west-1", "a\nb'\\''\r\t", "$(id)`id`${HOME}%PATH%!x", "\\\"‘’\x1b[0m\u2028"} {
		f.Add(uint8(0), value)
	}
	f.Fuzz(func(t *testing.T, which uint8, value string) {
		if value == "" || len(there) == 0 {
			t.Skip("no line, or no shell")
		}
		shell := there[int(which)%len(there)]
		text, err := env(t, shell, value)
		if err != nil {
			return
		}
		if got := inShell(t, shells()[shell], text)["AWS_REGION"]; got != value {
			t.Errorf("%q arrived as %q through %s and %q", value, got, shell, text)
		}
	})
}

// inShell runs text, and then this binary, which tells the environment that it got.
func inShell(t *testing.T, run []string, text string) map[string]string {
	t.Helper()
	helper := program(t, "environment")
	call := "'" + helper.Path + "'"
	if run[0] == "pwsh" {
		call = "& " + call
	}
	if run[0] == "nu" {
		call = "^" + call
	}
	c := exec.CommandContext(t.Context(), run[0], append(run[1:], text+call)...)
	c.Env = helper.Env
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	var entries []string
	if err := json.Unmarshal(out, &entries); err != nil {
		t.Fatalf("%q printed %q: %v", text, out, err)
	}
	got := map[string]string{}
	for _, e := range entries {
		name, value, _ := strings.Cut(e, "=")
		got[name] = value
	}
	return got
}

func TestEnvRefuses(t *testing.T) {
	t.Parallel()
	for shell, bad := range map[string][]string{
		"cmd":        {"a\nb", "a\rb", "\t", "%PATH%", `a"b`, "!x!"},
		"sh":         {"a\x00b", "\xff"},
		"json":       {"a\x00b", "\xff"},
		"powershell": {"\xff"},
		"tcsh":       {"a"},
	} {
		for _, value := range bad {
			if got, err := env(t, shell, value); err == nil {
				t.Errorf("%s: %q gave %q, want an error", shell, value, got)
			}
		}
	}
	for _, value := range []string{"a&b", "a^b", "$(x)", "`x`", "a b", "(a)|<b>", "é"} {
		if got, err := env(t, "cmd", value); err != nil || !strings.Contains(got, `set "AWS_REGION=`+value+`"`) {
			t.Errorf("cmd: %q gave %q, %v", value, got, err)
		}
	}
	if err := (&sink.Env{W: closed{}, Shell: "sh"}).Write(t.Context(), credentials()); !errors.Is(err, os.ErrClosed) {
		t.Errorf("to a closed pipe: %v", err)
	}
}

func TestEnvPlain(t *testing.T) {
	t.Parallel()
	c := credentials()
	c.SecretAccessKey = c.SessionToken
	for _, value := range values() {
		c.Region = value
		var w writes
		err := (&sink.Env{W: &w, Shell: "dotenv"}).Write(t.Context(), c)
		if ok := slices.Contains([]string{"eu-west-1", "", "="}, value); ok != (err == nil) {
			t.Errorf("dotenv: %q: %v", value, err)
		}
		if err == nil && value != "" && !strings.Contains(w.String(), "\nAWS_REGION="+value+"\n") {
			t.Errorf("dotenv: %q gave %q", value, w.String())
		}
	}
	// Nothing runs or expands in these two, so that their spelling can be read off.
	for shell, want := range map[string]string{
		"powershell": "$Env:AWS_REGION = 'a'+\"`n\"+'‘‘b''$(c)'\n",
		"nu":         "$env.AWS_REGION = \"a\\u{a}‘b'$(c)\"\n",
	} {
		if got, err := env(t, shell, "a\n‘b'$(c)"); err != nil || !strings.Contains(got, want) {
			t.Errorf("%s: %q, %v, want %q in it", shell, got, err, want)
		}
	}
}
