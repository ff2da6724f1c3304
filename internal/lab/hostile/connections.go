package hostile

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"time"
)

// connections are stories of proxies that are none, and of TLS that proves nothing.
func connections() []Story {
	past, future := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	_, authority := certificate(Host, future)
	proxy := func(name string, answer func(io.Writer)) Story {
		return Story{Name: "a proxy " + name, Code: 8, authority: authority, proxy: func(conn net.Conn) {
			if _, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
				answer(conn)
			}
		}}
	}
	line := func(text string) func(io.Writer) {
		return func(w io.Writer) { _, _ = io.WriteString(w, text) }
	}
	slow := proxy("that says nothing", func(w io.Writer) { drip(w, "", "") })
	slow.Command, slow.Says = []string{"login", "--timeout", "1s"}, "time limit"
	return []Story{
		proxy("that wants a password", line("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"\x1b[2J\"\r\nContent-Length: 0\r\n\r\n")),
		proxy("that refuses in terminal escapes", line("HTTP/1.1 403 \x1b]0;mine\x07\xe2\x80\xae\r\n\r\n")),
		proxy("that redirects", line("HTTP/1.1 302 Found\r\nLocation: https://"+evil+"/\r\n\r\n")),
		proxy("of garbage", line("\x00\x01\x02garbage\r\n\r\n")),
		proxy("of a gigabyte of headers", func(w io.Writer) {
			_, _ = io.WriteString(w, "HTTP/1.1 200 OK\r\nX: ")
			pour(w, 1<<30)
		}),
		proxy("of a gigabyte", func(w io.Writer) {
			_, _ = io.WriteString(w, "HTTP/1.1 200 OK\r\n\r\n")
			pour(w, 1<<30)
		}),
		proxy("that answers itself", line("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<form method=post><input name=u><input type=password name=p></form>")),
		slow,
		inTLS("TLS for another host", evil, future, true, 0),
		inTLS("TLS that has expired", Host, past, true, 0),
		inTLS("TLS of nobody known", Host, future, false, 0),
		inTLS("TLS 1.0", Host, future, true, tls.VersionTLS10),
		inTLS("TLS 1.1", Host, future, true, tls.VersionTLS11),
	}
}

// inTLS is a story of a certificate for a host, trusted or not, and a version of TLS at most, 0 for any. A login form is
// behind it.
func inTLS(name, host string, until time.Time, trusted bool, version uint16) Story {
	cert, authority := certificate(host, until)
	if !trusted {
		_, authority = certificate(host, until)
	}
	config := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: version}
	return Story{Name: name, Code: 8, authority: authority, proxy: func(conn net.Conn) {
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		_, _ = io.WriteString(tls.Server(conn, config), "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<form method=post><input type=password></form>")
	}}
}

// certificate makes one that vouches for itself, and returns it in PEM too.
func certificate(host string, until time.Time) (tls.Certificate, []byte) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // the system has no random numbers
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host}, NotBefore: time.Unix(0, 0), NotAfter: until,
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err) // the template is right
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}
