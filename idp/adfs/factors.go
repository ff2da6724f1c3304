package adfs

import (
	"context"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

const (
	pushPause    = 5 * time.Second
	pushLifetime = 2 * time.Minute

	factorNote  = "adfs factor"
	contextSent = "adfs context" // a note: the extra round of RSA's second agent is done
)

// factorForm is the form of a running second factor: the one with the context.
func factorForm(p *web.Page) *web.Form { return p.Form("input[name=Context]") }

// answerFactor goes on with the factor that the page is about: a code where there is a field for one, else a push.
func answerFactor(ctx context.Context, s *idp.Session) error {
	s.Notes[factorNote] = "begun"
	p := s.Page()
	f := factorForm(p)
	method := f.Value("AuthMethod")
	field := codeField(f)
	switch {
	case method == "SecurIDv2Authentication" && s.Notes[contextSent] == "":
		s.Notes[contextSent] = "sent"
		return s.Submit(ctx, f)
	case field != nil:
		return sendCode(ctx, s, f, field)
	case p.Text(denied) != "":
		return s.Refuse(idp.MFAFailed, denied, "the second factor failed")
	case method == "AzureMfaAuthentication":
		return awaitPush(ctx, s)
	case method == "AzureMfaServerAuthentication" || method == "SilverfortAdfs":
		s.Ask.Tell(ctx, "Answer on your phone.") // the server answers when that is done
		return s.Submit(ctx, f)
	case p.Has("#mfaGreetingDescription"):
		return s.Refuse(idp.MFAFailed, "#mfaGreetingDescription", "a second factor must be registered first")
	}
	return s.Unknown("it is the second factor " + method + ", which only a browser can show")
}

const denied = "#errorText, #errorMessage"

// codeField returns the one field that a person would type into; several, or none, are nil.
func codeField(f *web.Form) *web.Field {
	var found *web.Field
	for _, x := range f.Fields {
		if x.Fillable() && x.Name != "" {
			if found != nil {
				return nil
			}
			found = x
		}
	}
	return found
}

// sendCode sends a code, and with RSA the field that its agent reads beside it. The button is no part of what it wants.
func sendCode(ctx context.Context, s *idp.Session, f *web.Form, field *web.Field) error {
	q := idp.Question{Kind: idp.Code, Factor: idp.Token, Label: field.Label()}
	if q.Label == "" {
		q.Label = field.Attr("placeholder")
	}
	if field.Name == "VerificationCode" {
		q.Factor = idp.TOTP
	}
	code, err := s.Ask.Ask(ctx, q)
	if err != nil {
		return err
	}
	field.Set(code)
	if answer := f.Field("ChallengeQuestionAnswer"); answer != nil {
		answer.Set(code)
	}
	return s.Submit(ctx, f)
}

// awaitPush sends the page again and again until the phone has answered; each answer has a new context.
func awaitPush(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	message := p.Text("p#instructions, #instructions")
	if message == "" {
		message = "Approve the sign-in in the Authenticator app."
	}
	number := p.Text("#validEntropyNumber")
	if number != "" && !strings.Contains(message, number) {
		message = strings.TrimRight(message, ". ") + ". Choose " + number + " there."
	}
	answered, err := s.Await(ctx, idp.Wait{
		Message: message, Every: pushPause, For: pushLifetime, Later: true,
		Check: func(ctx context.Context) (bool, error) {
			if err := s.Submit(ctx, factorForm(s.Page())); err != nil {
				return false, err
			}
			p := s.Page()
			if n := p.Text("#validEntropyNumber"); n != "" && n != number { // it may come with a later page
				number = n
				s.Ask.Tell(ctx, "Choose "+number+" in the Authenticator app.")
			}
			waits := isFactor(p) && codeField(factorForm(p)) == nil && p.Text(denied) == ""
			return !waits, nil
		},
	})
	if err == nil && !answered {
		err = s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	}
	return err
}
