package secret

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/internal/plain"
)

// A Mask hides values in other people's words, which may repeat what they were sent. The zero Mask hides nothing. It is not
// for concurrent use.
type Mask struct{ values []string }

// Hide makes the mask know a value.
func (m *Mask) Hide(value string) {
	if value != "" && !slices.Contains(m.values, value) {
		m.values = append(m.values, value)
	}
}

// Text returns the text with "***" for every value that it holds: as it is, in upper or lower case, or as pages, addresses,
// JSON and headers write it. What is shorter than four characters is hidden where it is a word by itself.
func (m *Mask) Text(text string) string {
	var all []string
	for _, value := range m.values {
		if plain.Text(value) != "" && len(plain.Text(value)) <= len(text) {
			all = append(all, spellings(value)...)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return len(b) - len(a) }) // no value hides a longer one that begins like it
	for _, spelling := range all {
		text = replace(text, spelling)
	}
	return m.hideEnd(text)
}

// Error returns an error of the same kind in words without the values.
func (m *Mask) Error(err error) error { return &maskedError{err, m.Text(err.Error())} }

type maskedError struct {
	error
	words string
}

func (e *maskedError) Error() string { return e.words }
func (e *maskedError) Unwrap() error { return e.error }

// spellings are the ways in which a value is written.
func spellings(value string) []string {
	inJSON, _ := json.Marshal(value) // a string always encodes
	return []string{
		value, plain.Text(value), html.EscapeString(value), url.QueryEscape(value), url.PathEscape(value), string(inJSON[1 : len(inJSON)-1]),
		strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(value)), "="), base64.RawURLEncoding.EncodeToString([]byte(value)),
		hex.EncodeToString([]byte(value)),
	}
}

// replace hides a value wherever the text has it, in whatever case.
func replace(text, value string) string {
	var b strings.Builder
	lower, value := lowered(text), lowered(value)
	from := 0
	for {
		i := strings.Index(lower[from:], value)
		if i < 0 {
			return b.String() + text[from:]
		}
		start, end := from+i, from+i+len(value)
		if b.WriteString(text[from:start]); len(value) < 4 && (wordy(lower[:start], -1) || wordy(lower[end:], 0)) {
			b.WriteString(text[start:end])
		} else {
			b.WriteString(hidden)
		}
		from = end
	}
}

// wordy reports whether a text has a letter or digit at its beginning, 0, or its end, -1.
func wordy(lower string, at int) bool {
	if lower == "" {
		return false
	}
	c := lower[(at+len(lower))%len(lower)]
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80
}

// lowered has the length of its text, so that what is found in the one is in the other.
func lowered(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// hideEnd hides the beginning of a value at the end of a text that was cut short.
func (m *Mask) hideEnd(text string) string {
	rest, cut := strings.CutSuffix(text, "…")
	if !cut {
		return text
	}
	for _, value := range m.values {
		value = plain.Text(value)
		for n := min(len(value), len(rest)); n > 3; n-- {
			if lowered(rest[len(rest)-n:]) == lowered(value[:n]) {
				return rest[:len(rest)-n] + hidden + "…"
			}
		}
	}
	return text
}
