package web

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Host returns host and port in lower case, with the scheme's default port left out.
func Host(u *url.URL) string {
	host, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if port == "" || u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" {
		if strings.Contains(host, ":") {
			return "[" + host + "]"
		}
		return host
	}
	return net.JoinHostPort(host, port)
}

// Place returns scheme, host and path: an address as it may be shown, without user, query and fragment.
func Place(u *url.URL) string {
	return u.Scheme + "://" + Host(u) + Path(u)
}

// Path returns the path of an address without the parameters in it (RFC 3986, section 3.3), which is where servers put the
// session of who has no cookies: ";jsessionid=…".
func Path(u *url.URL) string {
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range segments {
		segments[i], _, _ = strings.Cut(segment, ";")
	}
	return strings.Join(segments, "/")
}

// Loopback reports whether the address names this machine: 127.0.0.0/8, ::1, localhost or a name below it.
func Loopback(u *url.URL) bool {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// Private reports whether what is sent there stays private: https, or http to this machine.
func Private(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && Loopback(u)
}

// Resolve reads a reference as a browser does, against base if that is not nil: white space around it and line breaks
// inside are dropped, characters that an address must not hold are escaped. A host's name in another script than ASCII is an error.
func Resolve(base *url.URL, reference string) (*url.URL, error) {
	u, err := url.Parse(tidy(reference))
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(u.Host, "%<>^|") || strings.Count(u.Host, ":") > 1 && u.Host[0] != '[' {
		return nil, url.InvalidHostError(u.Host)
	}
	if host := u.Hostname(); strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		return nil, url.InvalidHostError(host) // its name in ASCII, xn--…, says plainly who it is
	}
	if base != nil {
		here := *base
		here.Fragment, here.RawFragment = "", ""
		u = here.ResolveReference(u)
	}
	if u.Path == "" && u.Opaque == "" {
		u.Path = "/"
	}
	return u, nil
}

// tidy escapes what url.Parse or a request line would not take, as the URL standard's parser does.
func tidy(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' })
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	part := byte('/') // of the address: '?' and '#' once they were met
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\t' || c == '\n' || c == '\r':
		case c == '%' && part != '?' && !(i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])):
			b.WriteString("%25")
		case c <= ' ' || c >= 0x7f || c == '"' || c == '<' || c == '>':
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		case c == '\\' && part == '/':
			b.WriteByte('/')
		case c == '#', c == '?' && part == '/':
			part = c
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
}

// mayFollow says whether a page may send the browser on to an address; from is nil before the first.
func (b *Browser) mayFollow(from, to *url.URL) error {
	if from != nil && to.Hostname() == "" {
		return &UnsafeError{Host: Host(from), Reason: "it leads to something that is not a web address"}
	}
	if err := fit(to); err != nil {
		return err
	}
	if from != nil && from.Scheme == "https" && to.Scheme == "http" {
		return &UnsafeError{Host: Host(to), Reason: "it leaves https for http"}
	}
	if linkLocal(to) && b.start != "" && Host(to) != b.start {
		return &UnsafeError{Host: Host(to), Reason: "it is a link-local or metadata address"}
	}
	return nil
}

// fit says whether an address is one that a login may open at all.
func fit(u *url.URL) error {
	if u.Scheme != "https" && u.Scheme != "http" || strings.Trim(u.Hostname(), ".") == "" {
		return &UnsafeError{Host: Host(u), Reason: "it is not a web address"}
	}
	if !Private(u) {
		return &UnsafeError{Host: Host(u), Reason: "plain http is for this machine only"}
	}
	return nil
}

// linkLocal covers 169.254.0.0/16 and fe80::/10, where clouds keep their metadata services, and those services' names.
func linkLocal(u *url.URL) bool {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	switch host {
	case "metadata", "metadata.google.internal", "instance-data", "fd00:ec2::254", "fd00:ec2::23", "100.100.100.200":
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && (ip.Unmap().IsLinkLocalUnicast() || ip.Unmap().IsUnspecified())
}

func origin(u *url.URL) string { return u.Scheme + "://" + Host(u) }

// SpeaksFor reports whether pages of a host may ask for a security key's signatures for a domain: their own, or one
// above it that can be registered (Web Authentication Level 2, section 5.1.4.1, step 7).
func SpeaksFor(host, domain string) bool {
	if host == domain {
		return true
	}
	suffix, _ := publicsuffix.PublicSuffix(domain)
	return net.ParseIP(host) == nil && strings.HasSuffix(host, "."+domain) && suffix != domain
}
