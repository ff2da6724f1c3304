// Package broker is a small credentials broker for tests: whoever opens it is signed in, and its page sends the browser to the
// program's address with credentials, in one of the ways that brokers have.
package broker

import (
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
)

// The ways in which a broker sends credentials.
const (
	Redirect = "redirect" // in the address
	Form     = "form"     // a form that a script submits
	JSON     = "json"     // a script that sends JSON
)

// Broker answers at every path.
type Broker struct {
	Way    string            // one of the above
	Fields map[string]string // what it sends; never another callback's
}

// ServeHTTP sends the credentials to the callback that the address names, which must be on the person's own machine.
func (b *Broker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	to, err := url.Parse(r.URL.Query().Get("callback_uri"))
	if err != nil || to.Scheme != "http" || to.Hostname() != "localhost" || to.Port() == "" {
		http.Error(w, "callback_uri must be an address of this machine", http.StatusBadRequest)
		return
	}
	switch b.Way {
	case Redirect:
		q := to.Query()
		for name, value := range b.Fields {
			q.Set(name, value)
		}
		to.RawQuery = q.Encode()
		http.Redirect(w, r, to.String(), http.StatusFound)
	case Form:
		var inputs strings.Builder
		for name, value := range b.Fields {
			fmt.Fprintf(&inputs, "<input type=hidden name=%q value=%q>", html.EscapeString(name), html.EscapeString(value))
		}
		page(w, fmt.Sprintf("<form method=post action=%q>%s</form><script>document.forms[0].submit()</script>", html.EscapeString(to.String()), inputs.String()))
	case JSON:
		var members []string
		for name, value := range b.Fields {
			members = append(members, fmt.Sprintf("%q:%q", name, value))
		}
		page(w, fmt.Sprintf("<p>…</p><script>fetch(%q,{method:'POST',headers:{'Content-Type':'application/json'},body:JSON.stringify({credentials:{%s}})}).then(r=>document.querySelector('p').textContent='Sent: '+r.status)</script>",
			to.String(), strings.Join(members, ",")))
	}
}

func page(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, "<!DOCTYPE html><title>Broker</title>%s\n", body)
}
