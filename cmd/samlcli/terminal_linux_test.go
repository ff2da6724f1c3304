package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/term"
)

// pty is a pseudo-terminal with a person in front of it.
type pty struct {
	*testing.T
	master, slave *os.File

	mu      sync.Mutex
	screen  string
	changed *sync.Cond
}

func newPty(t *testing.T) *pty {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 80}); err != nil {
		t.Fatal(err)
	}
	p := &pty{T: t, master: os.NewFile(uintptr(fd), "ptmx"), slave: slave}
	p.changed = sync.NewCond(&p.mu)
	t.Cleanup(func() { _ = slave.Close(); _ = p.master.Close() })
	go p.watch()
	return p
}

func (p *pty) watch() {
	b := make([]byte, 4096)
	for {
		n, err := p.master.Read(b)
		p.mu.Lock()
		p.screen += string(b[:n])
		if err != nil {
			p.screen += "\x00closed"
		}
		p.mu.Unlock()
		p.changed.Broadcast()
		if err != nil {
			return
		}
	}
}

// plays has the person wait for every first text to appear, and type the second.
func (p *pty) plays(script ...string) {
	go func() {
		for at := 0; len(script) > 1; script = script[2:] {
			p.mu.Lock()
			for !strings.Contains(p.screen[at:], script[0]) && !strings.HasSuffix(p.screen, "\x00closed") {
				p.changed.Wait()
			}
			at = len(p.screen)
			p.mu.Unlock()
			_, _ = p.master.WriteString(script[1])
		}
	}()
}

func (p *pty) saw() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen
}

// open is the terminal as a program opens it: anew each time.
func (p *pty) open() (*term.Terminal, error) {
	f, err := os.OpenFile(p.slave.Name(), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	return term.New(f, f), nil
}

// atTerminal puts a person in front of a world.
func (w *world) atTerminal(script ...string) *pty {
	p := newPty(w.T)
	w.tty = p.open
	p.plays(script...)
	return p
}

func TestPersonAnswersEverything(t *testing.T) {
	w := newLab(t, lab.Options{})
	p := w.atTerminal("User name (127", "alice\r", "Password (127", lab.AlicePassword+"\r", "(127", lab.Code(lab.AliceSeed, noon)+"\r", "Role", "Deploy\r")
	r := w.want(0, "arn:aws:iam::210987654321:role/Deploy", "login", "--url", w.lab.URL)
	if r.stdout != "" || strings.Contains(p.saw(), lab.AlicePassword) {
		t.Errorf("stdout %q, screen:\n%s", r.stdout, p.saw())
	}
	if got := w.read(".local/state/samlcli/choices.json"); !strings.Contains(got, "role/Deploy") {
		t.Errorf("remembers %s", got)
	}
	w.atTerminal("Role", "\r") // the last choice comes first
	file := w.file("response", w.sign(w.lab.Assertion("alice")))
	w.want(0, "role/Deploy", "login", "--url", w.lab.URL, "--assertion", file)
}

func TestPersonTriesAgain(t *testing.T) {
	w := asNobody(t, "bob", `password_command = "echo wrong"`)
	p := w.atTerminal("Password (", "\r", "Password (", lab.BobPassword+"\r")
	w.want(0, "", "login")
	if !strings.Contains(p.saw(), "The user name or the password is wrong.") {
		t.Errorf("the provider's words are not on the screen:\n%s", p.saw())
	}
}

func TestPersonLeaves(t *testing.T) {
	w := asNobody(t, "alice", "")
	for _, key := range []string{"\x03", "\x04"} {
		w.atTerminal("Password (", key)
		w.want(130, "samlcli: interrupted\n", "login", "--username", "bob")
	}
	w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
	w.set("SAMLCLI_CODE", lab.Code(lab.AliceSeed, noon))
	w.atTerminal("Role", "\x03")
	w.want(130, "samlcli: interrupted\n", "login")
}

func TestNoInputAsksNobody(t *testing.T) {
	w := asNobody(t, "bob", "no_input = true")
	p := w.atTerminal()
	w.want(3, "without --no-input a terminal is asked", "login")
	if p.saw() != "" {
		t.Errorf("asked all the same:\n%s", p.saw())
	}
}

func TestConfigureAtTheTerminal(t *testing.T) {
	w := newLab(t, lab.Options{})
	w.atTerminal("User name", "alice\r", "Password for the keyring", lab.AlicePassword+"\r", "Authenticator seed", lab.AliceSeed+"\r")
	w.want(0, "put the authenticator's seed into the keyring", "configure", w.lab.URL, "--account", "lab")
	w.want(0, "", "login", "--role", "Admin", "--no-input")

	w.atTerminal("User name", "\r")
	w.want(0, "", "configure", w.lab.URL, "--account", "nobody")
	w.atTerminal("Password for the keyring", "\r", "Authenticator seed", "\r")
	w.want(0, "", "configure", w.lab.URL, "--account", "asked", "--username", "bob")
	w.atTerminal("Password for the keyring", "\r", "Authenticator seed", "no seed: 1\r")
	w.want(2, "it is no TOTP seed", "configure", w.lab.URL, "--account", "wrong", "--username", "bob")
	w.atTerminal("Password for the keyring", "\x03")
	w.want(130, "", "configure", w.lab.URL, "--account", "left", "--username", "bob")
	w.keys.gone = true
	w.atTerminal()
	w.want(0, "", "configure", w.lab.URL, "--account", "keyless", "--username", "bob")
	if text := w.read(configFile); strings.Contains(text, "wrong") || strings.Contains(text, "left") || strings.Count(text, "[account.") != 4 {
		t.Errorf("wrote:\n%s", text)
	}
}

func TestPersonChoosesAFactor(t *testing.T) {
	w := newWorld(t)
	w.set("NO_COLOR", "1")
	p := w.atTerminal("How do you want", "text\r")
	i, err := w.answers().Choose(w.ctx, idp.Choice{Title: "How do you want to go on?", Options: []idp.Option{{Label: "App", Factor: idp.TOTP}, {Label: "Text me", Factor: idp.SMS}}})
	if i != 1 || err != nil {
		t.Errorf("Choose = %d, %v\n%s", i, err, p.saw())
	}
}

func TestPersonReadsACaptcha(t *testing.T) {
	w := newWorld(t)
	p := w.atTerminal("What the picture says", " seen \r")
	q := idp.Question{Kind: idp.Captcha, Host: "idp.example.com", Detail: "https://idp.example.com/captcha", Image: []byte("picture"), Attempt: 1}
	if got, err := w.answers().Ask(w.ctx, q); got != "seen" || err != nil {
		t.Errorf("Ask = %q, %v", got, err)
	}
	_, name, _ := strings.Cut(p.saw(), "Look at the picture ")
	name, _, _ = strings.Cut(name, "\r")
	if _, err := os.Stat(name); !os.IsNotExist(err) || name == "" || !strings.Contains(p.saw(), q.Detail) {
		t.Errorf("%q: %v; screen:\n%s", name, err, p.saw())
	}
	w.atTerminal("What the picture says", "seen\r")
	q.Image = nil
	if got, err := w.answers().Ask(w.ctx, q); got != "seen" || err != nil {
		t.Errorf("Ask without an image = %q, %v", got, err)
	}
}

// TestBlanksInPasswords belong to them.
func TestBlanksInPasswords(t *testing.T) {
	w := newWorld(t)
	for kind, want := range map[idp.Kind]string{idp.Password: " pass word ", idp.Code: "pass word"} {
		w.atTerminal("(idp.example.com)", " pass word \r")
		if got, err := w.answers().Ask(w.ctx, idp.Question{Kind: kind, Host: "idp.example.com", Attempt: 2}); got != want || err != nil {
			t.Errorf("%s: Ask = %q, %v", kind, got, err)
		}
	}
}

// Without a program exec runs the person's shell, where there is a person.
func TestSubshell(t *testing.T) {
	w := asBob(t)
	shell := w.file("myshell", "#!/bin/sh\necho key $AWS_ACCESS_KEY_ID\n")
	if err := os.Chmod(shell, 0o700); err != nil {
		t.Fatal(err)
	}
	w.set("SHELL", shell)
	w.want(2, "exec needs a program", "exec")
	w.tty = newPty(t).open
	for _, variables := range [][2]string{{shell, ""}, {"", shell}} {
		w.set("SHELL", variables[0])
		w.set("ComSpec", variables[1])
		if r := w.want(0, "", "exec"); !strings.HasPrefix(r.stdout, "key ASIA") {
			t.Errorf("the shell said %q", r.stdout)
		}
	}
}

// A stored password that was refused before is not sent: the person is asked.
func TestStalePasswordAtTerminal(t *testing.T) {
	w := newLab(t, lab.Options{})
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", "an old one")
	w.want(4, "refused", "process")
	p := newPty(t)
	w.tty = p.open
	p.plays("Password (", lab.BobPassword+"\r")
	w.want(0, "", "process")
	if got := w.count("idp POST /login"); got != 2 {
		t.Errorf("%d passwords were sent, want 2", got)
	}
}
