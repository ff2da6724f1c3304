package tape

import (
	"encoding/base64"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// class is what a secret is, and so what stands in for it.
type class string

const (
	aPassword class = "pass-word"
	aCode     class = "code"
	anAnswer  class = "answer"
	aCaptcha  class = "captcha"
	aCookie   class = "cookie"
	aHidden   class = "hidden"
	aToken    class = "token"
	aRequest  class = "saml-request"
	aPart     class = "part" // of a page, such as a field
	aHost     class = "host"
	aPerson   class = "person"
)

// standIns gives each secret one stand-in, numbered in the order in which the secrets come up.
type standIns struct {
	known map[string]string // secret to stand-in, to be replaced wherever it stands
	whole map[string]string // the same for what is too short or too common to be replaced inside other text
	twins map[string]string // the same by base64 whatever its alphabet: two cookies may spell one value
	order []string          // of known
	count map[class]int
	words map[string]bool // names of fields and cookies: a password may be one of them
	ports map[string][]string

	loose   []loose           // what is written in many ways
	domains map[string]string // somebody's own, to their stand-ins
}

func newStandIns() *standIns {
	return &standIns{
		known: map[string]string{}, whole: map[string]string{}, twins: map[string]string{}, count: map[class]int{},
		words: map[string]bool{}, ports: map[string][]string{}, domains: map[string]string{},
	}
}

// further returns stand-ins for what is left after s was applied, numbered on.
func (s *standIns) further() *standIns {
	next := newStandIns()
	next.count, next.words, next.domains = s.count, s.words, s.domains
	return next
}

// add makes sure that a secret has a stand-in.
func (s *standIns) add(c class, secret string) {
	if s.has(secret) || strings.TrimSpace(secret) == "" || s.inAnswer(secret) {
		return
	}
	twin := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(secret, "="))
	if s.twins[twin] == "" {
		s.twins[twin] = s.next(c, secret)
	}
	if len(secret) < 12 && !opaque(secret) {
		s.loosely(secret, s.twins[twin], false)
		return
	}
	s.put(secret, s.twins[twin])
}

// next returns a new stand-in: what keeps a shape is numbered by it, lest two secrets get the same one.
func (s *standIns) next(c class, secret string) string {
	counted := c
	if shaped(c, 1, secret) == shaped(aToken, 1, secret) {
		counted = "shape"
	}
	s.count[counted]++
	return shaped(c, s.count[counted], secret)
}

func (s *standIns) has(secret string) bool {
	return s.known[secret] != "" || s.whole[secret] != "" || slices.ContainsFunc(s.loose, func(l loose) bool { return l.secret == secret || l.fold && l.secret == strings.ToLower(secret) })
}

// inAnswer reports whether a secret is a part of an answer, which is replaced as a whole.
func (s *standIns) inAnswer(secret string) bool {
	return slices.ContainsFunc(s.loose, func(l loose) bool { return !l.fold && strings.Contains(l.secret, secret) })
}

func (s *standIns) put(secret, standIn string) {
	if s.has(secret) {
		return
	}
	if len(secret) < 4 || s.words[secret] {
		s.whole[secret] = standIn
		return
	}
	s.known[secret] = standIn
	s.order = append(s.order, secret)
}

var uuid = pattern{source: `(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`}

// shaped returns the n-th stand-in of a class, like the secret where pages check: digits are as many digits, a UUID is one.
func shaped(c class, n int, secret string) string {
	switch {
	case isIPv6(secret):
		return fmt.Sprintf("2001:db8::%x", n)
	case isIP(secret):
		return fmt.Sprintf("192.0.2.%d", n%255)
	case c == aHost:
		return fmt.Sprintf("host-%d.example.com", n)
	case c == aPerson && strings.Contains(secret, "@"):
		return person(n) + "@example.com"
	case c == aPerson:
		return person(n)
	case strings.Trim(secret, "0123456789") == "":
		return inShape(strings.Repeat("1234567890", len(secret)/10+1)[:len(secret)], n)
	case uuid.re().MatchString(secret):
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	}
	if webToken.re().FindString(secret) == secret {
		return throwaway + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"sub":"%s-%d"}`, c, n)) + ".c2lnbmF0dXJl"
	}
	if len(secret) == 8 && shortHex.re().MatchString(secret) { // the number that a product gives a sign-in, for its administrator
		return inShape("00000001", n)
	}
	return fmt.Sprintf("%s-%d", c, n)
}

// throwaway is the head of a JSON web token that nobody signed.
const throwaway = "eyJhbGciOiJub25lIn0."

var shortHex = pattern{source: `^[0-9a-f]+$`}

// inShape writes a number at the end of digits, but for the first.
func inShape(digits string, n int) string {
	number := fmt.Sprint(n)
	if n == 1 || len(number) > len(digits) {
		return digits
	}
	return digits[:len(digits)-len(number)] + number
}

func isIP(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

func isIPv6(text string) bool { return strings.Contains(text, ":") && isIP(text) }

func person(n int) string {
	people := []string{"alice", "bob", "carol", "dave", "erin"}
	if n <= len(people) {
		return people[n-1]
	}
	return fmt.Sprintf("person-%d", n)
}

// address gives the host of an address its stand-in: idp.example.com, idp2.example.com and so on, all of them https. The
// ports of one host stay ports of one host, for they share its cookies.
func (s *standIns) address(address string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || isConstant(u.Hostname()) {
		return
	}
	name, known := s.known[u.Hostname()]
	if !known {
		name = s.hostName(strings.ToLower(u.Hostname()))
		s.known[u.Hostname()] = name
		s.order = append(s.order, u.Hostname())
		s.loosely(u.Hostname(), name, true)
	}
	if port := s.port(u); port != "" {
		name += ":" + port
	}
	s.put(u.Scheme+"://"+u.Host, "https://"+name)
	s.put(u.Host, name)
}

// hostName returns the stand-in of a host that a login visits: in the same domain as its neighbours, and in the vendor's
// where that has many customers.
func (s *standIns) hostName(host string) string {
	if reserved(host) && host != "localhost" {
		return host
	}
	if tenant, vendor := tenantOf(host); vendor != "" {
		s.count["tenant"]++
		if label, _, _ := strings.Cut(tenant, "."); len(label) >= 4 {
			s.loosely(label, "example", true)
		}
		return inVendor(tenant, s.count["tenant"]) + "." + vendor
	}
	s.count["idp"]++
	name := "idp"
	if n := s.count["idp"]; n > 1 {
		name = fmt.Sprintf("idp%d", n)
	}
	if _, err := netip.ParseAddr(host); err == nil || !strings.Contains(host, ".") {
		return name + ".example.com"
	}
	if domain := s.domain(host); registrable(host) != host {
		return name + "." + domain
	}
	return s.domain(host)
}

// port returns the stand-in of a port: none for a host's first.
func (s *standIns) port(u *url.URL) string {
	host := u.Hostname()
	for i, known := range s.ports[host] {
		if known == u.Port() {
			return portName(i)
		}
	}
	s.ports[host] = append(s.ports[host], u.Port())
	return portName(len(s.ports[host]) - 1)
}

func portName(i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprint(8442 + i)
}

// isConstant reports whether a host is one that every customer of a vendor has.
func isConstant(host string) bool {
	return !reserved(host) && mayStand(host) && strings.Contains(host, ".") && strings.Trim(host, "0123456789.:") != ""
}
