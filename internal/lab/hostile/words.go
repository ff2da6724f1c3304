package hostile

import (
	"fmt"
	"net/http"
	"strings"
)

// nasty is text that a terminal or a log would take for more: escapes of both kinds, a line of ours, and a change of direction.
const nasty = "well\x1b[2J\x1b]0;mine\x07\u009b31m\u202eon\u2066\u200f\r\nsamlcli: all is well\x00\x7f\v\f"

// words are stories of what a provider says in words.
func words() []Story {
	long := strings.Repeat("on and on ", 100_000)
	form := `<form method="post" action="/in"><input type="hidden" name="%[1]s" value="%[1]s"><label>%[1]s <input name="user" placeholder="%[1]s"></label>` +
		`<label>%[1]s <input type="password" name="password"></label><button value="%[1]s">%[1]s</button></form>`
	var stories []Story
	for name, text := range map[string]string{"nasty": nasty, "without end": long} {
		say := func(what string, code int, serve http.HandlerFunc) {
			stories = append(stories, Story{Name: what + " " + name, Code: code, Serve: serve})
		}
		fill := func(markup string) http.HandlerFunc { return shows(strings.ReplaceAll(markup, "%[1]s", text)) }
		say("a title", 5, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, "<title>%s</title><h1>%[1]s</h1><p>%[1]s", text)
		})
		say("a form", 4, fill(`<p class="error">%[1]s</p>`+form))
		say("a refusal", 4, signedIn(fill(`<div role="alert">%[1]s</div>`+form)))
		say("a refusal in plain text", 4, signedIn(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			w.WriteHeader(403)
			fmt.Fprint(w, text)
		}))
		say("a refusal in JSON", 4, signedIn(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(403)
			fmt.Fprintf(w, `{"message":%q}`, strings.ToValidUTF8(text, ""))
		}))
		say("a code", 3, signedIn(fill(`<h1>%[1]s</h1><form method="post"><label for="c">%[1]s</label><input id="c" name="code" autocomplete="one-time-code" placeholder="%[1]s"><button>%[1]s</button></form>`)))
		say("a choice", 3, signedIn(fill(`<h1>%[1]s</h1><form method="post"><button name="m" value="totp">%[1]s app</button><button name="m" value="sms">%[1]s text message</button></form>`)))
		say("a select", 3, signedIn(fill(`<form method="post"><label>%[1]s<select name="%[1]s" required><option value="">-</option><option>%[1]s 1</option><option>%[1]s 2</option></select></label><button>%[1]s</button></form>`)))
		say("terms", 3, signedIn(fill(`<h1>Terms of use: %[1]s</h1><form method="post" id="terms"><input type="checkbox" name="agree" required><button>Accept %[1]s</button></form>`)))
		say("a notice", 4, signedIn(fill(`<h1>%[1]s</h1><form method="post" action="/in"><button name="ok">Continue %[1]s</button></form>`)))
		say("an address", 5, redirectOnce("/"+pathEscaped(text[:min(len(text), 100_000)])))
		say("a host", 8, redirect(302, "https://"+strings.ReplaceAll(strings.ReplaceAll(text[:min(len(text), 100_000)], " ", "-"), "\r\n", "-")+".example.com/"))
	}
	return stories
}

// redirectOnce leads from / to another page of the host, where there is nothing.
func redirectOnce(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" {
			redirect(302, to)(w, r)
			return
		}
		page(w, "nothing")
	}
}

func pathEscaped(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}
