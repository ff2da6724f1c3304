// Release makes of built programs what is published: an archive and a list of its parts (SBOM) for each platform, and the
// checksums of them all. The same programs and time give the same bytes, wherever it runs.
//
//	go run ./internal/release -version v1.2.3 -time 1790000000 -pages bin/pages bin/release dist
//
// reads bin/release/linux_amd64/samlcli and its like. With -parts it writes the parts list of one program alone.
package main

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {
	r := release{}
	flag.StringVar(&r.version, "version", "dev", "the release's `NAME`")
	seconds := flag.Int64("time", 0, "the time of everything in it, in `SECONDS` since 1970")
	flag.StringVar(&r.pages, "pages", "", "the `DIRECTORY` of completions and man page, which go into every archive")
	parts := flag.String("parts", "", "write only a parts list, of the one program that is named, into `FILE`")
	flag.Parse()
	r.at, r.programs, r.to = time.Unix(*seconds, 0).UTC(), flag.Arg(0), flag.Arg(1)
	do := r.make
	if *parts != "" {
		do = func() error { return r.list(flag.Arg(0), *parts) }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

type release struct {
	version             string
	at                  time.Time
	programs, pages, to string
}

func (r release) make() error {
	platforms, err := os.ReadDir(r.programs)
	if err != nil {
		return err
	}
	for _, platform := range platforms {
		if err := r.platform(platform.Name()); err != nil {
			return fmt.Errorf("%s: %w", platform.Name(), err)
		}
	}
	return writeSums(r.to)
}

// platform writes the archive and the parts list of one built program.
func (r release) platform(name string) error {
	program, pack, suffix := "samlcli", tarGz, ".tar.gz"
	if strings.HasPrefix(name, "windows_") {
		program, pack, suffix = "samlcli.exe", zipped, ".zip"
	}
	built := filepath.Join(r.programs, name, program)
	title := "samlcli_" + r.version + "_" + name
	if err := r.list(built, filepath.Join(r.to, title+".cdx.json")); err != nil {
		return err
	}
	files, err := r.contents(built, program)
	if err != nil {
		return err
	}
	archive, err := pack(files, r.at)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(r.to, title+suffix), archive, 0o644)
}

// list writes the parts list of a built program.
func (r release) list(built, to string) error {
	parts, err := partsList(built, r.version, r.at)
	if err != nil {
		return err
	}
	return os.WriteFile(to, parts, 0o644)
}

// contents is what an archive holds, in its order.
func (r release) contents(built, program string) ([]entry, error) {
	files := []entry{{program, built, 0o755}}
	for _, document := range []string{"README.md", "LICENSE"} {
		if _, err := os.Stat(document); err == nil {
			files = append(files, entry{document, document, 0o644})
		}
	}
	err := filepath.WalkDir(r.pages, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(r.pages, path)
		files = append(files, entry{filepath.ToSlash(name), path, 0o644})
		return err
	})
	return files, err
}

// writeSums writes SHA256SUMS, as sha256sum -c reads it.
func writeSums(dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	var sums strings.Builder
	for _, file := range files {
		data, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), file.Name())
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(sums.String()), 0o644)
}
