package store

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// replacing is a replacement of a file that says "old" and has a mode of its own, or of none.
func replacing(t *testing.T, there bool, lasting durable) *replacement {
	t.Helper()
	r := &replacement{target: filepath.Join(t.TempDir(), "f"), data: []byte("the new text"), mode: 0o600, lasting: lasting}
	if !there {
		return r
	}
	if err := os.WriteFile(r.target, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	var err error
	if r.was, err = os.Lstat(r.target); err != nil {
		t.Fatal(err)
	}
	return r
}

// each calls check with every kind of replacement and every number of its steps.
func each(t *testing.T, check func(t *testing.T, r *replacement, n int)) {
	t.Helper()
	for _, there := range []bool{false, true} {
		for _, lasting := range []durable{false, true} {
			for n := range len((&replacement{lasting: lasting}).steps()) + 1 {
				t.Run(fmt.Sprintf("there %t, lasting %t, %d steps", there, lasting, n), func(t *testing.T) {
					check(t, replacing(t, there, lasting), n)
				})
			}
		}
	}
}

// whole says what is wrong with the target: it must be as it was, or as it shall be.
func whole(t *testing.T, r *replacement) (isNew bool) {
	t.Helper()
	text, err := os.ReadFile(r.target)
	info, _ := os.Lstat(r.target)
	switch {
	case string(text) == "the new text" && (r.was == nil && info.Mode() == 0o600 || r.was != nil && info.Mode() == r.was.Mode()):
		return true
	case r.was == nil && os.IsNotExist(err), r.was != nil && string(text) == "old" && os.SameFile(info, r.was):
		return false
	}
	t.Errorf("the file is %q, %v, %v", text, info, err)
	return false
}

func temporaries(t *testing.T, r *replacement) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(filepath.Dir(r.target), ".*"+temporary))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// Somebody who is killed after any step, or in the middle of a write, leaves the old file or the new one; the next edit works,
// and leaves nothing behind.
func TestKilled(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *replacement, n int) {
		if err := r.run(r.steps()[:n]); err != nil {
			t.Fatal(err)
		}
		if n == 1 {
			_, _ = r.file.Write(r.data[:5])
		}
		if r.file != nil {
			_ = r.file.Close()
		}
		isNew := whole(t, r)
		if n == 0 && isNew || n == len(r.steps()) && !isNew {
			t.Errorf("new after %d steps: %t", n, isNew)
		}
		err := Edit(t.Context(), r.target, 0o600, func([]byte) ([]byte, error) { return []byte("after"), nil })
		if text, _ := os.ReadFile(r.target); err != nil || string(text) != "after" {
			t.Errorf("Edit afterwards: %v, and the file is %q", err, text)
		}
		if left := temporaries(t, r); len(left) > 0 {
			t.Errorf("left: %q", left)
		}
	})
}

// Whichever step fails: the error is told, nothing is left behind, and the file is whole.
func TestFailing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, r *replacement, n int) {
		steps := r.steps()
		if n == len(steps) {
			return
		}
		steps[n] = func() error {
			if n == 1 {
				_, _ = r.file.Write(r.data[:5])
			}
			return syscall.ENOSPC
		}
		if err := r.run(steps); err != syscall.ENOSPC {
			t.Errorf("run = %v, want ENOSPC", err)
		}
		if left := temporaries(t, r); len(left) > 0 {
			t.Errorf("left: %q", left)
		}
		if isNew := whole(t, r); isNew && n < slices.Index(names(r), "rename") {
			t.Error("the file is new before it was renamed")
		}
	})
}

// names are those of a replacement's steps.
func names(r *replacement) []string {
	if r.lasting {
		return []string{"create", "write", "permit", "sync", "close", "rename", "sync the directory"}
	}
	return []string{"create", "write", "permit", "close", "rename"}
}

// What was killed while it wrote without a lock is swept by a later write, but not while it may still be writing.
func TestKeepSweeps(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	for name, age := range map[string]time.Duration{".f.1.tmp": 2 * time.Minute, ".f.2.tmp": 0, ".g.3.tmp": time.Hour, ".f.x.tmp": time.Hour} {
		file := filepath.Join(filepath.Dir(path), name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Keep(path, []byte("new")); err != nil {
		t.Fatal(err)
	}
	entries, err := fs.Glob(os.DirFS(filepath.Dir(path)), "*")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{".f.2.tmp", ".f.x.tmp", ".g.3.tmp", "f"}; !slices.Equal(entries, want) {
		t.Errorf("files = %q, want %q", entries, want)
	}
}

func TestUninterrupted(t *testing.T) {
	t.Parallel()
	n := 0
	err := uninterrupted(func() error {
		if n++; n < 3 {
			return &fs.PathError{Op: "flock", Path: "f", Err: syscall.EINTR}
		}
		return syscall.ENOLCK
	})
	if n != 3 || err != syscall.ENOLCK {
		t.Errorf("%d times, %v", n, err)
	}
}

func TestCheckEdit(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		file: "", filepath.Join(dir, "a", "b", "c"): "", dir: "not a regular file", filepath.Join(file, "in"): "not a directory",
		filepath.Join(file, "in", "it"): "not a directory",
	} {
		err := CheckEdit(path)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), path+": "+want)) {
			t.Errorf("CheckEdit(%s) = %v, want %q", path, err, want)
		}
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("it made %v", entries)
	}
}
