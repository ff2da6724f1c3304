// Package google signs in with Google Workspace, on the pages that Google serves to clients without JavaScript. There
// are three generations of them (A: gaia_loginform, B: challenge, C: v3), and an account may meet any of them on any day.
package google

import (
	"context"
	"net/url"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter for accounts.google.com.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "google", Title: "Google Workspace",
		Settings: []idp.Setting{
			{Key: "idpid", Help: "the Workspace's id, as in C01abc234, where the address has none"},
			{Key: "spid", Help: "the SAML app's number, where the address has none"},
			{Key: "prompt_url", Help: "where the answer to a prompt on the phone is awaited",
				Default: "https://content.googleapis.com/cryptauth/v1/authzen/awaittx"},
		},
		Owns:    func(p *web.Page) bool { return state(p) != "" },
		SignOut: idp.SignOutAt("/Logout"),
		Claims:  func(u *url.URL) bool { return web.Host(u) == "accounts.google.com" },
		Start:   start,
		Hosts:   []string{"accounts.google.com"},
		Refusal: complaints,
		Steps: []idp.Step{
			{Name: "google account chooser", On: at("chooser"), Do: chooseAccount},
			{Name: "google user name", On: at("identifier"), Do: fillIdentifier, Tries: 3},
			{Name: "google captcha", On: at("captcha"), Do: answerCaptcha, Tries: maxCaptchas + 1},
			{Name: "google password", On: at("password"), Do: fillPassword, Tries: 3},

			{Name: "google way to verify", On: at("selection"), Do: chooseFactor, Tries: 3},
			{Name: "google authenticator code", On: at("totp"), Do: code("totp"), Tries: 3},
			{Name: "google backup code", On: at("bc"), Do: code("bc"), Tries: 3},
			{Name: "google security key code", On: at("skotp"), Do: code("skotp"), Tries: 3},
			{Name: "google offline code", On: at("ootp"), Do: code("ootp"), Tries: 3},
			{Name: "google send code", On: at("ipp send"), Do: sendCode},
			{Name: "google code by phone", On: at("ipp"), Do: code("ipp"), Tries: 3},
			{Name: "google phone number", On: at("iap send"), Do: givePhone, Tries: 3},
			{Name: "google code by typed phone", On: at("iap"), Do: code("iap"), Tries: 3},
			{Name: "google prompt", On: at("az"), Do: awaitPrompt, Tries: 3},
			{Name: "google number prompt", On: at("dp"), Do: repeatPrompt, Tries: 3},
			{Name: "google passkey", On: at("undrivable"), Do: leaveUndrivable, Tries: 3},

			{Name: "google reminder", On: at("reminder"), Do: passReminder, Tries: 2},
			{Name: "google JavaScript page", On: at("javascript"), Do: leaveJavaScript, Tries: 3},
			{Name: "google client rejected", On: at("rejected"), Do: refuseClient},
			{Name: "google app not allowed", On: at("not allowed"), Do: refuseApp, Tries: 2},
			{Name: "google app unknown", On: at("unknown app"), Do: unknown(unknownApp)},
			{Name: "google malformed request", On: at("malformed"), Do: unknown(malformed)},
			{Name: "google reCAPTCHA", On: at("recaptcha"), Do: refuseRecaptcha},
			{Name: "google 2-Step required", On: at("two-step required"), Do: refuseWithoutTwoStep},
			{Name: "google too many attempts", On: at("locked"), Do: refuseLocked},
			{Name: "google account disabled", On: at("disabled"), Do: refuseDisabled},
			{Name: "google new password wanted", On: at("new password"), Do: refuseOldPassword},
			{Name: "google terms", On: at("terms"), Do: refuseTerms},
		},
	}
}

// start opens the account's address with the ids that it lacks, and in English: Google's words are shown to the person.
func start(ctx context.Context, s *idp.Session) error {
	u, err := web.Resolve(nil, s.Account.URL)
	if err != nil {
		return &web.UnsafeError{Reason: "the address cannot be read"}
	}
	query := u.Query()
	for _, lacking := range [...][2]string{{"idpid", s.Setting("idpid")}, {"spid", s.Setting("spid")}, {"hl", "en"}, {"loc", "US"}} {
		if key, value := lacking[0], lacking[1]; value != "" && !query.Has(key) {
			query.Set(key, value)
		}
	}
	u.RawQuery = query.Encode()
	return s.Open(ctx, u.String())
}

// afresh starts again as somebody whom Google has never seen.
func afresh(ctx context.Context, s *idp.Session) error {
	s.ForgetCookies()
	delete(s.Notes, identifierSent)
	return start(ctx, s)
}

// Notes of a walk.
const (
	identifierSent  = "google user name sent"
	passwordGiven   = "google password"
	captchaAnswered = "google captcha answered since the password"
	captchas        = "google captchas" // a mark for each
	otherWay        = "google other way looked for"
	retried         = "google tried once more"
)
