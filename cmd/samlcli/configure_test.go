package main

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/internal/lab"
)

const configFile = ".config/samlcli/config.toml"

func TestConfigure(t *testing.T) {
	w := newLab(t, lab.Options{})
	r := w.want(0, "", "configure", w.lab.URL, "--account", "lab", "--username", `b"o\b`, "--mfa", "totp,push", "--host", "login.example.com",
		"--proxy", "http://proxy.example.com:3128", "--timeout", "1m")
	w.golden("configure", r.stderr)
	w.golden("configure-config", w.read(configFile))
	if info, err := os.Stat(filepath.Join(w.home, configFile)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if got := w.lab.Requests(); strings.Join(got, " ") != "idp GET /sso idp GET /login" {
		t.Errorf("asked %v", got)
	}
	w.set("SAMLCLI_PASSWORD", lab.BobPassword)
	w.want(0, "", "login", "--username", "bob", "--proxy", "")
}

func TestConfigureKeepsTheRest(t *testing.T) {
	for name, before := range map[string]string{
		"comments":    "# mine\r\n[account.work] # here\r\nurl = 'x'\r\n",
		"no line end": "default_account = \"work\"\n[account.work]\nurl = 'x'",
		"empty":       "",
	} {
		t.Run(name, func(t *testing.T) {
			w := newLab(t, lab.Options{})
			w.config("%s", before)
			w.want(0, "", "configure", w.lab.URL, "--account", "my lab", "--idp", "forms")
			if text := w.read(configFile); !strings.HasPrefix(text, before) || before != "" && !strings.Contains(text, "\n\n[") || !strings.Contains(text, "[account.\"my lab\"]\nidp = \"forms\"\n") {
				t.Errorf("wrote:\n%s", text)
			}
			w.want(2, `there is an [account.my lab] already in`, "configure", w.lab.URL, "--account", "my lab")
		})
	}
}

func TestConfigureKeyring(t *testing.T) {
	w := newLab(t, lab.Options{})
	w.stdin = strings.NewReader(lab.BobPassword + "\n")
	w.want(0, "samlcli: put the password into the keyring\n", "configure", w.lab.URL, "--account", "lab", "--username", "bob", "--password-stdin")
	if got := w.keys.entries["password:lab:bob"]; got.Reveal() != lab.BobPassword {
		t.Errorf("the keyring has %v", w.keys.entries)
	}
	if text := w.read(configFile); strings.Contains(text, lab.BobPassword) {
		t.Errorf("the config has the password:\n%s", text)
	}
	w.want(0, "", "login")
}

// TestConfigureWritesAllOrNothing: what fails leaves no account behind.
func TestConfigureWritesAllOrNothing(t *testing.T) {
	for _, test := range []struct {
		name, words, stdin string
		code               int
		args               []string
		wire               wire
		keys               error
	}{
		{"no address", "configure takes one address", "", 2, nil, nil, nil},
		{"two addresses", "configure takes one address", "", 2, []string{"https://a.example.com", "https://b.example.com"}, nil, nil},
		{"http", "must be https", "", 2, []string{"http://idp.example.com/"}, nil, nil},
		{"password in the address", "must not hold a user name", "", 2, []string{"https://bob:x@idp.example.com/"}, nil, nil},
		{"unreachable", "reaching idp.example.com", "", 8, []string{"idp.example.com/link"}, unreachable, nil},
		{"404", "status 404", "", 5, []string{"https://idp.example.com/link"}, answering(404), nil},
		{"503", "it answers with status 500", "", 8, []string{"https://idp.example.com/link"}, answering(500), nil},
		{"leaves https", "plain http is for this machine only", "", 5, []string{"https://idp.example.com/link"}, leading("http://idp.example.com/"), nil},
		{"adapter", "there is no adapter", "", 2, []string{"https://idp.example.com/", "--idp", "nope"}, nil, nil},
		{"timeout", "--timeout is a time", "", 2, []string{"https://idp.example.com/", "--timeout", "x"}, nil, nil},
		{"password for nobody", "--password-stdin needs --username", "x", 2, []string{"https://idp.example.com/", "--password-stdin"}, nil, nil},
		{"no password", "has no password", "", 2, []string{"https://idp.example.com/", "--password-stdin", "--username", "bob"}, answering(200), nil},
		{"keyring", `hint: use "password_command"`, "x", 2, []string{"https://idp.example.com/", "--password-stdin", "--username", "bob"}, answering(200), errors.New("locked")},
		{"flag of a sign-in", "there is no flag --assertion", "", 2, []string{"https://idp.example.com/", "--assertion", "x"}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.wire, w.keys.err, w.stdin = test.wire, test.keys, strings.NewReader(test.stdin)
			w.want(test.code, test.words, append([]string{"configure"}, test.args...)...)
			if !w.missing(configFile) {
				t.Errorf("wrote:\n%s", w.read(configFile))
			}
		})
	}
}

func answering(status int) wire {
	return func(r *http.Request) (*http.Response, error) { return page(r, status, "<title>x</title>") }
}

func leading(to string) wire {
	return func(r *http.Request) (*http.Response, error) {
		resp, err := page(r, http.StatusFound, "")
		resp.Header.Set("Location", to)
		return resp, err
	}
}

func TestNameFor(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"https://accounts.google.com/o": "google", "https://idp.example.com/": "example", "https://acme.okta.com/": "acme",
		"https://127.0.0.1:8080/": "work", "https://[::1]/": "work", "https://sso.login/": "work", "https://localhost/": "localhost",
	} {
		if got := nameFor(address); got != want {
			t.Errorf("nameFor(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestTOMLStrings(t *testing.T) {
	w := newWorld(t)
	for _, text := range []string{"plain", `q"uo\te`, "line\nend\ttab\x7f\x00", "ünï🐈"} {
		c, err := parseConfig("x", "default_account = "+tomlString(text)+"\n[account."+tomlKey(text)+"]\n")
		if err != nil || c.DefaultAccount != text || !hasSection(c.Account, text) {
			w.Errorf("%q came back as %+v, %v", text, c, err)
		}
	}
}
