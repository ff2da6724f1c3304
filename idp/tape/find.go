package tape

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// findHosts names the hosts that a login visits, in the order in which it comes to them.
func (s *standIns) findHosts(t *Tape) {
	s.address(t.Get("url"))
	for _, e := range t.Exchanges {
		s.address(e.Request.URL)
	}
	s.address(t.Get("target"))
	for _, host := range t.All("host") {
		s.address("https://" + host)
	}
}

// findAnswers takes what the person gave. An answer that is also the name of a field is replaced as a whole value only.
func (s *standIns) findAnswers(t *Tape) {
	for _, e := range t.Exchanges {
		for _, pair := range slices.Concat(e.Request.Form, e.Request.Cookies) {
			s.words[pair.Name] = true
		}
	}
	classes := map[string]class{"username": aPerson, "password": aPassword, "code": aCode, "answer": anAnswer, "captcha": aCaptcha}
	for _, line := range t.Head {
		if c, ok := classes[line.Key]; ok {
			s.add(c, line.Value)
		}
	}
}

func (s *standIns) findRequest(r Request) {
	s.findQuery(r.URL)
	for _, cookie := range r.Cookies {
		s.findCookie(cookie.Value)
	}
	for _, field := range r.Form {
		s.findField(aHidden, field.Name, field.Value)
	}
	s.findJSON(r.Body)
}

func (s *standIns) findResponse(r Response) {
	for _, header := range r.Header {
		switch header.Name {
		case "Set-Cookie":
			pair, _, _ := strings.Cut(header.Value, ";")
			_, value, _ := strings.Cut(pair, "=")
			s.findCookie(value)
		case "Location", "Refresh":
			s.findQuery(header.Value)
		}
	}
	s.findJSON(r.Body)
	s.findHTML(r.Body)
}

// findHTML looks at the fields, the addresses and the scripts of a page.
func (s *standIns) findHTML(body string) {
	z, script := html.NewTokenizer(strings.NewReader(body)), false
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		if kind == html.TextToken && script {
			s.findScript(string(z.Raw()))
			script = false
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		attrs := map[string]string{}
		token := z.Token()
		script = token.Data == "script"
		for _, a := range token.Attr {
			attrs[a.Key] = a.Val
			if strings.Contains(a.Val, "?") {
				s.findQuery(a.Val)
			}
		}
		if token.Data == "input" || token.Data == "button" {
			s.findField(aHidden, attrs["name"], attrs["value"])
		}
	}
}

// findScript looks at the strings of a script: a challenge stands nowhere else.
func (s *standIns) findScript(text string) {
	for _, quoted := range regexp.MustCompile(`["']([A-Za-z0-9+/_-]{16,}={0,2})["']`).FindAllStringSubmatch(text, -1) {
		if opaque(quoted[1]) {
			s.add(aToken, quoted[1])
		}
	}
}

// findField looks at what a form or an address sends.
func (s *standIns) findField(c class, name, value string) {
	switch {
	case strings.EqualFold(name, "SAMLResponse") && value != "":
		s.findSAML(value)
	case strings.EqualFold(name, "SAMLRequest"):
		s.add(aRequest, value)
	case strings.Contains(value, "://") || strings.HasPrefix(value, "/"):
		s.findQuery(value)
	case isNonce(name) && len(value) >= 8:
		s.add(c, value)
	default:
		s.findParts(c, value)
	}
}

// findQuery looks at the values in an address, however deep they are.
func (s *standIns) findQuery(address string) {
	_, query, ok := strings.Cut(address, "?")
	if !ok {
		s.findParts(aToken, address)
		return
	}
	for _, pair := range splitQuery(query) {
		s.findField(aToken, pair.Name, pair.Value)
	}
}

// findJSON looks at every string of a JSON body.
func (s *standIns) findJSON(body string) {
	d := json.NewDecoder(strings.NewReader(body))
	for token, err := d.Token(); err == nil; token, err = d.Token() {
		if text, ok := token.(string); ok {
			s.findParts(aToken, text)
		}
	}
}

// findCookie gives a cookie's value a stand-in if anything in it is opaque: what is as long as a session's number and has
// digits is one, whatever it looks like.
func (s *standIns) findCookie(value string) {
	value = strings.Trim(value, `"`)
	for _, run := range regexp.MustCompile(base64Run).FindAllString(value, -1) {
		if opaque(run) || len(run) >= 16 && strings.ContainsAny(run, "0123456789") {
			s.add(aCookie, value)
			return
		}
	}
}

// findParts gives the opaque parts of a value stand-ins: a state may hold an address beside its random half.
func (s *standIns) findParts(c class, value string) {
	for _, part := range runs(value) {
		if opaque(part) {
			s.add(c, part)
		}
	}
}

// isNonce knows names of fields whose value is another at every sign-in, however much it looks like a word.
func isNonce(name string) bool {
	return slices.Contains([]string{"tab_id", "session_code", "nonce"}, name)
}

const base64Run = `[A-Za-z0-9+/_-]{8,}={0,2}`

// runs splits a value where no encoding has a character. A slash is one of base64, but not in an address.
func runs(value string) []string {
	pattern := base64Run
	if strings.Contains(value, "://") || strings.HasPrefix(value, "/") {
		pattern = `[A-Za-z0-9_-]{8,}`
	}
	return regexp.MustCompile(pattern).FindAllString(value, -1)
}

// opaque reports whether a value means something to a machine only. In a short one half of a word weighs more, and
// capitals with a digit among them leave no doubt; nor does what breaks off more often than words do.
func opaque(s string) bool {
	words := 0.6
	if len(s) < 16 {
		words = 0.5
		if strings.ContainsAny(s, "0123456789") && strings.ToLower(s) != s {
			words = 1
		}
	}
	return len(s) >= 8 && entropy(s) > 2 && !inSequence(s) && (wordiness(s) < words || breaks(s) >= 5)
}
