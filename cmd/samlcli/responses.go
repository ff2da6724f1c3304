package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/saml"
)

// responses gives the SAML response of the moment to all who ask STS with it: one sign-in serves them, and a new one follows
// when the response gets too old on the way.
type responses struct {
	s     *settings
	fixed bool // it was brought: there is no other

	mu    sync.Mutex
	r     *saml.Response
	got   time.Time
	until time.Time // from when on another is got
}

func (l *responses) get(ctx context.Context) (*saml.Response, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.r != nil && (l.fixed || l.s.now().Before(l.until)) {
		return l.r, nil
	}
	r, err := l.s.response(ctx)
	if err != nil {
		return nil, err
	}
	l.r, l.fixed, l.got = r, l.s.path("assertion") != "", l.s.now()
	l.until = l.got.Add(responseLife - responseSkew) // whatever clock the provider has
	if l.s.kept {
		l.until = goodUntil(r)
	}
	return r, nil
}

// outdated reports whether STS refused a response that is not of this moment, so that another may help. Whatever the refusal,
// the response is not kept: whoever mends the reason wants to see it mended.
func (l *responses) outdated(r *saml.Response, err error) bool {
	var refused *aws.RefusedError
	if l.fixed || !errors.As(err, &refused) {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.s.forget("assertion")
	if refused.Code != "ExpiredTokenException" && refused.Code != "InvalidIdentityToken" {
		return false
	}
	if l.r != r { // somebody got another one meanwhile
		return true
	}
	if !l.s.kept && l.s.now().Sub(l.got) < time.Minute {
		return false
	}
	l.r, l.s.anew = nil, true
	return true
}
