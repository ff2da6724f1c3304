package idp

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/idp/web"
)

// A waiter is a person to whom waits are shown.
type waiter struct {
	person
	shown []time.Duration
	done  int
}

func (w *waiter) Wait(_ context.Context, left time.Duration) func() {
	w.shown = append(w.shown, left)
	return func() { w.done++ }
}

// awaiting signs in over one page that waits.
func awaiting(ctx context.Context, ask Asker, wait Wait) (answered bool, err error) {
	page := Adapter{Name: "toy", Steps: []Step{{Name: "push", On: has("#push"), Do: func(ctx context.Context, s *Session) error {
		answered, err = s.Await(ctx, wait)
		s.Finish(Result{})
		return err
	}}}}
	s := &Session{Ask: ask, Account: Account{URL: "https://idp.example.com/"},
		Browser: web.New(web.Options{Transport: &provider{pages: map[string][]string{"idp.example.com/": {"<p id=push>"}}}})}
	_, _ = SignIn(ctx, page, nil, s)
	return answered, err
}

func TestAwait(t *testing.T) {
	t.Parallel()
	no := errors.New("no")
	for _, c := range []struct {
		name     string
		looks    int // until there is an answer; 0 is never
		fails    error
		answered bool
		err      error
		took     time.Duration
	}{
		{"at once", 1, nil, true, nil, 0},
		{"later", 4, nil, true, nil, 9 * time.Second},
		{"never", 0, nil, false, nil, time.Minute - time.Millisecond},
		{"denied", 2, no, false, no, 3 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			looks, begin := 0, time.Now()
			ask := &waiter{}
			answered, err := awaiting(t.Context(), ask, Wait{Message: "Choose 42.", Every: 3 * time.Second, For: time.Minute,
				Check: func(context.Context) (bool, error) {
					if looks++; looks == c.looks {
						return c.fails == nil, c.fails
					}
					return false, nil
				},
				Cancel: func(context.Context) { t.Errorf("%s: taken back", c.name) },
			})
			if answered != c.answered || !errors.Is(err, c.err) || time.Since(begin) != c.took {
				t.Errorf("%s: %v, %v after %v; want %v, %v after %v", c.name, answered, err, time.Since(begin), c.answered, c.err, c.took)
			}
			if !slices.Equal(ask.told, []string{"Choose 42."}) || !slices.Equal(ask.shown, []time.Duration{time.Minute}) || ask.done != 1 {
				t.Errorf("%s: told %q, shown %v, over %d times", c.name, ask.told, ask.shown, ask.done)
			}
		})
	}
}

// A provider may want fewer looks the longer it takes, and the first not at once.
func TestAwaitGrowth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		wait Wait
		want []time.Duration
	}{
		{Wait{Later: true, Growth: 1.5}, []time.Duration{4 * time.Second, 10 * time.Second, 19 * time.Second}},
		{Wait{Growth: 1.5}, []time.Duration{0, 4 * time.Second, 10 * time.Second}},
		{Wait{Growth: 0.5}, []time.Duration{0, 4 * time.Second, 8 * time.Second}},
	} {
		synctest.Test(t, func(t *testing.T) {
			var looks []time.Duration
			begin := time.Now()
			c.wait.Every, c.wait.For = 4*time.Second, time.Minute
			c.wait.Check = func(context.Context) (bool, error) {
				looks = append(looks, time.Since(begin))
				return len(looks) == len(c.want), nil
			}
			if answered, err := awaiting(t.Context(), &person{}, c.wait); !answered || err != nil || !slices.Equal(looks, c.want) {
				t.Errorf("looked after %v, %v, %v; want %v", looks, answered, err, c.want)
			}
		})
	}
}

// A person who gives up takes the question back, though their own context is over.
func TestAwaitCancel(t *testing.T) {
	t.Parallel()
	for _, ask := range []Asker{&person{}, &waiter{}} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			back := false
			_, err := awaiting(ctx, ask, Wait{Every: time.Second, For: time.Minute,
				Check:  func(context.Context) (bool, error) { return false, nil },
				Cancel: func(ctx context.Context) { back = ctx.Err() == nil },
			})
			if !errors.Is(err, context.DeadlineExceeded) || !back {
				t.Errorf("Await = %v, taken back: %v", err, back)
			}
		})
	}
}
