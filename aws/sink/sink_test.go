package sink_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/secret"
)

// part names what this binary does instead of its tests when a test runs it as a program.
const part = "SINK_TEST_PART"

func TestMain(m *testing.M) {
	parts := map[string]func() int{
		"environment": printEnvironment, "signals": printSignals, "die": die, "ignored": tellIgnored, "nohup": nohup, "exec": execPart, "file": filePart,
		"seven": func() int { return 7 }, "nothing": func() int { return 0 },
	}
	if play, ok := parts[os.Getenv(part)]; ok {
		os.Exit(play())
	}
	os.Exit(m.Run())
}

// program is this binary, to be run for a part of a test. The race detector would have it sleep for a second at its end.
func program(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), part+"="+name, "GORACE=atexit_sleep_ms=0")
	return c
}

func printEnvironment() int {
	if err := json.NewEncoder(os.Stdout).Encode(os.Environ()); err != nil {
		return 1
	}
	return 0
}

// printSignals says which signals come in, until it is asked to go.
func printSignals() int {
	c := make(chan os.Signal, 32)
	signal.Notify(c)
	fmt.Println("ready")
	for s := range c {
		if s.String() == "urgent I/O condition" || s.String() == "child exited" {
			continue // Go's own
		}
		fmt.Println(s)
		if s == syscall.SIGTERM {
			return 7
		}
	}
	return 1
}

// nohup is execPart while a signal is ignored.
func nohup() int {
	signal.Ignore(syscall.SIGHUP)
	return execPart()
}

// tellIgnored is 0 if a signal is ignored that is not by itself.
func tellIgnored() int {
	if signal.Ignored(syscall.SIGHUP) {
		return 0
	}
	return 1
}

func die() int {
	self, err := os.FindProcess(os.Getpid())
	if err != nil || self.Kill() != nil {
		return 1
	}
	select {}
}

// execPart runs the sink on this binary's other part.
func execPart() int {
	e := &sink.Exec{
		Argv: os.Args[:1], Env: append(os.Environ(), part+"="+os.Args[1]),
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}
	err := e.Write(context.Background(), credentials())
	if exit, ok := errors.AsType[*sink.ExitError](err); ok {
		return exit.Code
	}
	if err != nil {
		return 1
	}
	return 0
}

func credentials() aws.Credentials {
	return aws.Credentials{
		AccessKeyID:     "ASIAEXAMPLE",
		SecretAccessKey: secret.New("secret/+=<&>"),
		SessionToken:    secret.New("token//=="),
		Expires:         time.Date(2026, 11, 20, 14, 0, 0, 0, time.FixedZone("", 3600)),
		Region:          "eu-west-1",
	}
}

// writes counts how often it is written to.
type writes struct {
	bytes.Buffer
	n int
}

func (w *writes) Write(p []byte) (int, error) {
	w.n++
	return w.Buffer.Write(p)
}

type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, os.ErrClosed }

func TestProcess(t *testing.T) {
	t.Parallel()
	bare := credentials()
	bare.Expires = time.Time{}
	for want, c := range map[string]aws.Credentials{
		`{"Version":1,"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"secret/+=<&>","SessionToken":"token//==",` +
			`"Expiration":"2026-11-20T13:00:00Z"}` + "\n": credentials(),
		`{"Version":1,"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"secret/+=<&>","SessionToken":"token//=="}` + "\n": bare,
	} {
		var w writes
		if err := (&sink.Process{W: &w}).Write(t.Context(), c); err != nil || w.String() != want || w.n != 1 {
			t.Errorf("wrote %q in %d writes, %v, want %q", w.String(), w.n, err, want)
		}
	}
	if err := (&sink.Process{W: closed{}}).Write(t.Context(), bare); !errors.Is(err, os.ErrClosed) {
		t.Errorf("to a closed pipe: %v", err)
	}
}

// lines reads a program's lines as they come.
func lines(t *testing.T, c *exec.Cmd) func() string {
	t.Helper()
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s := bufio.NewScanner(out)
	return func() string {
		if !s.Scan() {
			return ""
		}
		return strings.TrimSpace(s.Text())
	}
}
