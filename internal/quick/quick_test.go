package quick_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/quick"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

const (
	answer = `{"Version":1,"AccessKeyId":"ASIA","SecretAccessKey":"s","SessionToken":"t","Expiration":"2026-11-20T13:00:00Z"}` + "\n"
	more   = `{"role":"admin","region":""}`
)

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestAnswer(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	call := quick.Call{Args: []string{"process", "--profile", "prod"}, Environ: []string{"HOME=" + home, "SAMLCLI_ACCOUNT=work", "TERM=dumb"}}
	for _, c := range []struct {
		what   string
		args   []string
		env    []string
		now    time.Time
		change func(config, credentials, entry string)
		ok     bool
	}{
		{what: "the same", ok: true},
		{what: "in another terminal, with a secret", env: []string{"HOME=" + home, "SAMLCLI_ACCOUNT=work", "TERM=vt100", "SAMLCLI_PASSWORD=x", "SAMLCLI_CODE=1"}, ok: true},
		{what: "variables in another order", env: []string{"SAMLCLI_ACCOUNT=work", "HOME=" + home}, ok: true},
		{what: "just good enough", now: noon.Add(45 * time.Minute), ok: true},
		{what: "soon over", now: noon.Add(45*time.Minute + 1)},
		{what: "a clock set back", now: noon.Add(-24 * time.Hour), ok: true},
		{what: "a clock set back by more than any session's length", now: noon.AddDate(0, 0, -2)},
		{what: "a clock that was never set", now: time.Unix(0, 0)},
		{what: "at the end of time", now: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)},
		{what: "a clock set forward", now: noon.Add(24 * time.Hour)},
		{what: "other arguments", args: []string{"process", "--profile", "test"}},
		{what: "arguments cut elsewhere", args: []string{"process", "--profile prod"}},
		{what: "another account", env: []string{"HOME=" + home, "SAMLCLI_ACCOUNT=play"}},
		{what: "another region", env: []string{"HOME=" + home, "SAMLCLI_ACCOUNT=work", "AWS_REGION=eu-west-1"}},
		{what: "another home", env: []string{"HOME=/home/bob", "SAMLCLI_ACCOUNT=work"}},
		{what: "a changed configuration", change: func(config, _, _ string) { write(t, config, "a=2\n#") }},
		{what: "a configuration that is gone", change: func(config, _, _ string) { _ = os.Remove(config) }},
		{what: "no credentials", change: func(_, credentials, _ string) { _ = os.Remove(credentials) }},
		{what: "half of the credentials", change: func(_, credentials, _ string) { write(t, credentials, answer[:60]) }},
		{what: "credentials alone", change: func(_, credentials, _ string) { write(t, credentials, answer) }},
		{what: "credentials of another role", change: func(_, credentials, _ string) { write(t, credentials, answer+`{"role":"guest","region":""}`) }},
		{what: "no time", change: func(_, credentials, _ string) { write(t, credentials, `{"Version":1,"Expiration":"soon"}`+"\n"+more) }},
		{what: "an empty entry", change: func(_, _, entry string) { write(t, entry, "") }},
		{what: "an entry that lies about time", now: noon.Add(2 * time.Hour), change: func(_, _, entry string) {
			text, _ := os.ReadFile(entry)
			write(t, entry, strings.Replace(string(text), "\n900000000000\n", "\n-9000000000000000\n", 1))
		}},
		{what: "an entry of another call", change: func(_, _, entry string) {
			text, _ := os.ReadFile(entry)
			write(t, entry, strings.Replace(string(text), `"prod"`, `"test"`, 1))
		}},
		{what: "a file without end", change: func(_, credentials, _ string) {
			if err := os.Truncate(credentials, 1<<30); err != nil {
				t.Fatal(err)
			}
		}},
		{what: "a directory", change: func(_, credentials, _ string) {
			_ = os.Remove(credentials)
			if err := os.Mkdir(credentials, 0o700); err != nil {
				t.Fatal(err)
			}
		}},
		{what: "half an entry", change: func(_, _, entry string) { write(t, entry, "\n\n\n") }},
	} {
		config, credentials := filepath.Join(home, "config.toml"), filepath.Join(t.TempDir(), "credentials")
		write(t, config, "a=1\n")
		write(t, credentials, answer+more)
		path, text := quick.Entry{Config: config, Early: 15 * time.Minute, File: credentials, Role: "admin"}.Text(call)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		write(t, path, text)
		if c.change != nil {
			c.change(config, credentials, path)
		}
		again, now := call, noon
		if c.args != nil {
			again.Args = c.args
		}
		if c.env != nil {
			again.Environ = c.env
		}
		if !c.now.IsZero() {
			now = c.now
		}
		got, ok := quick.Answer(again, now)
		if ok != c.ok || ok && string(got) != answer {
			t.Errorf("%s: %v, %q", c.what, ok, got)
		}
	}
}

// Without a home that is the same for all, nothing is kept and nothing is read: not in the directory of the call, nor at the root.
func TestHomeless(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has other variables")
	}
	for _, environ := range [][]string{
		nil, {"HOME="}, {"HOME=home"}, {"HOME=."}, {"HOME=", "XDG_CACHE_HOME=cache", "XDG_STATE_HOME=state"},
	} {
		c := quick.Call{Args: []string{"process"}, Environ: environ}
		entry, _ := quick.Entry{}.Text(c)
		if c.CacheDir() != "" || c.StateDir() != "" || c.DeliveriesFile() != "" || entry != "" {
			t.Errorf("%q: %q, %q, %q, %q", environ, c.CacheDir(), c.StateDir(), c.DeliveriesFile(), entry)
		}
	}
	c := quick.Call{Environ: []string{"HOME=/home/bob", "XDG_CACHE_HOME=cache", "XDG_STATE_HOME=/state"}}
	if c.CacheDir() != "/home/bob/.cache/samlcli" || c.StateDir() != "/state/samlcli" {
		t.Errorf("%q, %q", c.CacheDir(), c.StateDir())
	}
}

// What status is to print may stand in variables too, which main reads.
func TestStatusByVariables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args, environ string
		want          bool
	}{
		{"status --output=json", "", true},
		{"status --output=json", "SAMLCLI_OUTPUT=text", true},
		{"status --prompt", "SAMLCLI_OUTPUT=json", true},
		{"status", "SAMLCLI_OUTPUT=json", false},
		{"status", "SAMLCLI_PROMPT=1", false},
		{"status --colour", "", false},
	} {
		call := quick.Call{Args: strings.Fields(c.args), Environ: []string{c.environ}}
		if _, ok := quick.Status(call, noon); ok != c.want {
			t.Errorf("%s with %q: answered %v, want %v", c.args, c.environ, ok, c.want)
		}
	}
}
