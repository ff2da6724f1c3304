package main

import (
	"strings"
	"testing"
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

// One account's logout leaves the others alone.
func TestLogoutOfOne(t *testing.T) {
	w := asBob(t)
	w.want(0, "", "login")
	w.want(0, "no session", "logout", "--username", "alice")
	w.set("SAMLCLI_PASSWORD", "")
	w.want(0, "", "process")
}
