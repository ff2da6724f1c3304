// Command slim prepares the build of the binary: a go.mod (go help build, -modfile) that takes the command library from a copy
// which prints no help. samlcli prints its own, and the library's templates, which call methods by name, would have the linker
// keep every method of every type: a seventh of the binary, and a megabyte of memory.
//
//	go run ./internal/slim bin/slim && go build -modfile bin/slim/go.mod ./cmd/samlcli
package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

const (
	library = "github.com/urfave/cli/v2"
	file    = "help.go"
	printer = "printHelpCustom" // uses the templates
)

func main() {
	err := errors.New("it takes a directory below the module")
	if len(os.Args) == 2 && filepath.IsLocal(os.Args[1]) {
		err = prepare(os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "slim:", err)
		os.Exit(1)
	}
}

func prepare(dir string) error {
	original, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", library).Output()
	if err != nil {
		return fmt.Errorf("finding %s: %w", library, err)
	}
	copied := filepath.Join(dir, path.Base(path.Dir(library)))
	if err := copySources(strings.TrimSpace(string(original)), copied); err != nil {
		return err
	}
	if err := empty(filepath.Join(copied, file), printer); err != nil {
		return err
	}
	replace := fmt.Sprintf("\nreplace %s => ./%s\n", library, filepath.ToSlash(copied))
	return errors.Join(extend("go.mod", dir, replace), extend("go.sum", dir, ""))
}

// copySources copies what a build reads.
func copySources(from, to string) error {
	if err := errors.Join(os.RemoveAll(to), os.MkdirAll(to, 0o755)); err != nil {
		return err
	}
	sources, err := filepath.Glob(filepath.Join(from, "*.go"))
	if err != nil {
		return err
	}
	for _, source := range append(sources, filepath.Join(from, "go.mod")) {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		if err := extend(source, to, ""); err != nil {
			return err
		}
	}
	return nil
}

// extend copies a file into a directory, and adds some text.
func extend(file, dir, text string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, filepath.Base(file)), append(data, text...), 0o644)
}

// empty takes the statements out of a function, and its file without the imports that it alone used.
func empty(name, function string) error {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	found := false
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == function {
			f.Body, found = &ast.BlockStmt{}, true
		}
	}
	if !found {
		return fmt.Errorf("%s: there is no function %s any more", name, function)
	}
	file.Comments = nil // they would stand in odd places now
	dropImports(file)
	var b bytes.Buffer
	if err := format.Node(&b, files, file); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o644)
}

func dropImports(file *ast.File) {
	used := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				used[x.Name] = true
			}
		}
		return true
	})
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			g.Specs = slices.DeleteFunc(g.Specs, func(s ast.Spec) bool {
				p, _ := strconv.Unquote(s.(*ast.ImportSpec).Path.Value)
				return !used[path.Base(p)]
			})
		}
	}
}
