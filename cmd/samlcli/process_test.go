package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where a person is needed, process says so in one line and what would have answered in another, under every flag.
func TestProcessNeedsAPerson(t *testing.T) {
	for _, args := range [][]string{
		nil, {"-v"}, {"--no-input"}, {"--refresh"}, {"--remember", "off"}, {"--remember", "file"}, {"--remember", "keyring"},
		{"--role", "Admin"}, {"--role", "*"}, {"--region", "eu-west-1"}, {"--duration", "1h", "--strict"}, {"--min-ttl", "6h"},
		{"--mfa", "push,totp"}, {"--idp", "forms"}, {"--read-only"}, {"--save-assertion", "saved"}, {"--timeout", "1m"}, {"--insecure"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			w := asAlice(t)
			w.set("SAMLCLI_CODE", "")
			for i, arg := range args {
				if arg == "saved" {
					args[i] = filepath.Join(w.home, arg)
				}
			}
			said := w.want(exitNoAnswer, "nobody to ask\nsamlcli: hint: give it with --code", append([]string{"process"}, args...)...).stderr
			for line := range strings.Lines(said) {
				if !strings.HasPrefix(line, "samlcli: ") {
					t.Errorf("said %q", line)
				}
			}
			if !w.missing(".aws") || w.remembered("session") {
				t.Error("something was written")
			}
		})
	}
}

// A profile of the AWS config file may change without our config: a call by it is answered by looking at it.
func TestProcessByAWSProfile(t *testing.T) {
	w := asBob(t)
	calls := w.assumes()
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n[profile.hub]\n", w.lab.URL)
	for i, role := range []string{"Near", "Far"} {
		w.file(".aws/config", "[profile on]\nrole_arn = arn:aws:iam::222222222222:role/"+role+"\nsource_profile = hub\n")
		w.want(0, "", "process", "--profile", "on")
		if len(*calls) != i+1 {
			t.Errorf("%s: %d calls", role, len(*calls))
		}
	}
	if entries, _ := os.ReadDir(filepath.Join(w.home, ".cache/samlcli/calls")); len(entries) > 0 {
		t.Error("the call is noted")
	}
	w.want(0, "", "process", "--profile", "hub")
	if entries, _ := os.ReadDir(filepath.Join(w.home, ".cache/samlcli/calls")); len(entries) != 1 {
		t.Error("the call by a profile of ours is not noted")
	}
}
