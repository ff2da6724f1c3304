package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/store"
)

// kept returns every file that a run left below the directories for such, without locks.
func (w *world) kept() (files []string) {
	w.Helper()
	for _, dir := range []string{".cache", ".local"} {
		err := filepath.WalkDir(filepath.Join(w.home, dir), func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && !strings.HasSuffix(path, ".lock") {
				files = append(files, path)
			}
			return err
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			w.Fatal(err)
		}
	}
	return files
}

// delivering are the calls that hand credentials out, and more.
func delivering(more ...[]string) [][]string {
	return append([][]string{
		{"process"}, {"env", "--shell", "json"}, {"login"}, {"login", "--all", "--output", "json"}, {"exec", "--", "true"},
	}, more...)
}

// Where nothing can be kept, credentials are delivered all the same: one warning says why the next time takes as long.
func TestNothingCanBeKept(t *testing.T) {
	for _, place := range []string{".cache", ".local", ".local/state/samlcli", ".cache/samlcli/credentials"} {
		for _, args := range delivering() {
			t.Run(place+" "+args[0], func(t *testing.T) {
				w := asBob(t)
				w.keys.gone = true
				w.file(place, "a file where a directory should be")
				if said := w.want(0, "warning: ", args...).stderr; strings.Count(said, "warning") != 1 || !strings.Contains(said, "not a directory") {
					t.Errorf("said\n%s", said)
				}
			})
		}
	}
}

// A directory, or nothing but rubbish, in the place of any file that is kept: it is as if nothing were there.
func TestKeptFilesInTheWay(t *testing.T) {
	for _, spoil := range []struct {
		what string
		do   func(path string) error
	}{
		{"a directory", func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o700)) }},
		{"a full directory", func(path string) error { return errors.Join(os.Remove(path), os.MkdirAll(path+"/x", 0o700)) }},
		{"nothing", func(path string) error { return os.Truncate(path, 0) }},
		{"half of it", func(path string) error {
			info, err := os.Stat(path)
			return errors.Join(err, os.Truncate(path, info.Size()/2))
		}},
		{"rubbish", func(path string) error { return os.WriteFile(path, []byte("\x00\xff{\n\t\n[["), 0o600) }},
		{"a link to nowhere", func(path string) error { return errors.Join(os.Remove(path), os.Symlink("nowhere", path)) }},
	} {
		t.Run(spoil.what, func(t *testing.T) {
			w := asBob(t)
			w.keys.gone = true
			w.want(0, "", "process")
			w.want(0, "", "login")
			files := w.kept()
			if len(files) < 6 {
				t.Fatalf("only %q are kept", files)
			}
			for _, path := range files {
				if err := spoil.do(path); err != nil {
					t.Fatal(err)
				}
			}
			for _, args := range delivering([]string{"status"}, []string{"roles"}) {
				w.want(0, "", args...)
			}
			if left := w.run("logout"); strings.Contains(spoil.what, "directory") != (left.code == exitUsage) {
				t.Errorf("logout ended with %d:\n%s", left.code, left.stderr)
			}
		})
	}
}

// What is in the way of the credentials file is said before anybody signs in.
func TestCredentialsFileInTheWay(t *testing.T) {
	for _, c := range []struct {
		what, want string
		do         func(path string) error
	}{
		{"a directory", "not a regular file", func(path string) error { return os.MkdirAll(path, 0o700) }},
		{"a link in a circle", "too many symbolic links", func(path string) error { return os.Symlink(path, path) }},
		{"a file above it", "not a directory", func(path string) error {
			return errors.Join(os.Remove(filepath.Dir(path)), os.WriteFile(filepath.Dir(path), nil, 0o600))
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := asBob(t)
			path := filepath.Join(w.home, ".aws/credentials")
			if err := errors.Join(os.Mkdir(filepath.Dir(path), 0o700), c.do(path)); err != nil {
				t.Fatal(err)
			}
			w.want(exitUsage, c.want, "login")
			if w.lab.SignIns() > 0 {
				t.Error("it signed in first")
			}
		})
	}
}

// A link to the credentials file stays one, and so do the modes of what it leads to.
func TestCredentialsFileIsALink(t *testing.T) {
	w := asBob(t)
	real := w.file("dotfiles/aws", "# mine\n[default]\nregion = eu-west-1\n")
	if err := errors.Join(os.Chmod(real, 0o640), os.Mkdir(filepath.Join(w.home, ".aws"), 0o755), os.Symlink("../dotfiles/aws", filepath.Join(w.home, ".aws/credentials"))); err != nil {
		t.Fatal(err)
	}
	w.want(0, "", "login")
	to, err := os.Readlink(filepath.Join(w.home, ".aws/credentials"))
	info, err2 := os.Stat(real)
	if to != "../dotfiles/aws" || err != nil || err2 != nil || info.Mode() != 0o640 || !strings.HasPrefix(w.read("dotfiles/aws"), "# mine\n[default]\nregion = eu-west-1\n\n[saml]\n") {
		t.Errorf("a link to %q, %v, %v, and there\n%s", to, err, info.Mode(), w.read("dotfiles/aws"))
	}
}

// What a killed call left of credentials goes with them.
func TestLogoutSweeps(t *testing.T) {
	w := asBob(t)
	w.set("XDG_CACHE_HOME", filepath.Join(w.home, ".cache/[a]*")) // no pattern
	w.want(0, "", "process")
	var left []string
	for _, path := range w.kept() {
		dir, name := filepath.Split(path)
		left = append(left, filepath.Join(dir, "."+name+".123.tmp"))
	}
	for _, path := range left {
		if err := os.WriteFile(path, []byte("half of it"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.want(0, "", "logout")
	for _, path := range left {
		if _, err := os.Lstat(path); err == nil && (strings.Contains(path, "/credentials/") || strings.Contains(path, "/accounts/")) {
			t.Errorf("%s is left", path)
		}
	}
}

// Without a home nothing is kept, and all that needs no file works.
func TestHomeless(t *testing.T) {
	w := asBob(t)
	w.environ = slices.DeleteFunc(w.environ, func(v string) bool { return strings.HasPrefix(v, "HOME=") })
	w.set("SAMLCLI_URL", w.lab.URL)
	w.set("SAMLCLI_USERNAME", "bob")
	for _, args := range [][]string{{"process"}, {"env"}, {"exec", "--", "true"}, {"roles"}} {
		if said := w.want(0, "", args...).stderr; strings.Contains(said, "warning") {
			t.Errorf("%s: said\n%s", args, said)
		}
	}
	w.want(exitUsage, "there is no home directory for the credentials file", "login")
	w.told(w.examined(0), "files", warning, "there is no home directory")
}

// Whoever waits for somebody who never ends is told so when the time limit is over.
func TestLockedByOthers(t *testing.T) {
	for pattern, step := range map[string]string{
		".local/state/samlcli/accounts/*/.sign-in.lock": "waiting for another sign-in",
		".cache/samlcli/credentials/.*.lock":            "waiting for another samlcli",
	} {
		t.Run(step, func(t *testing.T) {
			w := asBob(t)
			w.want(0, "", "process")
			locks, err := filepath.Glob(filepath.Join(w.home, pattern))
			if err != nil || len(locks) != 1 {
				t.Fatal(locks, err)
			}
			dir, name := filepath.Split(locks[0])
			unlock, err := store.Lock(w.ctx, filepath.Join(dir, strings.TrimSuffix(name[1:], ".lock")))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(unlock)
			w.want(exitUnreachable, step, "process", "--refresh", "--timeout", "100ms")
		})
	}
}

// Wherever a clock jumps, with whatever was kept before, there are credentials, and those that are over by the clock are not
// handed out.
func TestClockJumps(t *testing.T) {
	now := noon
	w := newLab(t, lab.Options{Now: func() time.Time { return now }})
	w.now = func() time.Time { return now }
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.BobPassword)
	for _, at := range []time.Time{
		noon, noon.AddDate(0, 0, 1), noon.AddDate(0, 0, -2), time.Unix(0, 0), time.Date(2038, 1, 19, 3, 14, 7, 0, time.UTC),
		time.Date(2038, 1, 19, 3, 14, 8, 0, time.UTC), time.Date(9999, 12, 31, 1, 0, 0, 0, time.UTC), time.Date(2106, 2, 7, 6, 28, 16, 0, time.UTC), noon,
	} {
		now = at
		for _, args := range delivering([]string{"status", "--output", "json"}, []string{"status"}, []string{"roles"}) {
			if r := w.run(args...); r.code != 0 {
				t.Errorf("%s, %s: ended with %d:\n%s", now, args, r.code, r.stderr)
			}
		}
		answer := w.run("process").stdout
		_, after, _ := strings.Cut(answer, `"Expiration":"`)
		stamp, _, _ := strings.Cut(after, `"`)
		if expires, err := time.Parse(time.RFC3339, stamp); err != nil || !expires.After(now) || expires.Sub(now) > 36*time.Hour {
			t.Errorf("%s: credentials until %s, %v", now, stamp, err)
		}
	}
}

// What a disk, a right or a clock is in the way of has a next move.
func TestFaultHints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{delivered(fmt.Errorf("writing x: %w", syscall.ENOSPC)), "make room there"},
		{delivered(fmt.Errorf("writing x: %w", syscall.EROFS)), "AWS_SHARED_CREDENTIALS_FILE"},
		{delivered(fmt.Errorf("writing x: %w", fs.ErrPermission)), "samlcli exec needs none"},
		{&web.UnreachableError{Err: &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.Expired}}}, "clock"},
		{&web.UnreachableError{Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}}, "--ca-bundle"},
	} {
		if hints := strings.Join(classify(t.Context(), c.err).hints, "; "); !strings.Contains(hints, c.want) {
			t.Errorf("%v: hints %q, want %q", c.err, hints, c.want)
		}
	}
}
