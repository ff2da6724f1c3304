package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestConsole(t *testing.T) {
	w := asBob(t)
	real := w.without("")
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host != "signin.aws.amazon.com" {
			return real.RoundTrip(r)
		}
		return page(r, 200, `{"SigninToken":"token-1"}`)
	})
	if r := w.want(0, "", "console", "--link", "--service", "s3"); !strings.HasPrefix(r.stdout, "https://signin.aws.amazon.com/federation?Action=login") || !strings.Contains(r.stdout, "s3%2Fhome") {
		t.Errorf("got %s", r.stdout)
	}
	opened := w.file("opened", "")
	browser := w.file("browser", "#!/bin/sh\nprintf %s \"$2\" > "+opened+"\n")
	w.want(0, "", "console", "--browser-cmd", "sh '"+browser+"' --new-window", "-v")
	if got := w.read("opened"); !strings.Contains(got, "SigninToken=token-1") {
		t.Errorf("opened %q", got)
	}
	r := w.want(2, "opening the browser", "console", "--browser-cmd", "samlcli-no-such-browser")
	if strings.Contains(r.stderr, "token-1") {
		t.Errorf("the address is shown: %s", r.stderr)
	}
}
