package tape

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
)

// spellings pairs every way in which pages, addresses and scripts write a secret with its stand-in in the same writing.
func spellings(secret, standIn string) []Pair {
	var pairs []Pair
	add := func(from, to string) {
		if from != "" && !slices.ContainsFunc(pairs, func(p Pair) bool { return p.Name == from }) {
			pairs = append(pairs, Pair{from, to})
		}
	}
	for _, spell := range writings() {
		add(spell(secret), spell(standIn))
	}
	if len(secret) < 6 {
		return pairs
	}
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
		encoded := encoding.EncodeToString([]byte(secret))
		add(encoded, encoding.EncodeToString([]byte(standIn)))
		add(url.QueryEscape(encoded), url.QueryEscape(encoding.EncodeToString([]byte(standIn))))
	}
	return pairs
}

func writings() []func(string) string {
	lowerHex := func(s string) string {
		return escapes(s, "%", func(code string) string { return strings.ToLower(code) })
	}
	chars := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	all := []func(string) string{
		func(s string) string { return s },
		url.QueryEscape,
		url.PathEscape,
		func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		func(s string) string { return lowerHex(url.QueryEscape(s)) },
		func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "%2F", "/") },
		func(s string) string { return html.EscapeString(url.QueryEscape(s)) },
		html.EscapeString,
		inJSON,
		func(s string) string { return strings.ReplaceAll(inJSON(s), "/", `\/`) },
		chars("&", `\u0026`, "=", `\u003d`, "+", `\u002b`, "/", `\u002f`, ":", `\u003a`),
		chars("&", `\x26`, "=", `\x3d`, "+", `\x2b`, "/", `\x2f`, ":", `\x3a`),
	}
	for _, form := range []string{"&#%d;", "&#x%x;", "&#x%X;"} {
		for _, escaped := range []string{"+", "=", "+=", "+=@", "+=/:@\n"} {
			all = append(all, entities(form, escaped))
		}
		all = append(all, func(s string) string { return inEntities(form, s) })
	}
	return append(all, chars("&", "&amp;", "+", "&#43;", "=", "&#x3D;"))
}

// entities writes some characters as a template engine does that takes them for dangerous.
func entities(form, escaped string) func(string) string {
	pairs := []string{"&", "&amp;"}
	for _, r := range escaped {
		pairs = append(pairs, string(r), fmt.Sprintf(form, r))
	}
	return strings.NewReplacer(pairs...).Replace
}

// inEntities writes every character so.
func inEntities(form, s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, form, r)
	}
	return b.String()
}

// inJSON returns what stands between the quotes of a JSON string.
func inJSON(s string) string {
	quoted, err := json.Marshal(s)
	if err != nil || len(quoted) < 2 {
		return s
	}
	return string(quoted[1 : len(quoted)-1])
}

// escapes changes the two characters behind every mark.
func escapes(s, mark string, change func(string) string) string {
	parts := strings.Split(s, mark)
	for i := 1; i < len(parts); i++ {
		n := min(2, len(parts[i]))
		parts[i] = change(parts[i][:n]) + parts[i][n:]
	}
	return strings.Join(parts, mark)
}

// longestFirst sorts what is replaced so that no secret hides a longer one that begins like it.
func longestFirst(pairs []Pair) {
	slices.SortStableFunc(pairs, func(a, b Pair) int { return len(b.Name) - len(a.Name) })
}
