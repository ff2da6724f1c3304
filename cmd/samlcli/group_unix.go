//go:build unix

package main

import (
	"os/exec"

	"golang.org/x/sys/unix"
)

// ownGroup makes a program that no terminal interrupts end with all its children: nicely when its time is over, and surely
// when end is called. At a terminal a program stays in our group, which alone may ask there.
func ownGroup(cmd *exec.Cmd) (end func()) {
	cmd.SysProcAttr = &unix.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return unix.Kill(-cmd.Process.Pid, unix.SIGTERM) }
	return func() {
		if cmd.Process != nil {
			_ = unix.Kill(-cmd.Process.Pid, unix.SIGKILL)
		}
	}
}
