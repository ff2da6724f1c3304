package hostile

import "net/http"

// statuses are stories of servers that only ever say one thing.
func statuses() []Story {
	const year = "31536000"
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", year)
			w.WriteHeader(code)
		}
	}
	return []Story{
		{Name: "500 always", Code: 8, Requests: 1, Serve: status(500)},
		{Name: "502 always", Code: 8, Requests: 4, Serve: status(502)},
		{Name: "503 always", Code: 8, Requests: 4, Serve: status(503)},
		{Name: "504 always", Code: 8, Requests: 4, Serve: status(504)},
		{Name: "503 behind the password", Code: 8, Requests: 2, Serve: signedIn(status(503))},
		{Name: "502 behind a redirect of the password", Code: 8, Requests: 5 + 1, Serve: signedIn(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/in" {
				redirect(302, "/there")(w, r)
				return
			}
			status(502)(w, r)
		})},
		{Name: "429 for a year", Code: 4, Requests: 1, Serve: status(429)},
		{Name: "429 for a year behind the password", Code: 4, Requests: 2, Serve: signedIn(status(429))},
		{Name: "503 for a refresh of a year", Code: 8, Requests: 4, Serve: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Refresh", year)
			status(503)(w, r)
		}},
		{Name: "a refresh in a year", Code: 5, Serve: shows(`<meta http-equiv="refresh" content="` + year + `; url=/next">`)},
		{Name: "a redirect to nowhere", Code: 5, Requests: 1, Serve: redirect(302, "https://%00/")},
		{Name: "300 and a location", Code: 5, Requests: 1, Serve: redirect(300, "https://"+evil+"/")},
		{Name: "status 999", Code: 8, Requests: 1, Serve: says("HTTP/1.1 999 \x1b[2J\r\nContent-Length: 0\r\n\r\n")},
	}
}
