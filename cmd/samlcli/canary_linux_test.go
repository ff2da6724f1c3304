package main

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// private: a program that waits with secrets in its memory cannot be looked into by its owner's other programs, leaves no core
// when it is aborted, and tells nothing when the language's runtime says what it was at.
func (b *built) private(t *testing.T) {
	waits := b.waitingWithSecrets(t)
	pid := strconv.Itoa(waits.Process.Pid)
	for _, file := range []string{"environ", "mem", "maps"} {
		look := exec.Command("cat", "/proc/"+pid+"/"+file)
		look.SysProcAttr = &syscall.SysProcAttr{Credential: waits.SysProcAttr.Credential}
		if out, err := look.CombinedOutput(); err == nil || !strings.Contains(string(out), "ermission denied") {
			t.Errorf("%s can be looked into: %v, %d bytes", file, err, len(out))
		}
	}
	said := waits.Stderr.(*bytes.Buffer)
	if err := waits.Process.Signal(syscall.SIGABRT); err != nil {
		t.Fatal(err)
	}
	_ = waits.Wait()
	if waits.ProcessState.Sys().(syscall.WaitStatus).CoreDump() {
		t.Error("a core was written")
	}
	if cores, _ := filepath.Glob(filepath.Join(waits.Dir, "*core*")); len(cores) > 0 {
		t.Errorf("left %v", cores)
	}
	planted := canaries{"password": lab.AlicePassword + "-private", "own secret key": "0wnCanary/Secret+Key/9b8c7d6e5f"}
	if found := planted.in(said.String()); found != nil || !strings.Contains(said.String(), "goroutine ") {
		t.Errorf("said %q:\n%s", found, said.String())
	}
}

// waitingWithSecrets is the program while STS does not answer, under an unlimited size of cores. Root may look into everything, so
// that the program of root's tests is somebody else's.
func (b *built) waitingWithSecrets(t *testing.T) *exec.Cmd {
	t.Helper()
	user := lab.User{Name: "private", Password: lab.AlicePassword + "-private", Roles: lab.Users()[0].Roles}
	l, err := lab.Start(lab.Options{Users: []lab.User{user}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	asked, endpoint := silentServer(t)
	dir, err := os.MkdirTemp("", "samlcli-private-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	program := filepath.Join(dir, "samlcli")
	data, err := os.ReadFile(b.path)
	if err == nil {
		err = os.WriteFile(program, data, 0o755)
	}
	if err != nil || os.Chmod(dir, 0o755) != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sh", "-c", `ulimit -c unlimited; exec "$0" process --role Admin`, program)
	cmd.Dir, cmd.Stderr = dir, &bytes.Buffer{}
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "GOTRACEBACK=crash", "AWS_ENDPOINT_URL_STS=" + endpoint, "SAMLCLI_URL=" + l.URL, "SAMLCLI_USERNAME=private",
		"SAMLCLI_PASSWORD=" + user.Password, "AWS_SECRET_ACCESS_KEY=0wnCanary/Secret+Key/9b8c7d6e5f", "DBUS_SESSION_BUS_ADDRESS="}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	select {
	case <-asked:
	case <-time.After(time.Minute):
		t.Fatalf("STS is not asked: %s", cmd.Stderr)
	}
	return cmd
}

// silentServer takes requests and never answers.
func silentServer(t *testing.T) (asked <-chan struct{}, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	there := make(chan struct{})
	go func() {
		c, err := listener.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = c.Read(make([]byte, 1))
		close(there)
		_, _ = io.Copy(io.Discard, c)
	}()
	return there, "http://" + listener.Addr().String()
}
