// Package term asks a person at the terminal itself, so that questions work while stdin, stdout and stderr are pipes.
package term

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"github.com/samlcli/samlcli/internal/plain"
)

// ErrNone says that there is no terminal: nobody can be asked.
var ErrNone = errors.New("no terminal")

// ErrInterrupted says that the person ended a question instead of answering it: Ctrl-C or Esc where the keys come to
// us one by one, Ctrl-D on an empty answer everywhere. Ctrl-C during Line is the signal SIGINT, which is the program's:
// it should end ctx.
var ErrInterrupted = errors.New("interrupted")

// Terminal puts questions to a person, one at a time. Every text that it is given is shown as one line without control
// characters, so words of a server may be passed as they came.
type Terminal struct {
	// NoColor shows the row of a list that Enter would choose by a mark alone, not in reverse.
	NoColor bool
	// Dumb says that the terminal cannot move its cursor (TERM=dumb): lists are numbered.
	Dumb bool

	in, out  *os.File
	keyboard //lint:ignore U1000 a Windows console keeps its reader here
}

// Open opens the terminal that controls the process, wherever stdin and stdout lead. The error is an ErrNone when
// there is no such terminal. The caller closes it.
func Open() (*Terminal, error) {
	t, err := open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNone, err)
	}
	if !term.IsTerminal(int(t.in.Fd())) || !term.IsTerminal(int(t.out.Fd())) {
		_ = t.Close()
		return nil, ErrNone
	}
	return t, nil
}

// New is the terminal that is read from in and shown on out; they may be the same file. Both must be terminals.
func New(in, out *os.File) *Terminal { return &Terminal{in: in, out: out} }

// Close closes the terminal's files.
func (t *Terminal) Close() error {
	if t.in == t.out {
		return t.in.Close()
	}
	return errors.Join(t.in.Close(), t.out.Close())
}

// Say shows message as one line.
func (t *Terminal) Say(message string) { t.write(plain.Text(message) + "\r\n") }

// Line shows prompt and returns the line that is typed, without its end. The terminal's own editing applies, and with
// it its limit, 4096 bytes on Linux. When ctx ends, Line returns its error at once.
func (t *Terminal) Line(ctx context.Context, prompt string) (string, error) {
	t.prompt(prompt)
	line, err := t.line(ctx)
	if err != nil {
		t.write("\r\n")
		return "", fmt.Errorf("reading an answer: %w", err)
	}
	return line, nil
}

func (t *Terminal) line(ctx context.Context) (string, error) {
	keys, err := t.listen(ctx)
	if err != nil {
		return "", err
	}
	defer keys.close()
	var line []byte
	for {
		b, err := keys.read(ctx, 0)
		switch {
		case err == io.EOF && len(line) == 0:
			return "", ErrInterrupted
		case err == io.EOF || err == nil && (b == '\n' || b == '\r'):
			return strings.TrimSuffix(string(line), "\r"), nil
		case err != nil:
			return "", err
		}
		line = append(line, b)
	}
}

// Hidden shows prompt and returns the line that is typed or pasted, of any length, without showing it. However it ends,
// the terminal is as it was before. When ctx ends, Hidden returns its error at once.
func (t *Terminal) Hidden(ctx context.Context, prompt string) (string, error) {
	return t.hidden(ctx, prompt, 0)
}

// pasteTime is how long the next line of a paste may take.
const pasteTime = 300 * time.Millisecond

// Pasted is Hidden for a text of several lines: it ends where no further line follows at once.
func (t *Terminal) Pasted(ctx context.Context, prompt string) (string, error) {
	text, err := t.hidden(ctx, prompt, pasteTime)
	return strings.TrimRight(text, "\n"), err
}

// hidden returns what is typed up to the Enter after which nothing comes for a while.
func (t *Terminal) hidden(ctx context.Context, prompt string, while time.Duration) (string, error) {
	var answer []byte
	err := t.raw(ctx, func(next reader) error {
		t.prompt(prompt)
		patience := endless
		for {
			k, err := next(patience)
			switch {
			case errors.Is(err, errQuiet) || err == nil && k.kind == enter && while == 0:
				return nil
			case err != nil:
				return err
			case k.kind == interrupt || k.kind == end && len(answer) == 0:
				return ErrInterrupted
			}
			if answer, patience = edit(answer, k), endless; k.kind == enter {
				answer, patience = append(answer, '\n'), while
			}
		}
	})
	t.write("\r\n")
	if err != nil {
		return "", fmt.Errorf("reading a hidden answer: %w", err)
	}
	return string(answer), nil
}

// reader returns the next key, or errQuiet when patience is over.
type reader func(patience time.Duration) (key, error)

const endless time.Duration = 0

// raw calls do while keys come one by one and without echo, and sets the terminal back however do ends.
func (t *Terminal) raw(ctx context.Context, do func(reader) error) error {
	keys, err := t.listen(ctx)
	if err != nil {
		return err
	}
	defer keys.close()
	before, err := term.MakeRaw(int(t.in.Fd()))
	if err != nil {
		return fmt.Errorf("turning off echo: %w", err)
	}
	defer func() { _ = term.Restore(int(t.in.Fd()), before) }()
	return do(func(patience time.Duration) (key, error) { return readKey(ctx, keys, patience) })
}

func (t *Terminal) prompt(text string) { t.write(plain.Text(text) + " ") }

// write shows text as it is. A terminal that cannot be written to cannot be read either: reading reports it.
func (t *Terminal) write(text string) { _, _ = t.out.WriteString(text) }
