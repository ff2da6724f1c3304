package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigMistakes(t *testing.T) {
	for _, test := range []struct{ name, text, words, hint string }{
		{"unknown key", "[account.work]\nurll = \"x\"", `unknown key "urll" in [account.work]`, `did you mean "url"?`},
		{"unknown key of a profile", "[profile.prod]\nrolle = \"x\"", `unknown key "rolle" in [profile.prod]`, `did you mean "role"?`},
		{"set is the account's", "[profile.prod]\nset = {}", `unknown key "set" in [profile.prod]`, "set belongs in a section [account.NAME]"},
		{"role is the profile's", "[account.work]\nrole = \"x\"", `unknown key "role" in [account.work]`, "role belongs in a section [profile.NAME]"},
		{"unknown section", "[acount.work]\nurl = \"x\"", `unknown key "acount"`, `did you mean "account"?`},
		{"password", "[account.work]\npassword = \"planted\"", `unknown key "password" in [account.work]`, "secrets are not kept in the config"},
		{"seed", "[account.work]\ntotp_seed = \"planted\"", `unknown key "totp_seed"`, "totp_command"},
		{"number for a string list", "[account.work]\nmfa = 1.5", `"mfa" in [account.work] must be a string or a list of strings`, ""},
		{"table for a list", "[account.work]\nhost = {a = 1}", `"host" in [account.work] must be a string or a list`, ""},
		{"list in a list", "[account.work]\npassword_command = [[\"planted\"]]", `"password_command" in [account.work] must be a string or a list`, ""},
		{"table in set", "[account.work]\nset = {a = {b = 1}}", `"set" in [account.work] must be`, ""},
		{"list for a string", "[account.work]\nurl = [\"planted\"]", `"url" in [account.work] must be a string`, ""},
		{"string for a switch", "[account.work]\nno_input = \"yes\"", `"no_input" in [account.work] must be true or false`, ""},
		{"date", "[profile.prod]\nduration = 2026-11-20", `"duration" in [profile.prod] must be a string`, ""},
		{"value without quotes", "[account.work]\nusername = planted", "line 2 is not TOML", `key = "value"`},
		{"line without key", "[account.work]\n\nplanted", "line 3 is not TOML", ""},
		{"broken string", "[account.work]\nusername = \"planted", "line 2 is not TOML", ""},
		{"twice", "[account.work]\nurl = \"planted\"\nurl = \"planted\"", "line 3 is not TOML", ""},
		{"not in a section", "[account]\nurl = \"planted\"", "config HOME/.config/samlcli/config.toml: ", "[account.NAME]"},
		{"account as a value", "account = \"planted\"", "config HOME/.config/samlcli/config.toml: ", "[account.NAME]"},
		{"default account as a table", "[default_account]\n", "config HOME/.config/samlcli/config.toml: ", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.config("%s", test.text)
			r := w.want(2, "samlcli: config ", "roles", "--url", "https://idp.example.com/")
			said := w.stable(r.stderr)
			if !strings.Contains(said, test.words) || !strings.Contains(said, test.hint) || strings.Contains(said, "planted") {
				t.Errorf("said %s\nwant %q and %q, and no value", said, test.words, test.hint)
			}
		})
	}
}

func TestConfigCannotBeRead(t *testing.T) {
	w := newWorld(t)
	w.set("SAMLCLI_CONFIG", w.home)
	w.want(2, "reading the config: reading", "login")
}

func TestWhichAccount(t *testing.T) {
	const two = "[account.work]\nurl = \"https://work.example.com/\"\n[account.home]\nurl = \"https://home.example.com/\"\n"
	for _, test := range []struct {
		name, config, environ string
		args                  []string
		code                  int
		words                 string
	}{
		{"none", "", "", nil, 2, "there is no address to sign in at"},
		{"the only one", "[account.work]\nurl = \"https://work.example.com/\"", "", nil, 8, "reaching work.example.com"},
		{"several", two, "", nil, 2, "the config has several accounts, and none is named: home, work"},
		{"flag", two, "", []string{"--account", "home"}, 8, "reaching home.example.com"},
		{"variable", two, "SAMLCLI_ACCOUNT=home", nil, 8, "reaching home.example.com"},
		{"flag beats variable", two, "SAMLCLI_ACCOUNT=home", []string{"--account", "work"}, 8, "reaching work.example.com"},
		{"default", "default_account = \"home\"\n" + two, "", nil, 8, "reaching home.example.com"},
		{"profile's", "default_account = \"home\"\n" + two + "[profile.prod]\naccount = \"work\"", "", []string{"--profile", "prod"}, 8, "reaching work.example.com"},
		{"flag beats profile's", two + "[profile.prod]\naccount = \"work\"", "", []string{"--profile", "prod", "--account", "home"}, 8, "reaching home.example.com"},
		{"url alone", two, "", []string{"--url", "https://other.example.com/"}, 8, "reaching other.example.com"},
		{"url alone, beside the only account", "[account.work]\nurl = \"https://work.example.com/\"\nmfa = \"nope\"", "", []string{"--url", "https://other.example.com/"}, 8, "reaching other.example.com"},
		{"url beats the account's", two, "", []string{"--account", "home", "--url", "https://other.example.com/"}, 8, "reaching other.example.com"},
		{"unknown", two, "", []string{"--account", "wrok"}, 2, `there is no [account.wrok] in the config`},
		{"unknown, nothing near", two, "", []string{"--account", "x"}, 2, "hint: the config has home, work"},
		{"unknown default", "default_account = \"x\"\n" + two, "", nil, 2, `there is no [account.x]`},
		{"profile's unknown", two + "[profile.prod]\naccount = \"x\"", "", []string{"--profile", "prod"}, 2, `there is no [account.x]`},
		{"unknown profile", two + "[profile.prod]", "", []string{"--profile", "prud"}, 2, `did you mean "prod"?`},
		{"without address", "[account.work]", "", nil, 2, "[account.work] has no url"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.wire = unreachable
			if test.config != "" {
				w.config("%s", test.config)
			}
			w.environ = append([]string{test.environ}, w.environ...)
			w.want(test.code, test.words, append([]string{"login"}, test.args...)...)
		})
	}
}

// TestFlagBeatsVariableBeatsConfig for every kind of setting.
func TestFlagBeatsVariableBeatsConfig(t *testing.T) {
	w := newWorld(t)
	w.config("[account.a]\nurl = \"https://file.example.com/\"\nidp = \"file\"\n")
	w.wire = unreachable
	w.want(2, `no adapter "file"`, "login")
	w.set("SAMLCLI_IDP", "variable")
	w.want(2, `no adapter "variable"`, "login")
	w.want(2, `no adapter "flag"`, "login", "--idp", "flag")
	w.want(8, "reaching file.example.com", "login", "--idp", "auto")

	w.set("SAMLCLI_MFA", "totp, nope")
	w.want(2, `no factor "nope"`, "login", "--idp", "auto")
	w.want(2, `no factor "sumtin"`, "login", "--idp", "auto", "--mfa", "push,sumtin")
	w.set("SAMLCLI_SET", `colour="light blue" size=2`)
	w.want(2, `no adapter has a setting "colour"`, "login", "--idp", "auto", "--mfa", "push")

	w.set("SAMLCLI_VERBOSE", "1")
	w.want(2, "", "login")
	w.set("SAMLCLI_VERBOSE", "off")
	if r := w.want(8, "", "login", "--idp", "forms", "--mfa", "", "--set", ""); strings.Contains(r.stderr, "step") {
		t.Errorf("off is on: %s", r.stderr)
	}
}

func TestHomeInPaths(t *testing.T) {
	w := newWorld(t)
	w.config("[account.a]\nurl = \"https://idp.example.com/\"\nca_bundle = \"~/ca.pem\"\n")
	w.want(2, "reading certificates: open "+filepath.Join(w.home, "ca.pem"), "roles")
}

func TestLogFormatOfTheConfig(t *testing.T) {
	w := newWorld(t)
	w.wire = unreachable
	w.config("[account.a]\nurl = \"https://idp.example.com/\"\nlog_format = \"json\"\n")
	w.want(8, `{"code":8,"error":"reaching idp.example.com:`, "roles")
	w.want(8, `samlcli: reaching`, "roles", "--log-format", "text")
}

func TestPlacesOfFiles(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		environ                    []string
		config, state, credentials string
	}{
		{nil, "", "", ""},
		{[]string{"HOME=h", "XDG_CONFIG_HOME=c"}, "", "", ""},
		{[]string{"HOME=/h"}, "/h/.config/samlcli/config.toml", "/h/.local/state/samlcli/x", "/h/.aws/credentials"},
		{[]string{"HOME=/h", "XDG_CONFIG_HOME=/c", "XDG_STATE_HOME=/s", "AWS_SHARED_CREDENTIALS_FILE=/f"}, "/c/samlcli/config.toml", "/s/samlcli/x", "/f"},
		{[]string{"HOME=/h", "XDG_CONFIG_HOME=c", "XDG_STATE_HOME=s"}, "/h/.config/samlcli/config.toml", "/h/.local/state/samlcli/x", "/h/.aws/credentials"},
		{[]string{"HOME=/h", "SAMLCLI_CONFIG=/own.toml"}, "/own.toml", "/h/.local/state/samlcli/x", "/h/.aws/credentials"},
	} {
		h := host{environ: test.environ}
		if os.PathSeparator != '/' {
			t.Skip("other places on this system")
		}
		if got := h.configFile(); got != test.config {
			t.Errorf("%v: config %q, want %q", test.environ, got, test.config)
		}
		if got := h.stateFile("x"); got != test.state {
			t.Errorf("%v: state %q, want %q", test.environ, got, test.state)
		}
		if got := h.credentialsFile(); got != test.credentials {
			t.Errorf("%v: credentials %q, want %q", test.environ, got, test.credentials)
		}
	}
}

func TestNoHome(t *testing.T) {
	w := newWorld(t)
	w.environ = nil
	w.want(2, "there is no home directory for the credentials file", "login", "--url", "https://idp.example.com/")
	w.want(2, "there is no home directory for the config", "configure", "https://idp.example.com/")
}

// Services have such homes.
func TestHomeOfNobody(t *testing.T) {
	w := asBob(t)
	for _, home := range []string{"", ".", "/dev/null"} { // as services have it
		w.set("HOME", home)
		w.want(0, "", "process", "--url", w.lab.URL, "--username", "bob")
	}
}

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	known := []string{"login", "roles", "process", "env", "exec"}
	for word, want := range map[string]string{
		"logon": `did you mean "login"?`, "role": `did you mean "roles"?`, "exce": `did you mean "exec"?`, "x": "", "": "", "terraform": "",
	} {
		if got := didYouMean(word, known); got != want {
			t.Errorf("didYouMean(%q) = %q, want %q", word, got, want)
		}
	}
}
