package hostile

import (
	"fmt"
	"net/http"
	"strings"
)

// cookies are stories of cookies that are too many, too large, or for others.
func cookies() []Story {
	set := func(w http.ResponseWriter, lines ...string) {
		for _, line := range lines {
			w.Header().Add("Set-Cookie", line)
		}
	}
	// Another host hears of the cookies that it was given, if there are any.
	then := func(set http.HandlerFunc) http.HandlerFunc {
		return atHost(Host, func(w http.ResponseWriter, r *http.Request) {
			set(w, r)
			redirect(302, "https://"+evil+"/")(w, r)
		}, func(w http.ResponseWriter, r *http.Request) { page(w, "cookies: "+fmt.Sprint(len(r.Cookies()))) })
	}
	given := func(name, domain string) Story {
		return Story{Name: "a cookie for " + name, Code: 5, Hosts: []string{evil}, Quiet: []string{"stolen"}, Serve: then(func(w http.ResponseWriter, _ *http.Request) {
			set(w, "stolen=1; Domain="+domain)
		})}
	}
	return []Story{
		given("another host", evil), given("everybody below com", "com"), given("everybody below net", ".net"), given("the other's domain", "example.net"),
		given("nobody", "*"), given("an address", "127.0.0.1"),
		{Name: "thousands of cookies", Code: 5, Serve: func(w http.ResponseWriter, r *http.Request) {
			for i := range 3000 {
				set(w, fmt.Sprintf("c%s%d=%s; Path=/", strings.ReplaceAll(r.URL.Path, "/", "_"), i, strings.Repeat("x1", 20)))
			}
			redirect(302, r.URL.Path+"x")(w, r)
		}},
		{Name: "cookies of a megabyte", Code: 8, Serve: func(w http.ResponseWriter, r *http.Request) {
			set(w, "large="+strings.Repeat("x", 1<<20))
			redirect(302, "/x")(w, r)
		}},
		{Name: "cookies of half a megabyte, again and again", Code: 5, Serve: func(w http.ResponseWriter, r *http.Request) {
			set(w, "c"+fmt.Sprint(len(r.URL.Path))+"="+strings.Repeat("x", 500<<10)+"; Path=/")
			redirect(302, r.URL.Path+"x")(w, r)
		}},
		{Name: "cookies that are none", Code: 5, Serve: func(w http.ResponseWriter, _ *http.Request) {
			set(w, "", "=", ";", "a b=c\"", "__Host-x=y; Domain=example.com", "a=b; Max-Age=99999999999999999999", "a=b; Expires=never", "a=é")
			page(w, "nothing")
		}},
	}
}
