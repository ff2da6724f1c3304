// Package pingone signs in with PingOne, whose sign-on page is a script that drives a flow by an API. The pages of the old
// PingOne for Enterprise and of PingID are those that package pingfed knows.
package pingone

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "pingone", Title: "PingOne",
		Settings: []idp.Setting{{Key: "pingone_api", Help: "the host of the API, where it is not the sign-on page's with auth for apps"}},
		Owns:     func(p *web.Page) bool { return isShell(p) || isFlow(p) },
		Steps: []idp.Step{
			{Name: "pingone application", On: isShell, Do: openFlow, Tries: 2},
			{Name: "pingone flow", On: isFlow, Do: walk, Tries: 12},
			{Name: "pingone flow error", On: isFlowError, Do: answerError, Tries: 3},
			{Name: "pingone error", On: isError, Do: refuseError},
		},
	}
}

func isShell(p *web.Page) bool {
	return strings.Contains(p.Path(), "/signon") && p.URL.Query().Get("flowId") != "" && p.Has("script")
}

func isAPI(p *web.Page) bool {
	return strings.Contains(p.Path(), "/flows/") && !strings.HasPrefix(p.Path(), "/pf-ws/")
}

func isFlow(p *web.Page) bool { return isAPI(p) && p.JSON().At("status").Exists() }

func isFlowError(p *web.Page) bool {
	return isAPI(p) && !p.JSON().At("status").Exists() && p.JSON().At("code").Exists()
}

// isError knows the pages of PingOne for Enterprise that name an error.
func isError(p *web.Page) bool { return errorCode(p) != "" && !p.Has("input[type=password]") }

func errorCode(p *web.Page) string {
	if !strings.HasSuffix(p.Host(), "pingidentity.com") && !strings.HasPrefix(p.Path(), "/sso/") {
		return ""
	}
	for _, word := range strings.Fields(p.URL.Query().Get("error") + " " + p.URL.Query().Get("code") + " " + p.Text("body")) {
		for _, prefix := range []string{"AUTHZ_", "AUTHN_", "MFA_", "ACCOUNT_"} {
			if strings.HasPrefix(word, prefix) {
				return strings.Trim(word, ".,:;()")
			}
		}
	}
	return ""
}

// Notes of a walk.
const (
	flowNote   = "pingone flow"
	statusNote = "pingone status"
)

// openFlow asks the API where the flow stands. The page is at apps.pingone.eu, the API at auth.pingone.eu.
func openFlow(ctx context.Context, s *idp.Session) error {
	u := *s.Page().URL
	environment, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	if api := s.Setting("pingone_api"); api != "" {
		u.Host = api
	} else {
		u.Host = strings.Replace(u.Host, "apps.", "auth.", 1)
	}
	u.Path, u.RawQuery, u.Fragment = "/"+environment+"/flows/"+url.PathEscape(u.Query().Get("flowId")), "", ""
	s.Notes[flowNote] = u.String()
	return s.Visit(ctx, web.Request{Method: http.MethodGet, URL: u.String(), Header: http.Header{"Accept": {"application/json"}}})
}

// act takes one of the flow's actions, which the content's type names.
func act(ctx context.Context, s *idp.Session, action string, body map[string]any) error {
	s.Notes[statusNote] = s.Page().JSON().At("status").Text()
	address := s.Notes[flowNote]
	if href := s.Page().JSON().At("_links", action, "href").Text(); href != "" {
		if u, err := s.Page().Resolve(href); err == nil && web.Host(u) == s.Page().Host() {
			address = u.String()
		}
	}
	r := web.PostJSON(address, body)
	r.Header.Set("Content-Type", "application/vnd.pingidentity."+action+"+json")
	return s.Visit(ctx, r)
}

// walk does what the flow's status wants.
func walk(ctx context.Context, s *idp.Session) error {
	flow := s.Page().JSON()
	switch status := flow.At("status").Text(); status {
	case "SIGN_ON_REQUIRED", "USERNAME_PASSWORD_REQUIRED", "PASSWORD_REQUIRED":
		return sendPassword(ctx, s, "")
	case "USER_LOOKUP_REQUIRED", "IDENTIFIER_REQUIRED":
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		return act(ctx, s, "user.lookup", map[string]any{"username": name})
	case "DEVICE_SELECTION_REQUIRED":
		return chooseDevice(ctx, s, flow)
	case "OTP_REQUIRED", "VERIFICATION_CODE_REQUIRED":
		return sendCode(ctx, s, status, "")
	case "PUSH_CONFIRMATION_REQUIRED":
		return awaitPush(ctx, s, flow)
	case "COMPLETED":
		return s.Open(ctx, flow.At("resumeUrl").Text())
	default:
		return refuse(s, flow, status)
	}
}

func sendPassword(ctx context.Context, s *idp.Session, refused string) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: refused})
	if err != nil {
		return err
	}
	return act(ctx, s, "usernamePassword.check", map[string]any{"username": name, "password": password})
}

func chooseDevice(ctx context.Context, s *idp.Session, flow web.Value) error {
	devices := flow.At("_embedded", "devices").List()
	var ids []any
	c := idp.Choice{Title: "Which device?"}
	for _, d := range devices {
		kind := strings.ToUpper(d.At("type").Text())
		factor := map[string]idp.Factor{"SMS": idp.SMS, "EMAIL": idp.Email, "VOICE": idp.Call, "TOTP": idp.TOTP, "MOBILE": idp.Push}[kind]
		if factor == "" {
			continue // a security key, most likely
		}
		ids = append(ids, d.At("id").Raw())
		label := d.At("nickname").Text() + " " + d.At("phone").Text() + d.At("email").Text() + d.At("model", "marketingName").Text()
		c.Options = append(c.Options, idp.Option{Label: strings.TrimSpace(kind + " " + strings.TrimSpace(label)), Factor: factor})
	}
	if len(ids) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the devices enrolled can be used without a browser")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	return act(ctx, s, "device.select", map[string]any{"device": map[string]any{"id": ids[i]}})
}

func sendCode(ctx context.Context, s *idp.Session, status, refused string) error {
	q := idp.Question{Kind: idp.Code, Factor: idp.TOTP, Refused: refused}
	if status == "VERIFICATION_CODE_REQUIRED" {
		q.Factor = idp.Email
	}
	code, err := s.Ask.Ask(ctx, q)
	if err != nil {
		return err
	}
	if status == "VERIFICATION_CODE_REQUIRED" {
		return act(ctx, s, "user.verify", map[string]any{"verificationCode": code})
	}
	return act(ctx, s, "otp.check", map[string]any{"otp": code})
}

const (
	pushPause    = 2 * time.Second
	pushLifetime = 90 * time.Second
)

func awaitPush(ctx context.Context, s *idp.Session, flow web.Value) error {
	message := "Answer the push on your device."
	if number := flow.At("numberMatching", "number").Text() + flow.At("selectedDevice", "numberMatching", "number").Text(); number != "" {
		message = "Choose " + number + " on your device."
	}
	first := true
	answered, err := s.Await(ctx, idp.Wait{
		Message: message, Every: pushPause, For: pushLifetime,
		Check: func(ctx context.Context) (bool, error) {
			if first { // nobody answers at once
				first = false
				return false, nil
			}
			err := s.Visit(ctx, web.Request{Method: http.MethodGet, URL: s.Page().URL.String(), Header: http.Header{"Accept": {"application/json"}}})
			return err == nil && s.Page().JSON().At("status").Text() != "PUSH_CONFIRMATION_REQUIRED", err
		},
	})
	if err == nil && !answered {
		err = s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	}
	return err
}

// refuse ends with a status that is a no, or that only a browser gets past.
func refuse(s *idp.Session, flow web.Value, status string) error {
	words := flow.At("error", "message").Text()
	switch status {
	case "PUSH_CONFIRMATION_TIMED_OUT":
		return s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	case "PUSH_CONFIRMATION_REJECTED":
		return s.Refuse(idp.MFAFailed, "", "the push was denied")
	case "MUST_CHANGE_PASSWORD", "PASSWORD_EXPIRED", "RECOVERY_CODE_REQUIRED":
		return s.Refuse(idp.PasswordExpired, "", "a new password must be set first; sign in once with a browser")
	case "ASSERTION_REQUIRED":
		return s.Refuse(idp.MFAFailed, "", "PingOne asks for a security key, which only a browser has here: enrol another device as well")
	case "FAILED":
		if words == "" {
			words = "the sign-in failed"
		}
		return s.Refuse(idp.Blocked, "", words)
	}
	return s.Refuse(idp.Blocked, "", "PingOne wants something that only a browser can do: "+status)
}

// answerError asks again what was refused: the flow stays where it was.
func answerError(ctx context.Context, s *idp.Session) error {
	failed := s.Page().JSON()
	words := failed.At("details", "0", "message").Text()
	if words == "" {
		words = failed.At("message").Text()
	}
	switch status := s.Notes[statusNote]; {
	case failed.At("details", "0", "code").Text() == "PASSWORD_LOCKED_OUT":
		return s.Refuse(idp.Locked, "", words)
	case status == "SIGN_ON_REQUIRED" || status == "USERNAME_PASSWORD_REQUIRED" || status == "PASSWORD_REQUIRED":
		return sendPassword(ctx, s, words)
	case status == "OTP_REQUIRED" || status == "VERIFICATION_CODE_REQUIRED":
		return sendCode(ctx, s, status, words)
	}
	return s.Refuse(idp.Blocked, "", "PingOne answers with "+failed.At("code").Text()+": "+words)
}

func refuseError(_ context.Context, s *idp.Session) error {
	code := errorCode(s.Page())
	kind := idp.Blocked
	switch {
	case strings.HasPrefix(code, "AUTHZ_"):
		kind = idp.NotAssigned
	case strings.HasPrefix(code, "MFA_"):
		kind = idp.MFAFailed
	}
	return s.Refuse(kind, "", "PingOne says "+code+": "+s.Page().Text("h1, h2, p, body"))
}
