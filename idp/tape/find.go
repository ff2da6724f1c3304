package tape

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// find looks for everything secret on a tape, place by place.
func (s *standIns) find(t *Tape) {
	s.findHosts(t)
	s.findAnswers(t)
	for _, e := range t.Exchanges {
		s.findMails(e.Request.URL)
		s.findMails(e.Request.Body)
		s.findMails(e.Response.Body)
	}
	for _, e := range t.Exchanges {
		s.findRequest(e.Request)
		s.findResponse(e.Response)
	}
}

// findMails looks for people's addresses, which tell a domain and a name to look for elsewhere.
func (s *standIns) findMails(text string) {
	for _, view := range views(text) {
		for _, m := range mails.re().FindAllStringSubmatch(view, -1) {
			if !reserved(strings.ToLower(m[1])) && !isFile(m[1]) {
				s.person(m[0])
			}
		}
		for _, m := range maskedMail.re().FindAllStringSubmatch(view, -1) {
			s.domain(m[1])
		}
	}
}

// maskedMail is an address of which a page shows only a part: where somebody works is in the other.
var maskedMail = pattern{source: `(?i)[*•]@((?:[a-z0-9-]+\.)+[a-z]{2,})\b`}

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

// findAnswers takes what the person gave and configured. An answer that is also the name of a field is replaced as a whole
// value only.
func (s *standIns) findAnswers(t *Tape) {
	for _, e := range t.Exchanges {
		for _, pair := range slices.Concat(e.Request.Form, e.Request.Cookies) {
			s.words[pair.Name] = !isStrange(pair.Name)
		}
	}
	classes := map[string]class{"password": aPassword, "code": aCode, "answer": anAnswer, "captcha": aCaptcha}
	for _, line := range t.Head {
		key, value, _ := strings.Cut(line.Value, "=")
		switch c, ok := classes[line.Key]; {
		case ok:
			s.answer(c, line.Value)
		case line.Key == "username":
			s.person(line.Value)
		case line.Key == "want", line.Key == "tell":
			s.findBeside(line.Value)
		case line.Key == "set":
			s.findNamed(aToken, key, value)
		}
	}
}

func (s *standIns) findRequest(r Request) {
	s.findAddress(r.URL)
	for _, cookie := range r.Cookies {
		s.findCookie(cookie.Value)
	}
	for _, field := range r.Form {
		s.findStrange(field.Name)
		s.findNamed(aHidden, field.Name, field.Value)
	}
	s.findJSON(r.Body)
	s.findNumbers(r.Body)
	s.findText(percentDecode(r.Body))
}

func (s *standIns) findResponse(r Response) {
	for _, header := range r.Header {
		switch header.Name {
		case "Set-Cookie":
			pair, _, _ := strings.Cut(header.Value, ";")
			name, value, _ := strings.Cut(pair, "=")
			s.findCookieName(name)
			s.findCookie(value)
		case "Location", "Refresh":
			s.findAddress(header.Value)
			s.findNumbers(header.Value)
		case "WWW-Authenticate":
			s.findChallenge(header.Value)
		}
	}
	s.findJSON(r.Body)
	s.findHTML(r.Body)
}

// findHTML looks at the fields, the attributes, the scripts and the words of a page.
func (s *standIns) findHTML(body string) {
	z, inside := html.NewTokenizer(strings.NewReader(body)), ""
	for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
		switch kind {
		case html.TextToken, html.CommentToken:
			text := string(z.Raw())
			switch inside {
			case "style":
			case "textarea":
				s.findValue(aHidden, html.UnescapeString(text), 0)
			case "script":
				s.findJSON(text)
				s.findScript(text)
			default:
				s.findTagged(inside, html.UnescapeString(text))
				s.findText(percentDecode(html.UnescapeString(text)))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			inside = token.Data
			s.findAttributes(token)
		case html.EndTagToken:
			inside = ""
		}
	}
	s.findGreeted(body)
	for _, view := range views(body) {
		s.findBeside(view)
	}
	s.findNumbers(body)
}

// findAttributes looks at what a tag says beyond how the page is built.
func (s *standIns) findAttributes(token html.Token) {
	attrs := map[string]string{}
	for _, a := range token.Attr {
		attrs[a.Key] = a.Val
	}
	name := attrs["name"] + attrs["property"]
	for key, value := range attrs {
		switch {
		case key == "value" && attrs["type"] == "hidden":
			s.findHidden(name, value)
		case key == "value" && token.Data == "input":
			s.findTyped(attrs["type"], name, value)
		case key == "value", key == "content":
			s.findNamed(aToken, name, value)
		case strings.HasPrefix(key, "data-"):
			s.findNamed(aToken, strings.TrimPrefix(key, "data-"), value)
		case strings.HasPrefix(key, "on"):
			s.findScript(value)
		case secretName.re().MatchString(key):
			s.findNamed(aToken, key, value)
		case key == "class" || key == "id":
			s.findStrange(value)
		case key != "style" && strings.ContainsAny(value, "/?#"):
			s.findAddress(value)
		}
	}
}

// findTyped looks at a field that the person sees, perhaps with their name in it.
func (s *standIns) findTyped(kind, name, value string) {
	switch kind {
	case "submit", "button", "reset", "image":
		return
	case "", "text", "email":
		s.findPersonal(name, value)
	}
	s.findNamed(aToken, name, value)
}

// findScript looks at the strings of a script: a challenge stands nowhere else.
func (s *standIns) findScript(text string) {
	for _, m := range scriptString.re().FindAllStringSubmatch(text, -1) {
		value := scriptDecode(m[2] + m[3] + m[4])
		if m[1] != "" {
			s.findNamed(aToken, m[1], value)
			continue
		}
		s.findValue(aToken, value, 0)
	}
}

// scriptString is a string with the name before it, where it has one.
var scriptString = pattern{source: `(?:["']?([\w$.-]+)["']?\s*[:=]\s*)?(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|` + "`([^`]*)`" + `)`}

// findStrange looks at names that a page gives its parts: most are made of words, if not of whole ones.
func (s *standIns) findStrange(names string) {
	for _, name := range wordRun.re().FindAllString(names, -1) {
		if !isStrange(name) {
			continue
		}
		parts := strings.FieldsFunc(name, func(r rune) bool { return r == '_' || r == '-' })
		if parts = slices.DeleteFunc(parts, func(part string) bool { return !opaque(part) }); len(parts) == 0 {
			parts = []string{name}
		}
		for _, part := range parts { // the rest may say what a field is for
			s.add(aPart, part)
		}
	}
}

func isStrange(name string) bool { return len(name) >= 12 && opaque(name) && strangeness(name) > 8 }

// findChallenge looks at what a server says to whom it does not know. The reader of an NTLM challenge needs one.
func (s *standIns) findChallenge(header string) {
	scheme, rest, _ := strings.Cut(header, " ")
	switch {
	case strings.HasPrefix(rest, "TlRMTVNTUA"):
		s.put(rest, ntlmChallenge)
	case rest != "" && !strings.Contains(rest, "="):
		s.add(aToken, rest)
	case !strings.EqualFold(scheme, "Negotiate"):
		for _, m := range scriptString.re().FindAllStringSubmatch(rest, -1) {
			if m[1] != "realm" {
				s.findNamed(aToken, m[1], m[2])
			}
		}
	}
}

// ntlmChallenge is that of a domain CORP and a server FS, which are nobody's.
const ntlmChallenge = "TlRMTVNTUAACAAAACAAIADgAAAAFgomiAAECAwQFBgcAAAAAAAAAACQAJABAAAAACgBhSgAAAA9DAE8AUgBQAAIACABDAE8AUgBQAAEABABGAFMABwAIAAAAWvZM9dQBAAAAAA=="
