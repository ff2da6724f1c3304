package tape

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
)

// scrub returns a tape in which every secret of the raw one has a stand-in. Secrets are first found, place by place, and
// then replaced everywhere, in every encoding, so that the flow still links up. What Suspects still finds is replaced in
// further rounds; it is an error if that does not help.
func scrub(raw *Tape) (*Tape, error) {
	s := newStandIns()
	s.find(raw)
	scrubbed := s.apply(raw)
	left := Suspects(scrubbed)
	for round := 0; len(left) > 0 && round < 5; round++ {
		s = s.further()
		for _, suspect := range left {
			s.findSuspect(suspect)
		}
		scrubbed = s.apply(scrubbed)
		left = Suspects(scrubbed)
	}
	if len(left) > 0 {
		return scrubbed, fmt.Errorf("taking the secrets out: %s", left[0])
	}
	return scrubbed, nil
}

// findSuspect gives what a look at the whole tape has found a stand-in; what base64 holds goes with all of it.
func (s *standIns) findSuspect(suspect Suspect) {
	switch {
	case strings.Contains(unpack(suspect.in), "Response"):
		s.findSAML(suspect.in)
	case suspect.in != "":
		s.add(aToken, suspect.in)
	case suspect.Reason == strangeHost:
		s.loosely(suspect.Text, s.next(aHost, suspect.Text), true)
	case suspect.Reason == stranger:
		s.loosely(suspect.Text, s.next(aPerson, suspect.Text), true)
	default:
		for _, part := range strangeParts(suspect.Text) {
			s.loosely(part, s.next(aToken, part), false) // its writing is one that spellings does not know
		}
	}
}

// strangeParts returns what is random in a path: its words stay, or the address is another one. A text without words is none.
func strangeParts(text string) []string {
	var strange []string
	words, longest := 0, ""
	for segment := range strings.SplitSeq(text, "/") {
		switch {
		case opaque(segment):
			strange = append(strange, segment)
		case len(segment) >= 3 && strangeness(segment) < 0:
			words++
		}
		if len(segment) > len(longest) {
			longest = segment
		}
	}
	switch {
	case words == 0, words < len(strange), strings.ContainsAny(text, "+="):
		return []string{text}
	case len(strange) == 0:
		return []string{longest}
	}
	return strange
}

// apply returns a tape with every secret replaced.
func (s *standIns) apply(raw *Tape) *Tape {
	replace := s.replacer()
	pairs := func(pairs []Pair) []Pair {
		var out []Pair
		for _, p := range pairs {
			out = append(out, Pair{replace(p.Name), s.exactly(p.Value, replace)})
		}
		return out
	}
	clean := &Tape{}
	for _, line := range raw.Head {
		clean.Head = append(clean.Head, Line{line.Key, s.exactly(line.Value, replace)})
	}
	for _, e := range raw.Exchanges {
		clean.Exchanges = append(clean.Exchanges, Exchange{
			Request: Request{
				Method: e.Request.Method, URL: replace(e.Request.URL), Cookies: pairs(e.Request.Cookies),
				Form: pairs(e.Request.Form), Body: replace(e.Request.Body),
			},
			Response: Response{Missing: e.Response.Missing, Status: e.Response.Status, Header: pairs(e.Response.Header), Body: replace(e.Response.Body)},
		})
	}
	return clean
}

// exactly replaces a whole value by the stand-in that it has only as such, else what replace finds in it.
func (s *standIns) exactly(value string, replace func(string) string) string {
	if standIn, ok := s.whole[value]; ok {
		return standIn
	}
	return replace(value)
}

// replacer returns a function that replaces every secret in every spelling, the longest first.
func (s *standIns) replacer() func(string) string {
	slices.SortStableFunc(s.loose, func(a, b loose) int { return len(b.secret) - len(a.secret) })
	var pairs []Pair
	for _, secret := range s.order {
		if standIn := s.known[secret]; standIn != secret {
			pairs = append(pairs, spellings(secret, standIn)...)
			if partly := s.loosen(secret, answered); partly != secret { // what a person typed is replaced before
				pairs = append(pairs, spellings(partly, standIn)...)
			}
		}
	}
	longestFirst(pairs)
	var flat []string
	for _, p := range pairs {
		flat = append(flat, p.Name, p.Value)
	}
	exact := strings.NewReplacer(flat...)
	return func(text string) string {
		open := func(text string) string {
			return s.loosen(exact.Replace(s.loosen(text, answered)), loose.always)
		}
		return repack(open(text), open)
	}
}

// answered knows what a person typed, and what is found wherever it stands.
func answered(l loose) bool { return !l.fold && !l.bounded }

// loosen replaces what is written in many ways.
func (s *standIns) loosen(text string, these func(loose) bool) string {
	plain := layers(text)
	folded := strings.ToLower(plain)
	for _, l := range s.loose {
		if !these(l) {
			continue
		}
		view := plain
		if l.fold {
			view = folded
		}
		text = l.replace(text, view)
	}
	return text
}

// repack replaces what base64 holds.
func repack(text string, open func(string) string) string {
	return base64Run.re().ReplaceAllStringFunc(text, func(run string) string {
		inner := unpack(run)
		clean := open(inner)
		if clean == inner {
			return run
		}
		encoding := base64.StdEncoding
		if strings.ContainsAny(run, "-_") {
			encoding = base64.URLEncoding
		}
		if len(run)%4 != 0 {
			encoding = encoding.WithPadding(base64.NoPadding)
		}
		return encoding.EncodeToString([]byte(clean))
	})
}
