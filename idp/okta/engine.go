package okta

import (
	"cmp"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// do sends a remedy's form.
func do(ctx context.Context, s *idp.Session, remedy web.Value, body map[string]any) error {
	return send(ctx, s, remedy.At("href").Text(), cmp.Or(remedy.At("accepts").Text(), "application/json"), body)
}

// current returns a remedy of the current page.
func current(s *idp.Session, name string) (state, remedy web.Value) {
	state = engine(s.Page())
	return state, find(state, name)
}

// identify sends the user name, and the password where the same form wants it.
func identify(ctx context.Context, s *idp.Session) error {
	state, r := current(s, "identify")
	if field(r, "captchaVerify").Exists() {
		return s.Refuse(idp.CaptchaRefused, "", "Okta wants a captcha solved, which only a browser can show")
	}
	if words := message(state); words != "" && !s.Given() {
		return s.Refuse(idp.BadCredentials, "", words)
	}
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	body := fixed(r)
	body["identifier"] = name
	if field(r, "rememberMe").Exists() {
		body["rememberMe"] = true
	}
	if field(r, "credentials").Exists() {
		password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: message(state)})
		if err != nil {
			return err
		}
		body["credentials"] = map[string]any{"passcode": password}
	}
	return do(ctx, s, r, body)
}

// passDevice says that no agent of Okta's answers on this machine.
func passDevice(ctx context.Context, s *idp.Session) error {
	state, _ := current(s, "device-challenge-poll")
	cancel := state.At("authenticatorChallenge", "value", "cancel")
	body := fixed(cancel)
	body["reason"], body["statusCode"] = "OV_UNREACHABLE_BY_LOOPBACK", nil
	if body["stateHandle"] == nil {
		body["stateHandle"] = state.At("stateHandle").Raw()
	}
	return do(ctx, s, web.ValueOf(map[string]any{"href": cmp.Or(cancel.At("href").Text(), "/idp/idx/authenticators/poll/cancel"), "accepts": cancel.At("accepts").Raw()}), body)
}

// authenticator describes the one that a challenge is for.
func authenticator(state web.Value) web.Value {
	if enrolled := state.At("currentAuthenticatorEnrollment", "value"); enrolled.Exists() {
		return enrolled
	}
	return state.At("currentAuthenticator", "value")
}

// answerRemedy answers a challenge by what it is: a password, a code, a question, a key.
func answerRemedy(ctx context.Context, s *idp.Session) error {
	state, r := current(s, "challenge-authenticator")
	a := authenticator(state)
	factor := factorOf(a.At("key").Text(), a.At("methods", "0", "type").Text())
	if a.At("key").Text() != "okta_password" && s.Prefers(factor) && find(state, "select-authenticator-authenticate").Exists() {
		return chooseAuthenticator(ctx, s)
	}
	credentials := field(r, "credentials").At("form", "value").List()
	answer := map[string]any{}
	var err error
	switch key := a.At("key").Text(); {
	case key == "duo":
		return s.Refuse(idp.MFAFailed, "", "Okta shows Duo in a frame that Duo has switched off; choose another factor with --mfa, or use a browser")
	case factor == idp.WebAuthn:
		answer, err = sign(ctx, s, state, a)
	case factor == idp.Security:
		answer, err = question(ctx, s, credentials, message(state))
	default:
		name := "passcode"
		if len(credentials) > 0 {
			name = cmp.Or(credentials[0].At("name").Text(), name)
		}
		q := idp.Question{Kind: idp.Code, Factor: factor, Label: a.At("displayName").Text(), Refused: message(state)}
		if key == "okta_password" {
			q.Kind = idp.Password
		}
		answer[name], err = s.Ask.Ask(ctx, q)
	}
	if err != nil {
		return err
	}
	body := fixed(r)
	body["credentials"] = answer
	return do(ctx, s, r, body)
}

func question(ctx context.Context, s *idp.Session, credentials []web.Value, refused string) (map[string]any, error) {
	answer := map[string]any{}
	label := ""
	for _, f := range credentials {
		if name := f.At("name").Text(); name == "questionKey" {
			answer[name], label = f.At("value").Raw(), f.At("label").Text()
		} else if label == "" {
			label = f.At("label").Text()
		}
	}
	var err error
	answer["answer"], err = s.Ask.Ask(ctx, idp.Question{Kind: idp.Answer, Factor: idp.Security, Label: label, Refused: refused})
	return answer, err
}

func sign(ctx context.Context, s *idp.Session, state, a web.Value) (map[string]any, error) {
	if s.Key == nil {
		return nil, s.Refuse(idp.MFAFailed, "", "Okta asks for a security key, and there is none here: choose another factor with --mfa")
	}
	data := a.At("contextualData", "challengeData")
	request := idp.KeyRequest{UserVerification: data.At("userVerification").Text()}
	if err := request.SetChallenge(data.At("challenge").Text()); err != nil {
		return nil, s.Unknown("its challenge for the security key cannot be read")
	}
	for _, enrolled := range state.At("authenticatorEnrollments", "value").List() {
		request.AllowID(enrolled.At("credentialId").Text())
	}
	signed, err := s.SignChallenge(ctx, request)
	return map[string]any{
		"clientData":        base64.StdEncoding.EncodeToString(signed.ClientData),
		"authenticatorData": base64.StdEncoding.EncodeToString(signed.AuthenticatorData),
		"signatureData":     base64.StdEncoding.EncodeToString(signed.Signature),
	}, err
}

// awaitPush waits for the phone, unless another factor is preferred to a push that came unasked.
func awaitPush(ctx context.Context, s *idp.Session) error {
	state, r := current(s, "challenge-poll")
	if s.Prefers(idp.Push) && find(state, "select-authenticator-authenticate").Exists() {
		return chooseAuthenticator(ctx, s)
	}
	message := "Approve the push in Okta Verify."
	if number := authenticator(state).At("contextualData", "correctAnswer").Text(); number != "" {
		message = "Choose " + number + " in Okta Verify."
	} else if number := state.At("currentAuthenticator", "value", "contextualData", "correctAnswer").Text(); number != "" {
		message = "Choose " + number + " in Okta Verify."
	}
	pause := pollPause
	if ms := r.At("refresh").Number(); ms >= 1000 {
		pause = time.Duration(ms) * time.Millisecond
	}
	answered, err := s.Await(ctx, idp.Wait{
		Message: message, Every: pause, For: pushLifetime, Later: true,
		Check: func(ctx context.Context) (bool, error) {
			_, r := current(s, "challenge-poll")
			if !r.Exists() {
				return true, nil
			}
			err := do(ctx, s, r, fixed(r))
			return err == nil && remedy(s.Page()) != "challenge-poll", err
		},
		Cancel: func(ctx context.Context) {
			if cancel := engine(s.Page()).At("cancel"); cancel.Exists() {
				_ = do(ctx, s, cancel, fixed(cancel))
			}
		},
	})
	switch {
	case err != nil:
		return err
	case !answered:
		return s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	case messageKey(engine(s.Page())) == "api.authn.poll.error.push_rejected":
		return s.Refuse(idp.MFAFailed, "", "the push was denied")
	}
	return nil
}

// chooseMethod says yes to what Okta is about to do: to send a message, to call.
func chooseMethod(ctx context.Context, s *idp.Session) error {
	state, r := current(s, "authenticator-verification-data")
	a := authenticator(state)
	form := field(r, "authenticator").At("form", "value").List()
	return choose(ctx, s, r, []way{{label: a.At("displayName").Text(), key: a.At("key").Text(), form: form}})
}

// chooseAuthenticator offers what is enrolled.
func chooseAuthenticator(ctx context.Context, s *idp.Session) error {
	state, r := current(s, "select-authenticator-authenticate")
	var ways []way
	for _, o := range field(r, "authenticator").At("options").List() {
		ways = append(ways, way{label: o.At("label").Text(), key: keyOf(state, o), form: o.At("value", "form", "value").List()})
	}
	return choose(ctx, s, r, ways)
}

func skipRemedy(ctx context.Context, s *idp.Session) error {
	state, r := current(s, "skip")
	if words := message(state); words != "" {
		s.Ask.Tell(ctx, "Okta says: "+words)
	}
	return do(ctx, s, r, fixed(r))
}

func keepSignedIn(ctx context.Context, s *idp.Session) error {
	_, r := current(s, "keep-me-signed-in")
	body := fixed(r)
	body["keepMeSignedIn"] = true
	return do(ctx, s, r, body)
}

// followRemedy goes to the address of a remedy that is no form.
func followRemedy(ctx context.Context, s *idp.Session) error {
	state := engine(s.Page())
	href := state.At("success", "href").Text()
	for _, name := range []string{"success-redirect", "redirect-idp"} {
		href = cmp.Or(href, find(state, name).At("href").Text())
	}
	return s.Open(ctx, href)
}

// refuseRemedy ends where nothing is offered any more, or a message says so.
func refuseRemedy(_ context.Context, s *idp.Session) error {
	state := engine(s.Page())
	kind, words := idp.Blocked, message(state)
	switch key := messageKey(state); {
	case find(state, "reenroll-authenticator").Exists():
		kind, words = idp.PasswordExpired, "the password has expired: set a new one in a browser"
	case key == "idx.error.user.not.assigned.to.app", key == "idx.error.code.user_not_assigned":
		kind = idp.NotAssigned
	case key == "core.system.transaction_resource_not_found":
		kind, words = idp.MFAFailed, "nobody answered the push in time"
	case key == "authfactor.challenge.suspended_factor":
		kind = idp.MFAFailed
	case key == "errors.E0000119":
		kind = idp.Locked
	case key == "errors.E0000004", key == "incorrectPassword":
		kind = idp.BadCredentials
	}
	return s.Refuse(kind, "", cmp.Or(words, "Okta ends the sign-in without a word"))
}

// isBlocked knows the refusal of a network zone, which comes without a state.
func isBlocked(p *web.Page) bool {
	v := p.JSON()
	return p.Status == http.StatusForbidden && v.At("error").Text() != "" && v.At("message").Text() != "" && !v.At("stateHandle").Exists() && !v.At("errorCode").Exists() &&
		(strings.HasPrefix(p.Path(), "/idp/idx/") || strings.HasPrefix(p.Path(), "/api/v1/"))
}

func refuseBlocked(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.Blocked, "", s.Page().JSON().At("message").Text())
}

func refuseOther(_ context.Context, s *idp.Session) error {
	state := engine(s.Page())
	for _, name := range []string{"select-authenticator-enroll", "enroll-authenticator", "authenticator-enrollment-data"} {
		if find(state, name).Exists() {
			return s.Refuse(idp.MFAFailed, "", "a second factor must be enrolled first: sign in once with a browser")
		}
	}
	return s.Refuse(idp.Blocked, "", fmt.Sprintf("Okta wants something that only a browser can do: %s", state.At("remediation", "value", "0", "name").Text()))
}
