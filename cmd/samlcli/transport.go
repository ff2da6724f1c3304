package main

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/http/httpproxy"

	"github.com/samlcli/samlcli/idp/web"
)

// transportOptions are what an account and the environment say about connections.
type transportOptions struct {
	proxy   httpproxy.Config
	bundles []string // files of certificates to trust beside the system's
}

// connections returns the transport for the provider and for AWS.
func (s *settings) connections() (http.RoundTripper, error) {
	proxy, err := s.proxy()
	if err != nil {
		return nil, err
	}
	return s.transport(transportOptions{
		proxy:   proxy,
		bundles: []string{s.path("ca-bundle"), s.env("AWS_CA_BUNDLE"), s.env("SSL_CERT_FILE")},
	})
}

// proxy returns what --proxy says, else the environment; either serves everything but this machine and NO_PROXY's hosts.
func (s *settings) proxy() (httpproxy.Config, error) {
	either := func(name string) string { return cmp.Or(s.env(name), s.env(strings.ToLower(name))) }
	own := s.text("proxy")
	if own == "" {
		return httpproxy.Config{HTTPProxy: either("HTTP_PROXY"), HTTPSProxy: either("HTTPS_PROXY"), NoProxy: either("NO_PROXY")}, nil
	}
	u, err := url.Parse(own)
	if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return httpproxy.Config{}, &usageError{"the proxy's address cannot be read", "as in --proxy http://proxy.example.com:3128"}
	}
	return httpproxy.Config{HTTPProxy: own, HTTPSProxy: own, NoProxy: either("NO_PROXY")}, nil
}

// newTransport returns a transport that verifies certificates against the system's authorities and the bundles'.
func newTransport(o transportOptions) (http.RoundTripper, error) {
	roots, err := trusted(o.bundles)
	if err != nil {
		return nil, err
	}
	proxy := o.proxy.ProxyFunc()
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			if web.Loopback(r.URL) { // names below localhost too: what is http there must not leave this machine
				return nil, nil
			}
			return proxy(r.URL)
		},
		DialContext:            (&net.Dialer{Timeout: 20 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    20 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
		IdleConnTimeout:        60 * time.Second,
	}, nil
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
			return nil, &usageError{fmt.Sprintf("%s holds no certificate in PEM form", file), ""}
		}
	}
	return roots, nil
}
