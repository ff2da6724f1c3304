//go:build unix

package store

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestOwner(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if err := os.WriteFile(path, nil, 0o660); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	mine, _ := owner(info)
	for euid, ok := range map[int]bool{mine: true, 0: true, mine + 1: false} {
		if err := mayEdit(euid, info); (err == nil) != ok {
			t.Errorf("mayEdit(%d) = %v, want allowed: %v", euid, err, ok)
		}
	}
	if os.Geteuid() != 0 {
		t.Skip("only root can give files away")
	}
	const somebody, group = 4321, 4322
	if err := os.Chown(dir, somebody, group); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(path, somebody, group); err != nil {
		t.Fatal(err)
	}
	if err := Edit(t.Context(), path, 0o600, func([]byte) ([]byte, error) { return []byte("new"), nil }); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{path, filepath.Join(dir, ".f.lock")} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if uid, gid := owner(info); uid != somebody || gid != group {
			t.Errorf("%s belongs to %d:%d, want %d:%d", name, uid, gid, somebody, group)
		}
	}
}

func TestEditRefusesPipe(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Edit(t.Context(), path, 0o600, func(b []byte) ([]byte, error) { return b, nil }); err == nil {
		t.Error("Edit of a pipe: want an error")
	}
	if _, err := Read(path); err == nil {
		t.Error("Read of a pipe: want an error")
	}
}
