package main

import (
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// After logout nothing is left that another sign-in could use, and everything else is.
func TestLogout(t *testing.T) {
	for _, all := range []bool{false, true} {
		t.Run(map[bool]string{false: "one", true: "all"}[all], func(t *testing.T) {
			w := asBob(t)
			w.file(".aws/credentials", "[old]\naws_access_key_id = AKIAOLD\naws_secret_access_key = x\n[saml]\n# mine\ncolour = blue\n")
			w.want(0, "", "login")
			w.want(0, "", "login", "--aws-profile", "other")
			args := []string{"logout"}
			if all {
				args = append(args, "--all")
			}
			r := w.want(0, "", args...)
			w.golden(t.Name()[len("TestLogout/"):]+"-logout", r.stderr)
			if text := w.read(".aws/credentials"); strings.Contains(text, "ASIA") || !strings.Contains(text, "AKIAOLD") || !strings.Contains(text, "colour = blue") {
				t.Errorf("credentials file:\n%s", text)
			}
			if r := w.want(0, "", "status", "--output", "json"); r.stdout != "[]\n" {
				t.Errorf("status: %s", r.stdout)
			}
			w.set("SAMLCLI_PASSWORD", "")
			w.want(3, "", "process")
			w.want(0, "no session", "logout")
		})
	}
}

// What no profile has is said as well, and names that were found out go too.
func TestLogoutSaysWhatStaysValid(t *testing.T) {
	for _, command := range []string{"logout", "logout --all"} {
		t.Run(command, func(t *testing.T) {
			w := asAlice(t)
			w.wire = w.without("signin.aws.amazon.com")
			w.want(0, "", "env", "--role", "Admin")
			w.want(0, "", "env", "--role", "Deploy", "--duration", "15m")
			w.want(0, "", "env", "--role", "Deploy", "--duration", "30m")
			w.want(0, "", "login", "--all", "--duration", "15m")
			r := w.want(0, "", strings.Fields(command)...)
			for role, lasts := range map[string]time.Duration{"123456789012/Admin": time.Hour, "210987654321/Deploy": 30 * time.Minute} {
				words := role + " that were handed out stay valid until " + noon.Add(lasts).Local().Format("15:04")
				if strings.Count(r.stderr, words) != 1 {
					t.Errorf("not once %q:\n%s", words, r.stderr)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(w.home, ".cache/samlcli/aliases/*")); len(left) > 0 {
				t.Errorf("left %s", left)
			}
		})
	}
}

// One account's logout leaves the others alone.
func TestLogoutOfOne(t *testing.T) {
	w := asBob(t)
	w.want(0, "", "login")
	w.want(0, "no session", "logout", "--username", "alice")
	w.set("SAMLCLI_PASSWORD", "")
	w.want(0, "", "process")
}

// A sign-in that was handed on ends where it was handed to.
func TestLogoutElsewhere(t *testing.T) {
	w := newWorld(t)
	response, err := os.ReadFile("../../fixtures/saml/adfs.xml")
	if err != nil {
		t.Fatal(err)
	}
	w.config("[account.work]\nurl = \"https://portal.example.com/aws\"\nusername = \"bob\"\nhost = \"sso.example.net\"\n")
	w.set("SAMLCLI_PASSWORD", "planted")
	var places []string
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		places = append(places, r.Method+" "+r.URL.Host+r.URL.Path)
		switch {
		case r.URL.Host == "portal.example.com":
			answer, err := page(r, 302, "")
			answer.Header.Set("Location", "https://sso.example.net/realms/staff/protocol/saml?session=1")
			return answer, err
		case r.Method == http.MethodPost:
			return page(r, 200, `<form method="post" action="https://signin.aws.amazon.com/saml"><input type="hidden" name="SAMLResponse" value="`+base64.StdEncoding.EncodeToString(response)+`"></form>`)
		}
		answer, err := page(r, 200, `<form id="kc-form-login" action="/realms/staff/login" method="post"><input name="username"><input type="password" name="password"><input type="submit" id="kc-login"></form>`)
		answer.Header.Set("Set-Cookie", "KEYCLOAK_IDENTITY=x; path=/realms/staff/")
		return answer, err
	})
	flags := []string{"--url", "https://portal.example.com/aws", "--username", "rob", "--host", "sso.example.net"}
	for _, c := range []struct {
		words         string
		login, logout []string
	}{
		{`signed out of account "work"`, nil, nil},
		{`signed out of account "work"`, nil, []string{"--all"}},
		{"signed out of sso.example.net", flags, []string{"--all"}}, // of which the config says nothing
	} {
		places = nil
		w.want(0, "", append([]string{"assertion", "get"}, c.login...)...)
		r := w.want(0, c.words, append([]string{"logout"}, c.logout...)...)
		if strings.Count(r.stderr, "signed out") != 1 {
			t.Errorf("said %s", r.stderr)
		}
		if last := places[len(places)-1]; last != "GET sso.example.net/realms/staff/protocol/openid-connect/logout" {
			t.Errorf("signed out at %s", last)
		}
	}
}
