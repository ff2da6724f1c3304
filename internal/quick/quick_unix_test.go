//go:build unix

package quick

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What never ends is not read, nor what a link leads to, nor what is somebody else's.
func TestRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, err := range []error{
		os.WriteFile(at("file"), []byte("text"), 0o600), os.Symlink(at("file"), at("link")), os.Symlink("/dev/zero", at("device")),
		os.Symlink(at("loop"), at("loop")), syscall.Mkfifo(at("pipe"), 0o600),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"file": "text", "link": "", "device": "", "loop": "", "pipe": "", "none": "", ".": ""} {
		if got := read(at(name)); string(got) != want {
			t.Errorf("read(%s) = %q, want %q", name, got, want)
		}
	}
	info, err := os.Stat(at("file"))
	if err != nil {
		t.Fatal(err)
	}
	mine := os.Geteuid()
	for user, want := range map[int]bool{mine: true, 0: true, mine + 1: false} {
		if got := own(user, info); got != want {
			t.Errorf("own(%d) = %v", user, got)
		}
	}
}
