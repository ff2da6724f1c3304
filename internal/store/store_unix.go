//go:build unix

package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

func owner(info fs.FileInfo) (uid, gid int) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return -1, -1
	}
	return int(s.Uid), int(s.Gid)
}

// checkOwner refuses a file of somebody else.
func checkOwner(info fs.FileInfo) error { return mayEdit(os.Geteuid(), info) }

func mayEdit(euid int, info fs.FileInfo) error {
	if uid, _ := owner(info); uid != euid && euid != 0 {
		return fmt.Errorf("the file belongs to another user: %w", fs.ErrPermission)
	}
	return nil
}

// mayWrite says why no file can be made in a directory.
func mayWrite(dir string) error { return unix.Access(dir, unix.W_OK|unix.X_OK) }

// keepOwner hands f to the owner of the file that it follows, and tells whether the group is the same as well.
func keepOwner(f *os.File, was fs.FileInfo) (sameGroup bool, err error) {
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	oldUID, oldGID := owner(was)
	uid, gid := owner(info)
	if uid != oldUID {
		if err := f.Chown(oldUID, -1); err != nil {
			return false, err
		}
	}
	return gid == oldGID || f.Chown(-1, oldGID) == nil, nil
}

// adoptLock hands a lock file that root made to the directory's owner, who could not open it otherwise.
func adoptLock(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	directory, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	if !freshLock(info) {
		return nil
	}
	uid, gid := owner(directory)
	return os.Lchown(path, uid, gid)
}

// freshLock reports whether info is what making a lock file makes, and no file that somebody linked to its name.
func freshLock(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && info.Mode().IsRegular() && info.Size() == 0 && s.Uid == 0 && s.Nlink == 1
}

// syncDirectory makes a rename last.
func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err // some file systems cannot sync a directory, and need not
	}
	return nil
}
