package idp

import (
	"bytes"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/plain"
)

// unknown describes the current page, or the start where there is none yet.
func (w *walk) unknown(reason string) *UnknownPageError {
	page := w.s.Page()
	if page == nil {
		return &UnknownPageError{Host: w.host(), Reason: reason}
	}
	e := &UnknownPageError{Status: page.Status, Host: page.Host(), Path: web.Path(page.URL), Title: page.Title(), Reason: reason}
	forms := page.Forms()
	for _, f := range forms[:min(len(forms), 5)] {
		e.Forms = append(e.Forms, outline(f))
	}
	return e
}

// outline names a form and its first fields.
func outline(f *web.Form) string {
	name := f.Attr("id")
	if name == "" {
		name = f.Attr("name")
	}
	var fields []string
	for _, x := range f.Fields[:min(len(f.Fields), 30)] {
		if x.Name != "" && !slices.Contains(fields, x.Name) {
			fields = append(fields, x.Name)
		}
	}
	return plain.Short(name+"("+strings.Join(fields, ", ")+")", 200)
}

// reason says why a page looks as if it could not be walked.
func reason(page *web.Page) string {
	switch {
	case page.Status == 404:
		return "the provider does not know this address"
	case page.Status >= 400:
		return "the provider answers with an error"
	case len(bytes.TrimSpace(page.Body)) == 0:
		return "it is empty"
	case page.Has(captchaMarks):
		return "it wants a captcha solved"
	case page.IsJSON():
		return "it is JSON, not a page"
	case !page.Has("head > *, body > *") && page.Text("body") == "":
		return "it is not HTML"
	case page.Has(challengeMarks):
		return "it checks for a browser before it shows anything"
	case application(page):
		return "it is a JavaScript application"
	case page.Has("input[type=password]:not([name]), input[type=password][name='']"):
		return "a script reads its fields, which have no names"
	case page.Has("input[type=password]"):
		return "its form cannot be told"
	}
	return "there is nothing to fill in and nothing that leads on"
}

const (
	captchaMarks = `.g-recaptcha, .h-captcha, .cf-turnstile, [name*=captcha i], [id*=captcha i], [src*="recaptcha"], [src*="hcaptcha"]`
	// Cloudflare, Akamai, Imperva and F5 put these before a page that they guard.
	challengeMarks = `#cf-challenge, [id^=cf-chl], script[src*="/cdn-cgi/challenge-platform"], script[src*="_Incapsula_Resource"], script[src*="/TSPD/"]`
)

// needsScript reports whether only a script could go on from a page: one that shows nothing, or a check of the browser.
func needsScript(page *web.Page) bool {
	return page.Has(captchaMarks+","+challengeMarks) || application(page) && page.Text("body") == ""
}

// application reports whether a page leaves everything to its scripts.
func application(page *web.Page) bool {
	if !page.Has("script") {
		return false
	}
	return len(page.Forms()) == 0 || page.Has("#root:empty, #app:empty, app-root, #okta-sign-in")
}
