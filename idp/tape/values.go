package tape

import (
	"encoding/json"
	"strings"
)

// answer has what the person gave replaced in every way in which it is written.
func (s *standIns) answer(c class, secret string) {
	if s.has(secret) || strings.TrimSpace(secret) == "" {
		return
	}
	s.loosely(secret, s.next(c, secret), false)
	if trimmed := strings.TrimSpace(secret); trimmed != secret && len(s.loose) > 0 { // a line of the head has no space around it
		s.whole[secret] = s.loose[len(s.loose)-1].standIn
		secret = trimmed
	}
	if last := len(s.loose) - 1; last >= 0 && s.loose[last].secret == secret && !isWeak(secret) { // some pages show it in capitals
		s.loose = append(s.loose, newLoose(secret, s.loose[last].standIn, true, true))
	}
}

// findHidden looks at what a form or an address sends without asking: only what is a word to people stays.
func (s *standIns) findHidden(name, value string) {
	if parts := strings.FieldsFunc(value, func(r rune) bool { return r == '|' || r == ':' }); strings.Contains(value, "|") { // Duo's request, which pages take apart
		for _, part := range parts {
			s.findHidden("", part)
		}
		return
	}
	if !s.findKnown(name, value) && !isPlain(value, 40) && !isAddress(value) && !isWrapped(value) {
		s.add(aHidden, value)
	}
	s.findNamed(aHidden, name, value)
}

// findCookie gives a cookie's value a stand-in, but for settings such as a language, and what is in it too.
func (s *standIns) findCookie(value string) {
	value = strings.Trim(value, `"`)
	if !isPlain(value, 8) {
		s.add(aCookie, value)
		s.add(aCookie, percentDecode(value))
	}
	s.findValue(aCookie, value, 0)
}

// findCookieName looks at a name that a server makes anew for every sign-in, in whole or in part.
func (s *standIns) findCookieName(name string) {
	if part := name[strings.LastIndex(name, ".")+1:]; part != name && strangeness(part) > 8 {
		s.findParts(aCookie, part)
		return
	}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return strings.ContainsRune("-_.", r) }) {
		s.findParts(aCookie, part)
	}
}

// findNamed looks at a value that a page, a script or an address gives a name.
func (s *standIns) findNamed(c class, name, value string) {
	if s.findKnown(name, value) {
		return
	}
	if secretName.re().MatchString(name) && !harmlessName.re().MatchString(name) && (looksLikeOne(value) || isCertain(name, value)) {
		s.add(c, value)
	}
	for _, token := range webToken.re().FindAllString(value, -1) {
		s.add(c, token)
	}
	s.findPersonal(name, value)
	s.findValue(c, value, 0)
}

// looksLikeOne reports whether what has a secret's name may be one.
func looksLikeOne(value string) bool {
	if len(value) < 6 || strings.Contains(value, " ") || isAddress(value) || strings.HasPrefix(value, "urn:") {
		return false
	}
	return !isPlain(value, 24) || strangeness(value) > 3 || len(value) >= 8 && strings.ContainsAny(value, "0123456789")
}

// isCertain reports whether a name leaves no doubt, even of letters that could be a word's.
func isCertain(name, value string) bool {
	return certainName.re().MatchString(name) && len(value) >= 8 && wordRun.re().FindString(value) == value && !isCommon(value)
}

var certainName = pattern{source: `(?i)(?:access|id|refresh|session|csrf|xsrf)[_-]?token$|session[_-]?(?:id|(?:data)?key)$|^(?:csrf|xsrf|nonce|relaystate)$`}

// secretName knows names of values that are others at every sign-in, however much they look like words.
var secretName = pattern{source: `(?i)token|nonce|csrf|xsrf|secret|session|passw|ticket|canary|signature|assertion|challenge|credential|` +
	`tab_id|state$|code$|[_-]key$|apikey$|^(?:sid|sig|hash|otp|auth|jwt|ctx|salt|flowid|transaction)$|(?:request|correlation|trace|device|client|tenant|account)[_-]?id$`}

var harmlessName = pattern{source: `(?i)error|status|lang|country|type$`}

// findKnown looks at SAML, and reports whether it was that.
func (s *standIns) findKnown(name, value string) bool {
	switch {
	case value == "":
		return true
	case strings.EqualFold(name, "SAMLResponse"):
		s.findSAML(value)
	case strings.EqualFold(name, "SAMLRequest"):
		s.add(aRequest, value)
	default:
		return false
	}
	return true
}

const maxDepth = 4 // an address in an address, JSON in base64 in a cookie

// findValue looks at a value and at everything that is wrapped in it.
func (s *standIns) findValue(c class, value string, depth int) {
	if depth > maxDepth || value == "" {
		return
	}
	if decoded := percentDecode(value); decoded != value {
		s.findValue(c, decoded, depth+1)
		return
	}
	switch {
	case strings.HasPrefix(value, "{"), strings.HasPrefix(value, "["): // perhaps with addresses in it
		s.findJSON(value)
	case isAddress(value):
		s.findAddress(value)
		return
	case strings.Contains(value, "=") && !strings.ContainsAny(value, " <"):
		for _, pair := range splitQuery(value) {
			if pair.Value != "" && strings.Trim(pair.Value, "=") != "" {
				s.findNamed(c, pair.Name, pair.Value)
			}
		}
	}
	for _, part := range runs(value) {
		switch inner := unpack(part); {
		case isWrapped(part):
			s.findValue(c, inner, depth+1)
			s.findText(percentDecode(inner))
		case opaque(part):
			s.add(c, part)
		}
	}
}

// isWrapped reports whether a value is the base64 of an address, of JSON or of XML: that is looked at, and stays readable.
func isWrapped(value string) bool {
	inner := strings.TrimSpace(percentDecode(unpack(value)))
	return isAddress(inner) || strings.HasPrefix(inner, "{") || strings.HasPrefix(inner, "[") || strings.HasPrefix(inner, "<")
}

func isAddress(value string) bool {
	return strings.Contains(value, "://") || strings.HasPrefix(value, "/") && !strings.ContainsAny(value, " +=\n") || strings.HasPrefix(value, "?") || strings.Contains(value, "/?")
}

// findAddress looks at the path of an address and at the values in its query and fragment, however deep they are.
func (s *standIns) findAddress(address string) {
	if _, data, ok := strings.Cut(address, ";base64,"); ok && strings.HasPrefix(address, "data:") {
		s.findValue(aToken, data, 0)
		return
	}
	address, fragment, _ := strings.Cut(address, "#")
	path, query, _ := strings.Cut(address, "?")
	if _, rest, ok := strings.Cut(path, "://"); ok {
		_, path, _ = strings.Cut(rest, "/")
	}
	for segment := range strings.FieldsFuncSeq(path, func(r rune) bool { return strings.ContainsRune("/;,:", r) }) {
		segment = percentDecode(segment)
		name, value, isPair := strings.Cut(segment, "=")
		switch {
		case isPair && strings.Trim(value, "=") != "":
			s.findNamed(aToken, name, value)
		case len(segment) >= 16, strings.ContainsAny(segment, "0123456789"), strangeness(segment) > 6:
			s.findParts(aToken, segment)
		}
	}
	for _, pair := range splitQuery(query + "&" + fragment) {
		if pair.Value == "" {
			s.findParts(aToken, pair.Name)
			continue
		}
		s.findNamed(aToken, pair.Name, pair.Value)
	}
}

// findJSON looks at every value of a JSON body, which something that protects it from scripts may precede.
func (s *standIns) findJSON(body string) {
	at := strings.IndexAny(body, "{[")
	if at < 0 || at > 200 {
		return
	}
	var value any
	if json.NewDecoder(strings.NewReader(body[at:])).Decode(&value) == nil {
		s.findTree("", value)
	}
}

func (s *standIns) findTree(name string, value any) {
	switch v := value.(type) {
	case string:
		if strings.Contains(v, "<") && strings.Contains(v, ">") {
			s.findHTML(v)
		}
		s.findNamed(aToken, name, v)
	case []any:
		for _, element := range v {
			s.findTree(name, element)
		}
	case map[string]any:
		s.findSomebody(v)
		for key, element := range v {
			if strings.ContainsAny(key, "0123456789") {
				s.findParts(aToken, key)
			}
			s.findTree(key, element)
		}
	}
}

// findSomebody looks at an object that tells about a person.
func (s *standIns) findSomebody(object map[string]any) {
	isPerson := false
	for key := range object {
		isPerson = isPerson || peopleKeys.re().MatchString(key)
	}
	for key, value := range object {
		if text, ok := value.(string); ok && isPerson && partKeys.re().MatchString(key) {
			s.findCalled(text)
		}
	}
}

// findParts gives the opaque parts of a value stand-ins: a state may hold an address beside its random half.
func (s *standIns) findParts(c class, value string) {
	for _, part := range runs(value) {
		if opaque(part) && !isWrapped(part) {
			s.add(c, part)
		}
	}
}

var (
	base64Run = pattern{source: `[A-Za-z0-9+/_-]{8,}={0,2}`}
	wordRun   = pattern{source: `[A-Za-z0-9_-]{8,}`}
)

// runs splits a value where no encoding has a character. A slash is one of base64, but not in an address.
func runs(value string) []string {
	if isAddress(value) {
		return wordRun.re().FindAllString(value, -1)
	}
	return base64Run.re().FindAllString(value, -1)
}
