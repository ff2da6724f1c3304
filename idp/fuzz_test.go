package idp

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp/web"
)

// FuzzLeads takes any page, and any Refresh header: where it leads by itself is an address on its way, and not one that ends
// the session.
func FuzzLeads(f *testing.F) {
	for _, seed := range []struct{ header, body string }{
		{"5; url='/next'", `<meta http-equiv=refresh content="0;URL=/a">`},
		{"", `<script>window.location.replace("\x2fa\u0062")</script>`},
		{"", "<script>\nif (top != self)\n top.location = self.location;\nlocation.href = '/x'</script>"},
		{"", `<body onload="javascript:location='/x'"><noscript><meta http-equiv=refresh content=3></noscript>`},
		{"99999999999999999999", "<script id=redirect type=custom> /lemon </script>"},
		{".5,x", "<script>(function(){ `${location = '/no'}`; // }\n/* */ location.assign('/yes') })()</script>"},
		{"0;url=\"", "<script>'\\"},
	} {
		f.Add(seed.header, seed.body)
	}
	f.Fuzz(func(t *testing.T, header, body string) {
		u, _ := url.Parse("https://idp.example.com/login?a=b")
		page := &web.Page{URL: u, Status: http.StatusOK, Body: []byte(body),
			Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Refresh": {header}}}
		for _, found := range []turn{refresh(page), scriptlessRefresh(page), {address: scriptRedirect(page)}} {
			if found.after < 0 || found.after > maxWait {
				t.Errorf("waits for %v", found.after)
			}
			if found.address == "" {
				continue
			}
			to, err := page.Resolve(found.address)
			if err != nil {
				t.Errorf("leads to %q: %v", found.address, err)
			} else if strings.Contains(strings.ToLower(to.Path), "logout") {
				t.Errorf("leads to %s", to)
			}
		}
	})
}

// FuzzRefresh takes any value of a refresh for one.
func FuzzRefresh(f *testing.F) {
	for _, seed := range []string{"5; url='/next'", "0", ".", "1.9.9 , URL = x", ";url=x", "9999999999999999999999;x", "5;url=\"a'b\"c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		seconds, address := parseRefresh(value)
		if seconds < 0 || time.Duration(seconds)*time.Second < 0 || !strings.Contains(value, address) {
			t.Errorf("%q is %d seconds, then %q", value, seconds, address)
		}
	})
}
