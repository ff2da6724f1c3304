package google

import (
	"context"
	"errors"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

func fillIdentifier(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page())
	if err := setIdentifier(ctx, s, f); err != nil {
		return err
	}
	return s.Submit(ctx, ready(f))
}

// setIdentifier fills in the user name. It is never sent twice: a page that asks again does not know it.
func setIdentifier(ctx context.Context, s *idp.Session, f *web.Form) error {
	field := identifierField(f)
	if field == nil {
		return s.Unknown("there is no place for the user name beside the captcha")
	}
	user, err := s.Username(ctx)
	if err != nil {
		return err
	}
	words := complaint(s.Page())
	if s.Notes[identifierSent] != "" && captchaField(f) == nil && (words != "" || !s.Given()) { // beside a captcha they may be of that
		return refuse(s, idp.BadCredentials, "Google does not know "+user, words)
	}
	s.Notes[identifierSent] = "yes"
	field.Set(user)
	if f.Field("PersistentCookie") != nil {
		f.Set("PersistentCookie", "yes")
	}
	return nil
}

func fillPassword(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page())
	if err := setPassword(ctx, s, f); err != nil {
		return err
	}
	delete(s.Notes, captchaAnswered)
	return s.Submit(ctx, trusted(ready(f)))
}

func setPassword(ctx context.Context, s *idp.Session, f *web.Form) error {
	user := s.Account.Username
	if field := identifierField(f); user == "" && field != nil {
		user = field.Value
	}
	password, err := password(ctx, s, f)
	if refused := (*idp.RefusedError)(nil); errors.As(err, &refused) && refused.Kind == idp.BadCredentials {
		return refuse(s, idp.BadCredentials, "Google refused the password for "+user, complaint(s.Page()))
	}
	if err != nil {
		return err
	}
	if f.Is("#gaia_loginform") {
		f.Set("Email", user)
	}
	f.Set("Passwd", password)
	return nil
}

// password returns the one that was given before where Google did not refuse it but put a captcha in between.
func password(ctx context.Context, s *idp.Session, f *web.Form) (string, error) {
	between := captchaField(f) != nil || s.Notes[captchaAnswered] != ""
	if given := s.Notes[passwordGiven]; given != "" && between && complaint(s.Page()) == "" {
		return given, nil
	}
	answer, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password})
	if err == nil {
		s.Notes[passwordGiven] = answer
	}
	return answer, err
}

// ready says what a script would have said and presses the button that leads on.
func ready(f *web.Form) *web.Form {
	f.Set("bgresponse", "js_enabled")
	return pressNext(f)
}

func pressNext(f *web.Form) *web.Form {
	switch {
	case press(f, "action", "1"), press(f, "signIn", ""):
	case isV3(f):
		f.Set("action", "1")
	}
	return f
}

// press presses the button of that name and value; any value where that is empty.
func press(f *web.Form, name, value string) bool {
	for _, button := range f.Buttons() {
		if button.Name == name && (value == "" || button.Value == value) {
			f.Press(button)
			return true
		}
	}
	return false
}

// trusted asks not to be asked for a second factor on this device again. Generation A has no such field.
func trusted(f *web.Form) *web.Form {
	field := f.Field("TrustDevice")
	switch {
	case field != nil && field.Type == "checkbox":
		field.On = true
	case isV3(f):
		f.Set("TrustDevice", "true")
	case !f.Is("#gaia_loginform"):
		f.Set("TrustDevice", "on")
	}
	return f
}

func isV3(f *web.Form) bool {
	action, err := f.Action()
	return err == nil && strings.HasPrefix(action.Path, "/v3/")
}

const (
	maxCaptchas  = 3
	captchaImage = `#captchaimg[src], .captcha-img img[src], #identifier-captcha img[src]`
)

// captchaField returns the field for a captcha's text: ca in generation C, the others on A's two pages.
func captchaField(f *web.Form) *web.Field {
	for _, name := range [...]string{"ca", "identifier-captcha-input", "logincaptcha"} {
		if field := f.Field(name); field != nil {
			return field
		}
	}
	return nil
}

// answerCaptcha has a person read the image. Its form is the user name's or the password's, filled in as ever.
func answerCaptcha(ctx context.Context, s *idp.Session) error {
	if len(s.Notes[captchas]) == maxCaptchas {
		return refuse(s, idp.CaptchaRefused, "Google asks for a captcha again and again; "+captchaAdvice, "")
	}
	f := mainForm(s.Page())
	answer, err := s.Captcha(ctx, s.Page().Attr(captchaImage, "src"))
	if err != nil {
		return err
	}
	captchaField(f).Set(answer)
	for _, name := range [...]string{"identifier", "login"} { // what A's script copies
		if token := s.Page().Attr("#"+name+"-token", "value"); token != "" {
			f.Set(name+"token", token).Set(name+"token_audio", "")
		}
	}
	if isPassword(f, formKind(f, "")) {
		err, f = setPassword(ctx, s, f), trusted(f)
	} else {
		err = setIdentifier(ctx, s, f)
	}
	if err != nil {
		return err
	}
	s.Notes[captchas] += "x"
	s.Notes[captchaAnswered] = "yes"
	return s.Submit(ctx, ready(f))
}

// chooseAccount takes the account's own entry, else the way to any other.
func chooseAccount(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	user, err := s.Username(ctx)
	if err != nil {
		return err
	}
	for _, f := range p.Forms() {
		f = f.Copy()
		for _, button := range f.Buttons() {
			if strings.EqualFold(button.Value, user) || strings.EqualFold(button.Attr("data-identifier"), user) {
				return s.Submit(ctx, f.Press(button))
			}
		}
	}
	links := p.Find("a[href]")
	own := links.FilterFunction(func(_ int, link *goquery.Selection) bool {
		of := link.AttrOr("data-identifier", link.Find("[data-identifier]").AttrOr("data-identifier", ""))
		return strings.EqualFold(of, user) || strings.Contains(strings.ToLower(web.Words(link)), strings.ToLower(user))
	})
	if own.Length() == 0 {
		own = links.Filter(`[href*="/AddSession"], [href*="/signin/identifier"], [href*="/ServiceLogin"]`)
	}
	address, err := p.Resolve(own.AttrOr("href", ""))
	if err != nil || own.Length() == 0 {
		return s.Unknown("it lists accounts, and none is " + user)
	}
	return s.Open(ctx, address.String())
}
