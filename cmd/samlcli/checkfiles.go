package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"runtime"

	"github.com/samlcli/samlcli/internal/store"
)

// ownFile is something of the person's that only they may change, and where it is secret only they may read.
type ownFile struct {
	path   string
	secret bool
}

func (d *doctor) ownFiles() []ownFile {
	return []ownFile{
		{d.configFile(), false}, // it names commands to run
		{d.awsConfigFile(), false},
		{d.credentialsFile(), true},
		{d.cacheFile(""), true},
		{d.cacheFile("credentials"), true},
		{d.stateFile(""), true},
		{d.stateFile("accounts"), true},
		{d.stateFile("key"), true},
	}
}

// checkFiles looks whose the files are, who may read and change them, and whether credentials can be written.
func (d *doctor) checkFiles(context.Context) (found []finding) {
	there := 0
	for _, f := range d.ownFiles() {
		info, err := os.Stat(f.path)
		switch {
		case f.path == "" || errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			found = append(found, bad("", "%v", err))
			continue
		}
		there++
		found = append(found, f.check(info)...)
	}
	if file := d.credentialsFile(); file == "" {
		found = append(found, warn("set HOME; or name a file for login with AWS_SHARED_CREDENTIALS_FILE", "there is no home directory: nothing is kept of a sign-in"))
	} else if err := store.CheckEdit(file); err != nil {
		found = append(found, bad("login needs it: choose another file with AWS_SHARED_CREDENTIALS_FILE, or use samlcli process or exec, which write none", "%v", err))
	}
	switch {
	case len(found) > 0:
		return found
	case runtime.GOOS == "windows":
		return []finding{well("access lists are not looked at on Windows")}
	}
	return []finding{well("what is there (%d of %d) belongs to you, and what is secret is for you alone", there, len(d.ownFiles()))}
}

func (f ownFile) check(info fs.FileInfo) (found []finding) {
	if runtime.GOOS == "windows" {
		return nil
	}
	if !ownedByMe(info) {
		found = append(found, bad("chown it, or find out who put it there", "%s belongs to another user", f.path))
	}
	mode, fix := info.Mode().Perm(), "chmod go-w "
	if f.secret {
		fix = "chmod go= "
	}
	switch {
	case mode&0o022 != 0:
		found = append(found, bad(fix+quoted(f.path), "%s can be changed by others (mode %04o)", f.path, mode))
	case f.secret && mode&0o077 != 0:
		found = append(found, bad(fix+quoted(f.path), "%s can be read by others (mode %04o)", f.path, mode))
	}
	return found
}
