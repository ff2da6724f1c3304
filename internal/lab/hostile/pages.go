package hostile

import (
	"fmt"
	"html"
	"io"
	"net/http"
)

// loginForm is a page that asks for name and password and sends them to an address.
func loginForm(w http.ResponseWriter, action string) {
	page(w, fmt.Sprintf(`<h1>Sign in</h1><form method="post" action="%s"><input name="user"><input type="password" name="password"><button>Sign in</button></form>`,
		html.EscapeString(action)))
}

func page(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, "<!DOCTYPE html><title>A page</title><body>"+body)
}

// signedIn shows the login form first and does what the story does once it was sent.
func signedIn(then http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Host == Host && r.URL.Path == "/" {
			loginForm(w, "/in")
			return
		}
		then(w, r)
	}
}

// redirect answers with a status and an address.
func redirect(status int, to string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(status)
	}
}

// shows answers with one page.
func shows(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { page(w, body) }
}

// atHost tells one story at one host, and another everywhere else.
func atHost(host string, here, elsewhere http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Host == host {
			here(w, r)
			return
		}
		elsewhere(w, r)
	}
}
