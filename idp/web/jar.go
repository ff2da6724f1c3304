package web

import (
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// A jar keeps cookies as browsers do, which take http on this machine for a secure connection, and remembers how they came:
// the library's own jar does not tell what is in it.
type jar struct {
	*cookiejar.Jar
	came map[cookieName]Cookie
}

type cookieName struct{ site, path, name string }

// A Cookie is one as a server set it: what a jar is filled with again.
type Cookie struct {
	URL     string    // whose answer set it, without its query
	Line    string    // Set-Cookie
	Expires time.Time // zero where it lasts as long as the session
}

func newJar() *jar {
	library, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
	return &jar{library, map[cookieName]Cookie{}}
}

// set takes the cookies of an answer.
func (j *jar) set(u *url.URL, cookies []*http.Cookie, now time.Time) {
	j.SetCookies(u, cookies)
	for _, c := range cookies {
		name := nameOf(u, c)
		expires := c.Expires
		if c.MaxAge > 0 && !now.IsZero() {
			expires = now.Add(time.Duration(min(c.MaxAge, 1<<31)) * time.Second)
		}
		if c.MaxAge < 0 || !expires.IsZero() && !expires.After(now) {
			delete(j.came, name)
			continue
		}
		j.came[name] = Cookie{u.Scheme + "://" + u.Host + u.EscapedPath(), c.Raw, expires}
	}
}

// nameOf is what makes one cookie replace another (RFC 6265, section 5.3).
func nameOf(u *url.URL, c *http.Cookie) cookieName {
	n := cookieName{strings.ToLower(u.Hostname()), c.Path, c.Name}
	if c.Domain != "" {
		n.site = strings.ToLower(strings.TrimPrefix(c.Domain, "."))
	}
	if !strings.HasPrefix(n.path, "/") { // section 5.1.4
		n.path = u.Path[:max(0, strings.LastIndexByte(u.Path, '/'))]
	}
	return n
}

// Cookies returns all cookies that the browser holds.
func (b *Browser) Cookies() []Cookie {
	return slices.SortedStableFunc(maps.Values(b.jar.came), func(a, b Cookie) int { return strings.Compare(a.URL+a.Line, b.URL+b.Line) })
}

// TakeCookies fills the jar with cookies that a browser held before, but for those that have expired since.
func (b *Browser) TakeCookies(cookies []Cookie) {
	now := b.now()
	for _, kept := range cookies {
		u, err := url.Parse(kept.URL)
		c, err2 := http.ParseSetCookie(kept.Line)
		if err != nil || err2 != nil || !kept.Expires.IsZero() && !kept.Expires.After(now) {
			continue
		}
		c.MaxAge, c.Expires = 0, kept.Expires // a Max-Age counts from when it came
		c.Raw = kept.Line
		b.jar.set(u, []*http.Cookie{c}, now)
	}
}

// cookieHeader writes cookies as they came, where net/http would put quotes around values with spaces or commas.
func cookieHeader(cookies []*http.Cookie) string {
	var pairs []string
	for _, c := range cookies {
		value := c.Value
		if c.Quoted {
			value = `"` + value + `"`
		}
		pairs = append(pairs, c.Name+"="+value)
	}
	return strings.Join(pairs, "; ")
}
