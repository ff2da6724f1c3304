package tape

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// A Player is an http.RoundTripper that answers from a tape. Every request must equal the tape's next one. It opens no
// connection, and it is safe for concurrent use.
type Player struct {
	tape  *Tape
	adopt bool // takes a request over that differs in values alone

	mu   sync.Mutex
	next int
	err  error
	over chan struct{} // closed where the sign-in was given up
}

// NewPlayer returns a player at the beginning of a tape.
func NewPlayer(t *Tape) *Player { return &Player{tape: t, over: make(chan struct{})} }

// Err returns the first difference between the tape and what was requested, even if whoever asked swallowed it.
func (p *Player) Err() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.err
}

// Left returns the exchanges that were not played.
func (p *Player) Left() []Exchange {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.tape.Exchanges[p.next:])
}

// RoundTrip answers the tape's next request. After a difference it answers nothing any more.
func (p *Player) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	body, err := readBody(req)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err == nil {
		p.err = p.compare(req, body)
	}
	if p.err != nil && p.giveUp() { // the person waited no longer here: what follows is how that ended
		p.err = nil
		return nil, p.ended(req)
	}
	if p.err != nil {
		return nil, p.err
	}
	p.next++
	response := p.tape.Exchanges[p.next-1].Response
	if response.Missing == tooLate && p.next == len(p.tape.Exchanges) && p.giveUp() {
		return nil, p.ended(req)
	}
	return response.http(req)
}

func (p *Player) compare(req *http.Request, body []byte) error {
	got := requestOf(req, body)
	if p.next >= len(p.tape.Exchanges) {
		return errors.New("the tape has ended, but there came\n" + indent("+ ", got.lines()))
	}
	want := p.tape.Exchanges[p.next].Request
	for _, h := range want.Header {
		got.Header = append(got.Header, Pair{h.Name, strings.Join(req.Header.Values(h.Name), ", ")})
	}
	if slices.Equal(want.lines(), got.lines()) {
		return nil
	}
	if p.adopt && alike(want, got) {
		p.tape.Exchanges[p.next].Request = got
		return nil
	}
	return fmt.Errorf("request %d differs (- tape, + sent)\n%s", p.next+1, diff(want.lines(), got.lines()))
}

// http returns the response as a transport would.
func (r Response) http(req *http.Request) (*http.Response, error) {
	if r.Missing != "" {
		return nil, noAnswer(r.Missing)
	}
	header := http.Header{}
	for _, h := range r.Header {
		header.Add(h.Name, h.Value)
	}
	return &http.Response{
		Status:     fmt.Sprintf("%d %s", r.Status, http.StatusText(r.Status)),
		StatusCode: r.Status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        header,
		Body:          io.NopCloser(strings.NewReader(r.Body)),
		ContentLength: int64(len(r.Body)),
		Request:       req,
	}, nil
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	return io.ReadAll(req.Body)
}
