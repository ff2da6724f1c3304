package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

const headless = "../../docs/headless/"

// documented returns the arguments of samlcli in a file of docs/headless, for the profile prod.
func documented(t *testing.T, file string) []string {
	t.Helper()
	data, err := os.ReadFile(headless + file)
	if err != nil {
		t.Fatal(err)
	}
	_, command, _ := strings.Cut(string(data), "/usr/local/bin/samlcli ")
	command, _, _ = strings.Cut(command, " 2>&1")
	command, _, _ = strings.Cut(command, "\n")
	return strings.Fields(strings.ReplaceAll(command, "%i", "prod"))
}

// What the timer and cron do keeps a profile signed in for a day, by one sign-in and without a question.
func TestHeadless(t *testing.T) {
	for _, file := range []string{"samlcli@.service", "crontab"} {
		t.Run(file, func(t *testing.T) {
			c := &watch{}
			users := lab.Users()
			for i := range users {
				users[i].Session = 0 // it says none
			}
			w := newLab(t, lab.Options{Now: c.now, Users: users, MaxDuration: map[string]time.Duration{"arn:aws:iam::123456789012:role/Admin": 12 * time.Hour}}).follow(c)
			w.config("[account.work]\nurl = %q\nusername = \"alice\"\n[profile.prod]\nrole = \"Admin\"\n", w.lab.URL)
			w.untouched()
			w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
			w.set("SAMLCLI_CODE", lab.Code(lab.AliceSeed, noon))
			args := documented(t, file)
			w.want(0, "valid for 12h", args...)
			w.set("SAMLCLI_PASSWORD", "")
			w.set("SAMLCLI_CODE", "")
			for range 7 {
				c.pass(time.Hour)
				w.want(0, "valid for", args...)
			}
			if calls := w.count("sts POST /"); w.lab.SignIns() != 1 || calls != 2 {
				t.Errorf("%d sign-ins, %d calls of STS in seven hours", w.lab.SignIns(), calls)
			}
			c.pass(7 * time.Hour) // the provider's session is over
			before := w.read(".aws/credentials")
			w.want(exitNoAnswer, "samlcli: hint: give it with --password-stdin", args...)
			if w.read(".aws/credentials") != before {
				t.Error("the credentials did not stay")
			}
		})
	}
}

// TestHeadlessPage: the page shows the line that is in the file.
func TestHeadlessPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/headless.md")
	if err != nil {
		t.Fatal(err)
	}
	if line := strings.Join(documented(t, "crontab"), " "); !strings.Contains(string(page), line) {
		t.Errorf("the page does not have %q", line)
	}
}

// TestUnits has systemd look at the units, where it is there.
func TestUnits(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil || runtime.GOOS != "linux" {
		t.Skip("systemd-analyze is not installed")
	}
	dir := t.TempDir()
	var units []string
	for _, name := range []string{"samlcli@.service", "samlcli@.timer"} {
		data, err := os.ReadFile(headless + name)
		if err != nil {
			t.Fatal(err)
		}
		units = append(units, filepath.Join(dir, name))
		text := strings.Replace(string(data), "/usr/local/bin/samlcli", "/bin/true", 1) // it must be there
		if err := os.WriteFile(units[len(units)-1], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("systemd-analyze", append([]string{"--user", "verify", "--man=no"}, units...)...)
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze: %v\n%s", err, out)
	}
}
