package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDoctorFiles(t *testing.T) {
	for name, test := range map[string]struct {
		path  string
		mode  os.FileMode
		words string
	}{
		"config that others may change":  {".config/samlcli/config.toml", 0o664, "config.toml can be changed by others (mode 0664) fix: chmod go-w "},
		"credentials that others read":   {".aws/credentials", 0o640, "credentials can be read by others (mode 0640) fix: chmod go= "},
		"credentials that others change": {".aws/credentials", 0o666, "credentials can be changed by others (mode 0666) fix: chmod go= "},
		"AWS config":                     {".aws/config", 0o666, "can be changed by others"},
		"key":                            {".local/state/samlcli/key", 0o604, "can be read by others"},
		"cache":                          {".cache/samlcli", 0o755 | os.ModeDir, "can be read by others"},
	} {
		t.Run(name, func(t *testing.T) {
			w := asBob(t)
			path := filepath.Join(w.home, test.path)
			if test.mode.IsDir() {
				if err := os.MkdirAll(path, 0o700); err != nil {
					t.Fatal(err)
				}
			} else if _, err := os.Stat(path); err != nil {
				w.file(test.path, "")
			}
			if err := os.Chmod(path, test.mode.Perm()); err != nil {
				t.Fatal(err)
			}
			w.told(w.examined(2), "files", trouble, test.words)
		})
	}
	w := asBob(t)
	w.told(w.examined(0), "files", fine, "what is there (1 of 8) belongs to you")
	w.file(".aws/credentials/inside", "") // no file can be there
	w.told(w.examined(2), "files", trouble, "fix: login needs it")
}

func TestDoctorOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root gives files away")
	}
	w := asBob(t)
	if err := os.Chown(filepath.Join(w.home, ".config/samlcli/config.toml"), 12345, 12345); err != nil {
		t.Fatal(err)
	}
	w.told(w.examined(2), "files", trouble, "config.toml belongs to another user")
}
