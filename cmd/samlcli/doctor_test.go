package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/term"
)

// examined is what the doctor finds, which must make it end with a code.
func (w *world) examined(code int, args ...string) (found []finding) {
	w.Helper()
	r := w.run(append([]string{"doctor", "--output", "json"}, args...)...)
	if r.code != code {
		w.Errorf("doctor %v ended with %d, want %d:\n%s%s", args, r.code, code, r.stdout, r.stderr)
	}
	if err := json.Unmarshal([]byte(r.stdout), &found); err != nil {
		w.Errorf("doctor %v: %v in %s", args, err, r.stdout)
	}
	return found
}

// told reports whether there is a finding of a check, in a state, with some words.
func (w *world) told(found []finding, check string, s state, words string) {
	w.Helper()
	for _, f := range found {
		if f.Check == check && f.State == s && strings.Contains(f.Message+" fix: "+f.Fix, words) {
			return
		}
	}
	w.Errorf("no %s of %s says %q: %+v", s, check, words, found)
}

func TestDoctor(t *testing.T) {
	w := asBob(t)
	w.golden("doctor", w.want(0, "", "doctor").stdout)
	if got := w.lab.SignIns(); got != 0 {
		t.Errorf("%d sign-ins", got)
	}
	w.golden("help-doctor", w.want(0, "", "doctor", "--help").stdout)
	w.want(2, "--output is text or json", "doctor", "--output", "yaml")
	w.set("AWS_ACCESS_KEY_ID", "AKIAPLANTED")
	r := w.run("doctor", "--account", "nobody", "--sts-endpoint", "http://sts.example.com")
	if r.code != 2 || !strings.Contains(r.stderr, "there are 2 problems") || strings.Contains(r.stdout+r.stderr, "PLANTED") {
		t.Errorf("%d: %s%s", r.code, r.stdout, r.stderr)
	}
	w.golden("doctor-problems", r.stdout+r.stderr)
}

func TestDoctorConfig(t *testing.T) {
	for words, text := range map[string]string{
		`unknown key "urll" in [account.lab] fix: did you mean "url"`: "[account.lab]\nurll = \"x\"\n",
		"line 1 is not TOML": "hello\n",
		`[account.lab]: the address to sign in at must be https`:            "[account.lab]\nurl = \"http://idp.example.com\"\n",
		`[account.lab]: there is no adapter "oktaa" fix: did you mean`:      "[account.lab]\nidp = \"oktaa\"\nurl = \"https://idp.example.com\"\n",
		`[account.lab]: [account.lab] has no url`:                           "[account.lab]\nusername = \"x\"\n",
		`[profile.p]: there is no [account.other] in the config`:            "[profile.p]\naccount = \"other\"\n",
		`there is no [account.other] in the config fix: the config has lab`: "default_account = \"other\"\n[account.lab]\ntoken_file = \"-\"\n",
		`[profile.p]: --duration is 15m to 12h, not 99h`:                    "[account.lab]\nurl = \"https://idp.example.com\"\n[profile.p]\nduration = \"99h\"\n",
		`[profile.p]: "eu west" is not a region`:                            "[account.lab]\nurl = \"https://idp.example.com\"\n[profile.p]\naccount = \"lab\"\nregion = \"eu west\"\n",
		`an issuer needs a client_id`:                                       "[account.lab]\nsource = \"web-identity\"\nissuer = \"https://idp.example.com\"\n",
		`[account.lab]: nothing says where the token comes from`:            "[account.lab]\nsource = \"web-identity\"\n",
		`[account.lab]: there is no source "brokr" fix: did you mean`:       "[account.lab]\nsource = \"brokr\"\nurl = \"https://x.example.com\"\n",
		`[account.lab]: [account.lab] has no url to`:                        "[account.lab]\nsource = \"broker\"\n",
	} {
		t.Run(words, func(t *testing.T) {
			w := newWorld(t)
			w.wire = unreachable
			w.config("%s", text)
			w.told(w.examined(2), "config", trouble, words)
		})
	}
	w := newWorld(t)
	w.wire = wire(func(r *http.Request) (*http.Response, error) { return page(r, 200, "") })
	w.told(w.examined(0), "config", fine, "there is none")
	w.config("[account.a]\nurl = \"https://idp.example.com\"\n[account.b]\ntoken_file = \"-\"\n[profile.p]\naccount = \"a\"\n")
	w.told(w.examined(0), "config", fine, "has 2 accounts and one profile")
	w.config("default_account = \"c\"\n[account.a]\nurl = \"https://idp.example.com\"\n")
	w.told(w.examined(2, "--account", "a"), "config", trouble, "default_account: there is no [account.c]")
	w.told(w.examined(2), "network", fine, "idp.example.com answers")
	w.config("default_account = \"c\"\n[account.a]\nurl = \"http://idp.example.com\"\n[profile.p]\naccount = \"d\"\n")
	for _, words := range []string{"there is no [account.c]", "[account.a]: the address to sign in at must be https", "[profile.p]: there is no [account.d]"} {
		w.told(w.examined(2), "config", trouble, words)
	}
}

func TestDoctorProfiles(t *testing.T) {
	w := asBob(t)
	w.config("[account.lab]\nurl = %q\n[profile.prod]\n[profile.test]\n", w.lab.URL)
	w.file(".aws/config", "[profile prod]\nregion = eu-west-1\n[profile test]\ncredential_process = samlcli process --profile test\n")
	w.told(w.examined(0), "profiles", fine, "namesake")
	w.file(".aws/config", "[profile prod]\nsso_session = corp\n")
	w.told(w.examined(0), "profiles", warning, "prod is a profile of the config and, from another source, of "+w.home)
}

func TestDoctorKeys(t *testing.T) {
	for name, test := range map[string]struct{ credentials, words string }{
		"long-term": {"[prod]\naws_access_key_id = AKIAPLANTED\naws_secret_access_key = PLANTED\n", "credentials has long-term keys for it"},
		"session":   {"[prod]\naws_access_key_id = ASIAPLANTED\naws_secret_access_key = PLANTED\naws_session_token = PLANTED\n", "has the keys of a session for it"},
		"expired": {"[prod]\naws_access_key_id = ASIAPLANTED\naws_secret_access_key = PLANTED\naws_session_token = PLANTED\nx_security_token_expires = 2026-11-20T10:00:00Z\n",
			"has keys that expired 2h ago for it fix: remove the keys of that section from "},
	} {
		t.Run(name, func(t *testing.T) {
			w := asBob(t)
			w.file(".aws/config", "[profile prod]\ncredential_process = samlcli process --profile prod\n[profile other]\nregion = eu-west-1\n")
			if err := os.Chmod(w.file(".aws/credentials", test.credentials+"[other]\naws_access_key_id = AKIAPLANTED\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			found := w.examined(2)
			w.told(found, "keys", trouble, test.words)
			if text, _ := json.Marshal(found); strings.Contains(string(text), "PLANTED") || strings.Contains(string(text), "other") {
				t.Errorf("said %s", text)
			}
		})
	}
	w := asBob(t)
	w.told(w.examined(0), "keys", fine, "in the way")
	w.file(".aws/config", "[default]\naws_access_key_id = AKIAPLANTED\ncredential_process = samlcli process\n")
	w.told(w.examined(2), "keys", trouble, "/.aws/config has long-term keys")
	w.set("AWS_ACCESS_KEY_ID", "AKIAPLANTED")
	w.told(w.examined(2), "keys", warning, "environment's keys")
}

func TestDoctorKeyring(t *testing.T) {
	w := asBob(t)
	w.told(w.examined(0), "keyring", fine, "a copy of your files is worth nothing")
	w.told(w.examined(0, "--remember", "file"), "keyring", fine, "not from whoever reads them all")
	w.told(w.examined(0, "--remember", "off"), "keyring", fine, "nothing is remembered")
	w.keys.err = errors.New("locked")
	w.told(w.examined(0), "keyring", warning, "the keyring does not answer (locked)")
	w.told(w.examined(2, "--remember", "keyring"), "keyring", trouble, "no keyring answers fix: unlock it")
	w.keys.gone = true
	w.told(w.examined(0), "keyring", fine, "there is no keyring here; what is remembered")
	w.told(w.examined(2, "--remember", "keyring"), "keyring", trouble, "no keyring answers")
}

func TestDoctorTerminal(t *testing.T) {
	w := asBob(t)
	w.told(w.examined(0), "terminal", warning, "there is no terminal")
	w.told(w.examined(0, "--no-input"), "terminal", fine, "nobody is asked")
	w.tty = func() (*term.Terminal, error) { return &term.Terminal{}, nil }
	w.told(w.examined(0), "terminal", fine, "questions are asked at the terminal")
}

func TestDoctorNetwork(t *testing.T) {
	w := asBob(t)
	w.told(w.examined(0), "network", fine, "answers")
	w.wire = unreachable
	w.told(w.examined(2), "network", trouble, "the name is not known (DNS) fix: is the name right")
	w.told(w.examined(2, "--url", "https://idp.example.com/x?secret=PLANTED", "--proxy", "http://user:PLANTED@proxy.example.com:3128"), "network", trouble, "idp.example.com through the proxy proxy.example.com:3128: ")
	if r := w.run("doctor", "--url", "https://idp.example.com/x?secret=PLANTED", "--proxy", "http://user:PLANTED@proxy.example.com:3128"); strings.Contains(r.stdout, "PLANTED") {
		t.Errorf("said %s", r.stdout)
	}
	w.wire = wire(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") })
	w.told(w.examined(2, "--url", "https://idp.example.com", "--proxy", "proxy.example.com"), "network", trouble, "fix: is the proxy right")
	w.told(w.examined(2), "network", trouble, "(STS): connection refused fix: is the address right")
	w.wire = wire(func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded })
	w.told(w.examined(2), "network", trouble, "no answer within 5s")
	w.wire = nil
	w.told(w.examined(2, "--ca-bundle", "/nowhere"), "network", trouble, "reading certificates")
	w.told(w.examined(2, "--region", "EU"), "network", trouble, `"EU" is not a region`)
	w.told(w.examined(2, "--proxy", "ftp://x"), "network", trouble, "the proxy's address cannot be read fix: as in --proxy")
}

// TestDoctorNetworkAtOnce: hosts that never answer cost the time of one, whatever their number; each is asked once, and hears
// nothing of the sign-in's address.
func TestDoctorNetworkAtOnce(t *testing.T) {
	w := newWorld(t)
	w.config("[account.a]\nurl = \"https://a.example.com/x?y\"\n[account.b]\nurl = \"https://b.example.com\"\n[account.c]\nurl = \"https://a.example.com/z\"\n")
	asked, all := make(chan string, 9), make(chan struct{})
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if asked <- r.Method + " " + r.URL.String(); len(asked) == 3 {
			close(all)
		}
		<-all
		return page(r, 200, "")
	})
	w.examined(0)
	close(asked)
	got := map[string]bool{}
	for r := range asked {
		got[r] = true
	}
	for _, want := range []string{"HEAD https://a.example.com/", "HEAD https://b.example.com/", "HEAD https://sts.us-east-1.amazonaws.com/"} {
		if !got[want] || len(got) != 3 {
			t.Errorf("asked %v, want %s", got, want)
		}
	}
}

func TestDoctorUntrusted(t *testing.T) {
	w := newLab(t, lab.Options{TLS: &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}}})
	w.told(w.examined(2, "--url", w.lab.URL), "network", trouble, "its certificate is not trusted")
	w.told(w.examined(2, "--url", w.lab.URL), "network", trouble, "fix: if a company's proxy or private authority")
}

func TestDoctorClock(t *testing.T) {
	w := asBob(t)
	w.told(w.examined(0), "clock", fine, "agrees")
	for ahead, want := range map[time.Duration]struct {
		code  int
		s     state
		words string
	}{
		-10 * time.Second: {0, warning, "clock is 10s behind that of 127.0.0.1"},
		2 * time.Minute:   {2, trouble, "clock is 2m ahead of that of 127.0.0.1"},
	} {
		w.now = func() time.Time { return noon.Add(ahead) }
		w.told(w.examined(want.code), "clock", want.s, want.words)
	}
	w.wire = wire(func(r *http.Request) (*http.Response, error) { return page(r, 200, "") }) // without a date
	for _, f := range w.examined(0) {
		if f.Check == "clock" {
			t.Errorf("a clock is made up: %+v", f)
		}
	}
}

func TestDoctorAddsNothing(t *testing.T) {
	w := asBob(t)
	w.examined(0)
	var names []string
	err := filepath.Walk(w.home, func(path string, info os.FileInfo, err error) error {
		if err == nil && info.Mode().IsRegular() {
			names = append(names, path)
		}
		return err
	})
	if err != nil || len(names) != 1 {
		t.Errorf("it leaves %v, %v", names, err)
	}
}
