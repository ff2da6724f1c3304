// Package store keeps files that outlive a run: locked while they change, replaced whole, readable by their owner alone.
//
// Readers need no lock: they see a file as it was before a change or after it, never half of one. A process that is
// killed at any moment leaves the old file, and blocks nobody, since its lock ends with it.
package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Read returns what the file holds. The error is fs.ErrNotExist where there is none. Anything but a regular file
// is refused, so that a pipe or a device never makes it wait.
func Read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, cause(err))
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("reading %s: %w", path, errNotRegular)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, cause(err))
	}
	return data, nil
}

// Kept reads what Keep wrote: a regular file, no link, of this user. Another one may have been put there by somebody else, to
// make us wait, or hand out what is theirs.
func Kept(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > mostKept) {
		err = errNotRegular
	}
	if err == nil {
		err = checkOwner(info)
	}
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, cause(err))
	}
	return Read(path)
}

const mostKept = 1 << 20

// Edit replaces the file's bytes by what change makes of them; old is nil where there is no file yet. Edits of one
// file, by whatever process, happen one after the other; ctx, or half a minute, ends the wait for the others. An error from
// change, which is returned as it is, and a change that changes nothing leave the file untouched.
//
// A new file gets mode, in directories of mode 0700 that are made where they are missing. A file that was there keeps
// its mode, and a symbolic link to it stays one. Somebody else's file is refused, but for root, who leaves it theirs. Under
// a second name of the file, a hard link, the old bytes stay.
func Edit(ctx context.Context, path string, mode fs.FileMode, change func(old []byte) ([]byte, error)) error {
	return edit(ctx, path, mode, change, true)
}

// Amend is Edit for a file of our own that can be made again: it does not wait for the disk.
func Amend(ctx context.Context, path string, change func(old []byte) ([]byte, error)) error {
	return edit(ctx, path, 0o600, change, false)
}

func edit(ctx context.Context, path string, mode fs.FileMode, change func(old []byte) ([]byte, error), lasting durable) error {
	target, err := place(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	unlock, err := briefly(ctx, beside(target, ".lock"))
	if err != nil {
		return fmt.Errorf("locking %s: %w", path, cause(err))
	}
	defer unlock()

	old, was, err := current(target)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, cause(err))
	}
	data, err := change(old)
	if err != nil {
		return err
	}
	if was != nil && bytes.Equal(data, old) {
		return nil
	}
	sweep(target, all)
	r := &replacement{target: target, data: data, mode: mode, was: was, lasting: lasting}
	if err := r.run(r.steps()); err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	return nil
}

// Write puts data in the file's place, whatever was there, for its owner alone. Nothing of the old file counts, so it
// needs no lock.
func Write(path string, data []byte) error {
	target, err := place(path)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	return put(target, path, data, true)
}

// Keep is Write for what can be got again: it does not wait for the disk, so that a crash of the machine may lose it. A
// symbolic link is replaced, not followed.
func Keep(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	return put(path, path, data, false)
}

func put(target, path string, data []byte, lasting durable) error {
	r := &replacement{target: target, data: data, mode: 0o600, lasting: lasting}
	if err := r.run(r.steps()); err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	sweep(target, olderThan(target))
	return nil
}

// CheckEdit reports what would hinder Edit as things are now. It changes nothing, and does not see a full disk.
func CheckEdit(path string) error {
	target, err := resolve(path)
	if err == nil {
		_, err = inspect(target)
	}
	if err == nil {
		err = mayWrite(nearest(filepath.Dir(target)))
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	return nil
}

// nearest is dir, or the directory above it that is there already.
func nearest(dir string) string {
	for {
		_, err := os.Stat(dir)
		if above := filepath.Dir(dir); errors.Is(err, fs.ErrNotExist) && above != dir {
			dir = above
			continue
		}
		return dir
	}
}

// Append adds data at the end of a file of our own, in one write: lines of several processes stay whole.
func Append(path string, data []byte) error {
	target, err := place(path)
	if err == nil {
		err = appendTo(target, data)
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, cause(err))
	}
	return nil
}

func appendTo(target string, data []byte) error {
	f, err := os.OpenFile(target, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// place is where the file at path is or will be, in a directory that is made where it is missing.
func place(path string) (string, error) {
	target, err := resolve(path)
	if err != nil {
		return "", err
	}
	if _, err := inspect(target); err != nil { // before a lock file is left beside it
		return "", err
	}
	return target, os.MkdirAll(filepath.Dir(target), 0o700)
}

var errNotRegular = errors.New("not a regular file")

const maxLinks = 40

// resolve follows the symbolic links at path to where the file is or will be.
func resolve(path string) (string, error) {
	for range maxLinks {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		to, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", errors.New("too many symbolic links")
}

// beside names a hidden file in target's directory.
func beside(target, suffix string) string {
	return filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+suffix)
}

// inspect describes the file at target, which must be one that may be replaced, and is nil where there is none.
func inspect(target string) (fs.FileInfo, error) {
	info, err := os.Lstat(target)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errNotRegular
	}
	return info, checkOwner(info)
}

// current is what target holds, and nil twice where there is no file.
func current(target string) ([]byte, fs.FileInfo, error) {
	info, err := inspect(target)
	if info == nil || err != nil {
		return nil, nil, err
	}
	data, err := os.ReadFile(target)
	return data, info, err
}

// cause is err without the path, which the caller names as the person knows it.
func cause(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok && !strings.HasSuffix(at.Path, ".lock") {
		return at.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err
	}
	return err
}
