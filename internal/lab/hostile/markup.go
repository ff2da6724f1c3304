package hostile

import (
	"net/http"
	"strings"
	"unicode/utf16"
)

const million = 1_000_000

// markup are stories of pages that cost more to read than to send.
func markup() []Story {
	many := func(name, before, each, after string) Story {
		return Story{Name: "8 MB of " + name, Code: 5, Serve: func(w http.ResponseWriter, _ *http.Request) {
			page(w, before+strings.Repeat(each, 8_000_000/len(each))+after)
		}}
	}
	as := func(name, contentType string, body string, code int) Story {
		return Story{Name: name, Code: code, Serve: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write([]byte(body))
		}}
	}
	login := `<form method="post" action="/in"><input name="user"><input type="password" name="password"><button>Sign in</button></form>`
	return []Story{
		many("elements deep", "", "<b>", ""),
		many("boxes deep", "", "<div>", ""),
		many("forms", "", "<form>", ""),
		many("inputs", "<form method=post>", "<input name=a>", "</form>"),
		many("options", "<form method=post><select name=a>", "<option>", "</select></form>"),
		many("different attributes", "<form ", "a=b c1=d ", "><input type=password></form>"),
		many("formats", "", "<p><b><i><u><font>", ""),
		many("links", "", `<a href="?">x</a>`, ""),
		many("scripts", "", "<script></script>", ""),
		many("braces", "<script>", "{", "</script>"),
		many("statements", "<script>", "location=x;", "</script>"),
		many("quotes", "<script>location=", `"\`, "</script>"),
		many("comments", "", "<!-- -->", ""),
		many("classes", `<p class="`, "error ", `">no</p>`),
		many("errors", "", `<p class=error>no</p>`, ""),
		as("JSON a million deep", "application/json", strings.Repeat("[", 8*million), 5),
		as("JSON objects a million deep", "application/json", strings.Repeat(`{"a":`, million), 5),
		as("JSON of a million objects", "application/json", `{"a":[`+strings.Repeat(`{"b":1},`, million)+`0]}`, 5),
		as("a page that says it is JSON", "application/json", login, 5),
		as("JSON that says it is a page", "text/html", `{"stateToken":"x"}`, 5),
		as("a page that says it is a picture", "image/png", login, 5),
		as("a picture that says it is a page", "text/html", "\x89PNG\r\n\x1a\n"+strings.Repeat("\x00\xff", 1000), 5),
		as("a content type that is none", ";;;=\"", strings.Repeat("\x00", 1000), 5),
		as("UTF-16", "text/html; charset=utf-16le", "\xff\xfe"+utf16le("<p>nothing</p>"), 5),
		as("half of UTF-16", "text/html; charset=utf-16be", strings.Repeat("\xd8", 8*million-1), 5),
		as("UTF-7", "text/html; charset=utf-7", "+ADw-form method=post+AD4-+ADw-input type=password+AD4-", 5),
		as("a character set that is none", "text/html; charset="+strings.Repeat("x", 10_000), "<p>nothing", 5),
	}
}

func utf16le(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		b.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	return b.String()
}
