package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestStatus(t *testing.T) {
	w := asBob(t)
	w.want(0, "no credentials were fetched yet", "status")
	if r := w.want(0, "", "status", "--output", "json"); r.stdout != "[]\n" {
		t.Errorf("nothing, as JSON: %q", r.stdout)
	}
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n[profile.prod]\n[profile.\"quo\\\"té😀\"]\n", w.lab.URL)
	w.want(0, "", "login")
	w.want(0, "", "process", "--profile", "prod")
	w.want(0, "", "exec", "--profile", `quo"té😀`, "--", "true")
	now := noon.Add(17*time.Minute + time.Second)
	w.now = func() time.Time { return now }
	w.golden("status", w.want(0, "", "status").stdout)
	r := w.want(0, "", "status", "--output", "json")
	w.golden("status-json", r.stdout)
	var all []struct {
		Profile, Account, Role, Expires string
		SecondsLeft                     int `json:"seconds_left"`
	}
	if err := json.Unmarshal([]byte(r.stdout), &all); err != nil || len(all) != 3 || all[1].Profile != `quo"té😀` || all[0].SecondsLeft != 2579 {
		t.Errorf("%v: %+v", err, all)
	}
	for profile, want := range map[string]string{"": "", "prod": "prod 42m\n", "saml": "saml 42m\n", "test": ""} {
		w.set("AWS_PROFILE", profile)
		if r := w.want(0, "", "status", "--prompt"); r.stdout != want {
			t.Errorf("prompt with %q: %q, want %q", profile, r.stdout, want)
		}
	}
	for variable, want := range map[string]string{"SAMLCLI_OUTPUT=json": "[\n", "SAMLCLI_OUTPUT=text": "prod  ", "SAMLCLI_PROMPT=1": "prod 42m\n"} {
		v := *w
		v.environ = append([]string{variable, "AWS_PROFILE=prod"}, w.environ...)
		if r := v.want(0, "", "status"); !strings.HasPrefix(r.stdout, want) {
			t.Errorf("status with %s: %q, want %q", variable, r.stdout, want)
		}
	}
	now = noon.Add(time.Hour)
	if r := w.want(0, "", "status"); strings.Count(r.stdout, "expired") != 3 {
		t.Errorf("expired: %s", r.stdout)
	}
	w.golden("help-status", w.want(0, "", "status", "--help").stdout)
}
