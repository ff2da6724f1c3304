package tape

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Settle plays a scrubbed tape and returns it with the requests, and the words of its end, as they are when its stand-ins
// are all that there is: what a step computes of a secret, a time or an address is another value then. Play signs in with
// the player and the asker. It is an error if that leads elsewhere than the recorded sign-in; the tape is a failing test then.
func (t *Tape) Settle(play func(*Player, *Asker) error) (*Tape, error) {
	settled := &Tape{Head: slices.Clone(t.Head), Exchanges: slices.Clone(t.Exchanges), Tail: t.Tail}
	player, asker := NewPlayer(settled), NewAsker(settled)
	player.adopt = true
	ended := play(player, asker)
	settled.adopt("want", []string{outcome(ended)})
	settled.adopt("tell", asker.Told())
	switch want, left := settled.Get("want"), player.Left(); {
	case player.Err() != nil:
		return settled, player.Err()
	case outcome(ended) != want:
		return settled, fmt.Errorf("it ends with %q, not with %q", outcome(ended), want)
	case len(left) > 0:
		return settled, fmt.Errorf("%d requests of the tape are not made", len(left))
	}
	return settled, nil
}

// outcome is Outcome on the one line of a tape's head.
func outcome(err error) string { return strings.Join(strings.Fields(Outcome(err)), " ") }

// adopt gives the head's lines of a key other words, if they are as many and, at an end, it is of the same kind.
func (t *Tape) adopt(key string, words []string) {
	if len(t.All(key)) != len(words) {
		return
	}
	for i, line := range t.Head {
		if line.Key != key {
			continue
		}
		if key == "want" && kind(line.Value) != kind(words[0]) {
			return
		}
		t.Head[i].Value, words = strings.Join(strings.Fields(words[0]), " "), words[1:]
	}
}

func kind(want string) string {
	kind, _, _ := strings.Cut(want, ":")
	return kind
}

// alike reports whether two requests differ in nothing but values.
func alike(a, b Request) bool {
	return slices.Equal(skeleton(a), skeleton(b))
}

// skeleton is a request without its values.
func skeleton(r Request) []string {
	u, err := url.Parse(r.URL)
	if err != nil {
		return []string{r.URL}
	}
	lines := []string{r.Method, u.Scheme, u.Host, u.Path, fmt.Sprint(r.Body == "")}
	for _, pairs := range [][]Pair{splitQuery(u.RawQuery), r.Cookies, r.Form} {
		var names []string
		for _, p := range pairs {
			names = append(names, p.Name)
		}
		slices.Sort(names)
		lines = append(lines, strings.Join(names, " "))
	}
	return lines
}
