// Package forms signs in on any plain HTML pages that nobody wrote an adapter for: it tells what a page wants by the
// structure of its forms, and never by the words of one product.
package forms

import (
	"context"
	"slices"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter for pages that suit no other.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "forms", Title: "Any HTML forms", Generic: true,
		Settings: []idp.Setting{
			{Key: "form", Help: "CSS selector of the login form, where a page has several"},
			{Key: "user_field", Help: "name of the user name's field"},
			{Key: "password_field", Help: "name of the password's field"},
			{Key: "code_field", Help: "name of the code's field"},
			{Key: "button", Help: "name, value or text of the button to press"},
			{Key: "fields", Help: "fixed values of other fields, as in domain=CORP&realm=staff"},
		},
		Steps: []idp.Step{
			{Name: "password", On: is(passwordPage), Do: fillPassword, Tries: 3},
			{Name: "code", On: is(codePage), Do: fillCode, Tries: 3},
			{Name: "user name", On: is(namePage), Do: unlessNamed(fillName)},
			{Name: "one field", On: is(fieldPage), Do: unlessNamed(fillField), Tries: 3},
			{Name: "set-up wanted", On: is(setUpPage), Do: unlessNamed(refuseSetUp), Tries: 3},
			{Name: "choice", On: is(choicePage), Do: choose, Tries: 3},
			{Name: "confirmation", On: is(confirmPage), Do: confirm, Tries: 3},
			{Name: "link onwards", On: is(linkPage), Do: followLink},
		},
	}
}

// kind is what a page wants.
type kind int

const (
	otherPage kind = iota
	passwordPage
	codePage
	namePage
	fieldPage
	setUpPage
	choicePage
	confirmPage
	linkPage
)

func is(k kind) func(*web.Page) bool {
	return func(p *web.Page) bool { return classify(p) == k }
}

// classify names the one thing that a page wants, so that no page suits two steps.
func classify(p *web.Page) kind {
	if p.Has(unsolvable) {
		return otherPage
	}
	wants := formKind(p)
	switch wants {
	case passwordPage, codePage:
		return wants
	case otherPage:
	default: // a name, a number, something new: perhaps only for those who have the time
		if skip(p) != nil {
			return confirmPage
		}
		return wants
	}
	switch {
	case len(choices(p)) > 1:
		return choicePage
	case confirmation(p) != nil:
		return confirmPage
	case onwards(p) != nil:
		return linkPage
	}
	return otherPage
}

// unsolvable marks captchas that only scripts can show.
const unsolvable = `.g-recaptcha, .h-captcha, .cf-turnstile, iframe[src*="recaptcha"], iframe[src*="hcaptcha"]`

// formKind tells what a page's main form wants; otherPage where it has none.
func formKind(p *web.Page) kind {
	f := mainForm(p)
	switch {
	case f == nil && slices.ContainsFunc(formsOf(p), wantsNewPassword), f != nil && wantsNewPassword(f):
		return setUpPage
	case f == nil:
		return otherPage
	case len(passwordFields(f)) == 1:
		return passwordPage
	case p.Has(enrolment):
		return setUpPage
	case codeField(f) != nil:
		return codePage
	case userField(f) != nil:
		return namePage
	}
	return fieldPage
}

// enrolment marks pages on which an authenticator is set up: the code that they want is of a secret that they show.
const enrolment = `a[href^="otpauth:" i], img[src*="qr" i]:not([src^="data:"]), img[alt*="qr" i], img[id*="qr" i], img[class*="qr" i], canvas[id*="qr" i], [id=qrcode i]`

func wantsNewPassword(f *web.Form) bool { return len(passwordFields(f)) > 1 }

func refuseSetUp(_ context.Context, s *idp.Session) error {
	switch {
	case !s.Given():
		return s.Unknown("it is a form for a new account or a new password")
	case s.Page().Has(enrolment):
		return s.Refuse(idp.Blocked, "h1, h2, legend", "a second factor must be set up first; sign in once with a browser")
	}
	return s.Refuse(idp.PasswordExpired, "h1, h2, legend", "a new password must be set first; sign in once with a browser")
}
