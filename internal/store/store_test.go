package store_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/samlcli/samlcli/internal/store"
)

// to is a change that answers text whatever there was.
func to(text string) func([]byte) ([]byte, error) {
	return func([]byte) ([]byte, error) { return []byte(text), nil }
}

func edit(t *testing.T, path, text string) {
	t.Helper()
	if err := store.Edit(t.Context(), path, 0o600, to(text)); err != nil {
		t.Fatalf("Edit(%s) = %v", path, err)
	}
}

func write(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, path, text string, mode fs.FileMode) {
	t.Helper()
	got, err := store.Read(path)
	if string(got) != text || err != nil {
		t.Errorf("Read(%s) = %q, %v, want %q", path, got, err, text)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode() != mode {
		t.Errorf("mode of %s = %v, %v, want %v", path, info.Mode(), err, mode)
	}
}

func TestEditNew(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a", "b")
	path := filepath.Join(dir, "f")
	err := store.Edit(t.Context(), path, 0o600, func(old []byte) ([]byte, error) {
		if old != nil {
			t.Errorf("old = %q, want nil", old)
		}
		return []byte("new"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, path, "new", 0o600)
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if info, err := os.Stat(d); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("mode of %s = %v, %v, want 0700", d, info.Mode(), err)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a")
	path := filepath.Join(dir, "f")
	for _, text := range []string{"first", "second"} {
		if err := store.Write(path, []byte(text)); err != nil {
			t.Fatal(err)
		}
		want(t, path, text, 0o600)
		if err := os.Chmod(path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("left %v", names)
	}
	if err := store.Write(dir, nil); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("Write of a directory = %v", err)
	}
}

func TestEditKeepsMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []fs.FileMode{0o600, 0o640, 0o644, 0o400} {
		path := filepath.Join(t.TempDir(), "f")
		write(t, path, "old", mode)
		edit(t, path, "new")
		want(t, path, "new", mode)
	}
}

func TestEditKeepsLinks(t *testing.T) {
	t.Parallel()
	for _, there := range []bool{true, false} {
		dir, home := t.TempDir(), t.TempDir()
		real, middle, link := filepath.Join(dir, "sub", "real"), filepath.Join(dir, "middle"), filepath.Join(home, "link")
		if err := errors.Join(os.Symlink("sub/real", middle), os.Symlink(middle, link)); err != nil {
			t.Fatal(err)
		}
		if there {
			edit(t, real, "old")
		}
		edit(t, link, "new")
		want(t, real, "new", 0o600)
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Errorf("the link became %v, %v", info.Mode(), err)
		}
		if names, err := os.ReadDir(home); err != nil || len(names) != 1 {
			t.Errorf("beside the link: %v, %v, want nothing", names, err)
		}
	}
}

func TestEditLeavesAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	write(t, path, "old", 0o600)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	edit(t, path, "old")
	mine := errors.New("mine")
	err = store.Edit(t.Context(), path, 0o600, func([]byte) ([]byte, error) { return nil, mine })
	if err != mine {
		t.Errorf("Edit = %v, want the error of change itself", err)
	}
	after, err := os.Stat(path)
	if err != nil || !os.SameFile(before, after) || !before.ModTime().Equal(after.ModTime()) {
		t.Errorf("the file was replaced by the same bytes: %v", err)
	}
}

func TestEditRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	loop, file := filepath.Join(dir, "loop"), filepath.Join(dir, "file")
	if err := os.Symlink("loop", loop); err != nil {
		t.Fatal(err)
	}
	write(t, file, "x", 0o600)
	for path, text := range map[string]string{
		dir:                       "not a regular file",
		"/dev/null":               "not a regular file",
		loop:                      "too many symbolic links",
		filepath.Join(file, "in"): "not a directory",
	} {
		err := store.Edit(t.Context(), path, 0o600, to("new"))
		if err == nil || !strings.Contains(err.Error(), text) || !strings.Contains(err.Error(), path) {
			t.Errorf("Edit(%s) = %v, want %q", path, err, text)
		}
	}
	for path, text := range map[string]string{dir: "not a regular file", "/dev/null": "not a regular file", loop: "symbolic links"} {
		if _, err := store.Read(path); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("Read(%s) = %v, want %q", path, err, text)
		}
	}
	if _, err := store.Read(filepath.Join(dir, "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Read of nothing = %v, want fs.ErrNotExist", err)
	}
}

func TestEditSweeps(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{".f.123.tmp", ".f.tmp", ".f.x.tmp", ".g.1.tmp", "f.1.tmp"} {
		write(t, filepath.Join(dir, name), "left", 0o600)
	}
	edit(t, filepath.Join(dir, "f"), "new")
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	if want := []string{".f.lock", ".f.tmp", ".f.x.tmp", ".g.1.tmp", "f", "f.1.tmp"}; !slices.Equal(got, want) {
		t.Errorf("files = %q, want %q", got, want)
	}
}

func TestEditTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	const people, rounds = 20, 5
	var all sync.WaitGroup
	for range people {
		all.Go(func() {
			for range rounds {
				err := store.Edit(t.Context(), path, 0o600, func(old []byte) ([]byte, error) {
					n, _ := strconv.Atoi(string(old))
					return strconv.AppendInt(nil, int64(n+1), 10), nil
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	want(t, path, strconv.Itoa(people*rounds), 0o600)
}

// endsWhenWaitedFor ends at the moment when somebody waits for its end.
type endsWhenWaitedFor struct {
	context.Context
	cancel context.CancelFunc
}

func (c endsWhenWaitedFor) Done() <-chan struct{} {
	defer c.cancel()
	return c.Context.Done()
}

func TestEditStopsWaiting(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	err := store.Edit(t.Context(), path, 0o600, func([]byte) ([]byte, error) {
		inner, cancel := context.WithCancel(t.Context())
		ctx := endsWhenWaitedFor{inner, cancel}
		if err := store.Edit(ctx, path, 0o600, to("other")); !errors.Is(err, context.Canceled) {
			t.Errorf("waiting = %v, want context.Canceled", err)
		}
		if err := store.Edit(ctx, path, 0o600, to("other")); !errors.Is(err, context.Canceled) {
			t.Errorf("Edit after the end = %v, want context.Canceled", err)
		}
		return []byte("mine"), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, path, "mine", 0o600)
	edit(t, path, "after") // whoever gave up has let go of the lock
}
