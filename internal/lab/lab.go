// Package lab is a small identity provider and AWS STS on loopback, for the demo and for tests.
// Its pages need no script, but they insist on what real ones insist on: cookies, hidden values, one-use tokens and the
// pressed button. Its STS refuses what AWS refuses. Its passwords and keys are public; the program itself never imports it.
package lab

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Options say how a lab differs from the usual one. The zero value is ready to use.
type Options struct {
	Now              func() time.Time         // the clock of both servers; nil is time.Now
	Users            []User                   // nil is Users()
	IdPAddr, STSAddr string                   // where to listen; empty is a free port of 127.0.0.1
	IdPDelay         time.Duration            // added to every answer of the identity provider
	STSDelay         time.Duration            // added to every answer of the STS
	MaxDuration      map[string]time.Duration // a role's longest session by its ARN; one hour where not named, as on AWS
	Tries            int                      // wrong passwords in a row that lock a user; 0 is 5
	UserNameFirst    bool                     // ask for the password on a page of its own
	SignResponse     bool                     // sign the response instead of the assertion
	OpenID           map[string]Issuer        // whose tokens the STS takes, by their addresses
	TLS              *tls.Config              // serve https with it; nil is plain http
}

// Lab is a running pair of servers. Its methods may be called at any time from any goroutine.
type Lab struct {
	URL      string // where a sign-in to AWS starts
	STS      string // the STS endpoint
	Metadata []byte // the identity provider's SAML metadata

	options Options
	issuer  string
	key     *keyPair
	meter   meter
	idp     *idp
	servers []*http.Server
}

// Start starts both servers. They run until Close.
func Start(o Options) (*Lab, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Users == nil {
		o.Users = Users()
	}
	if o.Tries == 0 {
		o.Tries = 5
	}
	key, err := signingKey()
	if err != nil {
		return nil, fmt.Errorf("making the lab's signing key: %w", err)
	}
	l := &Lab{options: o, key: key, meter: meter{now: o.Now}}
	l.idp = newIdP(l)
	base, err := l.listen(o.IdPAddr, l.meter.watch("idp", o.IdPDelay, l.idp))
	if err != nil {
		return nil, fmt.Errorf("starting the identity provider: %w", err)
	}
	l.issuer = base + "/metadata"
	l.URL = base + "/sso?sp=" + audience
	l.Metadata = metadata(l.issuer, base+"/sso", key)
	if l.STS, err = l.listen(o.STSAddr, l.meter.watch("sts", o.STSDelay, newSTS(l))); err != nil {
		l.Close()
		return nil, fmt.Errorf("starting the STS: %w", err)
	}
	return l, nil
}

// Close stops both servers at once.
func (l *Lab) Close() {
	for _, s := range l.servers {
		_ = s.Close()
	}
}

// Now returns the time that the lab goes by.
func (l *Lab) Now() time.Time { return l.options.Now() }

// Requests returns every request answered so far in its order: "idp GET /sso", "sts POST /".
func (l *Lab) Requests() []string {
	l.meter.mu.Lock()
	defer l.meter.mu.Unlock()
	return slices.Clone(l.meter.requests)
}

// Busy returns the time that the servers themselves took for these requests, delays included: what no client can save.
func (l *Lab) Busy() time.Duration {
	l.meter.mu.Lock()
	defer l.meter.mu.Unlock()
	return l.meter.busy
}

// SignIns returns how many sign-ins went through to their end; a session that is used again is none.
func (l *Lab) SignIns() int {
	l.idp.mu.Lock()
	defer l.idp.mu.Unlock()
	return l.idp.signIns
}

func (l *Lab) listen(addr string, h http.Handler) (string, error) {
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return "", err
	}
	base := "http://" + listener.Addr().String()
	if l.options.TLS != nil {
		listener = tls.NewListener(listener, l.options.TLS)
		base = "https" + base[len("http"):]
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	l.servers = append(l.servers, server)
	go func() { _ = server.Serve(listener) }()
	return base, nil
}

func (l *Lab) user(name string) *User {
	i := slices.IndexFunc(l.options.Users, func(u User) bool { return u.Name == name })
	if i < 0 {
		return nil
	}
	return &l.options.Users[i]
}

// A meter writes down what the servers were asked and how long they took.
type meter struct {
	now      func() time.Time
	mu       sync.Mutex
	requests []string
	busy     time.Duration
}

func (m *meter) watch(server string, delay time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := m.now()
		defer func() {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.requests = append(m.requests, server+" "+r.Method+" "+r.URL.Path)
			m.busy += m.now().Sub(start)
		}()
		wait(r.Context(), delay)
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		w.Header().Set("Date", m.now().UTC().Format(http.TimeFormat))
		next.ServeHTTP(w, r)
	})
}

func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
