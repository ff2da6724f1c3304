package main

import (
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// A stored password that has become wrong is sent once in a while, however many calls there are.
func TestStalePassword(t *testing.T) {
	c := &watch{}
	w := newLab(t, lab.Options{Now: c.now}).follow(c)
	password := w.file("password", "an old one")
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\npassword_command = [\"cat\", %q]\n", w.lab.URL, password)
	for range 10 {
		w.want(4, "refused", "process")
	}
	sent := func(want int, when string) {
		t.Helper()
		if got := w.count("idp POST /login"); got != want {
			t.Errorf("%s: it was sent %d times, want %d", when, got, want)
		}
	}
	sent(1, "one after another")
	c.pass(14 * time.Minute)
	said := w.want(4, "it refused this stored password at ", "process", "--log-format", "json").stderr
	if !strings.Contains(said, `"kind":"bad_credentials"`) || strings.Contains(said, "an old one") {
		t.Errorf("said %s", said)
	}
	sent(1, "a while later")
	c.pass(2 * time.Minute)
	w.want(4, "refused", "process")
	sent(2, "after the while")
	w.stdin = strings.NewReader("the same\n")
	w.want(4, "refused", "process", "--password-stdin")
	sent(3, "when it is given")
	w.file("password", lab.BobPassword)
	w.want(0, "", "process")
	sent(4, "when it is another")
}
