package term

import (
	"context"
	"io"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

func open() (*Terminal, error) {
	in, err := os.OpenFile("CONIN$", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	out, err := os.OpenFile("CONOUT$", os.O_RDWR, 0)
	if err != nil {
		_ = in.Close()
		return nil, err
	}
	t := New(in, out)
	t.Dumb = !understandsEscapes(windows.Handle(out.Fd()))
	return t, nil
}

// understandsEscapes switches the console to escape sequences; consoles before Windows 10 have none.
func understandsEscapes(console windows.Handle) bool {
	var mode uint32
	if err := windows.GetConsoleMode(console, &mode); err != nil {
		return false
	}
	return windows.SetConsoleMode(console, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// keyboard holds the read that is under way, if any. A console read cannot be called off: one that outlives its
// question serves the next.
type keyboard struct{ pending chan keystroke }

type keystroke struct {
	b   byte
	err error
}

type keys struct{ t *Terminal }

func (t *Terminal) listen(context.Context) (*keys, error) { return &keys{t}, nil }

func (*keys) close() {}

// read returns the next byte; io.EOF at the end of input; errQuiet when patience is over, 0 being endless; and the
// error of ctx as soon as that ends.
func (k *keys) read(ctx context.Context, patience time.Duration) (byte, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if k.t.pending == nil {
		k.t.pending = readOne(k.t.in)
	}
	var quiet <-chan time.Time
	if patience > 0 {
		quiet = time.After(patience)
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-quiet:
		return 0, errQuiet
	case got := <-k.t.pending:
		k.t.pending = nil
		return got.b, got.err
	}
}

func readOne(in *os.File) chan keystroke {
	pending := make(chan keystroke, 1)
	go func() {
		b := make([]byte, 1)
		n, err := in.Read(b)
		if n == 0 && err == nil {
			err = io.EOF
		}
		pending <- keystroke{b[0], err}
	}()
	return pending
}
