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
	return addressOf(host).IsLoopback()
}

// addressOf reads a host that is an IP address; not valid where it is none. An IPv4 address that IPv6 only carries (RFC 4291,
// section 2.5.5; RFC 6052) is that one.
func addressOf(host string) netip.Addr {
	ip, _ := netip.ParseAddr(strings.TrimSuffix(host, "."))
	if netip.MustParsePrefix("64:ff9b::/96").Contains(ip) {
		bytes := ip.As16()
		return netip.AddrFrom4([4]byte(bytes[12:]))
	}
	return ip.Unmap()
}

// endsInNumber reports whether the URL standard takes a host for an IPv4 address.
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if digits, hex := strings.CutPrefix(strings.ToLower(last), "0x"); hex {
		return strings.Trim(digits, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}

// Private reports whether what is sent there stays private: https, or http to this machine.
func Private(u *url.URL) bool {
	return u.Scheme == "https" || u.Scheme == "http" && Loopback(u)
}

// Resolve reads a reference as a browser does, against base if that is not nil: white space around it and line breaks
// inside are dropped, characters that an address must not hold are escaped. A host's name in another script than ASCII is an error, and
// so is an IP address in another spelling than the usual, which some resolvers take: 0x7f.1.
func Resolve(base *url.URL, reference string) (*url.URL, error) {
	u, err := url.Parse(tidy(reference))
	if err != nil {
		return nil, err
	}
	if strings.ContainsAny(u.Host, "%<>^|") || strings.Count(u.Host, ":") > 1 && u.Host[0] != '[' {
		return nil, url.InvalidHostError(u.Host)
	}
	host := u.Hostname()
	if strings.ContainsFunc(host, func(r rune) bool { return r >= 0x80 }) {
		return nil, url.InvalidHostError(host) // its name in ASCII, xn--…, says plainly who it is
	}
	if endsInNumber(host) && !addressOf(host).IsValid() {
		return nil, url.InvalidHostError(host)
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
	switch {
	case b.start == nil || Host(to) == Host(b.start):
		return nil
	case linkLocal(to):
		return &UnsafeError{Host: Host(to), Reason: "it is a link-local or metadata address"}
	case Loopback(to) && !Loopback(b.start) && (from == nil || !Loopback(from)):
		return &UnsafeError{Host: Host(to), Reason: "it is this machine, and the sign-in began elsewhere"}
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

// linkLocal covers 169.254.0.0/16 and fe80::/10, where clouds keep their metadata services, and those services' names and
// other addresses.
func linkLocal(u *url.URL) bool {
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	switch host {
	case "metadata", "metadata.google.internal", "metadata.goog", "instance-data", "instance-data.ec2.internal":
		return true
	}
	return Internal(addressOf(host))
}

// Internal reports whether an address is one that no login is at: link-local, or a cloud's metadata service.
func Internal(ip netip.Addr) bool {
	switch ip.String() {
	case "fd00:ec2::254", "fd00:ec2::23", "100.100.100.200", "168.63.129.16": // AWS, Alibaba, Azure
		return true
	}
	return ip.IsLinkLocalUnicast() || ip.IsUnspecified()
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
