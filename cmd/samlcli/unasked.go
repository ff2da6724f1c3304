package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/samlcli/samlcli/idp"
)

// unasked is what those share that get credentials behind a person's back, again and again: after a provider's no they do not
// sign in for a while, or they would lock an account, or ring a phone all night.
type unasked struct {
	mu    sync.Mutex
	no    error
	until time.Time
}

const noLasts = 15 * time.Minute

// withoutAsking returns settings with which nobody is asked anything. What is left of standard input is for others.
func (s *settings) withoutAsking() *settings {
	quiet, p := *s, *s.program
	p.stdin = strings.NewReader("")
	quiet.program, quiet.unasked = &p, &unasked{}
	return &quiet
}

// refusal returns the provider's no, while it counts.
func (u *unasked) refusal(now time.Time) error {
	if u == nil {
		return nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if now.Before(u.until) {
		return u.no
	}
	return nil
}

// note remembers a no: a refusal, or nothing within the time limit.
func (u *unasked) note(ctx context.Context, err error, now time.Time) {
	refused := (*idp.RefusedError)(nil)
	if u == nil || !errors.As(err, &refused) && ctx.Err() == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.no, u.until = err, now.Round(0).Add(noLasts) // by the calendar: a machine sleeps
}
