package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/lab"
)

// TestBinary is for what only a process of its own can show.
func TestBinary(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	t.Parallel()
	b := &built{path: filepath.Join(t.TempDir(), "samlcli")}
	if out, err := exec.Command("go", "build", "-o", b.path, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	l, err := lab.Start(lab.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	b.lab = l
	t.Run("vendors", b.vendors)
	t.Run("many at once", b.manyAtOnce)
	t.Run("cold, at once", b.coldAtOnce)
	t.Run("a wrong password, at once", b.wrongAtOnce)
	t.Run("answered before", b.answeredBefore)
	t.Run("killed anywhere", b.killedAnywhere)
	t.Run("failing disks", b.failing)
	t.Run("small files", b.smallFiles)
	t.Run("the home of a stranger", b.strangersHome)
	t.Run("standard output takes nothing", b.noOutput)
	t.Run("exec passes signals on", b.signals)
	t.Run("Ctrl-C at a hidden prompt", b.interrupt)
	t.Run("Ctrl-C while it waits for standard input", b.interruptInput)
	t.Run("no terminal", b.noTerminal)
	t.Run("private", b.private)
	t.Run("no core files", b.noCoreFiles)
}

type built struct {
	path string
	lab  *lab.Lab
}

// command is the program in a session of its own, where no terminal is.
func (b *built) command(home string, args ...string) *exec.Cmd {
	cmd := exec.Command(b.path, args...)
	cmd.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "AWS_ENDPOINT_URL_STS=" + b.lab.STS,
		"SAMLCLI_URL=" + b.lab.URL, "SAMLCLI_USERNAME=bob", "DBUS_SESSION_BUS_ADDRESS="}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	return cmd
}

// manyAtOnce: whoever finishes is in the file, whatever happens to the others.
func (b *built) manyAtOnce(t *testing.T) {
	home := t.TempDir()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var finished []string
	for i := range 20 {
		wg.Go(func() {
			section := fmt.Sprint("p", i)
			cmd := b.command(home, "login", "-v", "--aws-profile", section)
			cmd.Env = append(cmd.Env, "SAMLCLI_PASSWORD="+lab.BobPassword)
			said, err := cmd.StderrPipe()
			if err != nil || cmd.Start() != nil {
				t.Error("it does not start")
				return
			}
			text := []string{"nothing of this", "step", "signed in", "AssumeRole"}[max(0, i-16)]
			for lines := bufio.NewScanner(said); lines.Scan(); {
				if strings.Contains(lines.Text(), text) {
					_ = cmd.Process.Kill()
				}
			}
			if cmd.Wait() == nil {
				mu.Lock()
				finished = append(finished, section)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	data, err := os.ReadFile(filepath.Join(home, ".aws/credentials"))
	if err != nil {
		t.Fatal(err)
	}
	file := inifile.Parse(data)
	if len(finished) < 17 {
		t.Errorf("only %v finished", finished)
	}
	for _, section := range append(finished, file.Names()...) {
		keys, _ := file.Section(section)
		if keys.Get("aws_access_key_id") == "" || keys.Get("aws_secret_access_key") == "" || keys.Get("aws_session_token") == "" {
			t.Errorf("section %s: %d keys", section, len(keys))
		}
	}
}

// coldAtOnce: of fifty that find no cache one signs in and asks STS, and all have its answer; one that is killed on the way
// holds nobody up.
func (b *built) coldAtOnce(t *testing.T) {
	home := t.TempDir()
	password, config := filepath.Join(home, "password"), filepath.Join(home, ".config/samlcli/config.toml")
	if err := errors.Join(unix.Mkfifo(password, 0o600), os.MkdirAll(filepath.Dir(config), 0o700),
		os.WriteFile(config, fmt.Appendf(nil, "[account.lab]\npassword_command = [\"cat\", %q]\n", password), 0o600)); err != nil {
		t.Fatal(err)
	}
	process := func() *exec.Cmd {
		cmd := b.command(home, "process")
		cmd.Env = append(cmd.Env, "SAMLCLI_ACCOUNT=lab")
		return cmd
	}
	killed := process()
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	asked, err := os.OpenFile(password, os.O_WRONLY, 0) // goes on when somebody reads
	if err != nil {
		t.Fatal(err)
	}
	_ = syscall.Kill(-killed.Process.Pid, syscall.SIGKILL)
	_ = killed.Wait()
	if err := errors.Join(asked.Close(), os.Remove(password), os.WriteFile(password, []byte(lab.BobPassword), 0o600)); err != nil {
		t.Fatal(err)
	}
	before := b.lab.SignIns()
	var wg sync.WaitGroup
	answers := make([]string, 50)
	for i := range answers {
		wg.Go(func() {
			out, err := process().Output()
			if answers[i] = string(out); err != nil || answers[i] == "" {
				t.Errorf("%v: %q", err, out)
			}
		})
	}
	wg.Wait()
	if slices.Sort(answers); answers[0] != answers[len(answers)-1] || b.lab.SignIns() != before+1 {
		t.Errorf("%d sign-ins; the first answer\n%sand the last\n%s", b.lab.SignIns()-before, answers[0], answers[len(answers)-1])
	}
}

// wrongAtOnce: of ten that have the same wrong password one sends it, or they would lock the account.
func (b *built) wrongAtOnce(t *testing.T) {
	home := t.TempDir()
	sent := func() int { return strings.Count(strings.Join(b.lab.Requests(), "\n"), "POST /login") }
	before := sent()
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			cmd := b.command(home, "process")
			cmd.Env = append(cmd.Env, "SAMLCLI_PASSWORD=an old one")
			if out, _ := cmd.Output(); cmd.ProcessState.ExitCode() != exitRefused || len(out) > 0 {
				t.Errorf("ended with %d: %s", cmd.ProcessState.ExitCode(), out)
			}
		})
	}
	wg.Wait()
	if got := sent() - before; got != 1 {
		t.Errorf("it was sent %d times", got)
	}
}

// answeredBefore: the second answer is given before the libraries of a sign-in are set up.
func (b *built) answeredBefore(t *testing.T) {
	home := t.TempDir()
	answer := func(env ...string) (stdout, stderr string) {
		cmd := b.command(home, "process")
		cmd.Env = append(cmd.Env, env...)
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%v: %s", err, said.String())
		}
		return string(out), said.String()
	}
	first, _ := answer("SAMLCLI_PASSWORD=" + lab.BobPassword)
	second, trace := answer("GODEBUG=inittrace=1")
	if second != first {
		t.Errorf("%q, and before %q", second, first)
	}
	if !strings.Contains(trace, "init os ") || strings.Contains(trace, "init net/http ") || strings.Contains(trace, "init golang.org/x/net/html ") {
		t.Errorf("initialised:\n%s", trace)
	}
}

// noOutput: a full disk is nobody's bug, for what is cached and what is not; a reader who has gone needs no words.
func (b *built) noOutput(t *testing.T) {
	home := t.TempDir()
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip(err)
	}
	defer full.Close()
	gone, pipe, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	gone.Close()
	defer pipe.Close()
	for _, args := range [][]string{{"process"}, {"process"}, {"roles"}, {"whoami"}} {
		for out, want := range map[*os.File]string{full: "exit status 2", pipe: "signal: broken pipe"} {
			cmd := b.command(home, args...)
			cmd.Env = append(cmd.Env, "SAMLCLI_PASSWORD="+lab.BobPassword)
			var said bytes.Buffer
			cmd.Stdout, cmd.Stderr = out, &said
			if err := cmd.Run(); err == nil || err.Error() != want {
				t.Errorf("%s: %v, want %s: %s", args, err, want, said.String())
			}
		}
	}
}

func (b *built) signals(t *testing.T) {
	cmd := b.command(t.TempDir(), "exec", "--", "sh", "-c", `echo ready; exec sleep 60`)
	cmd.Env = append(cmd.Env, "SAMLCLI_PASSWORD="+lab.BobPassword)
	out, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		t.Fatal("it does not start")
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
		t.Fatalf("%q, %v", line, err)
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	wantCode(t, cmd, 128+int(syscall.SIGTERM))
}

func wantCode(t *testing.T, cmd *exec.Cmd, want int) {
	t.Helper()
	err := cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != want {
		t.Errorf("ended with %d (%v), want %d", got, err, want)
	}
}

func (b *built) interrupt(t *testing.T) {
	p := newPty(t)
	modes := func() unix.Termios {
		m, err := unix.IoctlGetTermios(int(p.slave.Fd()), unix.TCGETS)
		if err != nil {
			t.Fatal(err)
		}
		return *m
	}
	before := modes()
	cmd := b.command(t.TempDir(), "login")
	cmd.Stdin, cmd.SysProcAttr.Setctty = p.slave, true
	var said bytes.Buffer
	cmd.Stderr = &said
	p.plays("Password (", "\x03")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	wantCode(t, cmd, 130)
	if after := modes(); after != before {
		t.Errorf("the terminal's modes are %+v, were %+v", after, before)
	}
	if said.String() != "samlcli: interrupted\n" {
		t.Errorf("said %q", said.String())
	}
}

func (b *built) interruptInput(t *testing.T) {
	in, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	cmd := b.command(t.TempDir(), "exec", "-v", "--assertion", "-", "--", "true")
	cmd.Stdin = in
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	// The program reads as soon as somebody may write; then it is waiting.
	if _, err := io.WriteString(write, "PHNhbWw"); err != nil {
		t.Fatal(err)
	}
	for waiting := false; !waiting; waiting = empty(write) {
		runtime.Gosched()
	}
	_ = cmd.Process.Signal(syscall.SIGINT)
	wantCode(t, cmd, 130)
}

// empty reports whether everything that was written into a pipe has been read.
func empty(pipe *os.File) bool {
	n, err := unix.IoctlGetInt(int(pipe.Fd()), unix.TIOCINQ)
	return err != nil || n == 0
}

func (b *built) noTerminal(t *testing.T) {
	cmd := b.command(t.TempDir(), "login")
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != 3 {
		t.Errorf("%v: %s", err, out)
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v", took)
	}
}
