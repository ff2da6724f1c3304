package web

import (
	"maps"
	"net/http"
	"strings"
)

func redirects(status int) bool {
	switch status {
	case 301, 302, 303, 307, 308:
		return true
	}
	return false
}

// redirected is the request that follows an answer with that status: what the Fetch standard's "HTTP-redirect fetch"
// says, but that another host gets no header that was meant for the one before.
func redirected(r Request, status int, sameHost bool) Request {
	header := r.Header.Clone()
	drop := func(unwanted func(name string) bool) {
		maps.DeleteFunc(header, func(name string, _ []string) bool { return unwanted(name) })
	}
	isContent := func(name string) bool { return strings.HasPrefix(name, "Content-") }
	if word, _, _ := strings.Cut(header.Get("Authorization"), " "); word == "NTLM" || word == "Negotiate" {
		header.Del("Authorization") // it was for the connection, which has it
	}
	if !sameHost {
		drop(func(name string) bool { return !isContent(name) && !strings.HasPrefix(name, "Accept") })
	}
	toGET := status == 303 && r.Method != http.MethodHead || (status == 301 || status == 302) && r.Method == http.MethodPost
	if !toGET {
		return Request{Method: r.Method, Header: header, Body: r.Body}
	}
	drop(isContent)
	return Request{Method: http.MethodGet, Header: header}
}
