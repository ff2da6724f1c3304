//go:build unix

package store_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/samlcli/samlcli/internal/store"
)

// What is kept is our own: a link in its place is replaced, not followed, neither to write nor to read.
func TestKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "kept")
	write(t, target, "of somebody", 0o644)
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if data, err := store.Kept(link); err == nil {
		t.Errorf("Kept followed a link to %q", data)
	}
	if err := store.Keep(link, []byte("ours")); err != nil {
		t.Fatal(err)
	}
	want(t, target, "of somebody", 0o644)
	want(t, link, "ours", 0o600)
	if data, err := store.Kept(link); string(data) != "ours" || err != nil {
		t.Errorf("Kept = %q, %v", data, err)
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Kept(pipe); err == nil {
		t.Error("Kept read a pipe")
	}
	if err := os.Truncate(link, 1<<20+1); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Kept(link); err == nil {
		t.Error("Kept read a file that is too large")
	}
}
