package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const temporary = ".tmp"

// durable is whether a file must outlive a crash of the machine, which takes a disk's time.
type durable bool

// A replacement puts data in target's place at once.
type replacement struct {
	target  string
	data    []byte
	mode    fs.FileMode // of a new file
	was     fs.FileInfo // nil where there was none, or where it does not count
	lasting durable

	file *os.File
}

// steps are what a replacement does, in turn. Whichever is the last, and wherever it stops, the file is the old one or the new.
func (r *replacement) steps() []func() error {
	steps := []func() error{r.create, r.write, r.permit}
	if r.lasting {
		steps = append(steps, r.sync)
	}
	steps = append(steps, r.close, r.rename)
	if r.lasting {
		steps = append(steps, r.syncDirectory)
	}
	return steps
}

// run does the steps. After one that fails nothing is left of the new file.
func (r *replacement) run(steps []func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			r.undo()
			return err
		}
	}
	return nil
}

func (r *replacement) undo() {
	if r.file != nil {
		_ = r.file.Close()
		_ = os.Remove(r.file.Name())
	}
}

// create makes a new file of mode 0600, or none.
func (r *replacement) create() (err error) {
	r.file, err = os.CreateTemp(filepath.Dir(r.target), filepath.Base(beside(r.target, ".*"+temporary)))
	return err
}

func (r *replacement) write() error         { _, err := r.file.Write(r.data); return err }
func (r *replacement) permit() error        { return permit(r.file, r.mode, r.was) }
func (r *replacement) sync() error          { return r.file.Sync() }
func (r *replacement) close() error         { return r.file.Close() }
func (r *replacement) rename() error        { return os.Rename(r.file.Name(), r.target) }
func (r *replacement) syncDirectory() error { return syncDirectory(filepath.Dir(r.target)) }

// permit gives f the owner and mode of the file that it follows, or the mode of a new one.
func permit(f *os.File, mode fs.FileMode, was fs.FileInfo) error {
	if was == nil {
		return f.Chmod(mode.Perm())
	}
	sameGroup, err := keepOwner(f, was)
	if err != nil {
		return err
	}
	mode = was.Mode().Perm()
	if !sameGroup {
		mode &^= 0o070 // what one group might do is not for another
	}
	return f.Chmod(mode)
}

// sweep removes what killed processes left beside target, if it is one of those that gone knows.
func sweep(target string, gone func(name string) bool) {
	directory, err := os.Open(filepath.Dir(target))
	if err != nil {
		return
	}
	defer func() { _ = directory.Close() }()
	names, _ := directory.Readdirnames(-1) // what cannot be listed is left
	prefix := filepath.Base(beside(target, "."))
	for _, n := range names {
		number, ok := strings.CutSuffix(strings.TrimPrefix(n, prefix), temporary)
		if !ok || !strings.HasPrefix(n, prefix) || number == "" || strings.Trim(number, "0123456789") != "" {
			continue
		}
		if path := filepath.Join(filepath.Dir(target), n); gone(path) {
			_ = os.Remove(path)
		}
	}
}

// all is for whoever holds target's lock: nobody who lives edits it.
func all(string) bool { return true }

// writingTakes is more than it takes to write a file.
const writingTakes = time.Minute

// olderThan is for whoever holds no lock: what was made long before the new file, by the same clock, belongs to nobody any more.
func olderThan(target string) func(string) bool {
	now, err := os.Stat(target)
	return func(path string) bool {
		then, err2 := os.Lstat(path)
		return errors.Join(err, err2) == nil && now.ModTime().Sub(then.ModTime()) > writingTakes
	}
}
