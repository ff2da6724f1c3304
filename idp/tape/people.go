package tape

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// person gives somebody's name stand-ins: whole, and in the parts that pages make of it. Case does not count.
func (s *standIns) person(name string) {
	name = strings.TrimSpace(name)
	if utf8.RuneCountInString(name) < 2 || s.isPerson(name) {
		return
	}
	local, domain, isMail := strings.Cut(name, "@")
	standIn := s.calledAlready(local)
	if standIn == "" {
		s.count[aPerson]++
		standIn = person(s.count[aPerson])
	}
	group, account, inGroup := strings.Cut(name, `\`)
	switch {
	case isMail:
		s.loosely(name, standIn+"@"+s.domain(domain), true)
		s.callHim(local, standIn)
	case inGroup:
		s.loosely(group, "EXAMPLE", true)
		s.callHim(account, standIn)
	default:
		s.callHim(name, standIn)
	}
}

// callHim gives a name without a domain its stand-in, and so its parts: john.smith is John Smith, jsmith and johnsmith.
func (s *standIns) callHim(name, standIn string) {
	s.loosely(name, standIn, true)
	parts := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune("._-+ ,", r) })
	if len(parts) < 2 {
		return
	}
	first, last := parts[0], parts[len(parts)-1]
	initial, _ := utf8.DecodeRuneInString(first)
	for _, made := range []string{first + last, string(initial) + last, last + string(initial)} {
		s.loosely(made, standIn, true)
	}
	for i, part := range parts {
		if utf8.RuneCountInString(part) > 2 && !isCommon(part) {
			s.loosely(part, standIn+[]string{"", "-example"}[min(i, 1)], true)
		}
	}
}

// isPerson reports whether all that a name consists of is known already.
func (s *standIns) isPerson(name string) bool {
	return s.calledAlready(name) != "" || !slices.ContainsFunc(strings.Fields(name), func(part string) bool { return s.calledAlready(part) == "" })
}

// calledAlready returns the stand-in of a name; "" where it has none.
func (s *standIns) calledAlready(name string) string {
	for _, l := range s.loose {
		if l.fold && l.secret == strings.ToLower(name) {
			return l.standIn
		}
	}
	return ""
}

// loosely has a secret replaced in every way in which it is written. A short one, or a word, must stand for itself, and one
// that pages are made of is replaced as a whole value only.
func (s *standIns) loosely(secret, standIn string, fold bool) {
	secret = strings.TrimSpace(secret)
	switch {
	case secret == "" || slices.ContainsFunc(s.loose, func(l loose) bool { return l.secret == secret || l.fold && l.secret == strings.ToLower(secret) }):
	case utf8.RuneCountInString(secret) < 3, isCommon(secret), s.words[secret]:
		if s.whole[secret] == "" {
			s.whole[secret] = standIn
		}
	case len(secret) <= maxLoose:
		s.loose = append(s.loose, newLoose(secret, standIn, fold, isWeak(secret)))
	default:
		s.put(secret, standIn)
	}
}

const maxLoose = 200 // characters that are worth a pattern

// isWeak reports whether a secret may be part of another word.
func isWeak(secret string) bool {
	n := utf8.RuneCountInString(secret)
	letters := !strings.ContainsFunc(secret, func(r rune) bool { return !unicode.IsLetter(r) })
	digits := !strings.ContainsFunc(secret, func(r rune) bool { return !unicode.IsDigit(r) })
	return n < 6 || letters && n < 8 || digits && n < 10
}

// isCommon knows the words that pages, their forms and their scripts are made of.
func isCommon(word string) bool {
	return slices.Contains(strings.Fields(commonWords), strings.ToLower(word))
}

const commonWords = "a account action admin alert application assets async auth authenticate authentication autocomplete aws back body button " +
	"cancel charset class client code common config content continue cookie css customer data default display div document domain email en enter error " +
	"example false family field file first form format forgot function get given group head header help hidden home host href html http https id " +
	"identity idp image img index info input javascript js json key label lang language last link list local location log login logo logout mail " +
	"main message meta method mfa mobile name new next no null number of off ok okta on open option otp page param pass password path phone " +
	"placeholder post profile provider push query redirect request required reset response result return role root saml script secret security " +
	"select send server service session set sign signin sms span src sso start state static status step style submit success target text the there this " +
	"title to token total totp true type undefined uri url use user username utf value var verify version view web welcome window with yes you your"

// domain returns the stand-in of a domain of somebody's own: example.com, example.org, example.net and so on. What names a
// company in it is replaced for itself too.
func (s *standIns) domain(domain string) string {
	domain = strings.ToLower(strings.Trim(domain, ". "))
	if reserved(domain) || !strings.Contains(domain, ".") {
		return domain
	}
	base := registrable(domain)
	if s.domains[base] == "" {
		n := len(s.domains)
		s.domains[base] = fmt.Sprintf("d%d.example.com", n+1)
		if n < 3 {
			s.domains[base] = []string{"example.com", "example.org", "example.net"}[n]
		}
		s.loosely(base, s.domains[base], true)
		if company, _, _ := strings.Cut(base, "."); len(company) >= 4 {
			s.loosely(company, "example", true)
		}
	}
	return s.domains[base]
}

// registrable returns the part of a host's name that somebody registered, as far as its look tells.
func registrable(host string) string {
	labels := strings.Split(host, ".")
	n := 2
	if len(labels) > 2 && len(labels[len(labels)-1]) == 2 && slices.Contains([]string{"co", "com", "net", "org", "ac", "gov", "edu", "or", "ne"}, labels[len(labels)-2]) {
		n = 3
	}
	return strings.Join(labels[max(0, len(labels)-n):], ".")
}
