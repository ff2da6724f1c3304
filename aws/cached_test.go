package aws_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws"
)

// memory is a Store without a file.
type memory struct {
	mu, one sync.Mutex
	kept    map[string]aws.Credentials
}

func (m *memory) Get(key string) (aws.Credentials, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.kept[key]
	return c, ok
}

func (m *memory) Put(key string, c aws.Credentials) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept[key] = c
}

func (m *memory) Lock(ctx context.Context, _ string) (func(), error) {
	m.one.Lock()
	return m.one.Unlock, ctx.Err()
}

// counted is a Source that says how often it was asked.
type counted struct {
	asked int
	c     aws.Credentials
	err   error
}

func (s *counted) Credentials(context.Context) (aws.Credentials, error) {
	s.asked++
	return s.c, s.err
}

func TestCached(t *testing.T) {
	t.Parallel()
	in := func(role string, left time.Duration) aws.Credentials {
		return aws.Credentials{AccessKeyID: "kept", Role: role, Expires: noon().Add(left)}
	}
	for _, c := range []struct {
		what  string
		kept  map[string]aws.Credentials
		fresh bool
		asked int
	}{
		{"nothing kept", map[string]aws.Credentials{}, false, 1},
		{"kept", map[string]aws.Credentials{"k": in("admin", time.Hour)}, false, 0},
		{"just long enough", map[string]aws.Credentials{"k": in("admin", 15*time.Minute)}, false, 0},
		{"not long enough", map[string]aws.Credentials{"k": in("admin", 15*time.Minute-1)}, false, 1},
		{"from before the clock was set back", map[string]aws.Credentials{"k": in("admin", 48*time.Hour)}, false, 1},
		{"of another role", map[string]aws.Credentials{"k": in("guest", time.Hour)}, false, 1},
		{"under another key", map[string]aws.Credentials{"l": in("admin", time.Hour)}, false, 1},
		{"wanted anew", map[string]aws.Credentials{"k": in("admin", time.Hour)}, true, 1},
	} {
		src := &counted{c: aws.Credentials{AccessKeyID: "new", Role: "admin", Expires: noon().Add(time.Hour)}}
		m := &memory{kept: c.kept}
		cached := &aws.Cached{Source: src, Store: m, Key: "k", Role: "admin", Early: 15 * time.Minute, Fresh: c.fresh, Now: noon}
		got, err := cached.Credentials(t.Context())
		want := map[int]string{0: "kept", 1: "new"}[c.asked]
		if err != nil || src.asked != c.asked || got.AccessKeyID != want || m.kept["k"].AccessKeyID != want {
			t.Errorf("%s: asked %d times, got %q, %v", c.what, src.asked, got.AccessKeyID, err)
		}
	}
}

// Of many at once, one asks; an error is kept for nobody.
func TestCachedAtOnce(t *testing.T) {
	t.Parallel()
	src := &counted{err: errors.New("refused")}
	cached := &aws.Cached{Source: src, Store: &memory{kept: map[string]aws.Credentials{}}, Key: "k", Role: "admin", Now: noon}
	if _, err := cached.Credentials(t.Context()); err == nil {
		t.Error("no error")
	}
	src.c, src.err = aws.Credentials{Role: "admin", Expires: noon().Add(time.Hour)}, nil
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if _, err := cached.Credentials(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if src.asked != 2 {
		t.Errorf("asked %d times, want 2", src.asked)
	}
}
