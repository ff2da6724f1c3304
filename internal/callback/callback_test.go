package callback

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// ask sends one request to the listener, by whatever name.
func ask(t *testing.T, l *Listener, method, target string, header ...string) (status int, body string, h http.Header) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+l.listeners[0].Addr().String()+target, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = l.host
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r)
	if err != nil {
		return 0, err.Error(), nil
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(data), resp.Header
}

func listen(t *testing.T, name, origin string) *Listener {
	t.Helper()
	l, err := Listen(name)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	l.Origin = origin
	return l
}

func TestOneAnswer(t *testing.T) {
	t.Parallel()
	l := listen(t, "127.0.0.1", "")
	if !strings.HasPrefix(l.Address(), "http://127.0.0.1:") || !strings.HasSuffix(l.Address(), "/callback") {
		t.Errorf("address %s", l.Address())
	}
	ended := make(chan error, 1)
	accepting, goOn := make(chan bool), make(chan bool)
	var got []string
	go func() {
		ended <- l.Await(t.Context(), func(r *http.Request) error {
			got = append(got, r.URL.RawQuery)
			accepting <- true
			<-goOn
			return nil
		})
	}()
	for _, c := range []struct {
		status         int
		method, target string
		header         []string
	}{
		{421, "GET", "/callback?code=x", []string{"Host", "evil.example.com"}},
		{421, "GET", "/callback?code=x", []string{"Host", "localhost:1"}},
		{404, "GET", "/favicon.ico", nil},
		{403, "GET", "/callback?code=x", []string{"Origin", "https://evil.example.com"}},
		{403, "GET", "/callback?code=x", []string{"Sec-Fetch-Mode", "no-cors"}},
		{405, "POST", "/callback?code=x", nil},
		{405, "OPTIONS", "/callback?code=x", nil},
	} {
		if status, body, _ := ask(t, l, c.method, c.target, c.header...); status != c.status {
			t.Errorf("%s %s %v: %d %s, want %d", c.method, c.target, c.header, status, body, c.status)
		}
	}
	first := make(chan string, 1)
	go func() {
		_, body, h := ask(t, l, "GET", "/callback?code=1", "Sec-Fetch-Mode", "navigate")
		first <- body + h.Get("Content-Security-Policy") + h.Get("Cache-Control")
	}()
	<-accepting
	if status, _, _ := ask(t, l, "GET", "/callback?code=2"); status != 410 {
		t.Errorf("the second: %d", status)
	}
	goOn <- true
	if page := <-first; !strings.Contains(page, "You are signed in") || !strings.Contains(page, "default-src 'none'") || !strings.Contains(page, "no-store") {
		t.Errorf("the page: %s", page)
	}
	if err := <-ended; err != nil || len(got) != 1 || got[0] != "code=1" {
		t.Errorf("%v, accepted %v", err, got)
	}
	if status, body, _ := ask(t, l, "GET", "/callback"); status != 0 {
		t.Errorf("it is still open: %s", body)
	}
}

func TestRefusedAnswer(t *testing.T) {
	t.Parallel()
	l := listen(t, "localhost", "")
	no := errors.New("no")
	ended := make(chan error, 1)
	go func() { ended <- l.Await(t.Context(), func(*http.Request) error { return no }) }()
	if status, body, _ := ask(t, l, "GET", "/callback"); status != 400 || !strings.Contains(body, "did not work") {
		t.Errorf("%d %s", status, body)
	}
	if err := <-ended; err != no {
		t.Error(err)
	}
}

func TestScriptsOfOneOrigin(t *testing.T) {
	t.Parallel()
	l := listen(t, "localhost", "https://broker.example.com")
	ended := make(chan error, 1)
	go func() { ended <- l.Await(t.Context(), func(r *http.Request) error { return nil }) }()
	own := []string{"Origin", "https://broker.example.com", "Sec-Fetch-Mode", "cors"}
	if status, _, _ := ask(t, l, "POST", "/callback", "Origin", "null"); status != 403 {
		t.Errorf("no origin: %d", status)
	}
	if status, _, _ := ask(t, l, "POST", "/callback", "Sec-Fetch-Mode", "cors"); status != 403 {
		t.Errorf("a script of nowhere: %d", status)
	}
	status, _, h := ask(t, l, "OPTIONS", "/callback", own...)
	if status != 204 || h.Get("Access-Control-Allow-Origin") != "https://broker.example.com" || h.Get("Access-Control-Allow-Headers") != "Content-Type" {
		t.Errorf("preflight: %d %v", status, h)
	}
	if status, _, _ := ask(t, l, "POST", "/callback", own...); status != 200 {
		t.Errorf("%d", status)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestBothAddresses: localhost is this listener by whichever address a browser takes it for.
func TestBothAddresses(t *testing.T) {
	t.Parallel()
	l := listen(t, "localhost", "")
	if len(l.listeners) == 1 {
		t.Skip("there is no ::1 here")
	}
	ended := make(chan error, 1)
	go func() { ended <- l.Await(t.Context(), func(*http.Request) error { return nil }) }()
	six := &Listener{host: l.host, listeners: l.listeners[1:]}
	if status, body, _ := ask(t, six, "GET", "/callback"); status != 200 {
		t.Errorf("%d %s", status, body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestNobodyComes(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if err := listen(t, "localhost", "").Await(ctx, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}
