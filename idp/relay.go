package idp

import (
	"context"
	"mime"
	"slices"
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp/web"
)

// samlRelay returns the form by which a page hands a SAML or WS-Federation message on to somebody else than AWS.
func samlRelay(page *web.Page) *web.Form {
	for _, f := range page.Forms() {
		for _, name := range []string{"SAMLResponse", "SAMLRequest", "wresult"} {
			if field := f.Field(name); field != nil && field.Value != "" && !fillable(f) {
				return f.Copy()
			}
		}
	}
	return nil
}

// relay returns how a page leads on by itself: a refresh, a literal script redirect, or a form of hidden fields that a
// script submits; nil for a page that wants something.
func relay(page *web.Page) func(context.Context, *Session) error {
	forms := page.Forms()
	if slices.ContainsFunc(forms, fillable) {
		return nil
	}
	open := func(address string) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error { return s.Open(ctx, address) }
	}
	if address := refresh(page); address != "" {
		return open(address)
	}
	hidden := hiddenForm(page)
	if hidden == nil || !submittedByScript(page) {
		if address := scriptRedirect(page); address != "" {
			return open(address)
		}
	}
	if hidden != nil {
		return func(ctx context.Context, s *Session) error { return s.Submit(ctx, hidden.Copy()) }
	}
	if address := frame(page); address != "" {
		return open(address)
	}
	return nil
}

// fillable reports whether a person could type or choose something in a form.
func fillable(f *web.Form) bool {
	return slices.ContainsFunc(f.Fields, func(x *web.Field) bool {
		return x.Fillable() || (x.Type == "select" || x.Type == "radio" || x.Type == "checkbox") && x.Visible() && !x.Disabled
	})
}

// hiddenForm returns the form that a page without any other offers to submit: hidden fields, at most one button, and a
// script that submits it or nothing else that a person could do.
func hiddenForm(page *web.Page) *web.Form {
	var found []*web.Form
	for _, f := range page.Forms() {
		hidden := slices.ContainsFunc(f.Fields, func(x *web.Field) bool { return x.Type == "hidden" && x.Name != "" })
		if hidden && len(shownButtons(f)) == 0 {
			found = append(found, f)
		}
	}
	switch {
	case len(found) == 1 && len(page.Forms()) == 1:
		return found[0]
	case len(found) > 0 && submittedByScript(page):
		return found[0]
	}
	if forms := page.Forms(); len(forms) == 1 && len(forms[0].Fields) > 0 && submittedByScript(page) {
		return forms[0]
	}
	return nil
}

// shownButtons leaves out buttons for people without scripts: those inside noscript.
func shownButtons(f *web.Form) []*web.Field {
	return slices.DeleteFunc(f.Buttons(), func(x *web.Field) bool { return !x.Visible() || x.Is("noscript *") })
}

// submittedByScript reports whether a script on the page, or a handler of its body, submits a form without being asked.
func submittedByScript(page *web.Page) bool {
	onload := page.Attr("body", "onload")
	if strings.Contains(onload, "submit") {
		return true
	}
	found := false
	page.Find("script").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		found = strings.Contains(s.Text(), ".submit(") || strings.Contains(s.Text(), ".click()") ||
			strings.HasSuffix(strings.SplitN(s.AttrOr("src", ""), "?", 2)[0], "post.js") // SimpleSAMLphp's
		return !found
	})
	return found
}

// refresh returns the address of a Refresh header or meta element that points elsewhere.
func refresh(page *web.Page) string {
	values := []string{page.Header.Get("Refresh")}
	page.Find("meta[http-equiv]").Each(func(_ int, m *goquery.Selection) {
		if strings.EqualFold(m.AttrOr("http-equiv", ""), "refresh") && !(m.Is("noscript *") && len(page.Forms()) > 0) {
			values = append(values, m.AttrOr("content", ""))
		}
	})
	for _, value := range values {
		if address := refreshAddress(value); address != "" {
			return address
		}
	}
	return ""
}

// refreshAddress reads `5; url='/next'` as the HTML standard does.
func refreshAddress(value string) string {
	delay, rest, found := strings.Cut(strings.ReplaceAll(value, ",", ";"), ";")
	if _, err := strconv.ParseFloat(strings.TrimSpace(delay), 64); err != nil || !found {
		return ""
	}
	_, rest, _ = strings.Cut(value, value[len(delay):len(delay)+1])
	rest = strings.TrimSpace(rest)
	if len(rest) >= 3 && strings.EqualFold(rest[:3], "url") {
		if after, ok := strings.CutPrefix(strings.TrimSpace(rest[3:]), "="); ok {
			rest = strings.TrimSpace(after)
		}
	}
	if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
		rest, _, _ = strings.Cut(rest[1:], rest[:1])
	}
	return rest
}

// frame returns the address of the only frame of a page that has nothing else.
func frame(page *web.Page) string {
	frames := page.Find("frame[src], iframe[src]").FilterFunction(func(_ int, f *goquery.Selection) bool {
		src := f.AttrOr("src", "")
		return src != "" && !strings.HasPrefix(src, "about:") && !strings.HasPrefix(src, "javascript:")
	})
	if frames.Length() != 1 || len(page.Forms()) > 0 {
		return ""
	}
	address, err := page.Resolve(frames.AttrOr("src", ""))
	if err != nil || web.Host(address) != page.Host() {
		return ""
	}
	return address.String()
}

// scriptRedirect returns the address of a script that does nothing but go there: a literal assigned to the location, not
// put together from variables, not inside a function that waits for a click.
func scriptRedirect(page *web.Page) string {
	kind, _, _ := mime.ParseMediaType(page.Header.Get("Content-Type"))
	if strings.Contains(kind, "json") {
		return ""
	}
	var address string
	page.Find("script:not([src])").EachWithBreak(func(_ int, s *goquery.Selection) bool {
		address = locationIn(s.Text())
		return address == ""
	})
	if address == "" {
		address = locationIn(page.Attr("body", "onload"))
	}
	return address
}

// locationIn finds `window.location = "…"` and its spellings at the top level of a script, and a PingFederate- or
// NetIQ-like helper is none of its business: adapters know those.
func locationIn(script string) string {
	for _, statement := range statements(script) {
		rest, ok := cutLocation(statement)
		if !ok {
			continue
		}
		literal, after, ok := cutString(rest)
		after = strings.TrimLeft(after, " \t\r\n)")
		if ok && literal != "" && (after == "" || after[0] == ';') && !strings.HasPrefix(strings.ToLower(literal), "javascript:") {
			return literal
		}
	}
	return ""
}

// statements splits a script at line ends and semicolons outside strings and drops what stands in braces.
func statements(script string) []string {
	var out []string
	depth, start := 0, 0
	var quote byte
	cut := func(end int) {
		if depth == 0 {
			out = append(out, script[start:end])
		}
		start = end + 1
	}
	for i := 0; i < len(script); i++ {
		switch c := script[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' || c == '`':
			quote = c
		case c == '/' && strings.HasPrefix(script[i:], "//"):
			cut(i)
			for i < len(script) && script[i] != '\n' {
				i++
			}
			start = i + 1
		case c == '/' && strings.HasPrefix(script[i:], "/*"):
			end := strings.Index(script[i:], "*/")
			if end < 0 {
				return out
			}
			cut(i)
			i += end + 1
			start = i + 1
		case c == '{':
			cut(i)
			depth++
		case c == '}':
			depth = max(depth-1, 0)
			start = i + 1
		case c == ';' || c == '\n':
			cut(i)
		}
	}
	cut(len(script))
	return out
}

var locationOwners = [...]string{"window.", "document.", "self.", "top.", "parent.", "this."}

// cutLocation drops the part of a statement before the address: `top.location.href =`, `location.replace(`.
func cutLocation(statement string) (rest string, ok bool) {
	s := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(statement), "<!--"))
	for cut := true; cut; {
		cut = false
		for _, owner := range locationOwners {
			var found bool
			if s, found = strings.CutPrefix(s, owner); found {
				cut = true
			}
		}
	}
	s, ok = strings.CutPrefix(s, "location")
	if !ok {
		return "", false
	}
	for _, call := range []string{".replace", ".assign"} {
		if after, found := strings.CutPrefix(s, call); found {
			after, found = strings.CutPrefix(strings.TrimSpace(after), "(")
			return strings.TrimSpace(after), found
		}
	}
	s = strings.TrimSpace(strings.TrimPrefix(s, ".href"))
	s, ok = strings.CutPrefix(s, "=")
	return strings.TrimSpace(s), ok
}

// cutString reads a script's string literal and its escapes.
func cutString(s string) (literal, after string, ok bool) {
	if s == "" || s[0] != '"' && s[0] != '\'' {
		return "", s, false
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch c := s[i]; {
		case c == s[0]:
			return b.String(), s[i+1:], true
		case c == '\\' && i+1 < len(s):
			i++
			width := map[byte]int{'x': 2, 'u': 4}[s[i]]
			if code, err := strconv.ParseUint(s[min(i+1, len(s)):min(i+1+width, len(s))], 16, 32); width > 0 && err == nil {
				b.WriteRune(rune(code))
				i += width
			} else {
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", s, false
}
