package aws

import (
	"context"
	"time"
)

// A Store keeps credentials between runs. It is a help and never a need: what goes wrong inside it is its own affair, and
// looks as if nothing had been kept.
type Store interface {
	Get(key string) (Credentials, bool)
	Put(key string, c Credentials)
	// Lock waits until nobody else, in whatever process, fetches the credentials of that key, or ctx ends.
	Lock(ctx context.Context, key string) (unlock func(), err error)
}

// Cached is the Source that asks another one only where its store has no credentials for the role that last long enough.
// Many that miss the same ones at once wait for a single answer.
type Cached struct {
	Source Source
	Store  Store
	Key    string           // of everything that makes credentials differ
	Role   string           // whose credentials they must be; "" where only the answer says
	Early  time.Duration    // they must last for at least
	Fresh  bool             // nothing kept counts
	Now    func() time.Time // must be there
}

// Credentials returns the kept ones, or asks.
func (s *Cached) Credentials(ctx context.Context) (Credentials, error) {
	if c, ok := s.kept(); ok && !s.Fresh {
		return c, nil
	}
	unlock, err := s.Store.Lock(ctx, s.Key)
	if err != nil {
		return Credentials{}, err
	}
	defer unlock()
	if c, ok := s.kept(); ok && !s.Fresh { // somebody was quicker
		return c, nil
	}
	c, err := s.Source.Credentials(ctx)
	if err == nil {
		s.Store.Put(s.Key, c)
	}
	return c, err
}

// longest is more than any session's length: what seems good for longer was got before the clock was set back.
const longest = 37 * time.Hour

func (s *Cached) kept() (Credentials, bool) {
	c, ok := s.Store.Get(s.Key)
	left := c.Expires.Sub(s.Now())
	return c, ok && (s.Role == "" || c.Role == s.Role) && left >= s.Early && left <= longest
}
