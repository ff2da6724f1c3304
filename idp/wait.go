package idp

import (
	"context"
	"errors"
	"time"
)

// A Wait is for an answer that the person gives elsewhere: a push on a phone, a call.
type Wait struct {
	Message string        // what to do there, as one line: "Choose 42 in the app."
	Every   time.Duration // between two looks
	Growth  float64       // of that with each look, as some providers want it; what is below 1 leaves it as it is
	For     time.Duration // as long as the provider keeps the question open
	// Later leaves out the look at once: nobody can have answered yet.
	Later bool
	// Check looks once, and does so at once and then again and again. It reports whether there is an answer.
	Check func(context.Context) (done bool, err error)
	// Cancel takes the question back when the person gives up. Nil where the provider has no way.
	Cancel func(context.Context)
}

// A Waiter is an Asker that shows how long a wait may still take.
type Waiter interface {
	// Wait shows what is left of the time until done is called.
	Wait(ctx context.Context, left time.Duration) (done func())
}

const cancelTime = 2 * time.Second

// Await tells the person what to do and waits until it is done. It reports false where the time was up.
func (s *Session) Await(ctx context.Context, w Wait) (answered bool, err error) {
	s.walk.asked = elsewhere
	if w.Message != "" {
		s.Ask.Tell(ctx, w.Message)
	}
	if shows, ok := s.Ask.(Waiter); ok {
		defer shows.Wait(ctx, w.For)()
	}
	limited, cancel := context.WithTimeout(ctx, w.For-time.Millisecond) // not at the instant of a look
	defer cancel()
	growth, until := max(w.Growth, 1), s.Now().Add(w.For)
	look := func(ctx context.Context) (bool, error) {
		if !s.Now().Before(until) { // where pauses take no time, the clock alone says so
			return false, context.DeadlineExceeded
		}
		return w.Check(ctx)
	}
	if w.Later {
		err = s.Pause(limited, w.Every)
		w.Every = longer(w.Every, growth)
	}
	if err == nil {
		err = s.poll(limited, w.Every, growth, look)
	}
	switch {
	case ctx.Err() != nil && w.Cancel != nil:
		soon, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelTime)
		defer cancel()
		w.Cancel(soon)
	case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded):
		return false, nil
	}
	return err == nil, err
}

// Poll calls check until it is done or fails, waiting between calls. It returns the context's error when that ends.
func (s *Session) Poll(ctx context.Context, every time.Duration, check func(context.Context) (done bool, err error)) error {
	return s.poll(ctx, every, 1, check)
}

func (s *Session) poll(ctx context.Context, every time.Duration, growth float64, check func(context.Context) (done bool, err error)) error {
	for ; ; every = longer(every, growth) {
		done, err := check(ctx)
		if done || err != nil {
			return err
		}
		if err := s.Pause(ctx, every); err != nil {
			return err
		}
	}
}

func longer(d time.Duration, growth float64) time.Duration { return time.Duration(float64(d) * growth) }
