package main

import (
	"cmp"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// proxies say through what a request goes, as --proxy or the environment has it.
type proxies struct {
	http, https *url.URL // nil is directly
	except      []string // NO_PROXY
}

// proxies returns what --proxy says, else the environment; either serves everything but this machine and NO_PROXY's hosts.
func (s *settings) proxies() (p proxies, err error) {
	either := func(name string) string { return cmp.Or(s.env(name), s.env(strings.ToLower(name))) }
	own := s.text("proxy")
	p.except = strings.FieldsFunc(strings.ToLower(either("NO_PROXY")), func(r rune) bool { return r == ',' || r == ' ' })
	if p.http, err = proxyAt(cmp.Or(own, either("HTTP_PROXY"))); err != nil {
		return p, err
	}
	p.https, err = proxyAt(cmp.Or(own, either("HTTPS_PROXY")))
	return p, err
}

// proxyAt reads a proxy's address; without a scheme it is http.
func proxyAt(address string) (*url.URL, error) {
	if address == "" {
		return nil, nil
	}
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return nil, &usageError{"the proxy's address cannot be read", "as in --proxy http://proxy.example.com:3128"}
	}
	return u, nil
}

// of returns the proxy for an address. What is on this machine, names below localhost too, never leaves it.
func (p proxies) of(u *url.URL) *url.URL {
	switch {
	case web.Loopback(u) || slices.ContainsFunc(p.except, func(rule string) bool { return excepts(rule, u) }):
		return nil
	case u.Scheme == "https":
		return p.https
	}
	return p.http
}

// excepts reports whether a word of NO_PROXY is about an address: *, a domain and all below it, .domain for those below
// it alone, a network, or an IP address; a port after it must be the address's.
func excepts(rule string, u *url.URL) bool {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if network, err := netip.ParsePrefix(rule); err == nil {
		ip, err := netip.ParseAddr(host)
		return err == nil && network.Contains(ip.Unmap())
	}
	if name, port, err := net.SplitHostPort(rule); err == nil {
		if port != cmp.Or(u.Port(), map[string]string{"http": "80", "https": "443"}[u.Scheme]) {
			return false
		}
		rule = name
	}
	rule = strings.Trim(rule, "[]")
	if below, ok := strings.CutPrefix(rule, "*."); ok {
		rule = "." + below
	}
	switch {
	case rule == "*" || rule == host:
		return true
	case rule == "":
		return false
	}
	return strings.HasSuffix(host, "."+strings.TrimPrefix(rule, "."))
}
