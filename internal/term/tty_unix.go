//go:build unix

package term

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

func open() (*Terminal, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	return New(tty, tty), nil
}

// keyboard keeps nothing between questions here: what is not read stays with the terminal, for whoever reads next.
//
//lint:ignore U1000 a Windows console keeps its reader in its own
type keyboard struct{}

// keys reads a terminal until its ctx ends: the end of ctx closes wakeUp, which makes wake readable.
// It waits with select because macOS supports neither poll nor kqueue on /dev/tty.
type keys struct {
	tty          int
	wake, wakeUp *os.File
	stop         func() bool
}

func (t *Terminal) listen(ctx context.Context) (*keys, error) {
	wake, wakeUp, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = wakeUp.Close() })
	return &keys{int(t.in.Fd()), wake, wakeUp, stop}, nil
}

func (k *keys) close() {
	if k.stop() {
		_ = k.wakeUp.Close()
	}
	_ = k.wake.Close()
}

// read returns the next byte; io.EOF at the end of input; errQuiet when patience is over, 0 being endless; and the
// error of ctx as soon as that ends.
func (k *keys) read(ctx context.Context, patience time.Duration) (byte, error) {
	b := make([]byte, 1)
	for {
		if err := k.wait(ctx, patience); err != nil {
			return 0, err
		}
		n, err := unix.Read(k.tty, b)
		switch {
		case err == unix.EINTR || err == unix.EAGAIN:
			continue
		case err != nil:
			return 0, err
		case n == 0:
			return 0, io.EOF
		}
		return b[0], nil
	}
}

func (k *keys) wait(ctx context.Context, patience time.Duration) error {
	wake := int(k.wake.Fd())
	if max(k.tty, wake) >= unix.FD_SETSIZE {
		return fmt.Errorf("too many open files to wait for the terminal")
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		var ready unix.FdSet
		ready.Set(k.tty)
		ready.Set(wake)
		n, err := unix.Select(max(k.tty, wake)+1, &ready, nil, nil, timeval(patience))
		switch {
		case err == unix.EINTR:
			continue
		case err != nil:
			return err
		case n == 0:
			return errQuiet
		case !ready.IsSet(wake):
			return nil
		}
		<-ctx.Done()
	}
}

// timeval is d as select wants it, nil for endless.
func timeval(d time.Duration) *unix.Timeval {
	if d == 0 {
		return nil
	}
	tv := unix.NsecToTimeval(int64(d))
	return &tv
}
