package tape

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Suspect is something on a tape that looks like a live secret.
type Suspect struct {
	Where  string // "head", "request 3", "response 3"
	Text   string // all of it: print the suspect, not this
	Reason string

	in string // the base64 that holds it; "" where it stands in the open
}

// String tells the suspect without giving the secret away.
func (s Suspect) String() string {
	shown := s.Text
	if runes := []rune(shown); s.Reason != strangeHost && s.Reason != stranger && len(runes) > 6 {
		shown = fmt.Sprintf("%s… (%d characters)", string(runes[:6]), len(runes))
	}
	return fmt.Sprintf("%s: %q %s", s.Where, shown, s.Reason)
}

const (
	random      = "looks random"
	strangeHost = "is a host outside example.com"
	stranger    = "is a person's address"
)

// Suspects returns everything on a tape that looks like a live secret: random strings, tokens, keys, and the names of
// hosts and people outside the domains that are reserved for examples.
func Suspects(t *Tape) []Suspect {
	var found []Suspect
	look := func(where, text string) {
		for _, s := range inspect(text) {
			s.Where = where
			found = append(found, s)
		}
	}
	look("head", Write(&Tape{Head: t.Head, Exchanges: []Exchange{{Notes: t.Tail}}}))
	for i, e := range t.Exchanges {
		var request, response strings.Builder
		writeNotes(&request, e.Notes)
		writeRequest(&request, e.Request)
		writeResponse(&response, e.Response)
		look(fmt.Sprintf("request %d", i+1), request.String())
		look(fmt.Sprintf("response %d", i+1), response.String())
	}
	return found
}

// inspect looks at a text as it is and with its encodings taken off.
func inspect(text string) []Suspect {
	var found []Suspect
	for _, view := range views(text) {
		found = append(found, secrets(view)...)
		found = append(found, names(view)...)
		for _, outer := range tokens(view) {
			for _, inner := range inspect(unpack(outer)) {
				inner.in = outer
				found = append(found, inner)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Suspect) int { return strings.Compare(a.Text+a.Reason, b.Text+b.Reason) })
	return slices.Compact(found)
}

// secrets finds what no tape should hold, whoever it belongs to.
func secrets(text string) []Suspect {
	var found []Suspect
	for _, kind := range []struct {
		pattern *pattern
		reason  string
	}{
		{&pemBegin, "begins a key or certificate"},
		{&webToken, "is a JSON web token"},
		{&accessKey, "is an AWS access key"},
	} {
		for _, s := range kind.pattern.re().FindAllString(text, -1) {
			if !strings.Contains(s, "EXAMPLE") && !strings.HasPrefix(s, throwaway) {
				found = append(found, Suspect{Text: s, Reason: kind.reason})
			}
		}
	}
	for _, s := range tokens(text) {
		if looksRandom(s) && unpack(s) == "" {
			found = append(found, Suspect{Text: s, Reason: random})
		}
	}
	return found
}

// tokens finds what could be an encoded secret: an unbroken run of more than 24 characters, not in the addresses of
// specifications.
func tokens(text string) []string {
	text = specification.re().ReplaceAllString(text, "")
	text = shapedStandIn.re().ReplaceAllString(text, "1") // or a path with one in it looks random
	text = strings.ReplaceAll(text, strings.TrimRight(ntlmChallenge, "="), "")
	return longRun.re().FindAllString(text, -1)
}

// unpack returns the text that s is the base64 of; "" where it is none, or no text.
func unpack(s string) string {
	s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
	decoded, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil || !utf8.Valid(decoded) {
		return ""
	}
	text := string(decoded)
	if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }) {
		return ""
	}
	return text
}

var (
	pemBegin      = pattern{source: `-----BEGIN [A-Z ]+-----`}
	webToken      = pattern{source: `\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*`}
	accessKey     = pattern{source: `\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`}
	specification = pattern{source: `(?:www\.w3|schemas\.xmlsoap|docs\.oasis-open)\.org/[\w./-]*`}
	shapedStandIn = pattern{source: `1234567890\d{2,}|00000000-0000-4000-8000-\d{12}`}
	longRun       = pattern{source: `[A-Za-z0-9+/_-]{25,}={0,2}`}
)
