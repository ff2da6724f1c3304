package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/quick"
	"github.com/samlcli/samlcli/internal/term"
)

// host is the world that a command runs in, so that every command runs inside a test.
type host struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string
	tty            func() (*term.Terminal, error)
	keyring        keyring
	transport      func(transportOptions) (http.RoundTripper, error)
	now            func() time.Time
	open           func(*exec.Cmd) error // runs a browser
	catchSignals   func()                // what it starts would be a tenth of a start: only commands that may wait call it; nil for none
}

func systemHost() host {
	return host{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		environ:   os.Environ(),
		tty:       term.Open,
		keyring:   systemKeyring{},
		transport: newTransport,
		now:       time.Now,
		open:      (*exec.Cmd).Run,
	}
}

// env returns a variable of the environment; "" where it is not set.
func (h host) env(name string) string {
	for _, entry := range h.environ {
		if key, value, _ := strings.Cut(entry, "="); key == name {
			return value
		}
	}
	return ""
}

// home returns the person's home directory; "" where nothing says which it is. A relative one would be another for each
// directory that we are called in.
func (h host) home() string {
	home := h.env("HOME")
	if runtime.GOOS == "windows" {
		home = h.env("USERPROFILE")
	}
	if !filepath.IsAbs(home) {
		return ""
	}
	return home
}

// configFile returns where the configuration is.
func (h host) configFile() string {
	if path := h.env("SAMLCLI_CONFIG"); path != "" {
		return path
	}
	if runtime.GOOS == "windows" {
		return inside(h.env("AppData"), filepath.Join("samlcli", "config.toml"))
	}
	return h.below("XDG_CONFIG_HOME", ".config", "config.toml")
}

// stateFile returns where something is kept that outlives a sign-in; "" without a home.
func (h host) stateFile(name string) string {
	return inside(quick.Call{Environ: h.environ}.StateDir(), name)
}

// cacheFile returns where something is kept that can be got again; "" without a home.
func (h host) cacheFile(name string) string {
	return inside(quick.Call{Environ: h.environ}.CacheDir(), name)
}

func inside(dir, name string) string {
	if dir == "" {
		return ""
	}
	return filepath.Join(dir, name)
}

// below returns a file of ours in a directory of the XDG base directory specification; "" without a home.
func (h host) below(variable, otherwise, name string) string {
	if dir := h.env(variable); filepath.IsAbs(dir) {
		return filepath.Join(dir, "samlcli", name)
	}
	if h.home() == "" {
		return ""
	}
	return filepath.Join(h.home(), otherwise, "samlcli", name)
}

// credentialsFile returns the AWS credentials file.
func (h host) credentialsFile() string {
	if path := h.env("AWS_SHARED_CREDENTIALS_FILE"); path != "" {
		return path
	}
	if h.home() == "" {
		return ""
	}
	return filepath.Join(h.home(), ".aws", "credentials")
}
