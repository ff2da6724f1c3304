package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/lab"
)

const before = "# mine\n[default]\nregion = eu-west-1\n"

// faulty is a login under strace, which puts a fault into the calls that change files.
func (b *built) faulty(t *testing.T, home, calls, fault string) *exec.Cmd {
	t.Helper()
	cmd := b.command(home, "login")
	cmd.Env = append(cmd.Env, "SAMLCLI_PASSWORD="+lab.BobPassword, "GOMAXPROCS=1")
	cmd.Args = append([]string{"strace", "-f", "-qq", "-o", os.DevNull, "-e", "trace=" + calls, "-e", "inject=" + calls + ":" + fault, b.path}, cmd.Args[1:]...)
	var err error
	if cmd.Path, err = exec.LookPath("strace"); err != nil {
		t.Skip("strace is not installed")
	}
	return cmd
}

// atHome makes a home with a credentials file.
func atHome(t *testing.T) (home, credentials string) {
	t.Helper()
	home = t.TempDir()
	credentials = filepath.Join(home, ".aws/credentials")
	if err := os.Mkdir(filepath.Dir(credentials), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(credentials, []byte(before), 0o640); err != nil {
		t.Fatal(err)
	}
	return home, credentials
}

// killedAnywhere: at whatever call that changes a file a login is killed, the credentials file is the old one or the new one,
// and the next login works and leaves nothing beside it. Calls are counted for each thread.
func (b *built) killedAnywhere(t *testing.T) {
	for _, call := range []string{"renameat", "fchmod", "fsync", "flock", "write"} {
		for n := 1; b.killedAt(t, call, n); n++ {
		}
	}
}

// killedAt reports whether there was such a call at all.
func (b *built) killedAt(t *testing.T, call string, n int) bool {
	t.Helper()
	home, credentials := atHome(t)
	survived := b.faulty(t, home, call, fmt.Sprintf("signal=KILL:when=%d", n)).Run() == nil
	data, err := os.ReadFile(credentials)
	keys, _ := inifile.Parse(data).Section("saml")
	if isNew := keys.Get("aws_access_key_id") != ""; err != nil || !strings.HasPrefix(string(data), before) ||
		isNew != (keys.Get("aws_session_token") != "") || isNew != (keys.Get("x_security_token_expires") != "") {
		t.Errorf("killed at %s %d: %v, and the file is\n%s", call, n, err, data)
	}
	if survived {
		return false
	}
	again := b.command(home, "login", "--timeout", "20s")
	again.Env = append(again.Env, "SAMLCLI_PASSWORD="+lab.BobPassword)
	if out, err := again.CombinedOutput(); err != nil {
		t.Errorf("after a kill at %s %d: %v: %s", call, n, err, out)
	}
	if left, _ := filepath.Glob(filepath.Join(home, ".aws/.*.tmp")); len(left) > 0 {
		t.Errorf("after a kill at %s %d there are %q", call, n, left)
	}
	return true
}

// failing: a full or broken disk from any write on leaves the credentials file as it was, with the reason on stderr; what is in
// the way of a cache alone leaves a warning.
func (b *built) failing(t *testing.T) {
	for _, c := range []struct {
		calls, fault, want string
		code               int
	}{
		{"fsync", "error=EIO", "input/output error", exitUsage},
		{"renameat", "error=ENOSPC", "no space left on device", exitUsage},
		{"fchmod", "error=EPERM", "operation not permitted", exitUsage},
		{"mkdirat", "error=ENOSPC", "warning: ", exitDone},
		{"flock", "error=EINTR:when=1", "valid for", exitDone},
		{"renameat,fsync,fchmod,mkdirat,openat", "error=EINTR:when=2", "valid for", exitDone},
	} {
		home, credentials := atHome(t)
		out, err := b.faulty(t, home, c.calls, c.fault).CombinedOutput()
		code := 0
		if ended, ok := err.(*exec.ExitError); ok {
			code = ended.ExitCode()
		}
		data, _ := os.ReadFile(credentials)
		if code != c.code || !strings.Contains(string(out), c.want) || (string(data) == before) != (code != 0) {
			t.Errorf("%s %s: ended with %d, %v:\n%s\nand the file is\n%s", c.calls, c.fault, code, err, out, data)
		}
		if left, _ := filepath.Glob(filepath.Join(home, ".aws/.*.tmp")); len(left) > 0 {
			t.Errorf("%s %s: left %q", c.calls, c.fault, left)
		}
	}
}

// smallFiles: where no file may grow, which the system also tells by a signal, the reason is said.
func (b *built) smallFiles(t *testing.T) {
	home, credentials := atHome(t)
	cmd := b.command(home, "login")
	cmd.Env = append(cmd.Env, "SAMLCLI_PASSWORD="+lab.BobPassword)
	cmd.Args = append([]string{"sh", "-c", `ulimit -f 0; exec "$0" "$@"`, b.path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	out, err := cmd.CombinedOutput()
	data, _ := os.ReadFile(credentials)
	if cmd.ProcessState.ExitCode() != exitUsage || strings.Count(string(out), "file too large") != 2 || string(data) != before {
		t.Errorf("%v:\n%s\nand the file is\n%s", err, out, data)
	}
}

// strangersHome: in a home where one may not write, what needs no file works, and login says before the sign-in what is in the way.
func (b *built) strangersHome(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can be somebody else")
	}
	home, credentials := atHome(t)
	for dir := home; dir != os.TempDir(); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{filepath.Dir(b.path), filepath.Dir(filepath.Dir(b.path)), filepath.Dir(credentials)} {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	signIns := b.lab.SignIns()
	for _, c := range []struct {
		args []string
		want string
		code int
	}{
		{[]string{"login"}, "the file belongs to another user: permission denied\nsamlcli: hint: name a file that you may write", exitUsage},
		{[]string{"login", "--remember", "off"}, "samlcli: writing " + credentials, exitUsage},
		{[]string{"process"}, "samlcli: warning: the sign-in is not remembered: ", exitDone},
		{[]string{"exec", "--", "true"}, "permission denied", exitDone},
	} {
		cmd := b.command(home, c.args...)
		cmd.Env = append(cmd.Env, "SAMLCLI_PASSWORD="+lab.BobPassword)
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
		var said strings.Builder
		cmd.Stderr = &said
		_ = cmd.Run()
		if cmd.ProcessState.ExitCode() != c.code || !strings.Contains(said.String(), c.want) {
			t.Errorf("%s: ended with %d:\n%s", c.args, cmd.ProcessState.ExitCode(), said.String())
		}
		if c.code != 0 && b.lab.SignIns() != signIns {
			t.Errorf("%s signed in first", c.args)
		}
	}
}
