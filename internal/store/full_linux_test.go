package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/samlcli/samlcli/internal/store"
)

// smallDisk mounts a disk of a few pages, where that is permitted.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("no disk can be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// A full disk: the file stays as it was, nothing is left beside it, and all goes on as soon as there is room.
func TestDiskFull(t *testing.T) {
	dir := smallDisk(t)
	path, big := filepath.Join(dir, "f"), filepath.Join(dir, "big")
	edit(t, path, "old")
	write(t, big, strings.Repeat("x", 40<<10), 0o600)
	long := strings.Repeat("y", 30<<10)
	for name, err := range map[string]error{
		"Edit":   store.Edit(t.Context(), path, 0o600, to(long)),
		"Amend":  store.Amend(t.Context(), path, to(long)),
		"Write":  store.Write(path, []byte(long)),
		"Keep":   store.Keep(path, []byte(long)),
		"Append": store.Append(filepath.Join(dir, "lines"), []byte(long)),
	} {
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s = %v, want that no space is left", name, err)
		}
	}
	want(t, path, "old", 0o600)
	if left, _ := fs.Glob(os.DirFS(dir), ".*.tmp"); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	if err := os.Remove(big); err != nil {
		t.Fatal(err)
	}
	edit(t, path, long)
	want(t, path, long, 0o600)
}

// A disk that was made read-only is known before anything is written.
func TestReadOnlyDisk(t *testing.T) {
	dir := smallDisk(t)
	path := filepath.Join(dir, "f")
	edit(t, path, "old")
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"CheckEdit":           store.CheckEdit(path),
		"CheckEdit, deep":     store.CheckEdit(filepath.Join(dir, "a", "b")),
		"Edit":                store.Edit(t.Context(), path, 0o600, to("new")),
		"Keep":                store.Keep(path, nil),
		"Append":              store.Append(path, nil),
		"Edit, new directory": store.Edit(t.Context(), filepath.Join(dir, "a", "b"), 0o600, to("new")),
	} {
		if !errors.Is(err, syscall.EROFS) || !strings.Contains(err.Error(), path[:len(dir)]) {
			t.Errorf("%s = %v, want that the disk is read-only", name, err)
		}
	}
	want(t, path, "old", 0o600)
}
