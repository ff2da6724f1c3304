//go:build unix

package sink_test

import (
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
)

func exitCodeOf(c *exec.Cmd) int {
	_ = c.Wait()
	return c.ProcessState.ExitCode()
}

func TestExecForwards(t *testing.T) {
	t.Parallel()
	c := program(t, "exec", "signals")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // no terminal
	next := lines(t, c)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "ready" {
		t.Fatalf("the program said %q", got)
	}
	for _, s := range []syscall.Signal{
		syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH, syscall.SIGTERM,
	} {
		if signal.Ignored(s) { // as where the tests run under nohup
			continue
		}
		if err := c.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
		if got := next(); got != s.String() {
			t.Errorf("after %v the program said %q", s, got)
		}
	}
	if got := exitCodeOf(c); got != 7 {
		t.Errorf("exit code = %d, want the program's 7", got)
	}
}

// TestExecKeepsIgnored runs as under nohup: what is ignored stays so for the program.
func TestExecKeepsIgnored(t *testing.T) {
	t.Parallel()
	c := program(t, "nohup", "ignored")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if got := exitCodeOf(c); got != 0 {
		t.Errorf("exit code = %d, want 0 for a signal that is ignored", got)
	}
}
