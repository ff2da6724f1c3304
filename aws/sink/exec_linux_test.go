package sink_test

import (
	"os"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// terminal returns the two ends of a new terminal.
func terminal(t *testing.T) (keyboard, screen *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = keyboard.Close() })
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	screen, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	return keyboard, screen
}

// TestExecAtTerminal types Ctrl-C and Ctrl-\, which reach the program without our help, and only once.
func TestExecAtTerminal(t *testing.T) {
	t.Parallel()
	keyboard, screen := terminal(t)
	c := program(t, "exec", "signals")
	c.Stdin = screen
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	next := lines(t, c)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "ready" {
		t.Fatalf("the program said %q", got)
	}
	for key, want := range map[string]string{"\x03": "interrupt", "\x1c": "quit"} {
		if _, err := keyboard.WriteString(key); err != nil {
			t.Fatal(err)
		}
		if got := next(); got != want {
			t.Errorf("after %q the program said %q, want %q", key, got, want)
		}
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if got := next(); got != "terminated" {
		t.Errorf("at the end the program said %q", got)
	}
	if got := exitCodeOf(c); got != 7 {
		t.Errorf("exit code = %d, want the program's 7", got)
	}
}
