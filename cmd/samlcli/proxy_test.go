package main

import (
	"net/url"
	"testing"
)

func TestExcepts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule, address string
		want          bool
	}{
		{"*", "https://idp.example.com", true},
		{"example.com", "https://example.com", true},
		{"example.com", "https://IDP.example.com.", true},
		{"example.com", "https://badexample.com", false},
		{".example.com", "https://idp.example.com", true},
		{".example.com", "https://example.com", false},
		{"*.example.com", "https://idp.example.com", true},
		{"*.example.com", "https://example.com", false},
		{"example.com:8443", "https://idp.example.com:8443", true},
		{"example.com:8443", "https://idp.example.com", false},
		{"example.com:443", "https://idp.example.com", true},
		{"example.com:80", "http://idp.example.com", true},
		{"10.0.0.0/8", "https://10.1.2.3", true},
		{"10.0.0.0/8", "https://11.1.2.3", false},
		{"10.0.0.0/8", "https://idp.example.com", false},
		{"10.1.2.3", "https://10.1.2.3:8443", true},
		{"[2001:db8::1]:8443", "https://[2001:db8::1]:8443", true},
		{"2001:db8::/32", "https://[2001:db8::1]", true},
		{"", "https://idp.example.com", false},
		{":443", "https://idp.example.com", false},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if got := excepts(c.rule, u); got != c.want {
			t.Errorf("excepts(%q, %s) = %v", c.rule, c.address, got)
		}
	}
}
