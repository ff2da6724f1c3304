package tape

import (
	"html"
	"net/url"
	"strconv"
	"strings"
)

// views returns a text as it is and as it reads with every encoding of pages and addresses taken off.
func views(text string) []string {
	plain := text
	for range 3 { // an address in an address in an attribute
		next := percentDecode(scriptDecode(html.UnescapeString(plain)))
		if next == plain {
			break
		}
		plain = next
	}
	if plain == text {
		return []string{text}
	}
	return []string{text, plain}
}

// layers returns a text with one encoding after the other taken off, all of them in one: a secret may itself look like an
// escape.
func layers(text string) string {
	var all strings.Builder
	all.WriteString(text)
	for range 3 {
		before := text
		for _, decode := range []func(string) string{html.UnescapeString, scriptDecode, percentDecode} {
			if next := decode(text); next != text {
				text = next
				all.WriteString("\n" + text)
			}
		}
		if text == before {
			break
		}
	}
	return all.String()
}

// scriptDecode takes off the escapes of JSON and script strings.
func scriptDecode(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return scriptEscape.re().ReplaceAllStringFunc(s, func(escaped string) string {
		if len(escaped) == 2 {
			return escaped[1:]
		}
		code, _ := strconv.ParseUint(escaped[2:], 16, 32) // the pattern lets nothing else through
		return string(rune(code))
	})
}

// percentDecode decodes where it can, and leaves what is no encoding.
func percentDecode(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	return percentEscapes.re().ReplaceAllStringFunc(s, func(encoded string) string {
		decoded, err := url.PathUnescape(encoded)
		if err != nil {
			return encoded
		}
		return decoded
	})
}

var (
	scriptEscape   = pattern{source: `\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\[/"'\\]`}
	percentEscapes = pattern{source: `(?:%[0-9a-fA-F]{2})+`}
)
