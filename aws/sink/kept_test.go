package sink_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/aws"
)

// lasting are credentials that end after a while.
func lasting(id string, d time.Duration) aws.Credentials {
	c := credentials()
	c.AccessKeyID, c.Expires = id, time.Now().Add(d)
	return c
}

// Credentials are got once, and others before their end; where these do not come, the old ones serve until then, and a
// provider is left in peace.
func TestEndpointKeeps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls, broken := 0, false
		l := started(t, endpoint(func(context.Context, string) (aws.Credentials, error) {
			if calls++; broken {
				return aws.Credentials{}, errors.New("nobody to ask")
			}
			return lasting("ASIA"+string(rune('0'+calls)), time.Hour), nil
		}))
		for _, step := range []struct {
			what   string
			wait   time.Duration
			broken bool
			status int
			says   string
			calls  int
		}{
			{"the first", 0, false, 200, "ASIA1", 1},
			{"again", 44 * time.Minute, false, 200, "ASIA1", 1},
			{"near their end", 2 * time.Minute, false, 200, "ASIA2", 2},
			{"nobody there near their end", 46 * time.Minute, true, 200, "ASIA2", 3},
			{"moments later", 10 * time.Second, true, 200, "ASIA2", 3},
			{"a while later", time.Minute, true, 200, "ASIA2", 4},
			{"at their end", 14 * time.Minute, true, 502, "nobody to ask", 5},
			{"moments later", time.Second, true, 502, "nobody to ask", 5},
			{"and later", time.Minute, true, 502, "nobody to ask", 6},
			{"somebody there", time.Minute, false, 200, "ASIA7", 7},
		} {
			broken = step.broken
			time.Sleep(step.wait)
			status, body := l.get("/")
			if status != step.status || !strings.Contains(body, step.says) || calls != step.calls {
				t.Errorf("%s: after %d calls %d %s", step.what, calls, status, body)
			}
		}
	})
}

// Credentials that are short for what is early serve all the same.
func TestEndpointKeepsShortOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		e := endpoint(func(context.Context, string) (aws.Credentials, error) {
			calls++
			return lasting("ASIA", time.Hour), nil
		})
		e.Early = 6 * time.Hour
		l := started(t, e)
		for range 60 {
			l.get("/")
			time.Sleep(time.Minute)
		}
		if calls != 4 {
			t.Errorf("%d calls in an hour", calls)
		}
	})
}

// Credentials that are over are none, whenever they came to be.
func TestEndpointKeepsNothingThatIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls, lasts := 0, -time.Minute
		e := endpoint(func(context.Context, string) (aws.Credentials, error) {
			calls++
			return lasting("ASIA", lasts), nil
		})
		asleep := time.Duration(0)
		e.Now = func() time.Time { return time.Now().Add(asleep) }
		l := started(t, e)
		if status, body := l.get("/"); status != 502 || !strings.Contains(body, "over already") {
			t.Errorf("%d %s", status, body)
		}
		lasts = 24 * time.Hour
		l.get("/")
		asleep = 23 * time.Hour
		if status, _ := l.get("/"); status != 200 || calls != 2 {
			t.Errorf("before their end: %d after %d calls", status, calls)
		}
		asleep = 25 * time.Hour
		if status, _ := l.get("/"); status != 502 || calls != 3 { // those that come now are of a clock that is late
			t.Errorf("after their end: %d after %d calls", status, calls)
		}
	})
}

// A sign-in takes longer than an SDK waits: it goes on, once for all that wait, and while the old credentials are good nobody
// waits for long.
func TestEndpointIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		l := started(t, endpoint(func(ctx context.Context, _ string) (aws.Credentials, error) {
			calls++
			select {
			case <-time.After(30 * time.Second):
				return lasting("ASIA"+string(rune('0'+calls)), time.Hour), nil
			case <-ctx.Done():
				return aws.Credentials{}, ctx.Err()
			}
		}))
		impatient, theirs := net.Pipe()
		l.conns <- theirs
		_, _ = io.WriteString(impatient, "GET / HTTP/1.1\r\nHost: "+host+"\r\nAuthorization: right\r\n\r\n")
		time.Sleep(2 * time.Second)
		impatient.Close()
		var callers sync.WaitGroup
		for range 10 {
			callers.Go(func() {
				if status, body := l.get("/"); status != 200 || !strings.Contains(body, "ASIA1") {
					t.Errorf("%d %s", status, body)
				}
			})
		}
		callers.Wait()
		time.Sleep(50 * time.Minute)
		start := time.Now()
		if _, body := l.get("/"); !strings.Contains(body, "ASIA1") || time.Since(start) > 2*time.Second {
			t.Errorf("after %v: %s", time.Since(start), body)
		}
		time.Sleep(time.Minute)
		if _, body := l.get("/"); !strings.Contains(body, "ASIA2") || calls != 2 {
			t.Errorf("after %d calls: %s", calls, body)
		}
	})
}

// At the end of the endpoint those that wait hear of it.
func TestEndpointStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := started(t, endpoint(func(ctx context.Context, _ string) (aws.Credentials, error) {
			<-ctx.Done()
			return aws.Credentials{}, ctx.Err()
		}))
		time.AfterFunc(time.Second, l.stop)
		if _, body := l.get("/"); strings.Contains(body, "ASIA") {
			t.Error(body)
		}
	})
}
