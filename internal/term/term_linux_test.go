package term

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

type answer struct {
	text string
	err  error
}

func ask(question func(context.Context, string) (string, error), ctx context.Context, prompt string) chan answer {
	got := make(chan answer, 1)
	go func() {
		text, err := question(ctx, prompt)
		got <- answer{text, err}
	}()
	return got
}

func TestLine(t *testing.T) {
	t.Parallel()
	p := newPty(t, 80, 24)
	got := ask(New(p.slave, p.slave).Line, t.Context(), "User\x1b[31m\nname:")
	p.seePart("User[31m name:")
	p.press("alicf\x7fe\n")
	if got := <-got; got != (answer{"alice", nil}) {
		t.Errorf("Line() = %v, want alice", got)
	}
	p.see("User[31m name: alice")
}

func TestHidden(t *testing.T) {
	long := strings.Repeat("0123456789", 2000)
	for _, c := range []struct{ name, typed, want string }{
		{"plain", "hunter2\r", "hunter2"},
		{"pasted with markers", "\x1b[200~hunter2\x1b[201~\r", "hunter2"},
		{"corrected", "wrong\x15pä\x7fässs\x08\n", "päss"},
		{"word erased", "two words\x17w\r", "two w"},
		{"keys without meaning", "a\x1b[A\x1bOP\x1a\x1bxb\x04\r", "ab"},
		{"not UTF-8", "a\xff\xfe\x7f\r", "a\xff"},
		{"longer than a line of the terminal", long + "\r", long},
		{"empty", "\r", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPty(t, 80, 24)
			before := p.modes()
			got := ask(New(p.slave, p.slave).Hidden, t.Context(), "Password:")
			p.seePart("Password:")
			if p.modes().Lflag&unix.ECHO != 0 {
				t.Error("echo is on")
			}
			p.press(c.typed)
			if got := <-got; got != (answer{c.want, nil}) {
				t.Errorf("Hidden() = %v, want %q", got, c.want)
			}
			p.press("X\n") // what comes after is echoed again, on a line of its own
			p.see("Password:\nX")
			if after := p.modes(); after != before {
				t.Errorf("modes = %v, want %v", after, before)
			}
		})
	}
}

func TestPasted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, pasted string
		want         answer
	}{
		{"one line", "text\r", answer{"text", nil}},
		{"lines", "\x1b[200~a\rb\x1b[201~\r", answer{"a\nb", nil}},
		{"an empty line between", "a\n\nb\n\n", answer{"a\n\nb", nil}},
		{"nothing", "\r", answer{}},
		{"interrupted", "a\r\x03", answer{"", ErrInterrupted}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPty(t, 80, 24)
			got := ask(New(p.slave, p.slave).Pasted, t.Context(), "Response:")
			p.seePart("Response:")
			p.press(c.pasted)
			if got := <-got; got.text != c.want.text || !errors.Is(got.err, c.want.err) {
				t.Errorf("Pasted() = %v, want %v", got, c.want)
			}
		})
	}
}

func TestQuestionsEnd(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		hidden      bool
		want        error
	}{
		{"Ctrl-C", "abc\x03", true, ErrInterrupted},
		{"Ctrl-D", "\x04", true, ErrInterrupted},
		{"Ctrl-D, shown", "\x04", false, ErrInterrupted},
		{"cancel", "", true, context.Canceled},
		{"cancel, shown", "abc", false, context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPty(t, 80, 24)
			before := p.modes()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			question := New(p.slave, p.slave).Line
			if c.hidden {
				question = New(p.slave, p.slave).Hidden
			}
			got := ask(question, ctx, "Say:")
			p.seePart("Say:")
			p.press(c.typed)
			if c.want == context.Canceled {
				cancel()
			}
			if got := <-got; !errors.Is(got.err, c.want) || got.text != "" {
				t.Errorf("got %v, want %v", got, c.want)
			}
			if after := p.modes(); after != before {
				t.Errorf("modes = %v, want %v", after, before)
			}
		})
	}
}

func TestPanicRestores(t *testing.T) {
	t.Parallel()
	p := newPty(t, 80, 24)
	before := p.modes()
	func() {
		defer func() { _ = recover() }()
		_ = New(p.slave, p.slave).raw(t.Context(), func(reader) error { panic("bug") })
	}()
	if after := p.modes(); after != before {
		t.Errorf("modes = %v, want %v", after, before)
	}
}

// TestOpen runs itself as a process whose stdin, stdout and stderr are no terminals, with and without a terminal that
// controls it.
func TestOpen(t *testing.T) {
	if os.Getenv("TERM_TEST_CHILD") != "" {
		child()
	}
	t.Parallel()
	for _, controlled := range []bool{true, false} {
		p := newPty(t, 80, 24)
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestOpen$")
		cmd.Env = append(os.Environ(), "TERM_TEST_CHILD=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		want := "none"
		if controlled {
			cmd.ExtraFiles = []*os.File{p.slave}
			cmd.SysProcAttr.Setctty, cmd.SysProcAttr.Ctty = true, 3
			p.press("alice\nhunter2\n")
			want = "alice hunter2"
		}
		out, err := cmd.Output()
		if err != nil || string(out) != want {
			t.Errorf("controlled %v: child said %q, %v, want %q", controlled, out, err, want)
		}
	}
}

func child() {
	t, err := Open()
	if errors.Is(err, ErrNone) {
		_, _ = os.Stdout.WriteString("none")
		os.Exit(0)
	}
	name, _ := t.Line(context.Background(), "Username:")
	password, _ := t.Hidden(context.Background(), "Password:")
	_, _ = os.Stdout.WriteString(name + " " + password)
	_ = t.Close()
	os.Exit(0)
}
