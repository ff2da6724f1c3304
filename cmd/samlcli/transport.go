package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"

	"github.com/samlcli/samlcli/idp/web"
)

// transportOptions are what an account says about its connections.
type transportOptions struct {
	proxy   string   // instead of the environment's
	bundles []string // files of certificates to trust beside the system's
}

// newTransport returns a transport that verifies certificates against the system's authorities and the bundles'.
func newTransport(o transportOptions) (http.RoundTripper, error) {
	roots, err := trusted(o.bundles)
	if err != nil {
		return nil, err
	}
	proxy, err := proxyOf(o)
	if err != nil {
		return nil, err
	}
	return &http.Transport{
		Proxy:                  proxy,
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

// proxyOf returns the environment's choice of a proxy, or the account's own, which serves everything but this machine.
func proxyOf(o transportOptions) (func(*http.Request) (*url.URL, error), error) {
	if o.proxy == "" {
		return http.ProxyFromEnvironment, nil
	}
	own, err := url.Parse(o.proxy)
	if err != nil || own.Host == "" {
		return nil, &usageError{"the proxy's address cannot be read", "as in --proxy http://proxy.example.com:3128"}
	}
	return func(r *http.Request) (*url.URL, error) {
		if web.Loopback(r.URL) {
			return nil, nil
		}
		return own, nil
	}, nil
}
