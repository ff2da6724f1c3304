package tape

import (
	"strings"
	"unicode"
)

// usualPairs has, for each letter that begins a part, those that often follow it: nine of ten pairs in words and names of
// fields are among them, and of random letters three in ten.
const usualPairs = " aabcdgiklmnprstuvy baeilou cacehiklorstu dadeilorsu eacdefgilmnpqrstvwx faefilor gaeinoru haeiot iabcdefglmnoprstvz " +
	"jaeou keis ladeilostuy maeiopsu nacdefginostu ocdgiklmnoprstuvw paeiloprstu qu racdeilmnorstuvy sacehilopstu tacehiloprstuy " +
	"uabceilmnprst vaei waeior xpt yp ze "

func usualPair(a, b byte) bool {
	_, followers, _ := strings.Cut(usualPairs, " "+string(a))
	followers, _, _ = strings.Cut(followers, " ")
	return strings.IndexByte(followers, b) >= 0
}

// strangeness is how much more likely a string is as a machine's than as something that people put together from words:
// the logarithm of the odds. What changes between letters and digits, or from small to capital letters, weighs for the
// machine, and so do letters that seldom stand together.
func strangeness(s string) float64 {
	odds := 0.0
	for i := 1; i < len(s); i++ {
		a, b := rune(s[i-1]), rune(s[i])
		switch {
		case !isWord(a) || !isWord(b), unicode.IsDigit(a) && unicode.IsDigit(b):
		case unicode.IsDigit(a) != unicode.IsDigit(b):
			odds += 1.7
		case unicode.IsLower(a) && unicode.IsUpper(b):
			odds += 1.1
		case usualPair(byte(unicode.ToLower(a)), byte(unicode.ToLower(b))):
			odds -= 1.1
		default:
			odds += 2
		}
	}
	return odds
}

func isWord(r rune) bool { return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
