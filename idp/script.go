package idp

import (
	"strconv"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp/web"
)

// scriptRedirect returns the address of a script that does nothing but go there: a literal assigned to the location, not
// put together from variables, not inside a function that waits for a click.
func scriptRedirect(page *web.Page) string {
	if address := strings.TrimSpace(page.Find("script#redirect[type=custom]").Text()); address != "" {
		return onwards(page, address) // LemonLDAP::NG's
	}
	return onwards(page, locationIn(scripts(page)))
}

// scripts returns the page's own scripts, and what its body does when it is loaded.
func scripts(page *web.Page) string {
	var all []string
	page.Find("script:not([src])").Each(func(_ int, s *goquery.Selection) {
		switch kind := strings.ToLower(s.AttrOr("type", "")); kind {
		case "", "module", "text/javascript", "application/javascript", "text/ecmascript":
			for text := s.Nodes[0].FirstChild; text != nil; text = text.NextSibling {
				all = append(all, text.Data)
			}
		}
	})
	return strings.Join(append(all, strings.TrimPrefix(page.Attr("body", "onload"), "javascript:")), "\n")
}

// onwards drops addresses that a page leads to when a session ends, and places on the page itself.
func onwards(page *web.Page, reference string) string {
	u, err := page.Resolve(reference)
	if err != nil || reference == "" || reference[0] == '#' {
		return ""
	}
	path := strings.ToLower(u.Path)
	for _, over := range []string{"logout", "logoff", "signout", "sign-out", "sign_out", "timeout", "timedout", "expired"} {
		if strings.Contains(path, over) {
			return ""
		}
	}
	return reference
}

// locationIn finds `window.location = "…"` and its spellings at the top level of a script.
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

// statements splits a script at line ends and semicolons outside strings and drops what stands in braces, but for the
// functions that run when the page is loaded. What a page does at once does not stand behind megabytes of script.
func statements(script string) []string {
	script = script[:min(len(script), 1<<18)]
	var out []string
	var waits []bool // of the braces that are open: whether something must happen before what is in them runs
	waiting, start, held := 0, 0, -1
	cut := func(end, next int) {
		if waiting == 0 {
			out = append(out, script[start:end])
		}
		start = next
	}
	for i := 0; i < len(script); i++ {
		switch c := script[i]; {
		case c == '"' || c == '\'' || c == '`':
			i = stringEnd(script, i)
		case strings.HasPrefix(script[i:], "//"), strings.HasPrefix(script[i:], "/*"):
			end := commentEnd(script, i)
			cut(i, end)
			i = end - 1
		case c == '{':
			wait := !runsAtOnce(script[start:i])
			waits, start = append(waits, wait), i+1
			waiting += count(wait)
		case c == '}':
			cut(i, i+1)
			if last := len(waits) - 1; last >= 0 {
				waiting -= count(waits[last])
				waits = waits[:last]
			}
		case c == '\n' && held == start:
		case c == '\n' && conditional(script[start:i]):
			held = start
		case c == ';' || c == '\n':
			cut(i, i+1)
		}
	}
	cut(len(script), len(script))
	return out
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// runsAtOnce knows the openings of functions that a page runs when it is loaded.
func runsAtOnce(opening string) bool {
	opening = strings.Join(strings.Fields(opening), "")
	for _, known := range []string{"window.onload=", "onload=", "(function(", "!function(", "$(function(", "$(document).ready(", "jQuery(function(",
		"window.addEventListener('load'", `window.addEventListener("load"`, "document.addEventListener('DOMContentLoaded'", `document.addEventListener("DOMContentLoaded"`} {
		if strings.HasPrefix(opening, known) {
			return true
		}
	}
	return false
}

// conditional reports whether a line hangs on what the one before it asks.
func conditional(statement string) bool {
	statement = strings.TrimSpace(statement)
	for _, word := range []string{"if", "else", "for", "while"} {
		if rest, ok := strings.CutPrefix(statement, word); ok && (rest == "" || strings.ContainsAny(rest[:1], " \t(")) {
			return true
		}
	}
	return false
}

// stringEnd returns where a string literal ends; only templates go over several lines.
func stringEnd(script string, start int) int {
	quote := script[start]
	for i := start + 1; i < len(script); i++ {
		switch {
		case script[i] == '\\':
			i++
		case script[i] == quote:
			return i
		case script[i] == '\n' && quote != '`':
			return i - 1
		}
	}
	return len(script)
}

func commentEnd(script string, start int) int {
	end, skip := "\n", 0
	if script[start+1] == '*' {
		end, skip = "*/", 2
	}
	i := strings.Index(script[start:], end)
	if i < 0 {
		return len(script)
	}
	return start + i + skip
}

// cutLocation drops the part of a statement before the address: `top.location.href =`, `location.replace(`.
func cutLocation(statement string) (rest string, ok bool) {
	s := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(statement), "<!--"))
	for cut := true; cut; {
		cut = false
		for _, owner := range []string{"window.", "document.", "self.", "top.", "parent.", "this."} {
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
