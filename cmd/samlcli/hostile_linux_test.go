package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"github.com/samlcli/samlcli/internal/lab/hostile"
)

const (
	mostMemory   = 64 << 10 // KiB
	longestStory = 20 * time.Second
)

// TestHostile: whatever a provider does, the built program ends within its bounds, says what became of it, and sends,
// shows and leaves behind nothing that it should not.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	t.Parallel()
	program := filepath.Join(t.TempDir(), "samlcli")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, story := range hostile.Stories() {
		t.Run(story.Name, func(t *testing.T) {
			t.Parallel()
			tell(t, program, story)
		})
	}
}

// tell has the program meet one story.
func tell(t *testing.T, program string, story hostile.Story) {
	server, err := hostile.Start(story)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	home := t.TempDir()
	cmd := exec.Command(program, append([]string{"login", "-v", "--no-input", "--timeout", "15s"}, story.Args...)...)
	cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=", "HTTPS_PROXY=" + server.Proxy, "HTTP_PROXY=" + server.Proxy,
		"AWS_ENDPOINT_URL_STS=" + hostile.STS, "SAMLCLI_URL=" + hostile.URL, "SAMLCLI_USERNAME=" + hostile.UserName, "SAMLCLI_PASSWORD=" + hostile.Password,
		"SAMLCLI_CA_BUNDLE=" + write(t, "authority.pem", server.Authority)}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = &stdout, &stderr, &syscall.SysProcAttr{Setsid: true}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	peak := watchMemory(cmd.Process.Pid)
	err = cmd.Wait()
	if took := time.Since(start); took > longestStory {
		t.Errorf("took %v", took)
	}
	if most := min(<-peak, maxRSS(cmd)); most > mostMemory {
		t.Errorf("took %d KiB of memory", most)
	}
	said := stderr.String()
	if code := cmd.ProcessState.ExitCode(); code != story.Code || !strings.Contains(said, story.Says) {
		t.Errorf("ended with %d (%v), want %d and %q", code, err, story.Code, story.Says)
	}
	if complaints := server.Complaints(); len(complaints) > 0 || server.Arrived() == 0 {
		t.Errorf("%d requests; should not have been sent: %q", server.Arrived(), complaints)
	}
	if strings.Contains(said, hostile.Password) || strings.ContainsFunc(said, unsafe) || stdout.Len() > 0 {
		t.Errorf("what it says should not be shown; stdout %q", stdout.String())
	}
	noLeftovers(t, home)
	if t.Failed() {
		t.Logf("said %q", said)
	}
}

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// unsafe reports whether a character could do something to a terminal.
func unsafe(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == unicode.ReplacementChar)
}

// watchMemory looks at the most memory that a process had resident until it ends, in KiB. The system's own account of a
// child (maxRSS) holds its parent too, from before it became another program.
func watchMemory(pid int) <-chan int64 {
	most := make(chan int64, 1)
	go func() {
		var peak int64
		for {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, after, found := bytes.Cut(status, []byte("VmHWM:"))
			if err != nil || !found {
				most <- peak
				return
			}
			var now int64
			_, _ = fmt.Sscan(string(after), &now)
			peak = max(peak, now)
			time.Sleep(2 * time.Millisecond)
		}
	}()
	return most
}

func maxRSS(cmd *exec.Cmd) int64 {
	return cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
}

// noLeftovers: a sign-in that failed has written no credentials, and nothing by halves.
func noLeftovers(t *testing.T, home string) {
	t.Helper()
	err := filepath.WalkDir(home, func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".tmp") || strings.HasSuffix(path, ".aws/credentials") {
			t.Errorf("left %s", path)
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
