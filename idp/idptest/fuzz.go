package idptest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
)

// mostRequests is more than any walk needs: a push is looked at every few seconds for two minutes.
const mostRequests = 2000

// Fuzz plays the tapes of fixtures/<a.Name> with something else in one answer, in the place of all of it or of one value in
// it, for as long as that place is asked. It fails if the walk breaks or does not end, if it ends with an error of no known
// kind, and if the error has a control character in it. Every kind of answer on the tapes is a seed.
func Fuzz(f *testing.F, a idp.Adapter, all []idp.Adapter) {
	f.Helper()
	var tapes []*tape.Tape
	byName := tapesOf(f, a.Name)
	seeds := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		if len(byName[name].Exchanges) == 0 {
			continue // it ends before anything is asked
		}
		for at, e := range byName[name].Exchanges {
			if seed := placeOf(e.Request.Method, e.Request.URL) + typeOf(e.Response); !seeds[seed] {
				seeds[seed] = true
				f.Add(uint16(len(tapes)), uint16(at), uint16(0), e.Response.Body)
				f.Add(uint16(len(tapes)), uint16(at), uint16(len(seeds)), "null")
			}
		}
		tapes = append(tapes, byName[name])
	}
	f.Fuzz(func(t *testing.T, i, at, value uint16, other string) {
		recorded := tapes[int(i)%len(tapes)]
		l := &liar{recorded: recorded, at: int(at) % len(recorded.Exchanges)}
		l.body = bent(recorded.Exchanges[l.at].Response.Body, int(value), other)
		synctest.Test(t, func(t *testing.T) { lie(t, a, all, l) })
	})
}

// bent puts something else in the place of one value of a body, counted from one, or of all of it: a string, a number or a
// word of JSON, or an attribute; or what stands between the innermost braces.
func bent(body string, value int, other string) string {
	var places [][]int
	for _, kind := range []string{`"(?:[^"\\]|\\.)*"|\b(?:\d+|true|false|null)\b`, `\{[^{}]*\}`, `\[[^\[\]]*\]`} {
		places = append(places, regexp.MustCompile(kind).FindAllStringIndex(body, -1)...)
	}
	if value == 0 || len(places) == 0 {
		return other
	}
	place := places[(value-1)%len(places)]
	return body[:place[0]] + other + body[place[1]:]
}

func lie(t *testing.T, a idp.Adapter, all []idp.Adapter, l *liar) {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	s := &idp.Session{
		Browser: web.New(web.Options{Transport: l}),
		Account: l.recorded.Account(),
		Ask:     firstChoice{tape.NewAsker(l.recorded)},
		Key:     l.recorded.Key(),
		Now:     time.Now,
	}
	_, err := idp.SignIn(ctx, a, all, s)
	if l.requests > mostRequests {
		t.Errorf("%d requests", l.requests)
	}
	if outcome := tape.Outcome(err); strings.HasPrefix(outcome, "error") && !errors.As(err, new(*idp.SettingError)) && !errors.As(err, new(*web.UnsafeError)) && !errors.As(err, new(*web.PageError)) {
		t.Errorf("ends with a %T: %v", err, err)
	}
	if err != nil && strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }) {
		t.Errorf("control characters in %q", err)
	}
}

// firstChoice gives the answers of a tape, and takes the first of whatever is offered.
type firstChoice struct{ *tape.Asker }

func (firstChoice) Choose(context.Context, idp.Choice) (int, error) { return 0, nil }

// liar answers what the tape answers at the place, whatever was sent, and another body at one of them.
type liar struct {
	recorded *tape.Tape
	at       int
	body     string
	requests int
}

func (l *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if l.requests++; l.requests > mostRequests {
		return nil, errors.New("too many requests")
	}
	answer := tape.Response{Status: http.StatusNotFound}
	if i := l.find(placeOf(r.Method, r.URL.String())); i >= 0 {
		answer = l.recorded.Exchanges[i].Response
		if i == l.at {
			answer.Body = l.body
		}
	}
	header := http.Header{}
	for _, h := range answer.Header {
		header.Add(h.Name, h.Value)
	}
	return &http.Response{StatusCode: answer.Status, Header: header, Body: io.NopCloser(strings.NewReader(answer.Body)), Request: r}, nil
}

// find returns the exchange that answers at a place: the false one if it is there, else the first that was not played yet,
// else the last.
func (l *liar) find(place string) int {
	found := -1
	for i, e := range l.recorded.Exchanges {
		if placeOf(e.Request.Method, e.Request.URL) == place {
			found = i
			if i == l.at || i >= l.requests-1 && i < l.at {
				break
			}
		}
	}
	return found
}

func placeOf(method, address string) string {
	place, _, _ := strings.Cut(address, "?")
	return fmt.Sprint(method, " ", place)
}

// typeOf tells a page from JSON.
func typeOf(r tape.Response) string {
	for _, h := range r.Header {
		if strings.EqualFold(h.Name, "Content-Type") {
			return h.Value
		}
	}
	return ""
}
