package main

import (
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/store"
)

// ladder is what is tried where nobody knows how long a role's sessions may be.
var ladder = [...]time.Duration{12 * time.Hour, 8 * time.Hour, 6 * time.Hour, 4 * time.Hour, 2 * time.Hour, time.Hour}

// foundLasts is how long a role's longest duration counts.
const foundLasts = 30 * 24 * time.Hour

// durations returns the durations to ask STS for, in turn: what is wished, else what the provider says, else what was found
// for the role before; and what is shorter, should that be too long. Found ones count against wishes too. 0 is no wish, or
// nothing said.
func (s *settings) durations(role string, wish, said time.Duration) []time.Duration {
	first := wish
	if first > 0 && s.on("strict") {
		return []time.Duration{first}
	}
	if first == 0 && said >= shortest && said <= longest {
		first = said
	}
	if found := s.foundDuration(role); found > 0 && (first == 0 || found < first) {
		first = found
	}
	if first == 0 {
		return ladder[:]
	}
	durations := []time.Duration{first}
	for _, d := range ladder {
		if d < first {
			durations = append(durations, d)
		}
	}
	return durations
}

// settle says when a session is shorter than what was wished, and remembers how long the role's may be.
func (s *settings) settle(role string, wish, said time.Duration, tried []time.Duration, granted time.Duration) {
	if wish == 0 && said <= longest {
		wish = said
	}
	if wish > 0 && granted < wish {
		s.log.warn("AWS gives %s no more than %s, not the %s wished for", role, span(granted), span(wish))
	}
	found := s.foundDuration(role)
	if granted == found || granted == tried[0] && wish > 0 { // nothing was found
		return
	}
	if path := s.durationFile(role); path != "" {
		if err := store.Keep(path, []byte(granted.String()+" "+stamp(s.now())+"\n")); err != nil {
			s.unkept("the duration is not remembered", err)
		}
	}
}

// foundDuration returns the longest session that AWS granted for a role when it was asked for longer ones; 0 where that is
// not known, or long ago: administrators change it.
func (s *settings) foundDuration(role string) time.Duration {
	data, err := store.Kept(s.durationFile(role))
	if err != nil {
		return 0 // mostly: there is none
	}
	length, when, _ := strings.Cut(strings.TrimSpace(string(data)), " ")
	d, err := time.ParseDuration(length)
	found, err2 := time.Parse(time.RFC3339, when)
	if errors.Join(err, err2) != nil || d < shortest || d > longest || !s.within(foundLasts, found) {
		return 0
	}
	return d
}

// within reports whether something was found that long ago at most, and not in a future that a clock has shown since.
func (s *settings) within(last time.Duration, found time.Time) bool {
	age := s.now().Sub(found)
	return age >= 0 && age < last
}

func (s *settings) durationFile(role string) string {
	return s.stateFile(filepath.Join("durations", digest(role)))
}
