package main

import (
	"strings"
	"testing"
)

func TestWhoami(t *testing.T) {
	w := asBob(t)
	if r := w.want(0, "", "whoami"); !strings.HasPrefix(r.stdout, "arn:aws:sts::123456789012:assumed-role/ReadOnly/") {
		t.Errorf("got %s", r.stdout)
	}
	if r := w.want(0, "", "whoami", "--output", "json"); !strings.Contains(r.stdout, `"account": "123456789012"`) || !strings.Contains(r.stdout, `"user_id"`) {
		t.Errorf("got %s", r.stdout)
	}
	if w.lab.SignIns() != 1 || w.count("sts POST /") != 8 { // six to find the duration
		t.Errorf("asked %q", w.lab.Requests())
	}
}
