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
	hostileSinks(t, program)
	hostileQuestions(t, program)
	slots := make(chan bool, 16) // most stories wait
	for _, story := range hostile.Stories() {
		t.Run(story.Name, func(t *testing.T) {
			m := meeting{story: story, home: t.TempDir(), done: make(chan error, 1)}
			go func() {
				slots <- true
				m.done <- m.meet(program)
				<-slots
			}()
			t.Parallel()
			if err := <-m.done; err != nil {
				t.Fatal(err)
			}
			m.check(t)
		})
	}
}

// A meeting is that of the program with one story.
type meeting struct {
	story          hostile.Story
	home           string
	tty            *os.File // where somebody is asked; nil is nobody
	server         *hostile.Server
	stdout, stderr bytes.Buffer
	code           int
	memory         int64 // KiB
	took           time.Duration
	done           chan error
}

func (m *meeting) meet(program string) (err error) {
	if m.server, err = hostile.Start(m.story); err != nil {
		return err
	}
	defer m.server.Close()
	authority := filepath.Join(m.home, "authority.pem")
	if err := os.WriteFile(authority, m.server.Authority, 0o600); err != nil {
		return err
	}
	cmd := exec.Command(program, m.story.Command...)
	if m.story.Command == nil {
		cmd.Args = append(cmd.Args, "login")
	}
	cmd.Env = []string{"HOME=" + m.home, "PATH=" + os.Getenv("PATH"), "DBUS_SESSION_BUS_ADDRESS=", "HTTPS_PROXY=" + m.server.Proxy, "HTTP_PROXY=" + m.server.Proxy,
		"AWS_ENDPOINT_URL_STS=" + hostile.STS, "SAMLCLI_URL=" + hostile.URL, "SAMLCLI_USERNAME=" + hostile.UserName, "SAMLCLI_PASSWORD=" + hostile.Password,
		"SAMLCLI_TIMEOUT=15s", "SAMLCLI_VERBOSE=1", "SSL_CERT_FILE=" + authority, "SSL_CERT_DIR=" + m.home}
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = m.home, &m.stdout, &m.stderr, &syscall.SysProcAttr{Setsid: true}
	if m.tty != nil {
		cmd.Stdin, cmd.SysProcAttr.Setctty = m.tty, true
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	peak := watchMemory(cmd.Process.Pid)
	_ = cmd.Wait() // the code says it
	m.took, m.code, m.memory = time.Since(start), cmd.ProcessState.ExitCode(), min(<-peak, maxRSS(cmd))
	return nil
}

func (m *meeting) check(t *testing.T) {
	said, story, arrived := m.stderr.String(), m.story, m.server.Arrived()
	if m.took > longestStory || m.memory > mostMemory {
		t.Errorf("took %v and %d KiB of memory", m.took, m.memory)
	}
	if m.code != story.Code || !strings.Contains(said, story.Says) {
		t.Errorf("ended with %d, want %d and %q", m.code, story.Code, story.Says)
	}
	if complaints := m.server.Complaints(); len(complaints) > 0 || arrived == 0 || story.Requests > 0 && arrived != story.Requests {
		t.Errorf("%d requests came, want %d; should not have been sent: %q", arrived, story.Requests, complaints)
	}
	if strings.Contains(said, hostile.Password) || longestLine(said) > 4000 || strings.ContainsFunc(said+m.stdout.String(), unsafe) {
		t.Error("what it says should not be shown")
	}
	if m.code != exitDone {
		noLeftovers(t, m.home)
	}
	if t.Failed() {
		t.Logf("said %q, and %q", said, m.stdout.String())
	}
}

// unsafe reports whether a character could do something to a terminal.
func unsafe(r rune) bool {
	return r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r))
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
			time.Sleep(5 * time.Millisecond)
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

func longestLine(text string) (longest int) {
	for line := range strings.Lines(text) {
		longest = max(longest, len(line))
	}
	return longest
}
