// Package front answers at true host names without owning them: a proxy on loopback that ends every tunnel itself, with
// certificates of an authority that nobody else has. A program that is told of the proxy and the authority meets the
// handler wherever it believes to go.
package front

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Front is a running proxy.
type Front struct {
	Proxy     string // its address, as HTTPS_PROXY has it
	Authority []byte // the certificate to trust, PEM

	outer, inner *http.Server // what speaks to the proxy, and what speaks through it
}

// Start starts a proxy on loopback behind which one handler is at every host and port. It runs until Close.
func Start(handler http.Handler) (*Front, error) {
	authority, err := newAuthority()
	if err != nil {
		return nil, fmt.Errorf("making an authority: %w", err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the proxy: %w", err)
	}
	tunnels := &tunnels{conns: make(chan net.Conn), done: make(chan struct{}), addr: listener.Addr()}
	silence := slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	f := &Front{
		Proxy:     "http://" + listener.Addr().String(),
		Authority: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: authority.cert.Raw}),
		outer:     &http.Server{Handler: connect(handler, tunnels), ReadHeaderTimeout: time.Minute, ErrorLog: silence},
		inner:     &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute, ErrorLog: silence},
	}
	go func() { _ = f.outer.Serve(listener) }()
	go func() {
		_ = f.inner.Serve(tls.NewListener(tunnels, &tls.Config{GetCertificate: authority.certificate}))
	}()
	return f, nil
}

// Close stops it at once.
func (f *Front) Close() {
	_ = f.outer.Close()
	_ = f.inner.Close()
}

// connect hands a tunnel over to those who serve it; a request without one goes to the handler as it is.
func connect(handler http.Handler, t *tunnels) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			handler.ServeHTTP(w, r)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
			_ = conn.Close()
			return
		}
		select {
		case t.conns <- conn:
		case <-t.done:
			_ = conn.Close()
		}
	})
}

// tunnels is a listener of connections that came another way.
type tunnels struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
	addr  net.Addr
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-t.conns:
		return conn, nil
	case <-t.done:
		return nil, net.ErrClosed
	}
}

func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.done) })
	return nil
}

func (t *tunnels) Addr() net.Addr { return t.addr }

// An authority vouches for whatever host is asked for.
type authority struct {
	key  *ecdsa.PrivateKey
	cert *x509.Certificate
}

func newAuthority() (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := template("an authority for tests")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return &authority{key, cert}, err
}

func (a *authority) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	template := template(hello.ServerName)
	template.DNSNames = []string{strings.ToLower(hello.ServerName)}
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, &a.key.PublicKey, a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: a.key}, nil
}

func template(name string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, big.NewInt(1<<62)) // never fails
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Unix(0, 0),
		NotAfter:     time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}
