package auth0

import (
	"context"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// factorOf reads a factor out of a page's path or a button's value.
func factorOf(text string) idp.Factor {
	for _, known := range []struct {
		part   string
		factor idp.Factor
	}{
		{"recovery-code", idp.Backup}, {"webauthn", idp.WebAuthn}, {"push", idp.Push}, {"otp", idp.TOTP}, {"voice", idp.Call}, {"sms", idp.SMS},
		{"phone", idp.SMS}, {"email", idp.Email},
	} {
		if strings.Contains(text, known.part) {
			return known.factor
		}
	}
	return ""
}

// tryAnother presses the button that leads to the list of factors, if there is one.
func tryAnother(p *web.Page) *web.Form {
	for _, f := range p.Forms() {
		f = f.Copy()
		for _, b := range f.Buttons() {
			if b.Name == "action" && strings.Contains(b.Value, "pick-authenticator") {
				return f.Press(b)
			}
		}
	}
	return nil
}

func fillCode(ctx context.Context, s *idp.Session) error {
	factor := factorOf(s.Page().Path())
	if other := tryAnother(s.Page()); other != nil && s.Prefers(factor) {
		return s.Submit(ctx, other)
	}
	f := s.Page().Form("input[name=code]")
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: factor, Label: f.Field("code").Label()})
	if err != nil {
		return err
	}
	for _, x := range f.Fields {
		if x.Name == "rememberBrowser" && x.Type == "checkbox" {
			x.On = true
		}
	}
	return send(ctx, s, f.Set("code", code))
}

// chooseFactor offers the buttons of the list, each a factor.
func chooseFactor(ctx context.Context, s *idp.Session) error {
	var forms []*web.Form
	c := idp.Choice{Title: "Which second factor?"}
	for _, f := range s.Page().Forms() {
		for i, b := range f.Buttons() {
			factor := factorOf(b.Value)
			if b.Name != "action" || factor == "" || factor == idp.WebAuthn {
				continue
			}
			pressed := f.Copy()
			forms = append(forms, pressed.Press(pressed.Buttons()[i]))
			c.Options = append(c.Options, idp.Option{Label: b.Label(), Factor: factor})
		}
	}
	if len(forms) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the second factors enrolled can be used without a browser")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	return s.Submit(ctx, forms[i])
}

// choosePhone says how the code is to come.
func choosePhone(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page())
	c := idp.Choice{Title: "How is the code to come?", Options: []idp.Option{{Label: "by text message", Factor: idp.SMS}, {Label: "by call", Factor: idp.Call}}}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	wanted := []string{"sms", "voice"}[i]
	for _, b := range f.Buttons() {
		if b.Name == "type" && b.Value == wanted {
			return s.Submit(ctx, f.Press(b))
		}
	}
	return send(ctx, s, f.Set("type", wanted))
}

// avoidKey goes to the list of factors: the challenge is in a script of the page's own.
func avoidKey(ctx context.Context, s *idp.Session) error {
	if other := tryAnother(s.Page()); other != nil {
		return s.Submit(ctx, other)
	}
	return s.Refuse(idp.MFAFailed, "", "Auth0 asks for a security key, which only a browser has here: enrol an authenticator app as well")
}

const (
	pushPause    = 5 * time.Second
	pushLifetime = 2 * time.Minute
)

// awaitPush sends the page again and again, as its own button does, until the phone has answered.
func awaitPush(ctx context.Context, s *idp.Session) error {
	if other := tryAnother(s.Page()); other != nil && s.Prefers(idp.Push) {
		return s.Submit(ctx, other)
	}
	first := true
	waits := at("/u/mfa-push-challenge-push")
	answered, err := s.Await(ctx, idp.Wait{
		Message: "Answer the push in Auth0 Guardian.", Every: pushPause, For: pushLifetime,
		Check: func(ctx context.Context) (bool, error) {
			if first { // nobody answers at once
				first = false
				return false, nil
			}
			if err := send(ctx, s, mainForm(s.Page())); err != nil {
				return false, err
			}
			return !waits(s.Page()) || s.Page().Text("#prompt-alert, [role=alert]") != "", nil
		},
	})
	switch {
	case err != nil:
		return err
	case !answered:
		return s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	case waits(s.Page()):
		return s.Refuse(idp.MFAFailed, "#prompt-alert, [role=alert]", "the push was denied")
	}
	return nil
}

// keepNewCode shows the code that takes the place of the one that was used up: it comes this once.
func keepNewCode(ctx context.Context, s *idp.Session) error {
	if code := s.Page().Text("[data-recovery-code], code, .ulp-recovery-code"); code != "" {
		s.Ask.Tell(ctx, "Auth0 gives a new recovery code, and shows it only once: "+code)
	}
	f := mainForm(s.Page())
	for _, x := range f.Fields {
		if x.Type == "checkbox" {
			x.On = true
		}
	}
	return send(ctx, s, f)
}
