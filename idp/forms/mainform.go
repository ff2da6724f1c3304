package forms

import (
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

const (
	mostForms  = 30  // of a page that are looked at
	mostFields = 150 // of a form that somebody signs in with
	mostLinks  = 100 // of a page that are looked at
)

// formsOf returns the forms of a page that are small enough to be filled by hand.
func formsOf(p *web.Page) []*web.Form {
	all := p.Forms()
	return slices.DeleteFunc(slices.Clone(all[:min(len(all), mostForms)]), func(f *web.Form) bool { return len(f.Fields) > mostFields })
}

// mainForm returns the form of a page that a person would fill in to sign in; nil where there is none.
func mainForm(p *web.Page) *web.Form {
	forms := rivals(p)
	if len(forms) == 0 {
		return nil
	}
	return forms[0]
}

// rivals returns the best login form of a page, and behind it the others that cannot be told from it: a page may have
// one a backend.
func rivals(p *web.Page) []*web.Form {
	var best []*web.Form
	top := 0
	for _, f := range formsOf(p) {
		switch points := score(f); {
		case points <= 0 || points < top:
		case points > top:
			best, top = []*web.Form{f}, points
		case len(passwordFields(f)) > 0:
			best = append(best, f)
		}
	}
	return best
}

// score says how much a form looks like the one to sign in with; nothing to type into is zero.
func score(f *web.Form) int {
	fields := typed(f)
	if len(fields) == 0 && codeField(f) == nil || asksElse(f, fields) {
		return 0
	}
	points := 1 - min(max(len(fields)-2, 0), 3) // a registration wants more than a login
	switch passwords := passwordFields(f); {
	case len(passwords) == 1 && passwords[0].Is("[autocomplete=new-password i]"):
		points += 8
	case len(passwords) == 1:
		points += 10
	case len(passwords) > 1:
		points -= 6
	}
	about := strings.ToLower(f.Attr("id") + " " + f.Attr("name") + " " + f.Attr("class") + " " + path(f.Attr("action")))
	if containsAny(about, "login", "signin", "sign-in", "sign_in", "auth", "sso", "logon", "log-in", "credential") {
		points += 3
	}
	if containsAny(about, "register", "signup", "sign-up", "forgot", "reset", "newsletter", "subscribe", "recover", "createaccount", "feedback") {
		points -= 8
	}
	if userField(f) != nil {
		points += 3
	}
	if codeField(f) != nil {
		points += 5
	}
	if strings.EqualFold(f.Attr("method"), "post") {
		points++
	}
	return points
}

// asksElse reports whether a form that wants no password is there for something else than a sign-in: it searches, or all
// of its buttons lead away.
func asksElse(f *web.Form, fields []*web.Field) bool {
	switch {
	case f.Attr("role") == "search", len(fields) == 1 && looksLikeSearch(fields[0]):
		return true
	case len(passwordFields(f)) > 0:
		return false
	case len(f.Buttons()) > 0 && len(pressable(f)) == 0:
		return true
	}
	return f.Method() == "GET" && userField(f) == nil && codeField(f) == nil
}

func path(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}
