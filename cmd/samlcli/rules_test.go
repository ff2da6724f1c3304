package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The rules of docs/architecture.md. Please do not edit them to make a build pass: a new arrow between rooms is a
// decision about the house.

const module = "github.com/samlcli/samlcli/"

// owners says which packages may import a library; every other import of it is a mistake.
var owners = map[string][]string{
	"github.com/PuerkitoBio/goquery":       {"idp", "idp/web", "idp/forms", "idp/keycloak", "idp/google"},
	"github.com/beevik/etree":              {"saml", "internal/lab"},
	"github.com/russellhaering/":           {"saml", "internal/lab"},
	"github.com/aws/":                      {"aws"},
	"github.com/Azure/go-ntlmssp":          {"idp"},
	"github.com/urfave/cli/":               {"cmd/samlcli"},
	"github.com/BurntSushi/toml":           {"cmd/samlcli"},
	"github.com/zalando/go-keyring":        {"cmd/samlcli"},
	"github.com/gofrs/flock":               {"internal/store"},
	"golang.org/x/term":                    {"internal/term"},
	"golang.org/x/net/publicsuffix":        {"idp/web"},
	"golang.org/x/net/html":                {"idp", "idp/web", "idp/forms", "idp/tape"},
	"golang.org/x/text/":                   {"idp/web", "saml"},
	"github.com/coreos/go-oidc":            {"internal/oidc"},
	"golang.org/x/oauth2":                  {"internal/oidc"},
	"log":                                  {"internal/lab", "internal/lab/demo"},
	module + "internal/lab":                {"internal/lab/demo", "internal/live", "bench"},
	module + "idp/tape":                    {"idp/idptest", "internal/live", "cmd/samlcli"},
	module + "idp/idptest":                 {},
	module + "cmd/":                        {},
	"testing":                              {"idp/idptest", "bench"},
	"github.com/samlcli/samlcli/aws/":      {"cmd/samlcli", "aws/sink", "internal/others"},
	"github.com/samlcli/samlcli/idp/all":   {"cmd/samlcli", "internal/live"},
	"github.com/samlcli/samlcli/idp/forms": {"idp/all", "internal/live"},
}

// adapters may import nothing but these and the standard library's plain packages.
var adapterImports = []string{
	"bytes", "cmp", "context", "encoding/", "errors", "fmt", "html", "io", "maps", "math", "net/http", "net/url", "path", "regexp", "slices", "strconv", "strings", "time", "unicode",
	"github.com/PuerkitoBio/goquery", "golang.org/x/net/html", module + "idp", module + "internal/plain",
}

type listed struct {
	ImportPath string
	Dir        string
	Imports    []string
	GoFiles    []string
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Dir,Imports,GoFiles", module+"...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			checkImport(t, room, imported)
		}
	}
}

func checkImport(t *testing.T, room, imported string) {
	for library, rooms := range owners {
		if (imported == library || strings.HasSuffix(library, "/") && strings.HasPrefix(imported, library) ||
			strings.HasPrefix(imported, library+"/") && library != "testing" && library != "log") && !slices.Contains(rooms, room) && !within(room, library) {
			t.Errorf("%s imports %s, which belongs to %v", room, imported, rooms)
		}
	}
	for _, top := range []string{"idp", "saml", "aws"} {
		for _, other := range []string{"idp", "saml", "aws"} {
			if top != other && within(room, module+top) && within(strings.TrimPrefix(imported, module), module+other) && strings.HasPrefix(imported, module) {
				t.Errorf("%s imports %s: idp, saml and aws do not know one another", room, imported)
			}
		}
	}
	if isAdapter(room) && !slices.ContainsFunc(adapterImports, func(ok string) bool {
		return imported == ok || strings.HasPrefix(imported, strings.TrimSuffix(ok, "/")+"/") && ok != module+"idp"
	}) && imported != module+"idp/web" {
		t.Errorf("%s imports %s: an adapter is a story, not a program", room, imported)
	}
}

// within reports whether a room is a package or one below it.
func within(room, path string) bool {
	path = strings.TrimSuffix(strings.TrimPrefix(path, module), "/")
	return room == path || strings.HasPrefix(room, path+"/")
}

func isAdapter(room string) bool {
	name, below := strings.CutPrefix(room, "idp/")
	return below && !slices.Contains([]string{"web", "tape", "idptest", "all"}, name)
}

// TestSource keeps the world out of the packages: see "The rooms" in docs/architecture.md.
func TestSource(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		for _, file := range p.GoFiles {
			checkSource(t, room, filepath.Join(p.Dir, file))
		}
	}
}

func checkSource(t *testing.T, room, path string) {
	parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	// internal/quick is the program before main; see there.
	program := slices.Contains([]string{"cmd/samlcli", "internal/quick", "internal/term", "internal/lab/demo", "internal/live", "internal/release", "internal/slim", "bench", "bench/floor/hello", "bench/floor/cache"}, room)
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Name.Name == "init" && n.Recv == nil {
				t.Errorf("%s has an init", path)
			}
		case *ast.SelectorExpr:
			name := selector(n)
			switch name {
			case "os.Stdin", "os.Stdout", "os.Stderr", "os.Exit", "os.Getenv", "os.Environ":
				if !program {
					t.Errorf("%s uses %s", path, name)
				}
			case "http.DefaultClient", "http.DefaultTransport":
				t.Errorf("%s uses %s", path, name)
			case "time.Now":
				if !program && room != "internal/lab" && room != "idp/idptest" {
					t.Errorf("%s uses %s", path, name)
				}
			}
		}
		return true
	})
}

func selector(n *ast.SelectorExpr) string {
	if x, ok := n.X.(*ast.Ident); ok {
		return x.Name + "." + n.Sel.Name
	}
	return ""
}
