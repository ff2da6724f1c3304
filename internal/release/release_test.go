package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"
)

var at = time.Unix(1_790_000_000, 0).UTC()

// made makes a release of this test's own program, in a directory where nothing has the mode and time of the other's.
func made(t *testing.T, mode os.FileMode, age time.Duration) map[string][]byte {
	t.Helper()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	for path, data := range map[string][]byte{"in/linux_amd64/samlcli": program, "in/windows_arm64/samlcli.exe": program, "pages/b/2": []byte("two"), "pages/a": []byte("one")} {
		path = filepath.Join(dir, filepath.FromSlash(path))
		err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, data, mode), os.Chtimes(path, at.Add(-age), at.Add(-age)))
		if err != nil {
			t.Fatal(err)
		}
	}
	to := t.TempDir()
	if err := (release{version: "v1", at: at, programs: filepath.Join(dir, "in"), pages: filepath.Join(dir, "pages"), to: to}).make(); err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	entries, err := os.ReadDir(to)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if files[e.Name()], err = os.ReadFile(filepath.Join(to, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestReproducible(t *testing.T) {
	t.Parallel()
	one, other := made(t, 0o644, time.Hour), made(t, 0o700, 48*time.Hour)
	for _, name := range []string{"SHA256SUMS", "samlcli_v1_linux_amd64.tar.gz", "samlcli_v1_linux_amd64.cdx.json", "samlcli_v1_windows_arm64.zip", "samlcli_v1_windows_arm64.cdx.json"} {
		if len(one[name]) == 0 || !bytes.Equal(one[name], other[name]) {
			t.Errorf("%s: %d and %d bytes, want the same", name, len(one[name]), len(other[name]))
		}
		if name != "SHA256SUMS" && !strings.Contains(string(one["SHA256SUMS"]), fmt.Sprintf("%x  %s\n", sha256.Sum256(one[name]), name)) {
			t.Errorf("SHA256SUMS has no line for %s:\n%s", name, one["SHA256SUMS"])
		}
	}
	if len(one) != 5 {
		t.Errorf("%d files", len(one))
	}
}

func TestArchives(t *testing.T) {
	t.Parallel()
	files := made(t, 0o600, 0)
	want := []string{"samlcli -rwxr-xr-x", "a -rw-r--r--", "b/2 -rw-r--r--"}
	if got := tarNames(t, files["samlcli_v1_linux_amd64.tar.gz"]); !slices.Equal(got, want) {
		t.Errorf("tar: %q, want %q", got, want)
	}
	want[0] = "samlcli.exe -rwxr-xr-x"
	if got := zipNames(t, files["samlcli_v1_windows_arm64.zip"]); !slices.Equal(got, want) {
		t.Errorf("zip: %q, want %q", got, want)
	}
}

func tarNames(t *testing.T, data []byte) (names []string) {
	unpacked, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for r := tar.NewReader(unpacked); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil || !header.ModTime.Equal(at) || header.Uid != 0 || header.Uname != "" {
			t.Fatalf("%+v, %v", header, err)
		}
		names = append(names, header.Name+" "+header.FileInfo().Mode().String())
	}
}

func zipNames(t *testing.T, data []byte) (names []string) {
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range r.File {
		if !file.Modified.Equal(at) {
			t.Errorf("%s is of %v", file.Name, file.Modified)
		}
		names = append(names, file.Name+" "+file.Mode().String())
	}
	return names
}

func TestPartsList(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	data, err := partsList(self, "v1", at)
	if err != nil {
		t.Fatal(err)
	}
	var list bom
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	if main := list.Metadata.Component; main.Name != "github.com/samlcli/samlcli" || main.Version != "v1" || len(main.Hashes) != 1 || list.Metadata.Timestamp != "2026-09-21T14:13:20Z" {
		t.Errorf("metadata = %+v", list.Metadata)
	}
	if std := list.Components[0]; std.Name != "std" || !strings.HasPrefix(std.PURL, "pkg:golang/std@1.") {
		t.Errorf("the first part is %+v", std)
	}
	if len(list.Dependencies) != 1 || len(list.Dependencies[0].DependsOn) != len(list.Components) {
		t.Errorf("dependencies = %+v", list.Dependencies)
	}
}

func TestLibrary(t *testing.T) {
	t.Parallel()
	for want, module := range map[string]debug.Module{
		"pkg:golang/example.com/a@v1 go:sum h1:x":                                                        {Path: "example.com/A", Version: "v1", Sum: "h1:x"},
		"pkg:golang/example.com/b@v2 go:sum h1:y":                                                        {Path: "example.com/a", Version: "v1", Replace: &debug.Module{Path: "example.com/b", Version: "v2", Sum: "h1:y"}},
		"pkg:golang/example.com/a@v1 samlcli:modified without the function that internal/slim takes out": {Path: "example.com/a", Version: "v1", Replace: &debug.Module{Path: "./copy/a"}},
	} {
		part := library(&module)
		if got := part.PURL + " " + part.Properties[0].Name + " " + part.Properties[0].Value; got != want {
			t.Errorf("%+v is %q, want %q", module, got, want)
		}
	}
}
