package okta

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
)

// A factor is one that is enrolled with Classic.
type factor struct {
	ID, FactorType, Provider, VendorName string
	Profile                              struct{ PhoneNumber, Email, Name, CredentialID, QuestionText string }
	Embedded                             struct {
		Challenge struct {
			Challenge        string
			CorrectAnswer    *int // may be 0
			UserVerification string
		}
	} `json:"_embedded"`
	Links struct {
		Verify struct{ Href string }
	} `json:"_links"`
}

// kind says which of the factors that a person can prefer it is; "" of one that cannot be done here.
func (f factor) kind() idp.Factor {
	switch f.FactorType {
	case "token:software:totp", "token:hotp":
		return idp.TOTP
	case "push":
		return idp.Push
	case "sms":
		return idp.SMS
	case "call":
		return idp.Call
	case "email":
		return idp.Email
	case "question":
		return idp.Security
	case "token", "token:hardware":
		return idp.Token
	case "webauthn":
		return idp.WebAuthn
	}
	return ""
}

func (f factor) label() string {
	what := map[idp.Factor]string{idp.TOTP: "code from the authenticator app", idp.Push: "push to the phone", idp.SMS: "text message", idp.Call: "call",
		idp.Email: "e-mail", idp.Security: "security question", idp.Token: "code of a token", idp.WebAuthn: "security key"}[f.kind()]
	if what == "" {
		what = f.FactorType
	}
	who := cmp.Or(f.VendorName, f.Provider)
	return strings.TrimSpace(who + " " + what + " " + cmp.Or(f.Profile.PhoneNumber, f.Profile.Email, f.Profile.Name))
}

// goesElsewhere reports whether a factor is a provider of its own, Duo say, that the walk goes on to.
func (f factor) goesElsewhere() bool {
	return f.FactorType == "claims_provider" || strings.HasPrefix(f.FactorType, "assertion:")
}

// chooseFactor offers what can be done here.
func chooseFactor(ctx context.Context, s *idp.Session) error {
	t := read(s.Page())
	var factors []factor
	c := idp.Choice{Title: "Which second factor?"}
	for _, f := range t.Embedded.Factors {
		if kind := f.kind(); kind == idp.WebAuthn && s.Key != nil || kind != "" && kind != idp.WebAuthn || f.goesElsewhere() || f.FactorType == "web" { // Duo's frame
			factors = append(factors, f)
			c.Options = append(c.Options, idp.Option{Label: f.label(), Factor: kind})
		}
	}
	if len(factors) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the second factors enrolled with Okta can be used without a browser")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	f := factors[i]
	s.Notes[stateNote], s.Notes[factorKind] = t.StateToken, f.FactorType
	s.Notes[verifyPath] = f.Links.Verify.Href
	if t.Embedded.Policy.AllowRememberDevice {
		s.Notes[verifyPath] += "?rememberDevice=true"
	}
	switch f.kind() {
	case idp.TOTP, idp.Token:
		return sendCode(ctx, s, f)
	case idp.Security:
		return sendAnswer(ctx, s, f)
	}
	return verify(ctx, s, "", "")
}

// verify answers the running factor; without an answer it sets it going.
func verify(ctx context.Context, s *idp.Session, field, answer string) error {
	body := map[string]any{"stateToken": s.Notes[stateNote]}
	if field != "" {
		body[field] = answer
	}
	return post(ctx, s, s.Notes[verifyPath], body)
}

func sendCode(ctx context.Context, s *idp.Session, f factor) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: f.kind(), Label: f.label()})
	if err != nil {
		return err
	}
	return verify(ctx, s, "passCode", code)
}

func sendAnswer(ctx context.Context, s *idp.Session, f factor) error {
	answer, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Answer, Factor: idp.Security, Label: f.Profile.QuestionText})
	if err != nil {
		return err
	}
	return verify(ctx, s, "answer", answer)
}

// answerAgain asks for the code once more where Okta has refused one: the transaction has not moved.
func answerAgain(ctx context.Context, s *idp.Session) error {
	f := factor{FactorType: s.Notes[factorKind]}
	if f.kind() == idp.Security {
		return sendAnswer(ctx, s, f)
	}
	return sendCode(ctx, s, f)
}

// answerChallenge goes on with a factor that has been set going.
func answerChallenge(ctx context.Context, s *idp.Session) error {
	t := read(s.Page())
	f := t.Embedded.Factor
	s.Notes[stateNote] = cmp.Or(t.StateToken, s.Notes[stateNote])
	s.Notes[factorKind] = cmp.Or(f.FactorType, s.Notes[factorKind])
	if next := t.link("next"); next != "" {
		s.Notes[verifyPath] = next
	}
	switch t.FactorResult {
	case "REJECTED":
		return s.Refuse(idp.MFAFailed, "", "the push was denied")
	case "TIMEOUT":
		return s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	case "FAILED", "ERROR", "CANCELLED":
		return s.Refuse(idp.MFAFailed, "", "the second factor failed: "+t.FactorResult)
	}
	switch {
	case f.goesElsewhere():
		return s.Open(ctx, s.Notes[verifyPath])
	case f.kind() == idp.Push:
		return poll(ctx, s)
	case f.kind() == idp.WebAuthn:
		return useKey(ctx, s, t)
	case f.kind() == "":
		return s.Refuse(idp.MFAFailed, "", "Okta asks for a factor that only a browser can show: "+f.label())
	}
	return sendCode(ctx, s, f)
}

const (
	pollPause    = 4 * time.Second
	pushLifetime = 5 * time.Minute
)

// poll waits for the phone. The number to choose there comes with one of the first answers.
func poll(ctx context.Context, s *idp.Session) error {
	cancel := read(s.Page()).link("cancel")
	told := false
	tell := func() {
		if n := read(s.Page()).Embedded.Factor.Embedded.Challenge.CorrectAnswer; n != nil && !told {
			s.Ask.Tell(ctx, fmt.Sprintf("Choose %d in Okta Verify.", *n))
			told = true
		}
	}
	tell()
	answered, err := s.Await(ctx, idp.Wait{
		Message: "Approve the push in Okta Verify.", Every: pollPause, For: pushLifetime, Later: true,
		Check: func(ctx context.Context) (bool, error) {
			err := verify(ctx, s, "", "")
			tell()
			return err == nil && (status(s.Page()) != "MFA_CHALLENGE" || read(s.Page()).FactorResult != "WAITING"), err
		},
		Cancel: func(ctx context.Context) {
			if cancel != "" {
				_ = post(ctx, s, cancel, map[string]any{"stateToken": s.Notes[stateNote]})
			}
		},
	})
	if err == nil && !answered {
		err = s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	}
	return err
}

// useKey has the security key answer; one of several keys may be the one.
func useKey(ctx context.Context, s *idp.Session, t transaction) error {
	if s.Key == nil {
		return s.Refuse(idp.MFAFailed, "", "Okta asks for a security key, and there is none here: choose another factor with --mfa")
	}
	f := t.Embedded.Factor
	request := idp.KeyRequest{UserVerification: f.Embedded.Challenge.UserVerification}
	if err := request.SetChallenge(f.Embedded.Challenge.Challenge); err != nil {
		return s.Unknown("its challenge for the security key cannot be read")
	}
	for _, enrolled := range append(t.Embedded.Factors, f) {
		request.AllowID(enrolled.Profile.CredentialID)
	}
	signed, err := s.SignChallenge(ctx, request)
	if err != nil {
		return err
	}
	return post(ctx, s, s.Notes[verifyPath], map[string]any{
		"stateToken":        s.Notes[stateNote],
		"clientData":        base64.StdEncoding.EncodeToString(signed.ClientData),
		"authenticatorData": base64.StdEncoding.EncodeToString(signed.AuthenticatorData),
		"signatureData":     base64.StdEncoding.EncodeToString(signed.Signature),
	})
}
