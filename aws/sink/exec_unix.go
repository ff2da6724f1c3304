//go:build unix

package sink

import (
	"os"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
)

const separators = "/"

// listen takes the signals that are the program's to decide about. One that this process was told to ignore (nohup)
// stays ignored, for the program too.
func listen() (<-chan os.Signal, func()) {
	signals := []os.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGWINCH,
	}
	signals = slices.DeleteFunc(signals, signal.Ignored)
	c := make(chan os.Signal, 32)
	signal.Notify(c, signals...)
	return c, func() { signal.Stop(c) }
}

// forward passes s on to p, unless p got it as well: what is typed at a terminal goes to all its foreground processes.
func forward(p *os.Process, s os.Signal) {
	if (s == syscall.SIGINT || s == syscall.SIGQUIT) && foreground() {
		return
	}
	_ = p.Signal(s)
}

// foreground reports whether this process is one of those that the terminal's keys reach.
func foreground() bool {
	tty, err := os.OpenFile("/dev/tty", os.O_RDONLY|syscall.O_NOCTTY, 0)
	if err != nil {
		return false
	}
	defer func() { _ = tty.Close() }()
	group, err := unix.IoctlGetInt(int(tty.Fd()), unix.TIOCGPGRP)
	return err == nil && group == unix.Getpgrp()
}

func exitCode(s *os.ProcessState) int {
	if w, ok := s.Sys().(syscall.WaitStatus); ok && w.Signaled() {
		return signalled + int(w.Signal())
	}
	return s.ExitCode()
}
