package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, want string }{
		{`<p class=e> Wrong <b>pass</b>word.<br>Again </p>`, "Wrong password. Again"},
		{`<div class=e><b>Error</b><div>Wrong.</div></div>`, "Error Wrong."},
		{`<p class=e></p><p class=e>second</p>`, "second"},
		{`<p class=e hidden>no</p><p class=e style="display: none">no</p><p class=e aria-hidden=true>no</p>`, ""},
		{`<div style="visibility:hidden"><p class=e>no</p></div>`, ""},
		{`<template><p class=e>no</p></template>`, ""},
		{`<p class=e>a<script>no</script><style>no</style><noscript>no</noscript><select><option>no</select><svg>no</svg><iframe>no</iframe><datalist><option>no</datalist></p>`, "a"},
		{`<noscript><p class=e>scripts are off</p></noscript>`, "scripts are off"},
		{"<p class=e>a\x1b[31mb\u202ec\u0085d\x00e</p>", "a[31mbc de"},
	} {
		if got := newPage(t, utf8Page, c.body).Text(".e"); got != c.want {
			t.Errorf("Text of %q = %q, want %q", c.body, got, c.want)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		contentType, body string
		html, json        bool
	}{
		{"text/html", `<p>`, true, false},
		{"application/xhtml+xml; charset=utf-8", `<p/>`, true, false},
		{"", `<!doctype html><p>`, true, false},
		{"text/plain", `<html><p>`, true, false},
		{"text/plain", `a <p>`, false, false},
		{"application/json", `{"a": "<p>"}`, false, true},
		{"application/hal+json; charset=utf-8", `{"a": 1}`, false, true},
		{"application/json", `{`, false, false},
		{"image/png", `<p>`, false, false},
	} {
		page := newPage(t, c.contentType, c.body)
		var v map[string]any
		if page.Has("p") != c.html || page.Decode(&v) != c.json || page.Err() != nil {
			t.Errorf("%s %q: html %t, json %t, %v; want %t, %t", c.contentType, c.body, page.Has("p"), page.Decode(&v), page.Err(), c.html, c.json)
		}
	}
	page := newPage(t, utf8Page, "<title>a\x1b[1m\nb</title><a href=/x>")
	if page.Title() != "a[1m b" || page.Attr("a", "href") != "/x" || page.Attr("b", "href") != "" || page.Path() != "/auth/login" || page.Host() != "idp.example.com" {
		t.Errorf("title %q, attribute %q, path %q, host %q", page.Title(), page.Attr("a", "href"), page.Path(), page.Host())
	}
}

// A page of a few megabytes must not cost gigabytes or minutes.
func TestPageBounds(t *testing.T) {
	t.Parallel()
	var formats strings.Builder
	for i := range 400 {
		fmt.Fprintf(&formats, "<b id=%d>", i)
	}
	var attributes strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&attributes, "a%d=x ", i)
	}
	for _, c := range []struct{ name, body, want string }{
		{"deep", strings.Repeat("<div>", 100_000), "nested too deep"},
		{"deep and many", strings.Repeat("<div>", 1_000_000), "too many parts"},
		{"deep in a form", "<form>" + strings.Repeat("<div>", 100_000), "nested too deep"},
		{"deep in tables", strings.Repeat("<table><tr><td>", 50_000), "nested too deep"},
		{"wide", "<form>" + strings.Repeat("<input>", 300_000), "too many parts"},
		{"formats repeated", "<p>" + formats.String() + "</p>" + strings.Repeat("<p>x</p>", 10_000), "too many parts"},
		{"attributes", "<form><input " + attributes.String() + ">", ""},
		{"text", strings.Repeat("<", 1_000_000), ""},
		{"large and plain", strings.Repeat("<p>word</p>", 20_000), ""},
	} {
		page := newPage(t, utf8Page, c.body)
		err := page.Err()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: Err() = %v, want %q", c.name, err, c.want)
		}
		if err != nil && (len(page.Forms()) > 0 || page.Has("*")) {
			t.Errorf("%s: a page that was not read is not empty", c.name)
		}
	}
}

// Replacement characters are longer than what they replace.
func TestPageThatGrows(t *testing.T) {
	t.Parallel()
	page := newPage(t, "text/html; charset=utf-16le", strings.Repeat("\xd8", maxPage))
	if err := page.Err(); err == nil || !strings.Contains(err.Error(), "larger than 8 MiB") {
		t.Errorf("Err() = %v", err)
	}
}

// A script of megabytes is cut, and what stands behind it is still there.
func TestLongScript(t *testing.T) {
	t.Parallel()
	page := newPage(t, utf8Page, "<script>"+strings.Repeat("x", 2*maxText)+"</script><p>behind</p>")
	if got := page.Find("script").Text(); len(got) != maxText || page.Text("p") != "behind" {
		t.Errorf("%d characters, then %q", len(got), page.Text("p"))
	}
}

// Nobody reads a megabyte, and it is not gone through again and again.
func TestLongTexts(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("on and on ", 100_000)
	page := newPage(t, utf8Page, strings.ReplaceAll("<h1>%</h1><form><label>%<input name=a></label><select name=b><option>%</select><button>%</button></form>", "%", long))
	texts := append(page.Sentences(), page.Text("h1"), page.Text("body"))
	for _, x := range page.Forms()[0].Fields {
		if x.Type != "select" {
			texts = append(texts, x.Label())
		}
		for _, o := range x.Options {
			texts = append(texts, o.Label)
		}
	}
	for i, text := range texts {
		if len(text) < 200 || len(text) > maxWords {
			t.Errorf("text %d has %d bytes", i, len(text))
		}
	}
}

// FuzzForm takes any page: nothing panics, every form can be sent, and marking changes nothing but the marks.
func FuzzForm(f *testing.F) {
	for _, seed := range []string{
		`<form action="?a=%zz" method=post><input name=a value=&#43;><select name=s><option>x</select><button name=b>`,
		`<table><form><tr><td><input name=a></table></form><input form=f><form id=f accept-charset=shift_jis>`,
		`<svg><title><input></title><![CDATA[<form> > <input>]]></svg><form><noscript><input></noscript><template><form>`,
		"<base href='data:'><form enctype=multipart/form-data method=post><textarea name='\"\n'>\n</textarea><input type=file>",
		"<form/x><INPUT/name=a><input type=\x00 data-form-in-source=9 \xff></form>",
	} {
		f.Add([]byte(seed), utf8Page)
		f.Add([]byte(seed), "text/html; charset=windows-1252")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		page := newPage(t, contentType, string(body))
		if page.Err() == nil {
			sameButMarks(t, page.decoded())
		}
		for _, form := range page.Forms() {
			for _, x := range form.Fields {
				_ = x.Label()
			}
			for _, button := range append(form.Buttons(), nil) {
				r, err := form.Copy().Press(nil).Request()
				if button != nil {
					r, err = form.Press(button).Request()
				}
				if err != nil {
					continue
				}
				if _, err := http.NewRequest(r.Method, r.URL, nil); err != nil {
					t.Errorf("form cannot be sent: %v", err)
				}
			}
		}
	})
}

func sameButMarks(t *testing.T, source []byte) {
	t.Helper()
	marked, _ := markOwners(source)
	got, want := rendered(t, marked), rendered(t, source)
	if got != want {
		t.Errorf("marking %q changed it: %q, want %q", source, got, want)
	}
}

// rendered parses a page and writes it without marks.
func rendered(t *testing.T, source []byte) string {
	t.Helper()
	root, err := html.ParseWithOptions(bytes.NewReader(source), html.ParseOptionEnableScripting(false))
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for n := range root.Descendants() {
		fmt.Fprintf(&b, "%d %s ", n.Type, n.Data)
		for _, a := range n.Attr {
			if a.Key != ownerMark {
				fmt.Fprintf(&b, "%q ", a)
			}
		}
	}
	return b.String()
}
