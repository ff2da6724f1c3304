package tape

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// loose is a secret that pages write in many ways: what the person typed, and the names of people and hosts. It is replaced
// however its characters are escaped, names in small letters and in capitals too.
type loose struct {
	secret, standIn string // the secret in small letters if case does not count
	fold            bool
	bounded         bool // counts as a word of its own only: it is short, or a word
	pattern         *regexp.Regexp
}

func newLoose(secret, standIn string, fold, bounded bool) loose {
	l := loose{secret: secret, standIn: standIn, fold: fold, bounded: bounded}
	var b strings.Builder
	if fold {
		l.secret = strings.ToLower(secret)
		b.WriteString("(?i)")
	}
	for _, r := range l.secret {
		if upper := unicode.ToUpper(r); fold && upper != r {
			b.WriteString("(?:" + escapesOf(unicode.ToLower(r)) + "|" + escapesOf(upper) + ")")
			continue
		}
		b.WriteString(escapesOf(r))
	}
	l.pattern = regexp.MustCompile(b.String())
	return l
}

// escapesOf is a pattern of every way in which addresses, pages and scripts write a character.
func escapesOf(r rune) string {
	const hex = `(?i:%s)`
	ways := []string{fmt.Sprintf(`&(?:amp;)*#0*%d;`, r), fmt.Sprintf(`&(?:amp;)*#[xX]0*`+hex+`;`, fmt.Sprintf("%x", r))}
	if named, ok := map[rune]string{'&': "amp", '<': "lt", '>': "gt", '"': "quot", '\'': "apos", ' ': "nbsp"}[r]; ok {
		ways = append(ways, `&(?:amp;)*`+named+`;`)
	}
	var percent strings.Builder
	for _, c := range []byte(string(r)) {
		fmt.Fprintf(&percent, `%%(?:25)*`+hex, fmt.Sprintf("%02x", c))
	}
	ways = append(ways, percent.String())
	switch {
	case r < 0x100:
		ways = append(ways, fmt.Sprintf(`\\+u00`+hex, fmt.Sprintf("%02x", r)), fmt.Sprintf(`\\+x`+hex, fmt.Sprintf("%02x", r)))
	case r < 0x10000:
		ways = append(ways, fmt.Sprintf(`\\+u`+hex, fmt.Sprintf("%04x", r)))
	}
	switch {
	case r == ' ':
		ways = append(ways, `\+`, `%(?:25)*2[bB]`, `\s+`)
	case r >= 0x80 && r < 0x100: // in an address of a page in Latin-1
		ways = append(ways, fmt.Sprintf(`%%`+hex, fmt.Sprintf("%02x", r)))
	case !unicode.IsLetter(r) && !unicode.IsDigit(r) && r > ' ':
		return `(?:\\|%(?:25)*5[cC]|&#92;)*(?:` + strings.Join(append(ways, regexp.QuoteMeta(string(r))), "|") + ")"
	}
	return "(?:" + strings.Join(append(ways, regexp.QuoteMeta(string(r))), "|") + ")"
}

// replace replaces the secret in a text, whose plain view without escapes says whether it is there at all. Where a writing of
// it is not known, the text loses its escapes, one kind after the other, until it is.
func (l loose) replace(text, plain string) string {
	if !strings.Contains(plain, l.secret) && !strings.Contains(l.secret, " ") {
		return text
	}
	text = l.replaceKnown(text)
	for _, decode := range []func(string) string{letterEntities, html.UnescapeString, scriptDecode, percentDecode} {
		if l.bounded || strings.Contains(strings.ToLower(l.standIn), l.secret) || !l.within(text) {
			return text
		}
		text = l.replaceKnown(decode(text))
	}
	return text
}

// within reports whether the secret is left in a text that is read without escapes.
func (l loose) within(text string) bool {
	plain := layers(text)
	if l.fold {
		plain = strings.ToLower(plain)
	}
	return strings.Contains(plain, l.secret)
}

// letterEntities reads the names that HTML has for letters: no page is built of these.
func letterEntities(text string) string {
	return entityName.re().ReplaceAllStringFunc(text, func(entity string) string {
		if r, _ := utf8.DecodeRuneInString(html.UnescapeString(entity)); unicode.IsLetter(r) {
			return html.UnescapeString(entity)
		}
		return entity
	})
}

var entityName = pattern{source: `&[A-Za-z]+;`}

func (l loose) replaceKnown(text string) string {
	var b strings.Builder
	last := 0
	for _, at := range l.pattern.FindAllStringIndex(text, -1) {
		if l.bounded && (!endsWord(text[:at[0]]) || !beginsNoWord(text[at[1]:])) {
			continue
		}
		b.WriteString(text[last:at[0]] + l.standIn)
		last = at[1]
	}
	return b.String() + text[last:]
}

func (loose) always() bool { return true }

var lastEscape = pattern{source: `(?:%(?:25)*[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[nrt])$`}

// endsWord reports whether a word may begin behind a text: after anything but a letter or digit, or after an escape.
func endsWord(before string) bool {
	r, _ := utf8.DecodeLastRuneInString(before)
	if before == "" || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return true
	}
	return lastEscape.re().MatchString(before[max(0, len(before)-10):])
}

func beginsNoWord(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return after == "" || !unicode.IsLetter(r) && !unicode.IsDigit(r)
}
