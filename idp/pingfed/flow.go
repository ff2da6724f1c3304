package pingfed

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// The authentication API of PingFederate: a flow has a status, and its links are the actions that it takes.

const flows = "/pf-ws/authn/flows/"

// isShell knows the page of a script that drives a flow.
func isShell(p *web.Page) bool {
	return p.URL.Query().Get("flowId") != "" && p.Has("script") && len(p.Forms()) == 0 && !strings.Contains(p.Path(), "/signon")
}

func isFlow(p *web.Page) bool {
	return strings.HasPrefix(p.Path(), flows) && p.JSON().At("status").Exists()
}

func isFlowError(p *web.Page) bool {
	return strings.HasPrefix(p.Path(), flows) && p.JSON().At("code").Exists() && !p.JSON().At("status").Exists()
}

const flowNote, statusNote = "pingfed flow", "pingfed status"

func openFlow(ctx context.Context, s *idp.Session) error {
	u, err := s.Page().Resolve(flows + url.PathEscape(s.Page().URL.Query().Get("flowId")))
	if err != nil {
		return s.Unknown("its flow has no address")
	}
	s.Notes[flowNote] = u.String()
	return s.Visit(ctx, flowRequest(http.MethodGet, u.String(), "", nil))
}

// flowRequest is a request to the API. An action is named by the content's type.
func flowRequest(method, address, action string, body map[string]any) web.Request {
	r := web.Request{Method: method, URL: address, Header: http.Header{}}
	if method == http.MethodPost {
		r = web.PostJSON(address, body)
		r.Header.Set("Content-Type", "application/vnd.pingidentity."+action+"+json")
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("X-XSRF-Header", "PingFederate")
	return r
}

// act takes one of the flow's actions.
func act(ctx context.Context, s *idp.Session, action string, body map[string]any) error {
	address := s.Notes[flowNote]
	if href := s.Page().JSON().At("_links", action, "href").Text(); href != "" {
		if u, err := s.Page().Resolve(href); err == nil && web.Host(u) == s.Page().Host() {
			address = u.String()
		}
	}
	if address == "" {
		address = s.Page().URL.String()
	}
	s.Notes[statusNote] = s.Page().JSON().At("status").Text()
	return s.Visit(ctx, flowRequest(http.MethodPost, address, action, body))
}

// walkFlow does what the flow's status wants.
func walkFlow(ctx context.Context, s *idp.Session) error {
	flow := s.Page().JSON()
	status := flow.At("status").Text()
	switch status {
	case "USERNAME_PASSWORD_REQUIRED":
		return flowPassword(ctx, s, "")
	case "IDENTIFIER_REQUIRED":
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		return act(ctx, s, "submitIdentifier", map[string]any{"identifier": name})
	case "AUTHENTICATION_REQUIRED":
		return act(ctx, s, "authenticate", map[string]any{})
	case "DEVICE_SELECTION_REQUIRED":
		return flowDevice(ctx, s, flow)
	case "OTP_REQUIRED", "CHALLENGE_RESPONSE_REQUIRED", "INPUT_REQUIRED", "SECURID_CREDENTIAL_REQUIRED", "SECURID_NEXT_TOKENCODE_REQUIRED", "VIP_AUTHENTICATION_REQUIRED":
		return flowCode(ctx, s, status, "")
	case "PUSH_CONFIRMATION_WAITING":
		return flowPush(ctx, s, flow)
	case "MFA_COMPLETED", "EXTERNAL_AUTHENTICATION_COMPLETED", "ID_VERIFICATION_COMPLETED", "NEW_PASSWORD_RECOMMENDED":
		return act(ctx, s, "continueAuthentication", map[string]any{})
	case "DEVICE_PROFILE_REQUIRED", "FRAUD_EVALUATION_CHECK_REQUIRED":
		return act(ctx, s, "submitDeviceProfile", map[string]any{})
	case "EXTERNAL_AUTHENTICATION_REQUIRED":
		return s.Open(ctx, flow.At("authenticationUrl").Text())
	case "RESUME":
		return s.Open(ctx, flow.At("resumeUrl").Text())
	}
	return refuseFlow(s, flow, status)
}

func flowPassword(ctx context.Context, s *idp.Session, refused string) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: refused})
	if err != nil {
		return err
	}
	return act(ctx, s, "checkUsernamePassword", map[string]any{"username": name, "password": password})
}

func flowDevice(ctx context.Context, s *idp.Session, flow web.Value) error {
	devices := flow.At("devices").List()
	c := idp.Choice{Title: "Which device?"}
	for _, d := range devices {
		label := strings.TrimSpace(d.At("name").Text() + " " + d.At("target").Text())
		c.Options = append(c.Options, idp.Option{Label: strings.TrimSpace(d.At("type").Text() + " " + label), Factor: deviceFactor(d.At("type").Text())})
	}
	if len(devices) == 0 {
		return s.Refuse(idp.MFAFailed, "", "no device is enrolled: enrol one with a browser")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	return act(ctx, s, "selectDevice", map[string]any{"deviceRef": map[string]any{"id": devices[i].At("id").Raw()}})
}

func deviceFactor(kind string) idp.Factor {
	switch upper := strings.ToUpper(kind); {
	case strings.Contains(upper, "SMS"):
		return idp.SMS
	case strings.Contains(upper, "EMAIL"):
		return idp.Email
	case strings.Contains(upper, "VOICE"):
		return idp.Call
	case strings.Contains(upper, "TOTP") || strings.Contains(upper, "OATH") || strings.Contains(upper, "AUTHENTICATOR_APP"):
		return idp.TOTP
	case strings.Contains(upper, "FIDO") || strings.Contains(upper, "SECURITY_KEY") || upper == "PLATFORM":
		return idp.WebAuthn
	case strings.Contains(upper, "IPHONE") || strings.Contains(upper, "ANDROID") || strings.Contains(upper, "MOBILE"):
		return idp.Push
	}
	return ""
}

// flowCode sends a code in the words that the status wants.
func flowCode(ctx context.Context, s *idp.Session, status, refused string) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: codeFactor(status), Refused: refused})
	if err != nil {
		return err
	}
	switch status {
	case "CHALLENGE_RESPONSE_REQUIRED":
		return act(ctx, s, "checkChallengeResponse", map[string]any{"challengeResponse": code})
	case "INPUT_REQUIRED":
		return act(ctx, s, "checkInput", map[string]any{"input": code})
	case "SECURID_CREDENTIAL_REQUIRED":
		return act(ctx, s, "checkCredential", map[string]any{"username": s.Account.Username, "passcode": code})
	case "SECURID_NEXT_TOKENCODE_REQUIRED":
		return act(ctx, s, "checkNextTokencode", map[string]any{"tokencode": code})
	case "VIP_AUTHENTICATION_REQUIRED":
		return act(ctx, s, "checkSecurityCode", map[string]any{"securityCode": code})
	}
	return act(ctx, s, "checkOtp", map[string]any{"otp": code})
}

func codeFactor(status string) idp.Factor {
	if status == "OTP_REQUIRED" {
		return idp.TOTP
	}
	return idp.Token
}

const flowPause = time.Second

func flowPush(ctx context.Context, s *idp.Session, flow web.Value) error {
	message := "Answer the push on your device."
	if number := flow.At("numberMatching").Text() + flow.At("number").Text(); number != "" {
		message = "Choose " + number + " on your device."
	}
	first := true
	answered, err := s.Await(ctx, idp.Wait{
		Message: message, Every: flowPause, For: pushLifetime,
		Check: func(ctx context.Context) (bool, error) {
			if first { // nobody answers at once
				first = false
				return false, nil
			}
			var err error
			if s.Page().JSON().At("_links", "poll").Exists() {
				err = act(ctx, s, "poll", map[string]any{})
			} else {
				err = s.Visit(ctx, flowRequest(http.MethodGet, s.Page().URL.String(), "", nil))
			}
			return err == nil && s.Page().JSON().At("status").Text() != "PUSH_CONFIRMATION_WAITING", err
		},
	})
	if err == nil && !answered {
		err = s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	}
	return err
}

// refuseFlow ends with a status that is a no, or that only a browser gets past.
func refuseFlow(s *idp.Session, flow web.Value, status string) error {
	words := flow.At("userMessage").Text()
	switch status {
	case "PUSH_CONFIRMATION_TIMED_OUT":
		return s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	case "PUSH_CONFIRMATION_REJECTED":
		return s.Refuse(idp.MFAFailed, "", "the push was denied")
	case "MUST_CHANGE_PASSWORD", "NEW_PASSWORD_REQUIRED", "CHANGE_PASSWORD_EXTERNAL":
		return s.Refuse(idp.PasswordExpired, "", "a new password must be set first; sign in once with a browser")
	case "MFA_SETUP_REQUIRED", "ASSERTION_REQUIRED", "SECURID_PIN_RESET_REQUIRED":
		return s.Refuse(idp.MFAFailed, "", "the second factor wants a browser: "+status)
	case "MFA_FAILED":
		if flow.At("code").Text() == "ACCOUNT_LOCKED_OUT" {
			return s.Refuse(idp.Locked, "", orElse(words, "the account is locked"))
		}
		return s.Refuse(idp.MFAFailed, "", orElse(words, "the second factor failed"))
	case "FAILED":
		return s.Refuse(idp.Blocked, "", orElse(words, "the sign-in failed"))
	}
	return s.Refuse(idp.Blocked, "", "the sign-in wants something that only a browser can do: "+status)
}

func orElse(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

// answerError asks again what was refused: the flow stays where it was.
func answerError(ctx context.Context, s *idp.Session) error {
	failed := s.Page().JSON()
	words := failed.At("details", "0", "userMessage").Text()
	words = orElse(words, failed.At("userMessage").Text())
	switch status := s.Notes[statusNote]; status {
	case "USERNAME_PASSWORD_REQUIRED":
		return flowPassword(ctx, s, words)
	case "OTP_REQUIRED", "CHALLENGE_RESPONSE_REQUIRED", "INPUT_REQUIRED", "SECURID_CREDENTIAL_REQUIRED", "VIP_AUTHENTICATION_REQUIRED":
		return flowCode(ctx, s, status, words)
	}
	return s.Refuse(idp.Blocked, "", orElse(words, "PingFederate answers with "+failed.At("code").Text()))
}
