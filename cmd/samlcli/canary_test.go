package main

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// canaries are planted secrets, by what they are: nothing that a command says or leaves may have one in it, in any writing.
type canaries map[string]string

// in returns what of the canaries a text has, and in which writing.
func (c canaries) in(text string) []string { return c.search()(text) }

// search is in for many texts: all that is looked for is written once.
func (c canaries) search() func(text string) (found []string) {
	exact, folded := map[string]string{}, map[string]string{}
	for name, value := range c {
		for writing, written := range writings(value) {
			exact[name+", "+writing] = written
			if !strings.HasPrefix(writing, "base64") {
				folded[name+", "+writing] = strings.ToLower(written)
			}
		}
	}
	return func(text string) (found []string) {
		low := strings.ToLower(text)
		for what, written := range exact {
			if strings.Contains(text, written) || folded[what] != "" && strings.Contains(low, folded[what]) {
				found = append(found, what)
			}
		}
		slices.Sort(found)
		return found
	}
}

// but returns the canaries without some, by what their names begin with.
func (c canaries) but(names ...string) canaries {
	rest := canaries{}
	for name, value := range c {
		if !slices.ContainsFunc(names, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			rest[name] = value
		}
	}
	return rest
}

// writings are those in which a secret may come out of a program, none of them so short that chance would find it.
func writings(value string) map[string]string {
	all := map[string]string{
		"plain":         value,
		"backwards":     backwards(value),
		"hex":           hex.EncodeToString([]byte(value)),
		"query":         url.QueryEscape(value),
		"path":          url.PathEscape(value),
		"percent":       each(value, "%%%02x"),
		"HTML":          html.EscapeString(value),
		"HTML, numbers": each(value, "&#%d;"),
		"HTML, hex":     each(value, "&#x%x;"),
		"JSON":          strings.Trim(fmt.Sprintf("%q", value), `"`),
		"JSON, numbers": each(value, `\u%04x`),
		"Go bytes":      strings.Trim(fmt.Sprint([]byte(value)), "[]"),
	}
	for shift := range 3 {
		if core := aligned(value, shift); len(core) >= 8 {
			all[fmt.Sprintf("base64, %d", shift)] = core
			all[fmt.Sprintf("base64url, %d", shift)] = strings.NewReplacer("+", "-", "/", "_").Replace(core)
		}
	}
	return all
}

// aligned is what base64 makes of a value behind some bytes, without what its neighbours decide.
func aligned(value string, shift int) string {
	encoded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + value))
	first := []int{0, 2, 3}[shift]
	whole := (shift + len(value)) / 3 * 4
	return encoded[first:max(first, whole)]
}

func each(value, format string) string {
	var b strings.Builder
	for _, c := range []byte(value) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func backwards(value string) string {
	runes := []rune(value)
	slices.Reverse(runes)
	return string(runes)
}

// TestCanariesAreFound, whatever stands around them.
func TestCanariesAreFound(t *testing.T) {
	t.Parallel()
	const value = `c4nary&"pass+word/ü`
	for _, text := range []string{
		"x" + value + "y", strings.ToUpper(value), `{"p":"c4nary&\"pass+word/ü"}`, "?p=c4nary%26%22pass%2Bword%2F%C3%BC&", "c4nary&amp;&#34;pass+word/ü",
		"ü/drow+ssap\"&yran4c", fmt.Sprintf("%x", "x"+value+"y"), fmt.Sprintf("%X", value), fmt.Sprint([]byte(value)), fmt.Sprintf("%q", []string{value}),
		base64.StdEncoding.EncodeToString([]byte(value)), base64.StdEncoding.EncodeToString([]byte("a" + value)), base64.URLEncoding.EncodeToString([]byte("ab" + value + "c")),
		base64.StdEncoding.EncodeToString([]byte("alice:" + value)),
	} {
		if len(canaries{"password": value}.in(text)) == 0 {
			t.Errorf("not found in %s", text)
		}
	}
	if found := (canaries{"password": value}).in("c4nary and pass+word"); found != nil {
		t.Errorf("found %q in nothing", found)
	}
}
