package sink

import (
	"context"
	"errors"
	"time"

	"github.com/samlcli/samlcli/aws"
)

// kept is what an Endpoint has for one path.
type kept struct {
	credentials aws.Credentials
	err         error         // of the last time that others were to be got
	again       time.Time     // from when on others are got
	arrived     chan struct{} // closed when those that are on their way are there; nil while none are
}

const (
	patience = time.Second      // for new credentials, while the old ones are good
	respite  = 30 * time.Second // after a failure: SDKs ask again and again
)

// Keep takes the credentials of a path that were got already.
func (e *Endpoint) Keep(path string, c aws.Credentials) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.at(path).take(c, e.Early, e.now())
}

// at returns what there is for a path. The caller holds the lock.
func (e *Endpoint) at(path string) *kept {
	if e.kept == nil {
		e.kept = map[string]*kept{}
	}
	if e.kept[path] == nil {
		e.kept[path] = &kept{}
	}
	return e.kept[path]
}

// credentials returns those in memory, or waits for others. Where none can be got, the old ones serve until their end.
func (e *Endpoint) credentials(ctx context.Context, path string) (aws.Credentials, error) {
	k, arrived := e.look(ctx, path)
	if arrived != nil {
		e.await(ctx, k, arrived)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.good(k):
		return k.credentials, nil
	case k.err != nil:
		return aws.Credentials{}, k.err
	case ctx.Err() != nil:
		return aws.Credentials{}, context.Cause(ctx)
	}
	return aws.Credentials{}, errOver
}

var errOver = errors.New("the credentials that came are over already")

// look returns what there is for a path, and sends for others when it is time; arrived is nil when nothing is to be waited for.
func (e *Endpoint) look(ctx context.Context, path string) (k *kept, arrived <-chan struct{}) {
	e.mu.Lock()
	defer e.mu.Unlock()
	k = e.at(path)
	over := k.err == nil && !e.good(k) // the machine may have slept
	if k.arrived == nil && (over || !e.now().Before(k.again)) {
		k.arrived = make(chan struct{})
		go e.fetch(ctx, path, k)
	}
	return k, k.arrived
}

func (e *Endpoint) await(ctx context.Context, k *kept, arrived <-chan struct{}) {
	e.mu.Lock()
	var enough <-chan time.Time
	if e.good(k) {
		enough = time.After(patience)
	}
	e.mu.Unlock()
	select {
	case <-arrived:
	case <-enough:
	case <-ctx.Done():
	}
}

func (e *Endpoint) fetch(ctx context.Context, path string, k *kept) {
	c, err := e.Get(ctx, path)
	e.mu.Lock()
	defer e.mu.Unlock()
	if k.err = err; err == nil {
		k.take(c, e.Early, e.now())
	} else {
		k.again = e.now().Add(respite)
	}
	close(k.arrived)
	k.arrived = nil
}

// take keeps credentials until shortly before their end; whatever is early for them, they serve a while.
func (k *kept) take(c aws.Credentials, early time.Duration, now time.Time) {
	left := c.Expires.Sub(now)
	k.credentials, k.again = c, now.Add(max(left-early, left/4))
}

// good reports whether there are credentials that have not ended. The caller holds the lock.
func (e *Endpoint) good(k *kept) bool { return e.now().Before(k.credentials.Expires) }

// now is the time by the calendar alone: the clock that Go adds to it stands still while the machine sleeps.
func (e *Endpoint) now() time.Time { return e.Now().Round(0) }
