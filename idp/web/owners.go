package web

import (
	"bytes"
	"strconv"

	"golang.org/x/net/html"
)

// ownerMark is the attribute that carries, from the source to the parsed page, which form a control belongs to.
const ownerMark = "data-form-in-source"

// maxWeight bounds what a page may become when it is parsed: a page of a few kilobytes can ask for gigabytes. It allows
// 200,000 plain tags.
const maxWeight = 2_000_000

// maxText bounds a script or another piece of text without tags: the parser takes several times its length.
const maxText = 1 << 20

// markOwners numbers the forms of a page and writes the number into every control that stands between a form's tags.
// The HTML standard ties controls to forms while it parses, even where a table or a stray end tag has torn the form's
// element away from them; the parsed tree no longer tells. It stops at maxWeight and reports
// false, and leaves out what of a text is beyond maxText.
func markOwners(source []byte) ([]byte, bool) {
	out := make([]byte, 0, min(len(source)+len(source)/16, maxText))
	z := html.NewTokenizer(bytes.NewReader(source))
	m := marker{formats: map[string]bool{}}
	for weight := 0; weight <= maxWeight; {
		kind := z.Next()
		if kind == html.ErrorToken {
			return append(out, z.Raw()...), true
		}
		raw := z.Raw()
		if kind == html.TextToken {
			raw = raw[:min(len(raw), maxText)]
		}
		if kind == html.StartTagToken || kind == html.EndTagToken || kind == html.SelfClosingTagToken {
			raw = bytes.Clone(raw) // TagName lowers the case in place
		}
		name, _ := z.TagName()
		weight += m.weigh(kind, string(name), raw)
		if number := m.owner(kind, string(name), raw); number > 0 {
			raw = withMark(raw, len(name), number)
		}
		if string(name) == "noscript" {
			z.NextIsNotRawText() // scripts are off
		}
		out = append(out, raw...)
	}
	return out, false
}

// marker follows what the parser will make of a page's tags.
type marker struct {
	forms, current int // how many there were, and the one that is open
	templates      int
	formats        map[string]bool // the different tags like <font size=1> that there were
	cdata          bool
}

// owner returns the number that a tag is to carry; 0 is none.
func (m *marker) owner(kind html.TokenType, name string, raw []byte) int {
	if m.cdata || bytes.HasPrefix(raw, []byte("<![CDATA[")) {
		m.cdata = !bytes.Contains(raw, []byte("]]>"))
		return 0
	}
	start := kind == html.StartTagToken || kind == html.SelfClosingTagToken
	switch {
	case name == "template" && start:
		m.templates++
	case name == "template" && kind == html.EndTagToken:
		m.templates = max(m.templates-1, 0)
	case m.templates > 0:
	case name == "form" && kind == html.EndTagToken:
		m.current = 0
	case name == "form" && start && m.current == 0:
		m.forms++
		m.current = m.forms
		return m.current
	case start && isControl(name):
		return m.current
	}
	return 0
}

// weigh returns what a token may cost: the parser repeats formatting elements that stay open, three at most that are
// alike, in every paragraph behind them.
func (m *marker) weigh(kind html.TokenType, name string, raw []byte) int {
	switch name {
	case "b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u":
		if kind == html.StartTagToken && len(m.formats) < 200 {
			m.formats[string(raw)] = true
		}
	}
	return 10 + 3*len(m.formats)
}

func withMark(tag []byte, name, number int) []byte {
	mark := " " + ownerMark + `="` + strconv.Itoa(number) + `"`
	return append(append(bytes.Clone(tag[:1+name]), mark...), tag[1+name:]...)
}

func isControl(name string) bool {
	return name == "input" || name == "button" || name == "select" || name == "textarea"
}
