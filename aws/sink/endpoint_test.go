package sink_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/secret"
)

const host = "127.0.0.1:1"

// pipes is a listener without a network, so that time is the test's.
type pipes struct {
	full  *atomic.Int64 // how many times there is no room yet
	conns chan net.Conn
	ctx   context.Context
	stop  context.CancelFunc
}

func (p pipes) Accept() (net.Conn, error) {
	if p.full.Add(-1) >= 0 {
		return nil, errors.New("no room")
	}
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.ctx.Done():
		return nil, net.ErrClosed
	}
}
func (p pipes) Close() error   { p.stop(); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// started serves an endpoint until the test ends.
func started(t *testing.T, e *sink.Endpoint) pipes {
	ctx, stop := context.WithCancel(t.Context())
	l := pipes{&atomic.Int64{}, make(chan net.Conn, 1200), ctx, stop}
	var served sync.WaitGroup
	served.Go(func() { e.Serve(ctx, l) })
	t.Cleanup(func() { stop(); served.Wait() })
	return l
}

func endpoint(get func(context.Context, string) (aws.Credentials, error)) *sink.Endpoint {
	return &sink.Endpoint{Host: host, Token: secret.New("right"), Get: get, Early: 15 * time.Minute, Now: time.Now}
}

// says connects, sends a text as it is, and returns all that comes until the connection ends.
func (p pipes) says(text string) string {
	ours, theirs := net.Pipe()
	defer ours.Close()
	p.conns <- theirs
	go func() { _, _ = io.WriteString(ours, text) }()
	answer, _ := io.ReadAll(ours)
	return string(answer)
}

// get is a request of an SDK.
func (p pipes) get(path string) (status int, body string) {
	answer := p.says("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: right\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(strings.NewReader(answer)), nil)
	if err != nil {
		return 0, answer
	}
	data, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data)
}

// A hostile process and a page in a browser learn nothing, whatever they send.
func TestEndpointRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := started(t, endpoint(func(_ context.Context, path string) (aws.Credentials, error) {
			switch path {
			case "":
				return credentials(), nil
			case "broken":
				return aws.Credentials{}, errors.New("nobody to ask")
			}
			return aws.Credentials{}, sink.ErrNoSuchPath
		}))
		const auth, named = "Authorization: right\r\n", "Host: " + host + "\r\n"
		for _, c := range []struct {
			what, request string
			status        int
		}{
			{"right", "GET / HTTP/1.1\r\n" + named + auth, 200},
			{"with a query", "GET /?a=b HTTP/1.1\r\n" + named + auth, 200},
			{"an absolute address", "GET http://" + host + " HTTP/1.1\r\n" + named + auth, 200},
			{"an absolute address of another name", "GET http://evil.example.com/ HTTP/1.1\r\n" + named + auth, 403},
			{"HTTP/1.0", "GET / HTTP/1.0\r\n" + named + auth, 200},
			{"no such path", "GET /../etc/passwd HTTP/1.1\r\n" + named + auth, 404},
			{"a path in escapes", "GET /%2e%2e%2f%00 HTTP/1.1\r\n" + named + auth, 404},
			{"slashes", "GET // HTTP/1.1\r\n" + named + auth, 404},
			{"no path", "GET * HTTP/1.1\r\n" + named + auth, 404},
			{"no credentials", "GET /broken HTTP/1.1\r\n" + named + auth, 502},
			{"POST", "POST / HTTP/1.1\r\n" + named + auth + "Content-Length: 0\r\n", 405},
			{"HEAD", "HEAD / HTTP/1.1\r\n" + named + auth, 405},
			{"asked before a request", "OPTIONS / HTTP/1.1\r\n" + named + "Access-Control-Request-Method: GET\r\n", 401},
			{"about the server", "OPTIONS * HTTP/1.1\r\n" + named, 401},
			{"a tunnel", "CONNECT " + host + " HTTP/1.1\r\n" + named + auth, 405},
			{"wrong token", "GET / HTTP/1.1\r\n" + named + "Authorization: wrong\r\n", 401},
			{"longer token", "GET / HTTP/1.1\r\n" + named + "Authorization: right!\r\n", 401},
			{"shorter token", "GET / HTTP/1.1\r\n" + named + "Authorization: righ\r\n", 401},
			{"token in capitals", "GET / HTTP/1.1\r\n" + named + "Authorization: RIGHT\r\n", 401},
			{"a scheme", "GET / HTTP/1.1\r\n" + named + "Authorization: Bearer right\r\n", 401},
			{"second token", "GET / HTTP/1.1\r\n" + named + "Authorization: wrong\r\n" + auth, 401},
			{"empty token", "GET / HTTP/1.1\r\n" + named + "Authorization: \r\n", 401},
			{"no token", "GET / HTTP/1.1\r\n" + named, 401},
			{"token in the address", "GET /?Authorization=right HTTP/1.1\r\n" + named, 401},
			{"token as a user", "GET http://right@" + host + "/ HTTP/1.1\r\n" + named, 401},
			{"token in a cookie", "GET / HTTP/1.1\r\n" + named + "Cookie: Authorization=right\r\n", 401},
			{"another name", "GET / HTTP/1.1\r\nHost: evil.example.com\r\n" + auth, 403},
			{"another name's port", "GET / HTTP/1.1\r\nHost: evil.example.com:1\r\n" + auth, 403},
			{"the machine's name", "GET / HTTP/1.1\r\nHost: localhost:1\r\n" + auth, 403},
			{"another port", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + auth, 403},
			{"a dot more", "GET / HTTP/1.1\r\nHost: 127.0.0.1.:1\r\n" + auth, 403},
			{"two names", "GET / HTTP/1.1\r\n" + named + "Host: evil.example.com\r\n" + auth, 400},
			{"no name", "GET / HTTP/1.0\r\n" + auth, 403},
			{"another name forwarded", "GET / HTTP/1.1\r\nHost: evil.example.com\r\nX-Forwarded-Host: " + host + "\r\n" + auth, 403},
			{"a page", "GET / HTTP/1.1\r\n" + named + auth + "Origin: https://evil.example.com\r\n", 403},
			{"a page of its own", "GET / HTTP/1.1\r\n" + named + auth + "Origin: http://" + host + "\r\n", 403},
			{"a page of nobody", "GET / HTTP/1.1\r\n" + named + auth + "Origin: null\r\n", 403},
			{"a browser", "GET / HTTP/1.1\r\n" + named + auth + "Sec-Fetch-Site: none\r\n", 403},
			{"large head", "GET / HTTP/1.1\r\n" + named + auth + "X: " + strings.Repeat("x", 32<<10) + "\r\n", 431},
			{"two lengths", "GET / HTTP/1.1\r\n" + named + auth + "Content-Length: 1\r\nContent-Length: 2\r\n", 400},
			{"a head of two lines", "GET / HTTP/1.1\r\n" + named + "X: a\r\n b\nAuthorization : right\r\n", 400},
			{"another protocol", "PRI * HTTP/2.0\r\n", 403},
			{"no protocol", "GET /\r\n", 400},
		} {
			answer := l.says(c.request + "\r\n")
			if !strings.HasPrefix(answer, fmt.Sprintf("HTTP/1.1 %d ", c.status)) && !strings.HasPrefix(answer, fmt.Sprintf("HTTP/1.0 %d ", c.status)) {
				t.Errorf("%s: want %d, got %s", c.what, c.status, answer)
			}
			if strings.Contains(answer, "ASIA") != (c.status == 200) || strings.Contains(answer, "right") || strings.Contains(answer, "Access-Control") {
				t.Errorf("%s: it says %s", c.what, answer)
			}
		}
	})
}

// Nothing that follows a request counts, neither as one of its own nor as its body.
func TestEndpointServesOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := started(t, endpoint(func(context.Context, string) (aws.Credentials, error) { return credentials(), nil }))
		right := "GET / HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: right\r\n\r\n"
		for _, first := range []string{
			"GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n",
			"GET / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			"POST / HTTP/1.1\r\nHost: evil.example.com\r\nContent-Length: 0\r\n\r\n",
		} {
			answer := l.says(first + right)
			if strings.Contains(answer, "ASIA") || strings.Count(answer, "HTTP/1.1 ") != 1 {
				t.Errorf("%q: it says %s", first, answer)
			}
		}
		start := time.Now()
		l.says("GET / HTTP/1.1\r\nHost: " + host) // and no more
		l.says("POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 100000\r\n\r\nx")
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("who says nothing is borne with for %v", took)
		}
	})
}

// Connections that ask for nothing keep nobody out for long.
func TestEndpointWithManyConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := started(t, endpoint(func(context.Context, string) (aws.Credentials, error) { return credentials(), nil }))
		for range 1199 {
			ours, theirs := net.Pipe()
			defer ours.Close()
			l.conns <- theirs
		}
		l.full.Store(5)
		start := time.Now()
		if status, body := l.get("/"); status != 200 || time.Since(start) > 2*time.Second {
			t.Errorf("after %v: %d %s", time.Since(start), status, body)
		}
	})
}

func TestEndpointWithoutToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := endpoint(nil)
		e.Token = secret.Secret{}
		if status, body := started(t, e).get("/"); status != 401 {
			t.Errorf("%d %s", status, body)
		}
		if answer := started(t, e).says("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 401 ") {
			t.Error(answer)
		}
	})
}
