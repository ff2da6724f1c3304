package tape

import (
	"fmt"
	"net/url"
	"regexp"
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
}

func newStandIns() *standIns {
	return &standIns{
		known: map[string]string{}, whole: map[string]string{}, twins: map[string]string{}, count: map[class]int{},
		words: map[string]bool{}, ports: map[string][]string{},
	}
}

// further returns stand-ins for what is left after s was applied, numbered on.
func (s *standIns) further() *standIns {
	next := newStandIns()
	next.count, next.words = s.count, s.words
	return next
}

// add makes sure that a secret has a stand-in.
func (s *standIns) add(c class, secret string) {
	if s.has(secret) || strings.TrimSpace(secret) == "" {
		return
	}
	twin := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(secret, "="))
	if s.twins[twin] == "" {
		s.count[c]++
		s.twins[twin] = shaped(c, s.count[c], secret)
	}
	s.put(secret, s.twins[twin])
}

func (s *standIns) has(secret string) bool {
	return s.known[secret] != "" || s.whole[secret] != ""
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

// shaped returns the n-th stand-in of a class, like the secret where pages check: digits are as many digits, a UUID is one.
func shaped(c class, n int, secret string) string {
	switch {
	case c == aHost:
		return fmt.Sprintf("host-%d.example.com", n)
	case c == aPerson && strings.Contains(secret, "@"):
		return person(n) + "@example.com"
	case c == aPerson:
		return person(n)
	case strings.Trim(secret, "0123456789") == "":
		digits := strings.Repeat("1234567890", len(secret)/10+1)[:len(secret)]
		return fmt.Sprint(n%10) + digits[1:]
	case regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`).MatchString(secret):
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", n)
	}
	return fmt.Sprintf("%s-%d", c, n)
}

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
		s.count["idp"]++
		name = "idp.example.com"
		if n := s.count["idp"]; n > 1 {
			name = fmt.Sprintf("idp%d.example.com", n)
		}
		if reserved(u.Hostname()) && u.Hostname() != "localhost" {
			name = u.Hostname()
		}
		s.known[u.Hostname()] = name
		s.order = append(s.order, u.Hostname())
	}
	if port := s.port(u); port != "" {
		name += ":" + port
	}
	s.put(u.Scheme+"://"+u.Host, "https://"+name)
	s.put(u.Host, name)
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
