package web

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// jar is a cookie jar that, as browsers do, takes http on this machine for a secure connection.
type jar struct{ http.CookieJar }

func newJar() jar {
	inner, _ := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List}) // never fails
	return jar{inner}
}

func (j jar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	j.CookieJar.SetCookies(secured(u), cookies)
}

func (j jar) Cookies(u *url.URL) []*http.Cookie { return j.CookieJar.Cookies(secured(u)) }

func secured(u *url.URL) *url.URL {
	if u.Scheme != "http" || !Loopback(u) {
		return u
	}
	s := *u
	s.Scheme = "https"
	return &s
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
