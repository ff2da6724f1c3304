package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"syscall"
	"time"

	"github.com/samlcli/samlcli/idp/web"
)

// transportOptions are what an account and the environment say about connections.
type transportOptions struct {
	proxies   proxies
	bundles   []string // files of certificates to trust beside the system's
	cert, key string   // files of the certificate to show; "" is none
	insecure  bool     // nothing is verified
}

// connections returns the transport for AWS: one for the whole command, since reading authorities takes its time.
func (s *settings) connections() (http.RoundTripper, error) {
	if s.shared != nil {
		return s.shared, nil
	}
	o, err := s.transportOptions()
	if err != nil {
		return nil, err
	}
	s.shared, err = s.transport(o)
	return s.shared, err
}

// providerConnections returns the transport for the provider: the same, unless the provider is shown a certificate, or trusted
// blindly.
func (s *settings) providerConnections() (http.RoundTripper, error) {
	cert, insecure := s.path("client-cert"), s.on("insecure")
	if cert == "" && !insecure {
		return s.connections()
	}
	o, err := s.transportOptions()
	if err != nil {
		return nil, err
	}
	o.cert, o.key, o.insecure = cert, cmp.Or(s.path("client-key"), cert), insecure
	if insecure {
		s.log.warn("the provider's certificates are not verified: whoever is on the way can read the password")
	}
	return s.transport(o)
}

func (s *settings) transportOptions() (transportOptions, error) {
	proxies, err := s.proxies()
	return transportOptions{
		proxies: proxies,
		bundles: []string{s.path("ca-bundle"), s.env("AWS_CA_BUNDLE"), s.env("SSL_CERT_FILE")},
	}, err
}

// newTransport returns a transport that verifies certificates against the system's authorities and the bundles'.
func newTransport(o transportOptions) (http.RoundTripper, error) {
	roots, err := trusted(o.bundles)
	if err != nil {
		return nil, err
	}
	config := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12, InsecureSkipVerify: o.insecure}
	if o.cert != "" {
		pair, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return nil, &usageError{fmt.Sprintf("reading the certificate to show: %v", err), "--client-cert and --client-key take files in PEM form"}
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return &http.Transport{
		Proxy:                  func(r *http.Request) (*url.URL, error) { return o.proxies.of(r.URL), nil },
		DialContext:            dial,
		TLSClientConfig:        config,
		TLSHandshakeTimeout:    20 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		MaxIdleConnsPerHost:    64, // of many roles at once
		IdleConnTimeout:        60 * time.Second,
	}, nil
}

// dial connects to a host as it is named, but not where its name leads astray.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second}
	d.Control = func(_, resolved string, _ syscall.RawConn) error { return leadsAstray(address, resolved) }
	return d.DialContext(ctx, network, address)
}

// leadsAstray refuses an address that a name has in the DNS if it is of a metadata service, which nobody names so, or if the
// name is of this machine and the address is not. Hosts that are addresses themselves were looked at before.
func leadsAstray(address, resolved string) error {
	host, _, _ := net.SplitHostPort(address)
	to, err := netip.ParseAddrPort(resolved)
	if _, isIP := netip.ParseAddr(host); err != nil || isIP == nil {
		return nil
	}
	local := web.Loopback(&url.URL{Host: host})
	if web.Internal(to.Addr().Unmap()) || local && !to.Addr().Unmap().IsLoopback() {
		return &web.UnsafeError{Host: host, Reason: "its name leads to " + to.Addr().String()}
	}
	return nil
}

// trusted returns nil, the system's authorities, where there are no bundles.
func trusted(bundles []string) (*x509.CertPool, error) {
	var roots *x509.CertPool
	for _, file := range bundles {
		if file == "" {
			continue
		}
		pem, err := os.ReadFile(file)
		if err != nil {
			return nil, &usageError{fmt.Sprintf("reading certificates: %v", err), ""}
		}
		if roots == nil {
			if roots, err = x509.SystemCertPool(); err != nil {
				roots = x509.NewCertPool()
			}
		}
		if !roots.AppendCertsFromPEM(pem) {
			return nil, &usageError{fmt.Sprintf("%s holds no certificate in PEM form", file), "such a file has lines -----BEGIN CERTIFICATE-----; openssl x509 -inform der makes one of a .cer file"}
		}
	}
	return roots, nil
}
