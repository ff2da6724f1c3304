// Package hostile is an identity provider that means harm. Each story begins at the login page of an ordinary host, goes
// wrong in one way, and says what should come of it; the server notes what arrived where it should not have.
package hostile

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/samlcli/samlcli/internal/lab/front"
)

// What a story is signed in with, and where.
const (
	Host     = "login.example.com"
	URL      = "https://" + Host + "/"
	STS      = "https://" + stsHost
	UserName = "bob@example.com"
	Password = "Kohlrabi-7-Zeppelin"

	stsHost = "sts.example.com"
)

// A Story is one way to do harm.
type Story struct {
	Name     string
	Serve    http.HandlerFunc // answers at every host
	Command  []string         // what the program is asked for; nil is login
	Hosts    []string         // that may hear of it beside Host, but not the password
	Quiet    []string         // what no other host may hear
	Code     int              // that the program ends with
	Says     string           // a part of what it says
	Requests int              // that come; 0 is any number

	proxy     func(net.Conn) // answers instead of a proxy
	authority []byte         // whom to trust then, PEM
}

// Stories returns all of them.
func Stories() []Story {
	return slices.Concat(elsewhere(), endless(), bodies(), markup(), cookies(), statuses(), connections(), responses(), lookalikes(), securityTokenServices(), words(), commands())
}

// Server tells one story, behind a proxy of its own.
type Server struct {
	Proxy     string // its address
	Authority []byte // the certificate to trust, PEM
	Close     func()

	story      Story
	mu         sync.Mutex
	arrived    int
	complaints []string
}

// Start starts a server. It runs until Close.
func Start(story Story) (*Server, error) {
	s := &Server{story: story}
	if story.proxy != nil {
		return s, s.listen()
	}
	f, err := front.Start(s)
	if err != nil {
		return nil, err
	}
	s.Proxy, s.Authority, s.Close = f.Proxy, f.Authority, f.Close
	return s, nil
}

// listen answers every connection as the story does instead of a proxy.
func (s *Server) listen() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.Proxy, s.Authority, s.Close = "http://"+listener.Addr().String(), s.story.authority, func() { _ = listener.Close() }
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.arrived++
			s.mu.Unlock()
			go func() {
				s.story.proxy(conn)
				_ = conn.Close()
			}()
		}
	}()
	return nil
}

// Arrived returns how many requests came.
func (s *Server) Arrived() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.arrived
}

// Complaints returns what should not have been sent.
func (s *Server) Complaints() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.complaints)
}

// ServeHTTP notes a request and tells the story on.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	r.Body = io.NopCloser(bytes.NewReader(body))
	s.mu.Lock()
	s.arrived++
	if err != nil || !s.expected(r, string(body)) {
		s.complaints = append(s.complaints, fmt.Sprintf("%s %s%s with %q", r.Method, r.Host, r.URL, body))
	}
	s.mu.Unlock()
	s.story.Serve(w, r)
}

// expected reports whether a request is to one of the story's hosts, and holds no secret that is not for it.
func (s *Server) expected(r *http.Request, body string) bool {
	holds := func(what string) bool { return strings.Contains(fmt.Sprint(r.URL, r.Header, body), what) }
	switch {
	case r.TLS == nil:
		return false
	case r.Host == Host:
		return !holds("SAMLResponse")
	}
	return slices.Contains(s.story.Hosts, r.Host) && !holds(Password) && !slices.ContainsFunc(s.story.Quiet, holds)
}
