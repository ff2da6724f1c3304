package web

import (
	"bytes"
	"strconv"

	"golang.org/x/net/html"
)

// ownerMark is the attribute that carries, from the source to the parsed page, which form a control belongs to.
const ownerMark = "data-form-in-source"

// markOwners numbers the forms of a page and writes the number into every control that stands between a form's tags.
// The HTML standard ties controls to forms while it parses, even where a table or a stray end tag has torn the form's
// element away from them; the parsed tree no longer tells.
func markOwners(source []byte) []byte {
	if !bytes.Contains(bytes.ToLower(source), []byte("<form")) {
		return source
	}
	out := make([]byte, 0, len(source)+len(source)/16)
	z := html.NewTokenizer(bytes.NewReader(source))
	forms, current := 0, 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out
		}
		raw := bytes.Clone(z.Raw()) // TagName lowers the case in place
		name, _ := z.TagName()
		switch {
		case kind == html.EndTagToken && string(name) == "form":
			current = 0
		case kind != html.StartTagToken && kind != html.SelfClosingTagToken:
		case string(name) == "form" && current == 0:
			forms++
			current = forms
			raw = withMark(raw, len(name), current)
		case current != 0 && isControl(string(name)):
			raw = withMark(raw, len(name), current)
		}
		out = append(out, raw...)
	}
}

func withMark(tag []byte, name, number int) []byte {
	mark := " " + ownerMark + `="` + strconv.Itoa(number) + `"`
	return append(append(bytes.Clone(tag[:1+name]), mark...), tag[1+name:]...)
}

func isControl(name string) bool {
	return name == "input" || name == "button" || name == "select" || name == "textarea"
}
