package tape

import (
	"strings"
	"unicode"
)

// isPlain reports whether a value says the same at every sign-in: yes or no, a small number, a language, one word.
func isPlain(value string, longest int) bool {
	others := strings.Join(strings.FieldsFunc(value, func(r rune) bool { return unicode.IsLetter(r) || r == '_' || r == '.' || r == ' ' }), "")
	digits := strings.Trim(value, "0123456789")
	switch {
	case len(value) <= 3, digits == "" && len(value) <= 4, isCommon(value), number.re().MatchString(value):
		return true
	case language.re().MatchString(value):
		return true
	}
	return (others == "" || len(others) == 1 && others[0] >= '0' && others[0] <= '9') && len(value) <= longest && !opaque(value)
}

// language knows languages, and the states of a flow that are counted.
var language = pattern{source: `^[a-z]{2}[-_][A-Za-z]{2,4}$|^e\d+s\d+$`}

// number knows dates, parts of telephone numbers, and the numbers that products give to what went wrong.
var number = pattern{source: `^(?:\d{4}-\d\d-\d\d(?:T\d\d)?|[Xx*-]+\d+|[A-Z]{1,8}[_-]?\d{2,8})$`}

// opaque reports whether a value means something to a machine only. In a short one half of a word weighs more, and
// capitals with a digit among them leave no doubt; nor does what breaks off more often than words do.
func opaque(s string) bool {
	words := 0.6
	if len(s) < 16 {
		words = 0.5
		if strings.ContainsAny(s, "0123456789") && strings.ToLower(s) != s && strangeness(s) > 0 {
			words = 1
		}
	}
	if len(s) < 8 || entropy(s) <= 2 || inSequence(s) || number.re().MatchString(s) {
		return false
	}
	if strings.Contains(s, "/") && len(s) < 24 { // a path, most likely
		return strangeness(s) > 6
	}
	return wordiness(s) < words || breaks(s) >= 5 && len(s) < 20 || strangeness(s) > 2
}
