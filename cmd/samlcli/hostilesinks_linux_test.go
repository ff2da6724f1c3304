package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/lab/hostile"
)

// nastyKeys are text that shells, files and terminals would take for more.
var nastyKeys = hostile.Keys{
	ID:     "ASIA'\"`touch${IFS}pwned`",
	Secret: `$(touch${IFS}pwned)';touch${IFS}pwned;'";touch${IFS}pwned;"\'&|<>(){}[]*?~!#%PATH%^$HOME\n`,
	Token:  "$AWS_ACCESS_KEY_ID\\'\\\"\\$;[default]=aws_session_token=#;!!`id`{{.}}%s",
}

// hostileSinks: what an STS gives out stays text wherever it is written, or is refused.
func hostileSinks(t *testing.T, program string) {
	t.Helper()
	for _, shell := range []string{"sh", "bash", "zsh", "fish"} {
		if _, err := exec.LookPath(shell); err != nil {
			continue
		}
		t.Run("credentials in "+shell, func(t *testing.T) {
			t.Parallel()
			m := ask(t, program, exitDone, "env", "--shell", shell)
			script := m.stdout.String() + "\nprintf '%s\\n%s\\n%s' \"$AWS_ACCESS_KEY_ID\" \"$AWS_SECRET_ACCESS_KEY\" \"$AWS_SESSION_TOKEN\"\n"
			m.wantKeys(t, runShell(t, m.home, shell, "-c", script))
		})
	}
	t.Run("credentials in a child", func(t *testing.T) {
		t.Parallel()
		m := ask(t, program, exitDone, "exec", "--", "sh", "-c", `printf '%s\n%s\n%s' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" "$AWS_SESSION_TOKEN"`)
		m.wantKeys(t, m.stdout.String())
	})
	t.Run("credentials in files", func(t *testing.T) {
		t.Parallel()
		m := ask(t, program, exitDone, "login")
		data, err := os.ReadFile(filepath.Join(m.home, ".aws/credentials"))
		if err != nil {
			t.Fatal(err)
		}
		file := inifile.Parse(data)
		s, _ := file.Section("saml")
		m.wantKeys(t, s.Get("aws_access_key_id")+"\n"+s.Get("aws_secret_access_key")+"\n"+s.Get("aws_session_token"))
		if names := file.Names(); len(names) != 1 {
			t.Errorf("sections %q", names)
		}
	})
	t.Run("credentials in JSON", func(t *testing.T) {
		t.Parallel()
		m := ask(t, program, exitDone, "process")
		var k struct{ AccessKeyId, SecretAccessKey, SessionToken string }
		if err := json.Unmarshal(m.stdout.Bytes(), &k); err != nil {
			t.Fatal(err)
		}
		m.wantKeys(t, k.AccessKeyId+"\n"+k.SecretAccessKey+"\n"+k.SessionToken)
	})
	for _, refusing := range []string{"cmd", "dotenv"} {
		t.Run("credentials in "+refusing, func(t *testing.T) {
			t.Parallel()
			if m := ask(t, program, exitUsage, "env", "--shell", refusing); m.stdout.Len() > 0 {
				t.Errorf("wrote %q", m.stdout.String())
			}
		})
	}
}

// hostileQuestions: what a person is asked in the provider's words changes nothing on the terminal but the question.
func hostileQuestions(t *testing.T, program string) {
	t.Helper()
	for _, story := range hostile.Stories() {
		begins := map[bool]string{strings.HasSuffix(story.Name, " nasty"): "well", strings.HasSuffix(story.Name, " without end"): "on and on"}[true]
		if story.Code != exitNoAnswer || begins == "" {
			continue
		}
		t.Run("asked "+story.Name, func(t *testing.T) {
			t.Parallel()
			p := newPty(t)
			p.plays(begins, "\x03")
			m := &meeting{story: story, home: t.TempDir(), tty: p.slave}
			if err := m.meet(program); err != nil || m.code != exitInterrupted {
				t.Errorf("ended with %d, %v: %s", m.code, err, m.stderr.String())
			}
			if saw := p.saw(); strings.Contains(saw, "\x1b]") || strings.Contains(saw, "\x1b[2J") || strings.ContainsAny(saw, "\u009b\u202e\u2066\u200f\x00\v\f") || len(saw) > 50_000 {
				t.Errorf("the terminal got %d bytes: %.3000q", len(saw), saw)
			}
		})
	}
}

// ask has the program get the nasty keys.
func ask(t *testing.T, program string, code int, command ...string) *meeting {
	t.Helper()
	m := &meeting{story: hostile.Credentials(nastyKeys, command...), home: t.TempDir()}
	if err := m.meet(program); err != nil || m.code != code || len(m.server.Complaints()) > 0 {
		t.Fatalf("ended with %d, %v: %s", m.code, err, m.stderr.String())
	}
	if said := m.stderr.String(); strings.Contains(said, nastyKeys.Secret) || strings.Contains(said, nastyKeys.Token) {
		t.Errorf("said %s", said)
	}
	return m
}

// wantKeys compares what arrived, and looks for what a command in it would have left.
func (m *meeting) wantKeys(t *testing.T, got string) {
	t.Helper()
	if want := nastyKeys.ID + "\n" + nastyKeys.Secret + "\n" + nastyKeys.Token; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := os.Stat(filepath.Join(m.home, "pwned")); err == nil {
		t.Error("something in it was run")
	}
}

func runShell(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	return string(out)
}
