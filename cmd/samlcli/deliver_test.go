package main

import (
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/internal/lab"
)

// TestProcessSaysOneObjectOrNothing under every flag and failure: an SDK reads it.
func TestProcessSaysOneObjectOrNothing(t *testing.T) {
	for _, test := range []struct {
		name string
		code int
		args []string
	}{
		{"plain", 0, nil},
		{"verbose", 0, []string{"-v"}},
		{"json log", 0, []string{"-v", "--log-format", "json"}},
		{"region", 0, []string{"--region", "eu-west-1"}},
		{"saved", 0, []string{"--save-assertion", "/dev/null/x"}},
		{"no input", 0, []string{"--no-input"}},
		{"usage", 2, []string{"--role", "x", "--duration", "1s"}},
		{"unknown flag", 2, []string{"--output", "json"}},
		{"no role", 6, []string{"--role", "nobody"}},
		{"refused", 7, []string{"--duration", "12h", "--strict"}},
		{"time", 8, []string{"--timeout", "1ns"}},
		{"argument", 2, []string{"bob"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asBob(t)
			if test.name == "saved" {
				test.args[1] = w.home + "/saved"
			}
			r := w.want(test.code, "", append([]string{"process"}, test.args...)...)
			if test.code != 0 {
				return // want has looked at stdout
			}
			var object map[string]any
			if err := json.Unmarshal([]byte(r.stdout), &object); err != nil || strings.Count(r.stdout, "\n") != 1 {
				t.Fatalf("%v: %s", err, r.stdout)
			}
			if len(object) != 5 || object["Version"] != 1.0 || object["Expiration"] != "2026-11-20T13:00:00Z" ||
				!strings.HasPrefix(object["AccessKeyId"].(string), "ASIA") || object["SecretAccessKey"] == "" || object["SessionToken"] == "" {
				t.Errorf("got %v", object)
			}
		})
	}
}

func TestEnv(t *testing.T) {
	for _, test := range []struct {
		name, environ, begin string
		args                 []string
	}{
		{"no SHELL", "", "export AWS_ACCESS_KEY_ID='ASIA", nil},
		{"fish", "SHELL=/usr/bin/fish", "set -gx AWS_ACCESS_KEY_ID 'ASIA", nil},
		{"powershell", "SHELL=/opt/pwsh", "$Env:AWS_ACCESS_KEY_ID", nil},
		{"one that is unknown", "SHELL=/bin/ksh", "export AWS_ACCESS_KEY_ID='ASIA", nil},
		{"variable", "SAMLCLI_SHELL=dotenv", "AWS_ACCESS_KEY_ID=", nil},
		{"flag", "SHELL=/usr/bin/fish", "{\"", []string{"--shell", "json"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if runtime.GOOS == "windows" {
				t.Skip("another default there")
			}
			w := asBob(t)
			w.environ = append(w.environ, test.environ)
			if r := w.want(0, "", append([]string{"env"}, test.args...)...); !strings.HasPrefix(r.stdout, test.begin) {
				t.Errorf("begins %.40q, want %q", r.stdout, test.begin)
			}
		})
	}
}

func TestExec(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are for a shell")
	}
	for _, test := range []struct {
		name    string
		code    int
		program []string
	}{
		{"done", 0, []string{"true"}},
		{"its own code", 42, []string{"sh", "-c", "exit 42"}},
		{"signal", 128 + 9, []string{"sh", "-c", "kill -9 $$"}},
		{"no such program", 127, []string{"samlcli-no-such-program"}},
		{"no program", 126, []string{"/etc/passwd"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asBob(t)
			r := w.run(append([]string{"exec", "--"}, test.program...)...)
			if r.code != test.code || r.stdout != "" {
				t.Errorf("ended with %d, want %d: %s", r.code, test.code, r.stderr)
			}
			if quiet := test.code < 126 || test.code > 127; quiet != (r.stderr == "") {
				t.Errorf("said %q", r.stderr)
			}
		})
	}
}

func TestExecEnvironment(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the programs are for a shell")
	}
	w := asBob(t)
	w.environ = append(w.environ, "AWS_PROFILE=other", "SAMLCLI_CODE=planted", "KEPT=yes", "AWS_SESSION_TOKEN=stale")
	w.stdin = strings.NewReader(lab.BobPassword + "\nfor the program")
	r := w.want(0, "", "exec", "--password-stdin", "--region", "eu-west-1", "--", "sh", "-c", "env; cat")
	for _, want := range []string{"AWS_ACCESS_KEY_ID=ASIA", "AWS_REGION=eu-west-1\n", "AWS_DEFAULT_REGION=eu-west-1\n",
		"AWS_CREDENTIAL_EXPIRATION=2026-11-20T13:00:00Z\n", "KEPT=yes\n", "for the program"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("the program lacks %q", want)
		}
	}
	for _, gone := range []string{"AWS_PROFILE", "SAMLCLI_PASSWORD=", "SAMLCLI_CODE=", lab.BobPassword, "stale"} {
		if strings.Contains(r.stdout, gone) {
			t.Errorf("the program has %q", gone)
		}
	}
	if r := w.run("exec", "echo", "--role", "x"); r.code != 0 || r.stdout != "--role x\n" {
		t.Errorf("flags of the program: %d, %q, %s", r.code, r.stdout, r.stderr)
	}
}

// TestArrange: flags behind arguments work as those before them.
func TestArrange(t *testing.T) {
	t.Parallel()
	app := newApp(host{}, &logger{}, nil)
	for _, test := range []struct{ args, want string }{
		{"", ""},
		{"login -v", "login -v"},
		{"configure https://x --account a -v", "configure --account a -v https://x"},
		{"configure --account=a https://x --mfa totp y", "configure --account=a --mfa totp https://x y"},
		{"configure https://x --account", "configure --account https://x"},
		{"configure https://x -- --account", "configure https://x -- --account"},
		{"configure - --account a", "configure --account a -"},
		{"adapters google --help", "adapters --help google"},
		{"assertion show x --output json", "assertion show --output json x"},
		{"exec aws --region x", "exec aws --region x"},
		{"unknown --flag x", "--flag unknown x"},
	} {
		got := strings.Join(arrange(app, strings.Fields(test.args)), " ")
		if got != test.want {
			t.Errorf("arrange(%q) = %q, want %q", test.args, got, test.want)
		}
	}
}

func TestHelp(t *testing.T) {
	w := newWorld(t)
	w.golden("help", w.want(0, "", "--help").stdout)
	w.golden("help", w.want(0, "").stdout)
	w.golden("help", w.want(0, "", "help").stdout)
	for _, command := range []string{"login", "roles", "process", "env", "exec", "configure", "adapters", "version"} {
		w.golden("help-"+command, w.want(0, "", command, "--help").stdout)
	}
	w.golden("help-assertion-show", w.want(0, "", "assertion", "show", "-h").stdout)
}

func TestAdapters(t *testing.T) {
	w := newWorld(t)
	if r := w.want(0, "", "adapters"); !strings.Contains(r.stdout, "keycloak") || !strings.Contains(r.stdout, "forms") {
		t.Errorf("got %s", r.stdout)
	}
	if r := w.want(0, "", "adapters", "keycloak"); !strings.HasPrefix(r.stdout, "keycloak: Keycloak") || !strings.Contains(r.stdout, "steps:\n") {
		t.Errorf("got %s", r.stdout)
	}
	w.want(2, `did you mean "keycloak"?`, "adapters", "keycloack")
}

// TestVersionTouchesNothing: it must start in no time.
func TestVersionTouchesNothing(t *testing.T) {
	w := newWorld(t)
	w.config("this is not TOML")
	w.keys, w.tty, w.now = nil, nil, nil
	for _, args := range [][]string{{"version"}, {"--version"}} {
		if r := w.want(0, "", args...); r.stdout != version+"\n" || r.stderr != "" {
			t.Errorf("%v: %+v", args, r)
		}
	}
	if files, _ := os.ReadDir(w.home); len(files) != 1 {
		t.Errorf("left %v", files)
	}
}

// env --unset takes out what env puts in, and needs neither config nor sign-in.
func TestEnvUnset(t *testing.T) {
	w := newWorld(t)
	w.config("not TOML")
	for shell, line := range map[string]string{"sh": "unset AWS_SESSION_TOKEN", "fish": "set -e AWS_SESSION_TOKEN;", "powershell": "Remove-Item -ErrorAction SilentlyContinue Env:AWS_SESSION_TOKEN", "cmd": "set AWS_SESSION_TOKEN=", "nu": "hide-env -i AWS_SESSION_TOKEN"} {
		if r := w.want(0, "", "env", "--unset", "--shell", shell); !strings.Contains(r.stdout, line+"\n") || strings.Count(r.stdout, "\n") != 6 {
			t.Errorf("%s: %q", shell, r.stdout)
		}
	}
	w.want(2, "nothing can be taken out of json", "env", "--unset", "--shell", "json")
}
