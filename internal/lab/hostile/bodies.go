package hostile

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// bodies are stories of answers that are too much, too slow, or not what they are said to be.
func bodies() []Story {
	short := []string{"login", "--timeout", "1s"}
	header := "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	return []Story{
		{Name: "a body of a gigabyte", Code: 5, Says: "larger than 8 MiB", Serve: func(w http.ResponseWriter, _ *http.Request) { pour(w, 1<<30) }},
		{Name: "a body without end behind the password", Code: 5, Says: "larger than 8 MiB", Serve: signedIn(wire(func(c io.Writer) {
			_, _ = io.WriteString(c, header+"\r\n")
			pour(c, 1<<40)
		}))},
		{Name: "8 MiB of nothing", Code: 5, Serve: func(w http.ResponseWriter, _ *http.Request) { pour(w, 8<<20) }},
		{Name: "a gigabyte of headers", Code: 8, Serve: wire(func(c io.Writer) {
			_, _ = io.WriteString(c, header+"X: ")
			pour(c, 1<<30)
		})},
		{Name: "headers without end", Code: 8, Serve: wire(func(c io.Writer) {
			_, _ = io.WriteString(c, header)
			forever(c, "X-One-More: header\r\n")
		})},
		{Name: "a status line without end", Code: 8, Serve: wire(func(c io.Writer) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 ")
			pour(c, 1<<30)
		})},
		{Name: "a body that drips", Command: short, Code: 8, Says: "time limit", Serve: wire(func(c io.Writer) { drip(c, header+"\r\n", "<p>more</p>") })},
		{Name: "headers that drip", Command: short, Code: 8, Says: "time limit", Serve: wire(func(c io.Writer) { drip(c, header, "X: more\r\n") })},
		{Name: "no answer", Command: short, Code: 8, Says: "time limit", Serve: wire(func(c io.Writer) { drip(c, "", "") })},
		{Name: "a storm of 100 Continue", Code: 8, Serve: signedIn(wire(func(c io.Writer) { forever(c, "HTTP/1.1 100 Continue\r\n\r\n") }))},
		{Name: "a storm of early hints", Code: 8, Serve: wire(func(c io.Writer) { forever(c, "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n") })},
		{Name: "a switch of protocols", Code: 5, Serve: says("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n")},
		{Name: "less than its length", Code: 8, Requests: 4, Serve: says(header + "Content-Length: 1000\r\n\r\n<p>half a page")},
		{Name: "less than its length behind the password", Code: 8, Requests: 2, Serve: signedIn(says(header + "Content-Length: 1000\r\n\r\n<p>half a page"))},
		{Name: "more than its length", Code: 5, Serve: says(header + "Content-Length: 5\r\n\r\n<p>hi<form method=post><input type=password name=p>HTTP/1.1 200 OK\r\n\r\n")},
		{Name: "two lengths", Code: 8, Serve: says(header + "Content-Length: 5\r\nContent-Length: 50\r\n\r\n<p>hello</p>")},
		{Name: "a length below nothing", Code: 8, Serve: says(header + "Content-Length: -1\r\n\r\n<p>hello</p>")},
		{Name: "half a chunk", Code: 8, Requests: 4, Serve: says(header + "Transfer-Encoding: chunked\r\n\r\nffff\r\n<p>half a page")},
		{Name: "chunks that are none", Code: 8, Serve: says(header + "Transfer-Encoding: chunked\r\n\r\nsome bytes\r\n<p>")},
		{Name: "a chunk of nearly everything", Code: 8, Serve: says(header + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n<p>")},
		{Name: "chunk extensions without end", Code: 8, Serve: wire(func(c io.Writer) {
			_, _ = io.WriteString(c, header+"Transfer-Encoding: chunked\r\n\r\n1;")
			pour(c, 1<<30)
		})},
		{Name: "trailers without end", Code: 8, Serve: wire(func(c io.Writer) {
			_, _ = io.WriteString(c, header+"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
			forever(c, "X-One-More: trailer\r\n")
		})},
		{Name: "no HTTP", Code: 8, Serve: says("220 mail.example.com ESMTP\r\n")},
		{Name: "a connection that ends", Code: 8, Requests: 4, Serve: says("")},
		{Name: "a connection that ends behind the password", Code: 8, Requests: 2, Serve: signedIn(says(""))},
		encoded("a bomb of gzip", "gzip", "larger than 8 MiB", bytes.Repeat(zipped(gzipped, 4<<20), 256)),
		encoded("a bomb of gzip in gzip", "gzip, gzip", "", gzipped(bytes.Repeat(zipped(gzipped, 4<<20), 256))),
		encoded("a bomb of deflate", "deflate", "", zipped(deflated, 64<<20)),
		encoded("a bomb of brotli", "br", "", []byte("\x5b\xff\xff\xbf\x1f\x00\x04")),
		{Name: "gzip that is none", Code: 8, Serve: says(header + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\n<p>hi")},
	}
}

// encoded answers with a body in an encoding.
func encoded(name, encoding, says string, body []byte) Story {
	return Story{Name: name, Code: 5, Says: says, Serve: func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Content-Encoding", encoding)
		_, _ = w.Write(body)
	}}
}

// zipped compresses blanks.
func zipped(compress func([]byte) []byte, size int) []byte {
	return compress(bytes.Repeat([]byte(" "), size))
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(data) // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

func deflated(data []byte) []byte {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestSpeed) // the level is one
	_, _ = w.Write(data)
	_ = w.Close()
	return b.Bytes()
}

// wire answers in the bytes of the connection, and ends it as if the other side had vanished.
func wire(answer func(io.Writer)) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		answer(conn)
		if inTLS, ok := conn.(interface{ NetConn() net.Conn }); ok {
			conn = inTLS.NetConn() // TLS has no goodbye
		}
		_ = conn.Close()
	}
}

func says(answer string) http.HandlerFunc {
	return wire(func(c io.Writer) { _, _ = io.WriteString(c, answer) })
}

// pour writes n bytes of nothing in particular, or as many as are taken.
func pour(w io.Writer, n int64) {
	piece := []byte(strings.Repeat("nothing ", 4096))
	for ; n > 0; n -= int64(len(piece)) {
		if _, err := w.Write(piece[:min(int64(len(piece)), n)]); err != nil {
			return
		}
	}
}

// forever writes the same as long as it is taken.
func forever(w io.Writer, what string) {
	for {
		if _, err := fmt.Fprint(w, strings.Repeat(what, 100)); err != nil {
			return
		}
	}
}

// drip writes a beginning and then a little now and then.
func drip(w io.Writer, beginning, drop string) {
	_, err := io.WriteString(w, beginning)
	for range time.Tick(50 * time.Millisecond) {
		if err != nil {
			return
		}
		_, err = io.WriteString(w, drop)
	}
}
