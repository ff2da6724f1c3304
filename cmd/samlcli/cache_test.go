package main

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/saml"
)

// count returns how many requests of a kind the lab answered.
func (w *world) count(request string) int {
	return strings.Count(strings.Join(w.lab.Requests(), "\n")+"\n", request+"\n")
}

// The second of two calls asks nobody anything: not the provider, not STS, not the keyring.
func TestCachedCredentials(t *testing.T) {
	w := asBob(t)
	first := w.want(0, "", "process")
	w.keys.asked = nil
	before := len(w.lab.Requests())
	second := w.want(0, "", "process")
	if second.stdout != first.stdout || len(w.lab.Requests()) != before || len(w.keys.asked) > 0 {
		t.Errorf("asked %q and the keyring for %q", w.lab.Requests()[before:], w.keys.asked)
	}
	// Every sink and login take them too.
	for _, args := range [][]string{{"login"}, {"env", "--shell", "json"}, {"exec", "--", "true"}} {
		w.want(0, "", args...)
	}
	if len(w.lab.Requests()) != before || !strings.Contains(w.read(".aws/credentials"), accessKey(t, first.stdout)) {
		t.Errorf("asked %q", w.lab.Requests()[before:])
	}
	w.eachOwnerOnly(".cache", ".local")
}

func accessKey(t *testing.T, stdout string) string {
	t.Helper()
	var answer struct{ AccessKeyId string }
	if err := json.Unmarshal([]byte(stdout), &answer); err != nil || answer.AccessKeyId == "" {
		t.Fatalf("%v in %s", err, stdout)
	}
	return answer.AccessKeyId
}

// eachOwnerOnly checks the mode of every file below home.
func (w *world) eachOwnerOnly(dirs ...string) {
	w.Helper()
	for _, dir := range dirs {
		err := filepath.WalkDir(filepath.Join(w.home, dir), func(path string, d os.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err == nil && info.Mode().Perm()&0o077 != 0 {
				w.Errorf("%s has mode %v", path, info.Mode())
			}
			return err
		})
		if err != nil {
			w.Error(err)
		}
	}
}

// What makes credentials others, or not good for long enough, makes a call to STS.
func TestCacheMisses(t *testing.T) {
	for _, c := range []struct {
		what string
		args []string
		env  string
		pass time.Duration
	}{
		{"another region", []string{"--region", "eu-west-1"}, "", 0},
		{"another region of the environment", nil, "AWS_REGION=eu-west-1", 0},
		{"another duration", []string{"--duration", "30m"}, "", 0},
		{"a policy", []string{"--policy-arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "", 0},
		{"read-only", []string{"--read-only"}, "", 0},
		{"a fresh one", []string{"--refresh"}, "", 0},
		{"one for longer", []string{"--min-ttl", "2h"}, "", 0},
		{"soon over", nil, "", 46 * time.Minute},
		{"another user", []string{"--username", "rob"}, "", 0},
		{"another provider", []string{"--url", "ADDRESS&other=1", "--username", "bob"}, "", 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			bob, rob := lab.Users()[1], lab.Users()[1]
			rob.Name = "rob"
			w := newLab(t, lab.Options{Users: []lab.User{bob, rob}})
			w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n", w.lab.URL)
			w.set("SAMLCLI_PASSWORD", lab.BobPassword)
			now := noon
			w.now = func() time.Time { return now }
			w.want(0, "", "process")
			before := w.count("sts POST /")
			now = now.Add(c.pass)
			name, value, _ := strings.Cut(c.env, "=")
			w.set(name, value)
			w.want(0, "", strings.Fields("process "+strings.ReplaceAll(strings.Join(c.args, " "), "ADDRESS", w.lab.URL))...)
			if got := w.count("sts POST /") - before; got != 1 {
				t.Errorf("%d calls of STS, want 1", got)
			}
		})
	}
}

// A damaged file of the cache is as good as none.
func TestDamagedCache(t *testing.T) {
	w := asBob(t)
	w.want(0, "", "process")
	for _, dir := range []string{".cache", ".local"} {
		err := filepath.WalkDir(filepath.Join(w.home, dir), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			return os.WriteFile(path, []byte("{\"Version\":1,\n\x00"), 0o600)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	w.want(0, "", "process")
}

// The response of the last sign-in serves other roles for five minutes, less half a minute.
func TestCachedAssertion(t *testing.T) {
	w := newLab(t, lab.Options{})
	now := noon
	w.now = func() time.Time { return now }
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
	w.set("SAMLCLI_CODE", lab.Code(lab.AliceSeed, noon))
	w.want(0, "", "process", "--role", "Admin")
	before := w.count("idp GET /sso")
	w.want(0, "", "process", "--role", "ReadOnly")
	if w.count("idp GET /sso") != before || w.count("sts POST /") != 2 {
		t.Errorf("asked %q", w.lab.Requests())
	}
	now = now.Add(5*time.Minute - 29*time.Second)
	w.want(0, "", "process", "--role", "Deploy")
	if w.count("idp GET /sso") == before {
		t.Error("it is used beyond its time")
	}
	if w.lab.SignIns() != 1 {
		t.Errorf("%d sign-ins: the provider's session is not remembered", w.lab.SignIns())
	}
}

// AWS takes a response until five minutes after it was made, or until its own end, if that is sooner.
func TestGoodUntil(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		made, ends, want time.Time
	}{
		{noon, noon.Add(time.Hour), noon.Add(4*time.Minute + 30*time.Second)},
		{noon, noon.Add(2 * time.Minute), noon.Add(90 * time.Second)},
		{noon, time.Time{}, noon.Add(4*time.Minute + 30*time.Second)},
		{time.Time{}, noon.Add(time.Hour), time.Time{}},
	} {
		if got := goodUntil(&saml.Response{IssuedAt: c.made, Expires: c.ends}); !got.Equal(c.want) {
			t.Errorf("made %v, ends %v: good until %v, want %v", c.made, c.ends, got, c.want)
		}
	}
}

// The provider's session is tried before anybody is asked.
func TestRememberedSession(t *testing.T) {
	for _, place := range []string{"", "file", "keyring", "off"} {
		t.Run(place, func(t *testing.T) {
			w := asBob(t)
			w.keys.gone = place == "file"
			args := []string{"roles", "--refresh"}
			if place != "" {
				args = append(args, "--remember", place)
			}
			w.want(0, "", args...)
			w.set("SAMLCLI_PASSWORD", "")
			code := 0
			if place == "off" {
				code = exitNoAnswer
			}
			w.want(code, "", args...)
			if want := 1; w.lab.SignIns() != want {
				t.Errorf("%q: %d sign-ins, want %d", place, w.lab.SignIns(), want)
			}
			if kept := w.remembered("session"); kept != (place != "off") {
				t.Errorf("%q: kept is %v", place, kept)
			}
			if inFile := !w.missing(".local/state/samlcli/key"); inFile != (place == "file") {
				t.Errorf("%q: a key in a file is %v", place, inFile)
			}
		})
	}
}

// A refusal of the answer leaves the session; one of the browser that it stands for ends it.
func TestPoisonedSession(t *testing.T) {
	response, err := os.ReadFile("../../fixtures/saml/adfs.xml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what   string
		status int
		kept   bool
	}{
		{"the password is wrong", 200, true},
		{"too many browsers like this one", 429, false},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := newWorld(t)
			w.set("SAMLCLI_PASSWORD", "planted")
			const form = `<form method="post" action="/login"><input name="username"><input type="password" name="password"><input type="submit"></form>`
			answer, status := `<form method="post" action="https://signin.aws.amazon.com/saml"><input type="hidden" name="SAMLResponse" value="`+base64.StdEncoding.EncodeToString(response)+`"></form>`, 200
			w.wire = wire(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPost {
					return page(r, status, answer)
				}
				asked, err := page(r, 200, form)
				asked.Header.Set("Set-Cookie", "browser=x")
				return asked, err
			})
			args := []string{"assertion", "get", "--refresh", "--url", "https://sso.example.com/aws", "--username", "bob"}
			w.want(0, "", args...)
			if !w.remembered("session") {
				t.Fatal("no session is kept")
			}
			answer, status = form, c.status
			w.want(4, "", args...)
			if got := w.remembered("session"); got != c.kept {
				t.Errorf("the session is kept: %v, want %v", got, c.kept)
			}
		})
	}
}

func TestRememberElsewhere(t *testing.T) {
	w := asBob(t)
	w.want(2, "--remember is keyring, file or off", "roles", "--remember", "forever")
}

// remembered reports whether something of a kind is kept of an account.
func (w *world) remembered(kind string) bool {
	found, _ := filepath.Glob(filepath.Join(w.home, ".local/state/samlcli/accounts/*", kind))
	return len(found) > 0
}

// Nothing of what is kept can be read by looking at the files.
func TestSealedState(t *testing.T) {
	w := asBob(t)
	response := w.want(0, "", "assertion", "get").stdout
	err := filepath.WalkDir(filepath.Join(w.home, ".local"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), "session") || strings.Contains(string(data), response[:40]) {
			t.Errorf("%s is readable: %q", path, data)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
