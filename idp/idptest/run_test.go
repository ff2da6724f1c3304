package idptest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/samlcli/samlcli/idp"
)

// TestSuite runs the suite as an adapter's test does, in a repository of its own.
func TestSuite(t *testing.T) {
	top := t.TempDir()
	for name, text := range map[string]string{
		"repo/go.mod":                               "module toy\n",
		"repo/idp/toy/toy.go":                       "package toy\n",
		"repo/fixtures/toy/signed-in.txt":           toyTape,
		"repo/fixtures/pages/recognised.golden.tsv": "other\tnot yet\ntoy/password.html\ttoy password\n",
		"shared/pages/other/expect.tsv":             "x.html\n",
		"shared/pages/toy/expect.tsv":               "password.html\n",
		"shared/pages/toy/password.html":            `<form><input name="password"></form>`,
	} {
		path := filepath.Join(top, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(top, "repo", "idp", "toy"))
	Run(t, toy(), []idp.Adapter{toy()})
	Pages(t, []idp.Adapter{toy()})
}

func TestRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.txt")
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := read(path); err == nil || err.Error() != `reading x.txt: line 1: "nonsense" is no head line; known are source, idp, url, username, password, code, answer, captcha, choose, mfa, key, host, target, set, tell, want` {
		t.Errorf("read = %v, want the file and the line", err)
	}
}
