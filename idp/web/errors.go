package web

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/samlcli/samlcli/internal/plain"
)

// UnreachableError says that a server could not be reached or did not answer properly. It names no query.
type UnreachableError struct {
	Host string
	Err  error
}

func (e *UnreachableError) Error() string {
	return fmt.Sprintf("reaching %s: %s", e.Host, plain.Short(e.Err.Error(), 300)) // it may quote the server
}
func (e *UnreachableError) Unwrap() error { return e.Err }

// passing reports whether trying again may help.
func (e *UnreachableError) passing() bool {
	var (
		dns    *net.DNSError
		unsafe *UnsafeError
	)
	switch {
	case errors.As(e.Err, &dns):
		return !dns.IsNotFound
	case errors.As(e.Err, &unsafe):
		return false
	}
	return !e.Untrusted()
}

// Untrusted reports whether the server's certificate was the reason.
func (e *UnreachableError) Untrusted() bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		record       tls.RecordHeaderError
	)
	return errors.As(e.Err, &verification) || errors.As(e.Err, &authority) || errors.As(e.Err, &hostname) || errors.As(e.Err, &record)
}

// UnsafeError says that the browser was sent where it does not go.
type UnsafeError struct{ Host, Reason string }

func (e *UnsafeError) Error() string {
	if e.Host == "" {
		return e.Reason
	}
	return fmt.Sprintf("not going to %s: %s", e.Host, e.Reason)
}

// PageError says that an answer is beyond the bounds of a page.
type PageError struct {
	URL    *url.URL
	Status int // 0 where there was none
	Reason string
}

func (e *PageError) Error() string { return fmt.Sprintf("page %s: %s", Place(e.URL), e.Reason) }

// unreachable wraps a transport's error; the context's end stays what it is.
func unreachable(ctx context.Context, u *url.URL, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return &UnreachableError{Host: Host(u), Err: err}
}
