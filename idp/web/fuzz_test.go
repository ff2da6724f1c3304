package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/publicsuffix"
)

// FuzzRedirects takes any answer to every request: the browser comes to an end soon, asks only where it may, sends a cookie
// to nobody but its site, and finds its cookies again after they were kept.
func FuzzRedirects(f *testing.F) {
	for _, seed := range []struct {
		status                uint16
		location, set, cookie string
	}{
		{302, "/next", "a=1; Path=/; Secure", "b=2; Domain=example.com; Max-Age=60"},
		{307, "//evil.example/?q", "__Host-a=\"1 2\"; Path=/; Secure", "a=; Max-Age=-1"},
		{503, "", "a=1; Domain=com", "a=1; Domain=.idp.example.com; Expires=Thu, 01 Jan 1970 00:00:00 GMT"},
		{303, "http://idp.example.com/", "a", "=1"},
		{301, "https://169.254.169.254/", "a=1; Path=x; Max-Age=99999999999", "ü=ü; SameSite=None"},
		{200, "javascript:alert(1)", "a=1; Expires=Fri, 31 Dec 9999 23:59:59 GMT", "a=1;;;"},
	} {
		f.Add(seed.status, seed.location, seed.set, seed.cookie)
	}
	f.Fuzz(func(t *testing.T, status uint16, location, set, cookie string) {
		synctest.Test(t, func(t *testing.T) {
			sites := map[string]bool{} // that may have set a cookie
			s := &site{answer: func(r *http.Request) (*http.Response, error) {
				if r.URL.Scheme != "https" || linkLocal(r.URL) {
					t.Errorf("asks %s", r.URL)
				}
				if sent := r.Header.Get("Cookie"); strings.ContainsAny(sent, "\r\n\x00") || sent != "" && !sites[siteOf(r.URL)] {
					t.Errorf("sends %s the cookies %q", r.URL, sent)
				}
				sites[siteOf(r.URL)] = true
				return reply(100+int(status)%500, http.Header{"Location": {location}, "Set-Cookie": {set, cookie}}, ""), nil
			}}
			b := New(Options{Transport: s, Now: time.Now})
			_ = b.Open(t.Context(), "https://idp.example.com/login")
			if most := (maxRedirects + 1) * (maxRetries + 1); len(s.seen) > most {
				t.Errorf("%d requests", len(s.seen))
			}
			keepsCookies(t, b)
		})
	})
}

func siteOf(u *url.URL) string {
	site, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(u.Hostname()))
	if err != nil {
		return Host(u)
	}
	return site
}

func keepsCookies(t *testing.T, b *Browser) {
	t.Helper()
	again := New(Options{Now: time.Now})
	again.TakeCookies(b.Cookies())
	for _, path := range []string{"/", "/login", "/next/page"} {
		u := &url.URL{Scheme: "https", Host: "idp.example.com", Path: path}
		was, is := b.jar.Cookies(u), again.jar.Cookies(u)
		if len(was) != len(is) || sortedCookies(was) != sortedCookies(is) {
			t.Errorf("%s: cookies %q, kept %q", u, was, is)
		}
	}
}

// sortedCookies are cookies as they are sent, in any order: those of one moment have none.
func sortedCookies(cookies []*http.Cookie) string {
	parts := strings.Split(cookieHeader(cookies), "; ")
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}
