package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/samlcli/samlcli/internal/store"
)

// One at a time holds it; whoever waits ends with its context.
func TestLock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "account")
	unlock, err := store.Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.Lock(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("held by another, and got %v", err)
	}
	unlock()
	again, err := store.Lock(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	again()
}
