package idptest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

func TestRecogniseAll(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"toy/expect.tsv":    "# file\tstate\norigin.html\tx\npassword.html\tx\nboth.html\tx\nnothing.json\tx\n",
		"toy/origin.html":   `<form action="https://vendor.example.org/a?b=c"><input name="q"></form>`,
		"toy/password.html": `<base href="https://vendor.example.org/v3/"><form action="pwd"><input name="password"></form>`,
		"toy/both.html":     `<form><input name="password"><input name="code"></form>`,
		"toy/nothing.json":  `{}`,
		"other/expect.tsv":  "x.html\n",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	vendor := idp.Adapter{Name: "vendor", Steps: []idp.Step{
		{Name: "vendor page", On: func(p *web.Page) bool { return p.Host() == "vendor.example.org" && p.Path() == "/a" }},
		{Name: "mapped page", On: func(p *web.Page) bool { return p.Host() == "mapped.example.org" }},
	}}
	lists := []string{filepath.Join(folder, "other", "expect.tsv"), filepath.Join(folder, "toy", "expect.tsv")}
	urls := map[string]string{"toy/nothing.json": "https://mapped.example.org/"}
	got, wrong, err := recogniseAll(lists, urls, []idp.Adapter{toy(), vendor})
	if err != nil {
		t.Fatal(err)
	}
	want := "other\tnot yet\ntoy/origin.html\tvendor page\ntoy/password.html\ttoy password\ntoy/both.html\ttoy password, toy code\ntoy/nothing.json\tmapped page\n"
	if got != want {
		t.Errorf("recogniseAll:\n%swant:\n%s", got, want)
	}
	if len(wrong) != 1 || !strings.Contains(wrong[0].Error(), `toy/both.html suits several steps: ["toy password" "toy code"]`) {
		t.Errorf("wrong = %v, want one page that suits two steps", wrong)
	}
}

func TestRecogniseAllOfNothing(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "toy", "expect.tsv")
	if _, _, err := recogniseAll([]string{list}, nil, []idp.Adapter{toy()}); !os.IsNotExist(err) {
		t.Errorf("recogniseAll without its list = %v", err)
	}
	if err := os.MkdirAll(filepath.Dir(list), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(list, []byte("missing.html\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := recogniseAll([]string{list}, nil, []idp.Adapter{toy()}); !os.IsNotExist(err) {
		t.Errorf("recogniseAll without a page = %v", err)
	}
}

func TestReadURLs(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "urls.tsv")
	if urls, err := readURLs(path); err != nil || len(urls) != 0 {
		t.Errorf("readURLs of no file = %v, %v", urls, err)
	}
	if err := os.WriteFile(path, []byte("# page\taddress\na/b.html\thttps://a.example.com/\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if urls, err := readURLs(path); err != nil || urls["a/b.html"] != "https://a.example.com/" {
		t.Errorf("readURLs = %v, %v", urls, err)
	}
}

func TestChanged(t *testing.T) {
	t.Parallel()
	if got, want := changed("a\nb\n", "a\nc\n"), "- b\n+ c\n"; got != want {
		t.Errorf("changed = %q, want %q", got, want)
	}
}
