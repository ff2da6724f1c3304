package google

import (
	"bytes"
	"context"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// What is said where Google's own words are none or too few.
const (
	captchaAdvice = "sign in once with a private window of a browser on the same network, then try again"
	noWay         = "Google wants a security key, a passkey or a device that cannot be used from here, and offers no other way"
	denied        = "the prompt was denied on the phone"
	late          = "nobody answered the prompt on the phone in time"
	unknownApp    = "Google does not know the address's idpid or spid; copy the address behind the app's icon in the app launcher"
	malformed     = "Google calls the request malformed: a cookie or a hidden field was lost"
	scripted      = "Google served its JavaScript page; check that no browser-like User-Agent is configured"
)

// failure names the page by which Google says no; "" for any other.
func failure(p *web.Page, path, kind string) string {
	app := strings.HasPrefix(path, "/o/saml2/")
	switch {
	case strings.Contains(path, "/signin/rejected"):
		return "rejected"
	case app && (p.Status == 403 || appCode(p) != ""):
		return "not allowed"
	case app && (p.Status == 400 || p.Status == 404):
		return "unknown app"
	case p.Status == 400:
		return "malformed"
	case p.Text("#contactAdminMessage") != "", bump(path, "2sv", "twosv", "twostep", "2step"):
		return "two-step required"
	case p.Text("section[jsname=INM6z]") != "": // hidden in every good page of generation C
		return "locked"
	case kind == "recaptcha":
		return "recaptcha"
	case strings.Contains(path, "/signin/") && strings.Contains(path, "/disabled"):
		return "disabled"
	case bump(path, "changepassword"):
		return "new password"
	case bump(path, "terms"):
		return "terms"
	}
	return ""
}

// bump reports whether a path is that of a page after the login with one of the names.
func bump(path string, names ...string) bool {
	_, after, found := strings.Cut(path, "/speedbump/")
	for _, name := range names {
		if found && strings.Contains(strings.ReplaceAll(after, "-", ""), name) {
			return true
		}
	}
	return false
}

// refuse says no in our words, with Google's behind them.
func refuse(s *idp.Session, kind, message, words string) error {
	if words != "" {
		message += ": " + words
	}
	return s.Refuse(kind, "", message)
}

func unknown(reason string) func(context.Context, *idp.Session) error {
	return func(_ context.Context, s *idp.Session) error { return s.Unknown(reason) }
}

// refuseClient also forgets the cookies: with them Google refuses every later attempt at once.
func refuseClient(_ context.Context, s *idp.Session) error {
	s.ForgetCookies()
	query, code := s.Page().URL.Query(), "without a code"
	if rrk := query.Get("rrk"); rrk != "" && strings.Trim(rrk, "0123456789") == "" {
		code = "code " + rrk
	} else if query.Has("disallowed_useragent") {
		code = "disallowed_useragent"
	}
	return refuse(s, idp.Blocked, "Google refuses this client for this account ("+code+"); sign in once from a normal browser "+
		"on the same network, or use the browser-based login", "")
}

// appCode returns Google's code for an app that a person may not use.
func appCode(p *web.Page) string {
	for _, code := range [...]string{"app_not_enabled_for_user", "app_not_configured_for_user", "app_not_configured", "app_not_enabled"} {
		if bytes.Contains(p.Body, []byte(code)) || strings.Contains(p.URL.RawQuery, code) {
			return code
		}
	}
	return ""
}

func refuseApp(ctx context.Context, s *idp.Session) error {
	code := appCode(s.Page())
	if code == "app_not_configured_for_user" && !s.Given() && s.Notes[retried] == "" {
		s.Notes[retried] = "yes" // the cookies may be those of another account
		return afresh(ctx, s)
	}
	app := "the AWS SAML app"
	if spid := spidOf(s); spid != "" {
		app += " (spid " + spid + ")"
	}
	return refuse(s, idp.NotAssigned, appMessage(code, app), "")
}

func spidOf(s *idp.Session) string {
	if u, err := web.Resolve(nil, s.Account.URL); err == nil && u.Query().Has("spid") {
		return u.Query().Get("spid")
	}
	return s.Setting("spid")
}

func appMessage(code, app string) string {
	const administrator = "; ask your Workspace administrator"
	switch code {
	case "app_not_enabled_for_user", "app_not_enabled":
		return app + " is switched off for your account (" + code + ")" + administrator
	case "app_not_configured_for_user":
		return app + " is not set up for your account, or its entity id or spid is wrong (" + code + ")" + administrator
	case "app_not_configured":
		return app + " is not set up in your Workspace (" + code + ")" + administrator
	}
	return "your account is not allowed to use " + app + administrator
}

func refuseRecaptcha(_ context.Context, s *idp.Session) error {
	return refuse(s, idp.CaptchaRefused, "Google wants a reCAPTCHA, which only a browser can answer; "+captchaAdvice, "")
}

func refuseWithoutTwoStep(_ context.Context, s *idp.Session) error {
	return refuse(s, idp.Blocked, "your organisation requires 2-Step Verification; enrol at https://myaccount.google.com/security",
		s.Page().Text("#contactAdminMessage"))
}

func refuseLocked(_ context.Context, s *idp.Session) error {
	return refuse(s, idp.Locked, "too many failed attempts; wait or use another factor", s.Page().Text("section[jsname=INM6z]"))
}

func refuseDisabled(_ context.Context, s *idp.Session) error {
	return refuse(s, idp.Locked, "Google has disabled the account; see "+web.Place(s.Page().URL), "")
}

func refuseOldPassword(_ context.Context, s *idp.Session) error {
	return refuse(s, idp.PasswordExpired, "Google wants a new password first; set it in a browser at "+web.Place(s.Page().URL), "")
}

func refuseTerms(_ context.Context, s *idp.Session) error {
	return refuse(s, idp.Blocked, "Google wants its terms accepted first; read them in a browser at "+web.Place(s.Page().URL), "")
}

// passReminder leaves a page that only reminds of something: the login is over, the cookies are set.
func passReminder(ctx context.Context, s *idp.Session) error { return s.StartAgain(ctx) }

// leaveJavaScript tries as somebody new, and then the same page's flow without JavaScript.
func leaveJavaScript(ctx context.Context, s *idp.Session) error {
	const again, plain = "google javascript page met", "google flow rewritten"
	address := *s.Page().URL
	query := address.Query()
	switch {
	case s.Given():
	case s.Notes[again] == "":
		s.Notes[again] = "yes"
		return afresh(ctx, s)
	case s.Notes[plain] == "" && query.Get("flowName") == scriptedFlow:
		s.Notes[plain] = "yes"
		query.Set("flowName", plainFlow)
		address.RawQuery = query.Encode()
		return s.Open(ctx, address.String())
	}
	return s.Unknown(scripted)
}
