//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// quiet counts what samlcli version and --help touch of a person's files, keyring and network: nothing.
func quiet(p *programs) ([]row, error) {
	var rows []row
	for _, argument := range []string{"version", "--help"} {
		traps, err := setTraps()
		if err != nil {
			return nil, err
		}
		touched, err := traps.sprungBy(p.samlcli, argument)
		calls, note := 0, ""
		if err == nil {
			calls, note = traps.tracedCalls(p.samlcli, argument)
		}
		traps.remove()
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{what: "files, keyring, network touched by samlcli " + argument, measured: float64(touched + calls), note: note})
	}
	return rows, nil
}

// traps are a home whose every file and directory is watched, and the sockets of a keyring and a proxy.
type traps struct {
	home    string
	watch   int // of inotify
	keyring *net.UnixListener
	proxy   *net.TCPListener
}

func setTraps() (*traps, error) {
	home, err := os.MkdirTemp("", "bench-home")
	if err != nil {
		return nil, err
	}
	t := &traps{home: home}
	if t.watch, err = unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC); err != nil {
		return nil, err
	}
	for _, name := range []string{".config/samlcli/config.toml", ".local/state/samlcli/state", ".aws/config", ".aws/credentials"} {
		path := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			return nil, err
		}
	}
	if t.keyring, err = net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(home, "bus"), Net: "unix"}); err != nil {
		return nil, err
	}
	if t.proxy, err = net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}); err != nil {
		return nil, err
	}
	err = filepath.WalkDir(home, func(path string, _ os.DirEntry, err error) error {
		if err == nil {
			_, err = unix.InotifyAddWatch(t.watch, path, unix.IN_ALL_EVENTS)
		}
		return err
	})
	t.entered() // by this walk
	return t, err
}

// entered reports whether anything under the home was opened, read or changed since it was asked last.
func (t *traps) entered() bool {
	n, err := unix.Read(t.watch, make([]byte, 1<<16))
	return err == nil && n > 0
}

func (t *traps) remove() {
	t.keyring.Close()
	t.proxy.Close()
	unix.Close(t.watch)
	os.RemoveAll(t.home)
}

func (t *traps) environment() []string {
	proxy := "http://" + t.proxy.Addr().String()
	return []string{"HOME=" + t.home, "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=unix:path=" + filepath.Join(t.home, "bus"),
		"HTTP_PROXY=" + proxy, "HTTPS_PROXY=" + proxy}
}

// sprungBy runs a command and returns how often it came to a trap.
func (t *traps) sprungBy(name string, arguments ...string) (int, error) {
	c := exec.Command(name, arguments...)
	c.Env = t.environment()
	if out, err := c.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("running %s: %w: %s", name, err, out)
	}
	sprung := 0
	if t.entered() {
		sprung++
	}
	for _, listener := range []interface {
		net.Listener
		SetDeadline(time.Time) error
	}{t.keyring, t.proxy} {
		_ = listener.SetDeadline(time.Now().Add(10 * time.Millisecond)) // who came is waiting already
		if connection, err := listener.Accept(); err == nil {
			connection.Close()
			sprung++
		}
	}
	return sprung, nil
}

// tracedCalls counts the system calls that name the home or open a socket, where strace can tell.
func (t *traps) tracedCalls(name string, arguments ...string) (int, string) {
	log := filepath.Join(t.home, "calls")
	c := exec.Command("strace", append([]string{"-f", "-qq", "-e", "trace=%file,%network", "-o", log, name}, arguments...)...)
	c.Env = t.environment()
	if err := c.Run(); err != nil {
		return 0, "(by traps; skipped: every system call, " + err.Error() + ")"
	}
	calls, err := os.ReadFile(log)
	if err != nil {
		return 0, "(by traps; skipped: every system call, " + err.Error() + ")"
	}
	touched := 0
	for line := range bytes.Lines(calls) {
		if bytes.Contains(line, []byte(t.home)) || bytes.Contains(line, []byte("socket(")) {
			touched++
		}
	}
	return touched, "(by traps and strace)"
}
