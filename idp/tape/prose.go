package tape

import "strings"

// findText looks at words: what has digits within is none.
func (s *standIns) findText(text string) {
	for _, word := range runs(text) {
		if strings.ContainsAny(word, "0123456789") && !strings.Contains(word, "/") && opaque(word) && strangeness(word) > 2 {
			s.add(aToken, word)
		}
	}
	for _, shape := range []*pattern{&phoneNumber, &backupCode, &spacedKey, &pairsOfHex} {
		for _, found := range shape.re().FindAllString(text, -1) {
			if !years.re().MatchString(found) {
				s.add(aToken, found)
			}
		}
	}
	s.findMasked(text)
	s.findSaid(text)
}

var (
	phoneNumber = pattern{source: `\+\d{1,3}[ ().-]*\d[\d ().-]{5,}\d`}
	backupCode  = pattern{source: `\b(?:\d{5,}-\d{5,}|[0-9a-f]{4}-[0-9a-f]{4})\b`}
	years       = pattern{source: `^(?:19|20)\d\d-(?:19|20)\d\d$`}
	spacedKey   = pattern{source: `\b(?:[A-Z2-7]{4} ){3,}[A-Z2-7]{4}\b`}
	pairsOfHex  = pattern{source: `\b(?:[0-9A-Fa-f]{2}[: -]){5,}[0-9A-Fa-f]{2}\b`} // of a certificate, or a network card
)

// findMasked looks at the last digits of a telephone number: they stay digits.
func (s *standIns) findMasked(text string) {
	for _, m := range maskedNumber.re().FindAllStringSubmatch(text, -1) {
		s.count["masked"]++
		s.put(m[0], m[1]+inShape("1234"[:len(m[2])], s.count["masked"]))
	}
}

var maskedNumber = pattern{source: `((?:[*xX•]{2,}[ ().-]*)+)(\d{2,4})\b`}

// findSaid looks at values to which the text gives a name, as comments and traces do. After most names there are words.
func (s *standIns) findSaid(text string) {
	for _, m := range said.re().FindAllStringSubmatch(text, -1) {
		name, value := m[1], m[2]
		if len(value) >= 16 || strangeness(value) > 3 || strings.ContainsAny(value, "0123456789") {
			s.findNamed(aToken, name, value)
		}
	}
}

var said = pattern{source: `([A-Za-z][\w-]*)(?: ?= ?|: ?)["']?([\w+/=.~-]{5,})`}

// findNumbers looks at long numbers, of accounts and of people: they stay numbers.
func (s *standIns) findNumbers(text string) {
	for _, number := range longNumber.re().FindAllString(text, -1) {
		if !inSequence(number) {
			s.add(aToken, number)
		}
	}
}

var longNumber = pattern{source: `\b\d{9,}\b`}
