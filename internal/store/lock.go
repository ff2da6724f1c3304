package store

import (
	"context"
	"os"

	"github.com/gofrs/flock"
)

// lock waits until this process alone holds the lock file, or ctx ends. The lock file stays when the lock goes:
// removing it would let two processes hold locks on two files of one name.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	// Network file systems lock only what is open for writing.
	l := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	held, err := l.TryLock()
	if err != nil {
		return nil, err
	}
	release := func() { _ = l.Unlock() }
	if held {
		return release, adoptLock(path)
	}
	got := make(chan error, 1)
	go func() { got <- l.Lock() }() // the system wakes it at once; polling would not
	select {
	case err := <-got:
		return release, err
	case <-ctx.Done():
		go func() {
			if <-got == nil {
				release()
			}
		}()
		return nil, context.Cause(ctx)
	}
}
