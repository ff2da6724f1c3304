package tape

import (
	"math"
	"strings"
	"unicode"
)

// looksRandom tells a machine's token from an identifier that people put together from words, and from filler such as
// "XXXXXXXX" or "0123456789abcdef".
func looksRandom(s string) bool {
	return entropy(s) > 2.9 && !inSequence(s) && (wordiness(s) < 0.6 || strangeness(s) > float64(len(s))/6)
}

// entropy is Shannon's, in bits a character.
func entropy(s string) float64 {
	counts := map[rune]float64{}
	for _, r := range s {
		counts[r]++
	}
	bits, n := 0.0, float64(len(s))
	for _, r := range s { // in the string's order: sums of floats depend on it
		bits -= math.Log2(counts[r]/n) / n
	}
	return bits
}

// inSequence reports whether most characters follow their neighbour in the alphabet.
func inSequence(s string) bool {
	follow := 0
	for i := 1; i < len(s); i++ {
		if s[i] == s[i-1]+1 {
			follow++
		}
	}
	return follow*10 > len(s)*6
}

// wordiness is the share of letters and digits that belong to something like a word: three letters or more, in the case
// of a word, one of them a vowel.
func wordiness(s string) float64 {
	var all, inWords float64
	for _, segment := range segments(s) {
		all += float64(len(segment))
		if len(segment) >= 3 && strings.ContainsAny(strings.ToLower(segment), "aeiouy") {
			inWords += float64(len(segment))
		}
	}
	return inWords / max(all, 1)
}

// breaks counts where a part of s changes between letters, digits and case, and what is too short there to be a word.
func breaks(s string) int {
	n := 0
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		for i, piece := range segments(part) {
			if i > 0 {
				n++
			}
			if len(piece) < 3 {
				n++
			}
		}
	}
	return n
}

// segments splits at everything but letters, at digits and where camelCase begins a word.
func segments(s string) []string {
	var out []string
	start := 0
	cut := func(i int) {
		if i > start {
			out = append(out, s[start:i])
		}
		start = i
	}
	for i := 0; i < len(s); i++ {
		c := rune(s[i])
		switch {
		case !unicode.IsLetter(c) && !unicode.IsDigit(c):
			cut(i)
			start = i + 1
		case i > start && unicode.IsDigit(c) != unicode.IsDigit(rune(s[i-1])):
			cut(i)
		case i > start && unicode.IsUpper(c) && unicode.IsLower(rune(s[i-1])):
			cut(i)
		case i > start+1 && unicode.IsLower(c) && unicode.IsUpper(rune(s[i-1])):
			cut(i - 1)
		}
	}
	cut(len(s))
	return out
}
