package idp

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/internal/plain"
)

// handOn notes an error that a request hands on to the service, which is how some providers say no. Where the walk ends
// without another answer, that was why.
func (w *walk) handOn(req *http.Request, body []byte) {
	if words := handedOn(req, body); words != "" {
		w.heard = plain.Short(words, 300)
		w.handed = &RefusedError{Step: w.step, Kind: Blocked, Host: w.host(), Message: w.heard}
	}
}

// handedOn returns the error_description (OAuth 2.0, RFC 6749, section 4.1.2.1) in an address, behind it, or in a form.
func handedOn(req *http.Request, body []byte) string {
	for _, encoded := range []string{req.URL.RawQuery, req.URL.EscapedFragment(), string(body)} {
		if !strings.Contains(encoded, "error_description=") {
			continue
		}
		if values, _ := url.ParseQuery(encoded); values.Get("error_description") != "" {
			return values.Get("error_description")
		}
	}
	return ""
}
