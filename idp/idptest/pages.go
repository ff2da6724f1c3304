package idptest

import (
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// Update is the flag -update of every test that imports the suite: golden files are written anew.
var Update = flag.Bool("update", false, "write golden files anew")

// Pages looks at recorded pages of real products, where the folder of them lies beside the repository, and compares what
// would be done with each with fixtures/pages/recognised.golden.tsv, which -update rewrites. It fails if a page suits two
// steps. Folders of providers that nobody wrote an adapter for yet are listed as such.
func Pages(t *testing.T, all []idp.Adapter) {
	t.Helper()
	top := root(t)
	folder := filepath.Join(filepath.Dir(top), "shared", "pages")
	lists, _ := filepath.Glob(filepath.Join(folder, "*", "expect.tsv"))
	if len(lists) == 0 {
		t.Skip("no recorded pages beside the repository: ../shared/pages")
	}
	urls, err := readURLs(filepath.Join(top, "fixtures", "pages", "urls.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	got, wrong, err := recogniseAll(lists, urls, all)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range wrong {
		t.Error(err)
	}
	golden(t, filepath.Join(top, "fixtures", "pages", "recognised.golden.tsv"), got)
}

// recogniseAll returns a line for every page that the lists name, and what is wrong with them.
func recogniseAll(lists []string, urls map[string]string, all []idp.Adapter) (table string, wrong []error, err error) {
	var b strings.Builder
	for _, list := range lists {
		product := filepath.Base(filepath.Dir(list))
		if !slices.ContainsFunc(all, func(a idp.Adapter) bool { return a.Name == product }) {
			b.WriteString(product + "\tnot yet\n")
			continue
		}
		files, err := columns(list)
		if err != nil {
			return "", nil, err
		}
		for _, file := range files {
			name := product + "/" + file[0]
			page, err := readPage(filepath.Join(filepath.Dir(list), file[0]), product, urls[name])
			if err != nil {
				return "", nil, err
			}
			steps := idp.Recognise(page, all)
			if len(steps) > 1 {
				wrong = append(wrong, fmt.Errorf("%s suits several steps: %q", name, steps))
			}
			b.WriteString(name + "\t" + recognised(steps) + "\n")
		}
	}
	return b.String(), wrong, nil
}

func recognised(steps []string) string {
	if len(steps) == 0 {
		return "nothing"
	}
	return strings.Join(steps, ", ")
}

// columns reads a table whose first line, or any other that begins with #, is no row.
func columns(path string) ([][]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && line[0] != '#' {
			rows = append(rows, strings.Split(line, "\t"))
		}
	}
	return rows, nil
}

// readURLs reads which page came from which address, where the page itself does not tell; the file may be missing.
func readURLs(path string) (map[string]string, error) {
	rows, err := columns(path)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	urls := map[string]string{}
	for _, row := range rows {
		urls[row[0]] = row[len(row)-1]
	}
	return urls, nil
}

func readPage(path, product, address string) (*web.Page, error) {
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	body = regexp.MustCompile(`:\{\{\.\w+\}\}`).ReplaceAll(body, []byte(":0")) // a number that was masked
	kind := map[string]string{".html": "text/html; charset=utf-8", ".json": "application/json", ".xml": "text/xml"}[filepath.Ext(path)]
	page := func(u *url.URL) *web.Page {
		return &web.Page{URL: u, Status: http.StatusOK, Header: http.Header{"Content-Type": {kind}}, Body: body}
	}
	if address == "" {
		address = guess(page(&url.URL{Scheme: "https", Host: product + ".example.com", Path: "/"}))
	}
	u, err := web.Resolve(nil, address)
	if err != nil {
		return nil, err
	}
	return page(u), nil
}

// guess returns where a page seems to come from: its first form that names a host of its own or has a base, its base, or
// the made-up address that it was given.
func guess(p *web.Page) string {
	base := p.Attr("base[href]", "href")
	for _, form := range p.Forms() {
		action, err := form.Action()
		if err == nil && (base != "" || web.Host(action) != p.Host()) && form.Field("SAMLResponse") == nil {
			action.RawQuery = ""
			return action.String()
		}
	}
	if base != "" {
		return base
	}
	return p.URL.String()
}

// golden compares with a file, or rewrites it.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *Update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update)", err)
	}
	if got != string(want) {
		t.Errorf("pages are recognised otherwise than in %s (run the test with -update and read the difference):\n%s", filepath.Base(path), changed(string(want), got))
	}
}

// changed shows the lines that only one of two texts has.
func changed(want, got string) string {
	var b strings.Builder
	for _, side := range []struct{ mark, these, those string }{{"- ", want, got}, {"+ ", got, want}} {
		those := strings.Split(side.those, "\n")
		for line := range strings.SplitSeq(side.these, "\n") {
			if !slices.Contains(those, line) {
				b.WriteString(side.mark + line + "\n")
			}
		}
	}
	return b.String()
}
