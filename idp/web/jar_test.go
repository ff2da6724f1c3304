package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp/web"
)

// A second browser that takes the cookies of the first sends what the first would send by then.
func TestTakeCookies(t *testing.T) {
	t.Parallel()
	var sent []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent = append(sent, r.URL.Path+": "+r.Header.Get("Cookie"))
		if r.URL.Path != "/login/form" || len(sent) > 2 {
			return
		}
		for _, line := range []string{
			"session=1", "root=2; Path=/; HttpOnly", "hour=3; Path=/; Max-Age=3600", "week=4; Path=/; Max-Age=604800",
			`quoted="5 5"; Path=/`, "gone=6; Path=/; Max-Age=0", "old=7; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "root=8; Path=/",
			"secure=9; Path=/; Secure", "elsewhere=10; Domain=example.com",
		} {
			w.Header().Add("Set-Cookie", line)
		}
	}))
	defer server.Close()
	now := time.Now()
	first := web.New(web.Options{Transport: &http.Transport{}, Now: func() time.Time { return now }})
	for _, path := range []string{"/", "/login/form", "/login/form"} {
		if err := first.Open(t.Context(), server.URL+path); err != nil {
			t.Fatal(err)
		}
	}
	now = now.Add(2 * time.Hour)
	second := web.New(web.Options{Transport: &http.Transport{}, Now: func() time.Time { return now }})
	second.TakeCookies(append(first.Cookies(), web.Cookie{URL: ":", Line: "a=b"}, web.Cookie{URL: server.URL, Line: ""}))
	for _, path := range []string{"/login/form", "/"} {
		if err := second.Open(t.Context(), server.URL+path); err != nil {
			t.Fatal(err)
		}
	}
	if len(second.Cookies()) == 0 || len(second.Cookies()) != len(first.Cookies())-1 {
		t.Errorf("%d cookies of %d", len(second.Cookies()), len(first.Cookies()))
	}
	want := []string{
		"/: ", "/login/form: ", `/login/form: session=1; hour=3; quoted="5 5"; root=8; secure=9; week=4`,
		`/login/form: session=1; quoted="5 5"; root=8; secure=9; week=4`, `/: quoted="5 5"; root=8; secure=9; week=4`,
	}
	for i := range want {
		if got := sorted(sent[i]); got != sorted(want[i]) {
			t.Errorf("request %d: %q, want %q", i, got, want[i])
		}
	}
}

func sorted(line string) string {
	path, cookies, _ := strings.Cut(line, ": ")
	pairs := strings.Split(cookies, "; ")
	for i := range pairs {
		for j := range pairs[:i] {
			if pairs[i] < pairs[j] {
				pairs[i], pairs[j] = pairs[j], pairs[i]
			}
		}
	}
	return path + ": " + strings.Join(pairs, "; ")
}
