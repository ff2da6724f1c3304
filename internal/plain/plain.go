// Package plain makes text that came from others safe to show on a terminal or in a log line.
package plain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Text returns s as one line: runs of white space become one space, invalid UTF-8 becomes U+FFFD, and C0, C1,
// bidirectional and other format controls are dropped, so that no escape sequence or reordering survives.
func Text(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// Short is Text cut to at most n characters, with an ellipsis where something was cut.
func Short(s string, n int) string {
	s = Text(s)
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
