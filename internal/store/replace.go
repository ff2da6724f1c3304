package store

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const temporary = ".tmp"

// durable is whether a file must outlive a crash of the machine, which takes a disk's time.
type durable bool

// replace puts data in target's place at once.
func replace(target string, data []byte, mode fs.FileMode, was fs.FileInfo, lasting durable) error {
	// CreateTemp makes a new file of mode 0600, or none.
	f, err := os.CreateTemp(filepath.Dir(target), filepath.Base(beside(target, ".*"+temporary)))
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { _, err := f.Write(data); return err },
		func() error { return permit(f, mode, was) },
		func() error {
			if lasting {
				return f.Sync()
			}
			return nil
		},
		f.Close,
		func() error { return os.Rename(f.Name(), target) },
	} {
		if err := step(); err != nil {
			_ = f.Close()
			_ = os.Remove(f.Name())
			return err
		}
	}
	if !lasting {
		return nil
	}
	return syncDirectory(filepath.Dir(target))
}

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

// sweep removes what killed processes left: nobody who lives edits target but the caller, who holds its lock.
func sweep(target string) {
	names, err := os.ReadDir(filepath.Dir(target))
	if err != nil {
		return
	}
	prefix := filepath.Base(beside(target, "."))
	for _, n := range names {
		number, ok := strings.CutSuffix(strings.TrimPrefix(n.Name(), prefix), temporary)
		if ok && strings.HasPrefix(n.Name(), prefix) && number != "" && strings.Trim(number, "0123456789") == "" {
			_ = os.Remove(filepath.Join(filepath.Dir(target), n.Name()))
		}
	}
}
