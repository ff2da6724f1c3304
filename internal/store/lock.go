package store

import (
	"context"
	"fmt"
	"os"

	"github.com/gofrs/flock"
)

// Lock waits until nobody else, in whatever process, holds what path stands for, or ctx ends. It is kept until unlock, or
// the end of this process.
func Lock(ctx context.Context, path string) (unlock func(), err error) {
	target, err := place(path)
	if err == nil {
		unlock, err = lock(ctx, beside(target, ".lock"))
	}
	if err != nil {
		return nil, fmt.Errorf("locking %s: %w", path, cause(err))
	}
	return unlock, nil
}

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
