// Package auth0 signs in with Auth0, on the pages of its New Universal Login, which are forms, and of the Classic one,
// which is a script that posts JSON.
package auth0

import (
	"context"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "auth0", Title: "Auth0",
		Settings: []idp.Setting{{Key: "connection", Help: "name of the connection to sign in with, where there are several"}},
		Owns:     func(p *web.Page) bool { return isPrompt(p) || isClassic(p) },
		SignOut:  idp.SignOutAt("/v2/logout"),
		Refusal:  `[id^="error-element-"], #prompt-alert, [role=alert]`,
		Steps: []idp.Step{
			{Name: "auth0 password", On: isPassword, Do: fillPassword, Tries: 3},
			{Name: "auth0 user name", On: isIdentifier, Do: fillIdentifier, Tries: 3},
			{Name: "auth0 browser probe", On: at("/u/mfa-detect-browser-capabilities"), Do: probe, Tries: 2},
			{Name: "auth0 factors", On: at("/u/mfa-login-options"), Do: chooseFactor, Tries: 3},
			{Name: "auth0 push", On: at("/u/mfa-push-challenge-push"), Do: awaitPush, Tries: 2},
			{Name: "auth0 security key", On: isKey, Do: avoidKey, Tries: 2},
			{Name: "auth0 code", On: isCode, Do: fillCode, Tries: 3},
			{Name: "auth0 how to call", On: isPhone, Do: choosePhone, Tries: 2},
			{Name: "auth0 new recovery code", On: isNewCode, Do: keepNewCode},
			{Name: "auth0 consent", On: at("/u/consent"), Do: consent},
			{Name: "auth0 nag", On: isNag, Do: passNag, Tries: 2},
			{Name: "auth0 wants a browser", On: isBeyond, Do: refuseBeyond},

			{Name: "auth0 classic", On: isClassic, Do: openClassic},
			{Name: "auth0 classic refused", On: isClassicError, Do: classicAgain, Tries: 3},
		},
	}
}

// isPrompt knows the pages of the New Universal Login by their path and the state that their form carries.
func isPrompt(p *web.Page) bool {
	return strings.HasPrefix(p.Path(), "/u/") && p.Has("form input[name=state]")
}

func at(path string) func(*web.Page) bool {
	return func(p *web.Page) bool { return isPrompt(p) && strings.HasPrefix(p.Path(), path) }
}

func isLogin(p *web.Page) bool { return at("/u/login")(p) || at("/u/signin")(p) }

func isPassword(p *web.Page) bool { return isLogin(p) && p.Has("input[name=password]") }

func isIdentifier(p *web.Page) bool {
	return isLogin(p) && !p.Has("input[name=password]") && p.Has("input[name=username], input[name=email], input[name=phone]")
}

func isKey(p *web.Page) bool {
	return at("/u/mfa-webauthn")(p) && strings.Contains(p.Path(), "challenge")
}

func isCode(p *web.Page) bool {
	return at("/u/mfa-")(p) && strings.Contains(p.Path(), "-challenge") && !isKey(p) && p.Has("input[name=code]") && !isNewCode(p)
}

func isPhone(p *web.Page) bool {
	return at("/u/mfa-phone-challenge")(p) && !p.Has("input[name=code]") && p.Has("button[name=type], input[name=type]")
}

func isNewCode(p *web.Page) bool { return at("/u/mfa-recovery-code-challenge-new-code")(p) }

// isNag knows offers that have a way to say "not now".
func isNag(p *web.Page) bool {
	return isPrompt(p) && strings.Contains(p.Path(), "enrollment") && notNow(mainForm(p)) != nil
}

func isBeyond(p *web.Page) bool {
	if !isPrompt(p) || isNag(p) || isNewCode(p) {
		return false
	}
	for _, part := range []string{"enroll", "/u/reset-password", "/u/email-verification", "/u/organization"} {
		if strings.Contains(p.Path(), part) {
			return true
		}
	}
	return false
}

func mainForm(p *web.Page) *web.Form { return p.Form("input[name=state]") }

// notNow returns the button that puts an offer off.
func notNow(f *web.Form) *web.Field {
	for _, b := range f.Buttons() {
		if strings.Contains(b.Value, "abort") || strings.Contains(b.Value, "snooze") || strings.Contains(b.Value, "skip") {
			return b
		}
	}
	return nil
}

// send sends a form by the button that leads on.
func send(ctx context.Context, s *idp.Session, f *web.Form) error {
	for _, b := range f.Buttons() {
		if b.Name == "action" && b.Value == "default" {
			return s.Submit(ctx, f.Press(b))
		}
	}
	return s.Submit(ctx, f)
}

// without says that this browser has nothing that a script would find.
func without(f *web.Form) *web.Form {
	for _, name := range []string{"js-available", "webauthn-available", "is-brave", "webauthn-platform-available"} {
		if f.Field(name) != nil {
			f.Set(name, "false")
		}
	}
	return f
}

func solvable(s *idp.Session) error {
	if s.Page().Has("[data-captcha-provider]") && !s.Page().Has("img[alt=captcha]") {
		return s.Refuse(idp.CaptchaRefused, "", "Auth0 wants a captcha solved, which only a browser can show")
	}
	return nil
}

// readCaptcha has a person read the picture beside the fields, if there is one.
func readCaptcha(ctx context.Context, s *idp.Session, f *web.Form) error {
	if f.Field("captcha") == nil || !s.Page().Has("img[alt=captcha]") {
		return nil
	}
	text, err := s.Captcha(ctx, s.Page().Attr("img[alt=captcha]", "src"))
	f.Set("captcha", text)
	return err
}

func fillIdentifier(ctx context.Context, s *idp.Session) error {
	if err := solvable(s); err != nil {
		return err
	}
	f := without(mainForm(s.Page()))
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	for _, field := range []string{"username", "email", "phone"} {
		if x := f.Field(field); x != nil && x.Fillable() {
			x.Set(name)
			break
		}
	}
	if err := readCaptcha(ctx, s, f); err != nil {
		return err
	}
	return send(ctx, s, f)
}

func fillPassword(ctx context.Context, s *idp.Session) error {
	if err := solvable(s); err != nil {
		return err
	}
	f := without(s.Page().Form("input[name=password]"))
	if user := f.Field("username"); user != nil && user.Fillable() {
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		user.Set(name)
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password})
	if err != nil {
		return err
	}
	if err := readCaptcha(ctx, s, f.Set("password", password)); err != nil {
		return err
	}
	return send(ctx, s, f)
}

func probe(ctx context.Context, s *idp.Session) error {
	return send(ctx, s, without(mainForm(s.Page())))
}

// consent lets Auth0 tell AWS.
func consent(ctx context.Context, s *idp.Session) error {
	s.Ask.Tell(ctx, s.Page().Host()+" releases your attributes to AWS, as the sign-in needs")
	f := mainForm(s.Page())
	for _, b := range f.Buttons() {
		if b.Name == "action" && b.Value == "accept" {
			return s.Submit(ctx, f.Press(b))
		}
	}
	return s.Unknown("its consent has no button to accept")
}

func passNag(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page())
	return s.Submit(ctx, f.Press(notNow(f)))
}

func refuseBeyond(_ context.Context, s *idp.Session) error {
	path := s.Page().Path()
	switch {
	case strings.Contains(path, "reset-password"):
		return s.Refuse(idp.PasswordExpired, "", "a new password must be set first; sign in once with a browser")
	case strings.Contains(path, "enroll"):
		return s.Refuse(idp.MFAFailed, "", "a second factor must be enrolled first; sign in once with a browser")
	}
	return s.Refuse(idp.Blocked, "", "Auth0 wants something that only a browser can do: "+path)
}
