package tape

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
)

// Why a request was not answered: what the browser does about it depends on no more.
const (
	noSuchHost = "no such host"
	notTrusted = "not trusted"
	tooLate    = "too late"
	lost       = "lost"
)

// missing says why a transport has no answer.
func missing(ctx context.Context, err error) string {
	var (
		dns     *net.DNSError
		trust   *tls.CertificateVerificationError
		timeout interface{ Timeout() bool }
	)
	switch {
	case errors.As(err, &dns) && dns.IsNotFound:
		return noSuchHost
	case errors.As(err, &trust):
		return notTrusted
	case ctx.Err() != nil, errors.As(err, &timeout) && timeout.Timeout():
		return tooLate
	}
	return lost
}

// noAnswer is the transport's error for such a reason.
func noAnswer(reason string) error {
	switch reason {
	case noSuchHost:
		return &net.DNSError{Err: reason, IsNotFound: true}
	case notTrusted:
		return &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
	case tooLate:
		return context.DeadlineExceeded
	}
	return errors.New("the connection was " + reason)
}

// end is how the context of the tape's sign-in ended; nil where it went on to its end.
func (t *Tape) end() error {
	switch t.Get("want") {
	case timedOut:
		return context.DeadlineExceeded
	case interrupted:
		return context.Canceled
	}
	return nil
}

// giveUp ends the player's context if the tape's sign-in was given up, and reports whether it did.
func (p *Player) giveUp() bool {
	select {
	case <-p.over:
		return false
	default:
	}
	if p.tape.end() == nil {
		return false
	}
	close(p.over)
	return true
}

// ended waits until the request's context has ended as the player's has.
func (p *Player) ended(req *http.Request) error {
	<-req.Context().Done()
	return req.Context().Err()
}

// Context returns a context in which to play the tape: it ends as the recorded sign-in's did, where the tape does. The
// parent must end some time.
func (p *Player) Context(parent context.Context) context.Context {
	done := make(chan struct{})
	ctx := playing{parent, p, done}
	stop := context.AfterFunc(parent, func() { close(done) })
	go func() {
		select {
		case <-p.over:
			if stop() {
				close(done)
			}
		case <-done:
		}
	}()
	return ctx
}

// playing is a context that a player may end.
type playing struct {
	context.Context
	player *Player
	done   chan struct{}
}

func (c playing) Done() <-chan struct{} { return c.done }

func (c playing) Err() error {
	select {
	case <-c.player.over:
		return c.player.tape.end()
	default:
		return c.Context.Err()
	}
}
