package idp

import (
	"cmp"
	"fmt"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/plain"
)

// genericRefusal finds the words of a refusal on pages that no adapter owns.
const genericRefusal = `[role=alert], .alert-danger, .alert-error, .alert, .error, .errors, .form-error, .error-message, .message-error, ` +
	`.message-box.error, .login-error, .kc-feedback-text, [id^=input-error], #errorText, #error, #error-message, .errorMessage, font[color=red]`

// refusal returns the provider's own words on the current page, as one safe line; "" where it has none.
func (w *walk) refusal() string {
	page := w.s.Page()
	if page == nil {
		return ""
	}
	if w.adapter.Refusal != "" {
		if words := page.Text(w.adapter.Refusal); words != "" {
			return plain.Short(words, 300)
		}
	}
	if words := w.complaint(page); words != "" {
		return plain.Short(words, 300)
	}
	return cmp.Or(w.words, w.heard)
}

// hear notes words of a refusal on a page that is passed on the way back to where something is asked.
func (w *walk) hear(page *web.Page) {
	if words := first(page.Texts(genericRefusal)); words != "" && w.last != "" {
		w.heard = plain.Short(words, 300)
	}
}

// complaint finds words that look like a refusal: news in a place for errors, news, or anything in such a place.
func (w *walk) complaint(page *web.Page) string {
	marked := page.Texts(genericRefusal)
	for _, words := range slices.Concat(marked, w.news) {
		if slices.ContainsFunc(w.news, func(news string) bool { return strings.Contains(words, news) }) {
			return words
		}
	}
	return first(marked)
}

func first(all []string) string {
	for _, s := range all {
		return s
	}
	return ""
}

// listen notes what a page says that the first page of the same step did not.
func (w *walk) listen(at string, page *web.Page) {
	says := page.Sentences()
	w.news = nil
	if before, seen := w.said[at]; seen {
		w.news = slices.DeleteFunc(says, func(words string) bool { return slices.Contains(before, words) })
		return
	}
	w.said[at] = says
}

// parting returns what a page says that leads nowhere: all but its links where that is little, else its heading.
func parting(page *web.Page) string {
	if !page.Has("body *") {
		return plain.Short(unmarked(page), 300)
	}
	links := page.Texts("a")
	spoken := slices.DeleteFunc(page.Sentences(), func(words string) bool { return slices.Contains(links, words) })
	if says := strings.Join(spoken, " "); utf8.RuneCountInString(says) <= 200 {
		return says
	}
	return first(page.Texts("h1, h2, h3"))
}

// unmarked returns what an answer says that is no HTML: plain text, or the message in a JSON object.
func unmarked(page *web.Page) string {
	if kind, _, _ := mime.ParseMediaType(page.Header.Get("Content-Type")); kind == "text/plain" {
		return string(page.Body[:min(len(page.Body), 1000)])
	}
	said := page.JSON()
	for _, path := range [][]string{{"message"}, {"error", "message"}, {"error_description"}, {"errorMessage"}, {"detail"}, {"msg"}, {"error"}} {
		if words, _ := said.At(path...).Raw().(string); words != "" {
			return words
		}
	}
	return ""
}

// refused is the refusal of the last answer of a kind.
func (w *walk) refused(kind Kind) *RefusedError {
	message, refusal := "the same page came back", Blocked
	switch kind {
	case Password:
		message, refusal = "wrong user name or password", BadCredentials
	case Code, Answer:
		message, refusal = "the code was not accepted", MFAFailed
	case elsewhere:
		message, refusal = "the second factor was not accepted", MFAFailed
	case Captcha:
		message, refusal = "the captcha was not accepted", CaptchaRefused
	}
	if words := w.refusal(); words != "" {
		message = words
	}
	return &RefusedError{Step: w.step, Kind: refusal, Host: w.host(), Message: message}
}

func (w *walk) denied(page *web.Page) *RefusedError {
	refusal := w.refused(w.last)
	if w.last == "" || page.Status == 429 {
		refusal.Kind = Blocked
		if w.refusal() == "" {
			refusal.Message = fmt.Sprintf("it answers with status %d", page.Status)
		}
		return refusal
	}
	if words := parting(page); w.refusal() == "" && words != "" {
		refusal.Message = words
	}
	return refusal
}

// leadsNowhere says what became of the sign-in when the start address, opened again, asks for the same once more: the
// answer before was refused, or was followed by a page that needs a script.
func (w *walk) leadsNowhere() error {
	if w.words == "" && w.shell != nil {
		return w.shell
	}
	refused := w.refused(w.last)
	if w.refusal() == "" && w.parting != "" {
		refused.Message = plain.Short(w.parting, 300)
	}
	return refused
}
