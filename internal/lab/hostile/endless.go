package hostile

import (
	"fmt"
	"net/http"
	"sync/atomic"
)

// endless are stories that do not come to an end by themselves.
func endless() []Story {
	var count atomic.Int64
	next := func() string { return fmt.Sprintf("/%d", count.Add(1)) }
	always := func(name string, answer func(w http.ResponseWriter, next string)) Story {
		return Story{Name: "endless " + name, Code: 5, Serve: func(w http.ResponseWriter, _ *http.Request) { answer(w, next()) }}
	}
	return []Story{
		always("redirects", func(w http.ResponseWriter, next string) { redirect(302, next)(w, nil) }),
		always("refreshes", func(w http.ResponseWriter, next string) {
			page(w, `<meta http-equiv="refresh" content="0; url=`+next+`">`)
		}),
		always("script redirects", func(w http.ResponseWriter, next string) { page(w, `<script>location.href = "`+next+`"</script>`) }),
		always("forms", func(w http.ResponseWriter, next string) {
			page(w, `<form id="f" method="post" action="`+next+`"><input type="hidden" name="a" value="`+next+`"></form><script>f.submit()</script>`)
		}),
		always("buttons", func(w http.ResponseWriter, next string) {
			page(w, `<form method="post" action="`+next+`"><input type="hidden" name="a"><button>Continue `+next+`</button></form>`)
		}),
		always("links", func(w http.ResponseWriter, next string) { page(w, `<a href="`+next+`">Continue</a>`) }),
	}
}
