package sink

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/store"
)

// File writes the credentials into one section of a credentials file, which is made where it is missing. Every other
// byte of the file stays, and so do comments and other keys in the section.
type File struct {
	Path    string
	Section string
	Force   bool // writes over a long-term key
	// Backup is where the file is copied to before it changes, unless there is something already; "" is nowhere.
	Backup string
}

// LongTermKeyError says that the section holds keys without a session token: somebody's own, which nobody can bring
// back once they are overwritten. The file was not changed.
type LongTermKeyError struct{ Section, Path string }

// Error names the section and the file.
func (e *LongTermKeyError) Error() string {
	return fmt.Sprintf("section %q of %s holds a long-term key", e.Section, e.Path)
}

// Check reports what Write would refuse, or be refused, as things are now, so that a person learns it before they sign in.
func (f *File) Check() error {
	if err := store.CheckEdit(f.Path); err != nil {
		return err
	}
	old, err := store.Read(f.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.spare(old)
}

// Write changes the file, once all others who are changing it are done.
func (f *File) Write(ctx context.Context, c aws.Credentials) error {
	return store.Edit(ctx, f.Path, 0o600, func(old []byte) ([]byte, error) { return f.edited(old, c) })
}

// edited returns the file's bytes with the credentials in them.
func (f *File) edited(old []byte, c aws.Credentials) ([]byte, error) {
	if err := f.spare(old); err != nil {
		return nil, err
	}
	data, err := inifile.Set(old, f.Section, pairs(c))
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", f.Path, err)
	}
	return data, f.backUp(old)
}

// backUp keeps the file as it was, for its owner alone.
func (f *File) backUp(old []byte) error {
	if f.Backup == "" || old == nil {
		return nil
	}
	if _, err := os.Lstat(f.Backup); err == nil {
		return nil
	}
	return store.Write(f.Backup, old)
}

// WriteAll writes several sections of one file in one change of it, and returns an error for each that could not be.
func WriteAll(ctx context.Context, files []*File, credentials []aws.Credentials) []error {
	errs := make([]error, len(files))
	err := store.Edit(ctx, files[0].Path, 0o600, func(old []byte) ([]byte, error) {
		for i, f := range files {
			var data []byte
			if data, errs[i] = f.edited(old, credentials[i]); errs[i] == nil {
				old = data
			}
		}
		return old, nil
	})
	for i := range errs {
		errs[i] = cmp.Or(errs[i], err)
	}
	return errs
}

// Remove takes the credentials out of the section; a long-term key that stands there by now stays, and so does everything
// that Write did not write.
func (f *File) Remove(ctx context.Context) error {
	if _, err := store.Read(f.Path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return store.Edit(ctx, f.Path, 0o600, func(old []byte) ([]byte, error) {
		if s, _ := inifile.Parse(old).Section(f.Section); longTerm(s) {
			return old, nil
		}
		var none []inifile.Pair
		for _, p := range pairs(aws.Credentials{}) {
			none = append(none, inifile.Pair{Key: p.Key})
		}
		return inifile.Set(old, f.Section, none)
	})
}

// spare refuses to write over a long-term key.
func (f *File) spare(old []byte) error {
	if s, _ := inifile.Parse(old).Section(f.Section); longTerm(s) && !f.Force {
		return &LongTermKeyError{f.Section, f.Path}
	}
	return nil
}

// longTerm reports whether the section holds a key that no session gave. aws_security_token is the session token's
// old name, which the AWS CLI still reads.
func longTerm(s inifile.Section) bool {
	return s.Get("aws_access_key_id")+s.Get("aws_secret_access_key") != "" &&
		s.Get("aws_session_token") == "" && s.Get("aws_security_token") == ""
}

// pairs is what the section says of c. An empty value takes its key out: a stale one would count.
func pairs(c aws.Credentials) []inifile.Pair {
	ps := []inifile.Pair{
		{Key: "aws_access_key_id", Value: c.AccessKeyID},
		{Key: "aws_secret_access_key", Value: c.SecretAccessKey.Reveal()},
		{Key: "aws_session_token", Value: c.SessionToken.Reveal()},
		{Key: "aws_security_token"},
	}
	if c.Region != "" {
		ps = append(ps, inifile.Pair{Key: "region", Value: c.Region})
	}
	expires := inifile.Pair{Key: "x_security_token_expires"}
	if !c.Expires.IsZero() {
		expires.Value = stamp(c.Expires)
	}
	return append(ps, expires)
}
