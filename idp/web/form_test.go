package web

import (
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// newPage is a page at https://idp.example.com/auth/login?x=1#top.
func newPage(t testing.TB, contentType, body string) *Page {
	t.Helper()
	u, err := url.Parse("https://idp.example.com/auth/login?x=1#top")
	if err != nil {
		t.Fatal(err)
	}
	return &Page{URL: u, Status: 200, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

const utf8Page = "text/html; charset=utf-8"

// firstForm returns the first form of a page, with the button of id "press" pressed where there is one.
func firstForm(t *testing.T, page *Page) *Form {
	t.Helper()
	if len(page.Forms()) == 0 {
		t.Fatalf("no form in %q", page.Body)
	}
	f := page.Forms()[0].Copy()
	for _, x := range f.Fields {
		if x.ID == "press" {
			f.Press(x)
		}
	}
	return f
}

func request(t *testing.T, f *Form) Request {
	t.Helper()
	r, err := f.Request()
	if err != nil {
		t.Fatalf("Request: %v", err)
	}
	return r
}

func TestEntries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, inside, want string }{
		{"no control", ``, ""},
		{"text", `<input name=a value=b>`, "a=b"},
		{"missing value", `<input name=a>`, "a="},
		{"no name", `<input value=b><input name="" value=c>`, ""},
		{"unknown type is text", `<input type=foo name=a value=b>`, "a=b"},
		{"type in upper case", `<INPUT TYPE=HIDDEN NAME=a VALUE=b>`, "a=b"},
		{"all that has a value", `<input type=hidden name=a value=1><input type=password name=b value=2><input type=email name=c value=3>` +
			`<input type=tel name=d value=4><input type=number name=e value=5><input type=search name=f value=6><input type=url name=g value=7>` +
			`<input type=date name=h value=2026-01-02>`, "a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=2026-01-02"},
		{"line ends in one line", "<input name=a value='1\n2'><input type=email name=b value=' a@b \n'><input type=hidden name=c value='1\n2'>",
			"a=12&b=a%40b&c=1%0D%0A2"},
		{"buttons unpressed", `<input type=submit name=a value=1><button name=b value=2>x</button><input type=image name=c>` +
			`<input type=reset name=d value=4><input type=button name=e value=5><button type=reset name=f></button>`, ""},
		{"the submitter", `<input type=submit name=a value=1><button id=press name=b value=2>x</button><input name=c value=3>`, "b=2&c=3"},
		{"a submitter without name", `<button id=press value=2>x</button><input name=c value=3>`, "c=3"},
		{"a submitter without value", `<input type=submit id=press name=a>`, "a="},
		{"image", `<input type=image id=press name=go>`, "go.x=0&go.y=0"},
		{"image without name", `<input type=image id=press>`, "x=0&y=0"},
		{"checkbox", `<input type=checkbox name=a><input type=checkbox name=b checked><input type=checkbox name=c value=1 checked>` +
			`<input type=checkbox name=d value="" checked>`, "b=on&c=1&d="},
		{"radio", `<input type=radio name=a value=1><input type=radio name=a checked><input type=radio name=b value=2>`, "a=on"},
		{"two radios checked", `<input type=radio name=a value=1 checked><input type=radio name=a value=2 checked>`, "a=2"},
		{"disabled", `<input name=a value=1 disabled><select name=b disabled><option>1</select><textarea name=c disabled></textarea>`, ""},
		{"fieldset", `<fieldset disabled><legend><input name=a value=1></legend><legend><input name=b></legend><input name=c></fieldset><input name=d>`, "a=1&d="},
		{"legend in a disabled fieldset's legend", `<fieldset disabled><fieldset disabled><legend><input name=a></legend></fieldset></fieldset>`, ""},
		{"fieldset in a legend", `<fieldset disabled><legend><fieldset><input name=a></fieldset></legend></fieldset>`, "a="},
		{"datalist", `<datalist><input name=a value=1></datalist><input name=b list=x>`, "b="},
		{"template", `<template><input name=a value=1></template><input name=b>`, "b="},
		{"file", `<input type=file name=a value=x>`, "a="},
		{"brackets and other scripts", `<input name="a[b][]" value="ü&euro;"><input name="日" value="~*-._ ">`,
			"a%5Bb%5D%5B%5D=%C3%BC%E2%82%AC&%E6%97%A5=%7E*-._+"},
		{"entities once", `<input name=a value="a+b&#43;c&#x2b;&amp;amp;&#61;">`, "a=a%2Bb%2Bc%2B%26amp%3B%3D"},
		{"order", `<select name=b><option>1</select><input name=a><textarea name=c></textarea><input name=a value=2>`, "b=1&a=&c=&a=2"},
		{"charset", `<input type=hidden name=_charset_ value=x><input name=_charset_ value=x><input type=hidden name=_CharSet_>`,
			"_charset_=UTF-8&_charset_=x&_CharSet_=UTF-8"},
	} {
		page := newPage(t, utf8Page, `<form method=post>`+c.inside+`</form>`)
		if got := string(request(t, firstForm(t, page)).Body); got != c.want {
			t.Errorf("%s: sends %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSelectAndTextarea(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, inside, want string }{
		{"first", `<select name=a><option value=1>x<option value=2>y</select>`, "a=1"},
		{"selected", `<select name=a><option value=1>x<option value=2 selected>y</select>`, "a=2"},
		{"last selected", `<select name=a><option value=1 selected>x<option value=2 selected>y</select>`, "a=2"},
		{"first is disabled", `<select name=a><option value=1 disabled>x<option value=2>y</select>`, "a=2"},
		{"selected and disabled", `<select name=a><option value=1>x<option value=2 selected disabled>y</select>`, ""},
		{"group disabled", `<select name=a><optgroup disabled><option value=1>x</optgroup><option value=2>y</select>`, "a=2"},
		{"no option", `<select name=a></select>`, ""},
		{"value from text", "<select name=a><option>\n two  words </select>", "a=two+words"},
		{"empty value", `<select name=a><option value="">choose</select>`, "a="},
		{"list box", `<select name=a size=4><option>1<option>2</select>`, ""},
		{"multiple", `<select name=a multiple><option selected>1<option>2<option selected>3</select>`, "a=1&a=3"},
		{"multiple, none", `<select name=a multiple><option>1<option>2</select>`, ""},
		{"textarea", "<textarea name=a>\n\n x\ny\r\nz </textarea>", "a=%0D%0A+x%0D%0Ay%0D%0Az+"},
		{"textarea holds tags", `<textarea name=a></form><input name=b></textarea>`, "a=%3C%2Fform%3E%3Cinput+name%3Db%3E"},
	} {
		page := newPage(t, utf8Page, `<form method=post>`+c.inside+`</form>`)
		if got := string(request(t, firstForm(t, page)).Body); got != c.want {
			t.Errorf("%s: sends %q, want %q", c.name, got, c.want)
		}
	}
}

// Every form sends its own controls, wherever the parser puts them.
func TestOwners(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, body, want string }{
		{"two forms", `<form><input name=a></form><input name=x><form><input name=b></form>`, "a= | b="},
		{"form attribute", `<input name=a form=f><form id=f><input name=b><input name=c form=g><input name=d form=""></form><input name=e form=f><form id=g></form>`,
			"a=&b=&e= | c="},
		{"form attribute to nobody", `<form id=f><input name=a form=none></form>`, ""},
		{"first of two ids", `<form id=f></form><form id=f></form><input name=a form=f>`, "a= | "},
		{"nested", `<form><input name=a><form><input name=b></form><input name=c></form>`, "a=&b="},
		{"torn by a table", `<table><form><tr><td><input name=a></td></tr><tr><td><input name=b></td></tr></form></table><input name=x>`, "a=&b="},
		{"two torn", `<table><tr><form><td><input name=a></td></form></tr><tr><form><td><input name=b></td></form></tr></table>`, "a= | b="},
		{"stray end tag", `<div><form><div><input name=a></form><input name=x></div></div><input name=y><form><input name=b></form>`, "a=&x= | b="},
		{"never closed", `<form><input name=a>`, "a="},
		{"fostered", `<form><table><input name=b><tr><td><input name=a></table></form>`, "b=&a="},
		{"in a template", `<template><form><input name=x></form></template><form><input name=a></form>`, "a="},
		{"torn behind a template", `<template><form></template><table><form><tr><td><input name=a></table>`, "a="},
		{"in a comment and a script", `<!-- <form> --><script>"<form>"</script><form><input name=a></form>`, "a="},
		{"in noscript", `<noscript><form><input name=a></noscript><input name=b></form>`, "a=&b="},
		{"in a select", `<select><form></select><form><input name=a></form>`, "a="},
	} {
		var got []string
		for _, f := range newPage(t, utf8Page, c.body).Forms() {
			got = append(got, string(urlencode(f.Entries())))
		}
		if joined := strings.Join(got, " | "); joined != c.want {
			t.Errorf("%s: forms send %q, want %q", c.name, joined, c.want)
		}
	}
}

func TestActionAndMethod(t *testing.T) {
	t.Parallel()
	const at = "https://idp.example.com/auth/"
	for _, c := range []struct{ name, body, want string }{
		{"no action", `<form method=post>`, "POST " + at + "login?x=1"},
		{"empty action", `<base href=/other/><form method=post action="">`, "POST " + at + "login?x=1"},
		{"#", `<form method=post action="#">`, "POST " + at + "login?x=1"},
		{"?", `<form method=post action="?">`, "POST " + at + "login?"},
		{"?a=b", `<form method=post action="?a=b&amp;c">`, "POST " + at + "login?a=b&c"},
		{"relative", `<form method=post action="../next">`, "POST https://idp.example.com/next"},
		{"same scheme", `<form method=post action="//a.example/n">`, "POST https://a.example/n"},
		{"base", `<base href="/b/c"><form method=post action="d">`, "POST https://idp.example.com/b/d"},
		{"first base with an address", `<base target=x><base href="/b/"><base href="/c/"><form method=post action="d">`, "POST https://idp.example.com/b/d"},
		{"base that is no web address", `<base href="data:x"><form method=post action="d">`, "POST " + at + "d"},
		{"GET is the default", `<form action=n?old=1><input name=q value="a b">`, "GET " + at + "n?q=a+b"},
		{"GET without controls", `<form action=n?old=1>`, "GET " + at + "n?"},
		{"GET keeps the fragment", `<form action="n?old=1#f">`, "GET " + at + "n?#f"},
		{"unknown method is GET", `<form method=put action=n>`, "GET " + at + "n?"},
		{"method with spaces is GET", `<form method=" post" action=n>`, "GET " + at + "n?"},
		{"method in upper case", `<form method=POST action=n>`, "POST " + at + "n"},
		{"formaction", `<form method=post action=n><button id=press formaction=m>`, "POST " + at + "m"},
		{"empty formaction", `<form method=post action=n><button id=press formaction="">`, "POST " + at + "login?x=1"},
		{"formmethod", `<form action=n><button id=press formmethod=post>`, "POST " + at + "n"},
		{"formmethod unknown", `<form method=post action=n><button id=press formmethod=x>`, "GET " + at + "n?"},
		{"not pressed", `<form action=n><button formaction=m formmethod=post>`, "GET " + at + "n?"},
	} {
		r := request(t, firstForm(t, newPage(t, utf8Page, c.body)))
		if got := r.Method + " " + r.URL; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if kind := r.Header.Get("Content-Type"); (kind != "") != (r.Method == "POST") {
			t.Errorf("%s: Content-Type %q with %s", c.name, kind, r.Method)
		}
	}
	if _, err := newPage(t, utf8Page, `<form action="https://[bad">`).Forms()[0].Request(); err == nil {
		t.Error("a form with an address that is none can be sent")
	}
}

func TestCharset(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, contentType, body, want string }{
		{"none said", "text/html", `<form><input name=a value="ü">`, "a=%C3%BC"},
		{"invalid UTF-8", "text/html", "<form><input name=a value=\"\xfc\">", "a=%EF%BF%BD"},
		{"header", "text/html; charset=iso-8859-1", "<form><input name=a value=\"\xfc\x80\"><input type=hidden name=_charset_>",
			"a=%FC%80&_charset_=windows-1252"},
		{"meta", "text/html", "<meta charset=windows-1252><form><input name=a value=\"\xfc\">", "a=%FC"},
		{"meta http-equiv", "text/html", "<meta http-equiv=Content-Type content='text/html; charset=shift_jis'><form><input name=a value=\"\x93\xfa\">", "a=%93%FA"},
		{"header beats meta", utf8Page, "<meta charset=windows-1252><form><input name=a value=\"ü\">", "a=%C3%BC"},
		{"mark beats header", "text/html; charset=windows-1252", "\uFEFF<form><input name=a value=\"ü\">", "a=%C3%BC"},
		{"UTF-16 is sent as UTF-8", "text/html", "\xff\xfe<\x00f\x00o\x00r\x00m\x00>\x00<\x00i\x00n\x00p\x00u\x00t\x00 \x00n\x00a\x00m\x00e\x00=\x00a\x00 \x00v\x00a\x00l\x00u\x00e\x00=\x00\xfc\x00>\x00", "a=%C3%BC"},
		{"accept-charset", utf8Page, `<form accept-charset="unknown ISO-8859-1"><input name=a value="ü€日">`, "a=%FC%80%26%2326085%3B"},
		{"accept-charset unknown", "text/html; charset=windows-1252", "<form accept-charset=none><input name=a value=\"\xfc\">", "a=%C3%BC"},
		{"accept-charset of an old page", "text/html; charset=windows-1252", "<form accept-charset='UTF-8,iso-8859-1'><input name=a value=\"\xfc\">", "a=%C3%BC"},
		{"name", "text/html; charset=shift_jis", "<form><input name=\"\x93\xfa\" value=x>", "%93%FA=x"},
	} {
		r := request(t, firstForm(t, newPage(t, c.contentType, c.body)))
		if _, got, _ := strings.Cut(r.URL, "?"); got != c.want {
			t.Errorf("%s: sends %q, want %q", c.name, got, c.want)
		}
	}
}

func TestEnctype(t *testing.T) {
	t.Parallel()
	const fields = "<input name=a value='1 ü'><textarea name=b>x\ny</textarea><input type=file name='f\"\n'>"
	r := request(t, firstForm(t, newPage(t, utf8Page, `<form method=post enctype=text/plain>`+fields)))
	if got, want := r.Header.Get("Content-Type")+" "+string(r.Body), "text/plain a=1 ü\r\nb=x\r\ny\r\nf\"\r\n=\r\n"; got != want {
		t.Errorf("text/plain: %q, want %q", got, want)
	}
	r = request(t, firstForm(t, newPage(t, utf8Page, `<form method=post enctype=bogus><button id=press formenctype="Multipart/Form-Data">`+fields)))
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		t.Fatalf("Content-Type = %q", r.Header.Get("Content-Type"))
	}
	var got []string
	for parts := multipart.NewReader(strings.NewReader(string(r.Body)), params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		value, _ := io.ReadAll(part)
		got = append(got, part.Header.Get("Content-Disposition")+" "+part.Header.Get("Content-Type")+" "+string(value))
	}
	want := []string{`form-data; name="a"  1 ü`, "form-data; name=\"b\"  x\r\ny", `form-data; name="f%22%0D%0A"; filename="" application/octet-stream `}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("multipart: %q, want %q", got, want)
	}
}
