package tape

import (
	"strings"
	"unicode/utf8"
)

// peopleKeys are the names under which JSON, SAML and forms tell who somebody is. What is called like partKeys does so
// beside one of them only: a factor and an application have a name as well.
var (
	peopleKeys = pattern{source: `(?i)(?:^|[/:._-])(?:sn|upn|mail|e-?mail(?:address)?|login|surname|nameid|samaccountname|employee(?:[ _-]?(?:id|no|number))?|` +
		`user[._-]?(?:name|id)|userprincipalname|rolesessionname|edupersonprincipalname|(?:first|last|given|family|nick|middle|preferred|principal)[._-]?(?:user[._-]?)?name)$`}
	partKeys = pattern{source: `(?i)(?:^|[/:])(?:cn|uid|sub|subject|id|userid|phone(?:number)?|mobile|(?:display|full)?[._-]?name)$`}
)

// greeting finds the name of whom a page greets.
var greeting = pattern{source: `(?:[Hh]ello|[Hh]i|[Hh]allo|[Bb]onjour|[Hh]ola|[Cc]iao|[Oo]lá|[Hh]e[ij]|[Dd]ear|[Gg]uten (?:Tag|Morgen|Abend)|[Ww]illkommen|[Bb]uongiorno|[Bb]ienvenue|[Bb]ienvenido|[Ww]elcome(?: back)?|(?:[Ss]igned|[Ll]ogged)[ -]in as:?|[Aa]ngemeldet als)[,:]?\s+(?:<[^>]*>\s*)*(\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}.'-]*)*)|\b[Nn]ot (\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}.'-]*)*)\?`}

// findGreeted gives whom a page greets a stand-in.
func (s *standIns) findGreeted(text string) {
	for _, m := range greeting.re().FindAllStringSubmatch(text, -1) {
		name := m[1] + m[2]
		if !isCommon(name) && !isCommon(strings.Fields(name)[0]) {
			s.person(name)
		}
	}
}

// findPersonal gives the value of such a name a stand-in, if it looks like what a person is called.
func (s *standIns) findPersonal(key, value string) {
	if peopleKeys.re().MatchString(key) {
		s.findCalled(value)
	}
}

// findCalled gives what somebody is called a stand-in.
func (s *standIns) findCalled(value string) {
	letters := strings.Trim(value, "0123456789+ ()-")
	switch {
	case len(value) > 80 || strings.ContainsAny(value, ":/") || isCommon(value):
	case letters == "" && len(value) >= 5:
		s.add(aToken, value)
	case letters != "" && utf8.RuneCountInString(value) > 2:
		s.person(value)
	}
}

// findTagged looks at what an element of XML holds that tells who somebody is.
func (s *standIns) findTagged(tag, text string) {
	if text = strings.TrimSpace(text); peopleKeys.re().MatchString(tag) || tag == "cn" {
		s.findCalled(text)
	}
}

// findBeside gives a full name a stand-in that stands beside a user name in brackets, or in brackets beside one, and whoever
// owns a telephone.
func (s *standIns) findBeside(text string) {
	for _, m := range named.re().FindAllStringSubmatch(text, -1) {
		if s.isUser(m[2]) && !isCommon(strings.Fields(m[1])[0]) {
			s.person(m[1])
		}
	}
	for _, m := range inBrackets.re().FindAllStringSubmatch(text, -1) {
		if s.isUser(m[1]) && !isCommon(strings.Fields(m[2])[0]) {
			s.person(m[2])
		}
	}
	for _, m := range labelled.re().FindAllStringSubmatch(text, -1) {
		s.findCalled(m[1] + m[2])
	}
	for _, m := range owned.re().FindAllStringSubmatch(text, -1) {
		if !isCommon(m[1]) {
			s.person(m[1])
			s.loosely(m[1]+"s", s.calledAlready(m[1])+"s", true) // without the apostrophe it is another word
		}
	}
}

const fullName = `(\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}.'-]*)+|\p{Lu}\p{Ll}+, \p{Lu}\p{Ll}+)`

var (
	named      = pattern{source: fullName + `\s*[(<\[]\s*([^\s()<>\[\]]+)`}
	inBrackets = pattern{source: `([^\s()<>\[\]]+)\s*[(\[]\s*` + fullName + `\s*[)\]]`}
	labelled   = pattern{source: `\b(?:(?:[Uu]ser|[Aa]ccount|[Nn]ame|[Bb]enutzer): ` + fullName + `|(?i:CN)=([^,=<>"]+),\s*(?i:OU|DC|CN|O)=)`}
	owned      = pattern{source: `(\p{Lu}\p{Ll}[\p{L}-]*?)['’]?s (?:i?[Pp]hone|iPad|MacBook|Mac|Pixel|Galaxy|Android|[Ll]aptop|[Dd]evice|PC|Yubi[Kk]ey|[Aa]uthenticator)\b`}
)

// isUser reports whether a word is a user name that was given, whatever its domain, or somebody's number.
func (s *standIns) isUser(word string) bool {
	if len(word) >= 5 && strings.Trim(word, "0123456789") == "" {
		return true
	}
	return s.calledAlready(word[strings.LastIndex(word, `\`)+1:]) != ""
}
