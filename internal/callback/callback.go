// Package callback awaits what a browser brings back to this machine from a sign-in: one request, of the right page, once.
package callback

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// A Listener is an address of this machine's own, open until Close.
type Listener struct {
	Origin string // of the pages whose scripts and forms may send the answer; "" lets only a link or redirect bring it

	host      string
	listeners []net.Listener
}

const path = "/callback"

// Listen opens a port that the system chooses, on this machine alone. The name is what browsers are to call the machine by:
// 127.0.0.1 or localhost.
func Listen(name string) (*Listener, error) {
	for range 10 {
		listeners, err := open(name == "localhost")
		if err != nil {
			return nil, err
		}
		if listeners != nil {
			_, port, _ := net.SplitHostPort(listeners[0].Addr().String()) // it is the system's
			return &Listener{host: net.JoinHostPort(name, port), listeners: listeners}, nil
		}
	}
	return nil, errors.New("no port is free for localhost by both its addresses")
}

// open opens a port of 127.0.0.1, and the same one of ::1 where there is such an address: browsers may take localhost for either,
// and nobody else shall sit at the other. It returns none where somebody does.
func open(both bool) ([]net.Listener, error) {
	four, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil || !both {
		return []net.Listener{four}, err
	}
	_, port, _ := net.SplitHostPort(four.Addr().String())
	six, err := net.Listen("tcp6", net.JoinHostPort("::1", port))
	if err == nil {
		return []net.Listener{four, six}, nil
	}
	other, err := net.Listen("tcp6", "[::1]:0")
	if err != nil { // there is no such address here
		return []net.Listener{four}, nil
	}
	return nil, errors.Join(other.Close(), four.Close())
}

// Address is where the browser is to be sent.
func (l *Listener) Address() string { return "http://" + l.host + path }

// Close closes the port.
func (l *Listener) Close() {
	for _, listener := range l.listeners {
		_ = listener.Close()
	}
}

// Await waits for the one request, has it accepted, tells the person at the browser what came of it, and closes the port. What is
// not the browser coming back from the sign-in is turned away, and does not count. The error is that of accept, or the
// context's.
func (l *Listener) Await(ctx context.Context, accept func(*http.Request) error) error {
	done := make(chan error, 1)
	var answered atomic.Bool
	server := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if status := l.turnAway(w, r); status != 0 {
				show(w, status, elsewhere)
				return
			}
			if !answered.CompareAndSwap(false, true) {
				show(w, http.StatusGone, tooLate)
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, maxBody)
			err := accept(r)
			if err != nil {
				show(w, http.StatusBadRequest, failed)
			} else {
				show(w, http.StatusOK, succeeded)
			}
			done <- err
		}),
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, MaxHeaderBytes: 64 << 10,
	}
	server.SetKeepAlivesEnabled(false)
	for _, listener := range l.listeners {
		go func() { _ = server.Serve(listener) }()
	}
	defer server.Close()
	select {
	case err := <-done:
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second) // for the page to get through
		defer cancel()
		_ = server.Shutdown(last)
		return err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

const maxBody = 64 << 10

// turnAway returns the status for a request that is not the browser coming back, and 0 for the one that is. A name that was made to
// point to this machine (DNS rebinding) is in Host; a script or a form of another page says so in Origin and Sec-Fetch-Mode.
func (l *Listener) turnAway(w http.ResponseWriter, r *http.Request) int {
	origin := r.Header.Get("Origin")
	allowed := origin != "" && origin == l.Origin
	mode := r.Header.Get("Sec-Fetch-Mode")
	switch {
	case r.Host != l.host:
		return http.StatusMisdirectedRequest
	case r.URL.Path != path:
		return http.StatusNotFound
	case origin != "" && !allowed, mode != "" && mode != "navigate" && !allowed:
		return http.StatusForbidden
	}
	if allowed { // its script may read that the answer came
		w.Header().Set("Access-Control-Allow-Origin", l.Origin)
		w.Header().Set("Vary", "Origin")
	}
	switch {
	case r.Method == http.MethodGet, r.Method == http.MethodPost && l.Origin != "":
		return 0
	case r.Method == http.MethodOptions && allowed:
		w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type")
		w.Header().Set("Access-Control-Allow-Private-Network", "true")
		return http.StatusNoContent
	}
	return http.StatusMethodNotAllowed
}
