package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

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

// patience is how long an edit waits for others, which take moments: one that was stopped holds its lock for ever.
const patience = 30 * time.Second

// briefly is lock for what nobody holds for long.
func briefly(ctx context.Context, path string) (unlock func(), err error) {
	limited, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("another process has held %s for %v", path, patience))
	defer cancel()
	return lock(limited, path)
}

// lock waits until this process alone holds the lock file, or ctx ends. The lock file stays when the lock goes:
// removing it would let two processes hold locks on two files of one name.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return nil, context.Cause(ctx)
	}
	// Network file systems lock only what is open for writing.
	l := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	var held bool
	err = uninterrupted(func() (err error) { held, err = l.TryLock(); return err })
	if err != nil {
		return nil, err
	}
	release := func() { _ = l.Unlock() }
	if held {
		return release, adoptLock(path)
	}
	got := make(chan error, 1)
	go func() { got <- uninterrupted(l.Lock) }() // the system wakes it at once; polling would not
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

// uninterrupted does again what a signal interrupted: the library leaves that to its callers, and network file systems
// do not start again by themselves.
func uninterrupted(do func() error) error {
	for {
		if err := do(); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}
