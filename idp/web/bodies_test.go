package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// Bodies over a real connection: too large, too large once unpacked, torn, lying about their length, slow.
func TestBodies(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(serve))
	t.Cleanup(server.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	for _, c := range []struct{ path, want string }{
		{"/endless", "larger than 8 MiB"}, {"/bomb", "larger than 8 MiB"}, {"/torn", "unexpected EOF"}, {"/short", "unexpected EOF"}, {"/gzip", ""},
	} {
		p, err := New(Options{Transport: transport}).Fetch(t.Context(), Request{Method: "POST", URL: server.URL + c.path})
		if c.want == "" && (err != nil || string(p.Body) != "fine") || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.path, err, c.want)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	begin := time.Now()
	if err := New(Options{Transport: transport}).Open(ctx, server.URL+"/slow"); err != context.DeadlineExceeded || time.Since(begin) > 2*time.Second {
		t.Errorf("slow: %v after %v, want the deadline", err, time.Since(begin))
	}
}

func serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/endless":
		for block := make([]byte, 1<<16); ; {
			if _, err := w.Write(block); err != nil {
				return
			}
		}
	case "/bomb", "/gzip":
		w.Header().Set("Content-Encoding", "gzip")
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if r.URL.Path == "/bomb" {
			_, _ = z.Write(make([]byte, 9<<20))
		} else {
			_, _ = io.WriteString(z, "fine")
		}
		_ = z.Close()
		_, _ = w.Write(packed.Bytes())
	case "/torn":
		_, _ = io.WriteString(w, "part")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	case "/short":
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, "part")
	case "/slow":
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, ".")
			w.(http.Flusher).Flush()
			select {
			case <-r.Context().Done():
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
}
