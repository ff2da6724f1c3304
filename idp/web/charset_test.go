package web

import (
	"strings"
	"testing"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"
)

func TestLabels(t *testing.T) {
	t.Parallel()
	known := 0
	for label := range strings.FieldsSeq(labels) {
		known++
		want, wantName := charset.Lookup(label)
		got, name := byLabel(" " + strings.ToUpper(label) + "\n")
		if got == nil || want == nil || name != wantName {
			t.Fatalf("byLabel(%q) = %v, %q, want %q", label, got, name, wantName)
		}
		for _, text := range []string{"\xe4\xf6", "\x93\xfa", "\x00a"} {
			g, _ := got.NewDecoder().String(text)
			if w, _ := want.NewDecoder().String(text); g != w {
				t.Errorf("%s decodes %q as %q, want %q", label, text, g, w)
			}
		}
	}
	if known != 203 {
		t.Errorf("%d labels, the standard has 228, 25 of them of Big5, GBK, GB18030 and EUC-KR", known)
	}
	for _, label := range []string{"", "latin", "utf 8"} {
		if got, name := byLabel(label); got != nil || name != "" {
			t.Errorf("byLabel(%q) = %v, %q", label, got, name)
		}
	}
}

func TestEncodingOf(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, kind, body, want string }{
		{"nothing", "text/html", "<p>\xfc", "utf-8"},
		{"mark", "text/html; charset=latin1", "\xff\xfe<", "utf-16le"},
		{"header", "text/html; charset=euc-jp", "<meta charset=shift_jis>", "euc-jp"},
		{"unknown header", "text/html; charset=none", "<meta charset=shift_jis>", "shift_jis"},
		{"meta", "text/html", "<title>x</title><META CHARSET=' SHIFT_JIS '>", "shift_jis"},
		{"commented out", "text/html", "<!-- <meta charset=shift_jis> --><meta charset=euc-jp>", "euc-jp"},
		{"unknown meta, then a known one", "text/html", "<meta charset=none><meta charset=euc-jp>", "euc-jp"},
		{"meta of UTF-16", "text/html", "<meta charset=utf-16>", "utf-8"},
		{"http-equiv", "text/html", "<meta content=\"text/html; charset = 'Shift_JIS'; x\" http-equiv=content-TYPE>", "shift_jis"},
		{"http-equiv, no quotes", "text/html", `<meta http-equiv=content-type content="charset charset=koi8-r;x">`, "koi8-r"},
		{"http-equiv, open quote", "text/html", `<meta http-equiv=content-type content="charset='koi8-r">`, "utf-8"},
		{"http-equiv of nothing", "text/html", `<meta http-equiv=content-type content="text/html">`, "utf-8"},
		{"content of something else", "text/html", `<meta name=x content="charset=koi8-r">`, "utf-8"},
		{"too late", "text/html", strings.Repeat(" ", 1024) + "<meta charset=shift_jis>", "utf-8"},
	} {
		if got, name := encodingOf([]byte(test.body), test.kind); got == nil || name != test.want {
			t.Errorf("%s: encodingOf = %v, %q, want %q", test.name, got, name, test.want)
		}
	}
	if got, _ := encodingOf(nil, ""); got != unicode.UTF8 {
		t.Errorf("encodingOf nothing = %v, want UTF-8", got)
	}
}
