// Package pingfed signs in with PingFederate, whose pages a company writes from templates or leaves to a script that asks
// an API, and with PingID behind it.
package pingfed

import (
	"context"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "pingfed", Title: "PingFederate, PingID",
		Settings: []idp.Setting{{Key: "partner", Help: "identifier of AWS as a partner, where the address is the host alone", Default: idp.AWSIssuer}},
		Owns:     func(p *web.Page) bool { return isPassword(p) || isIdentifier(p) || isShell(p) },
		SignOut:  idp.SignOutAt("/idp/startSLO.ping"),
		Start:    start,
		Hosts:    []string{"authenticator.pingone.com"},
		Refusal:  ".ping-error, .ping-input-error, .ping-messages, div.error",
		Steps: []idp.Step{
			{Name: "pingfed password", On: isPassword, Do: fillPassword, Tries: 3},
			{Name: "pingfed user name", On: isIdentifier, Do: fillIdentifier, Tries: 2},
			{Name: "pingfed new password wanted", On: isNewPassword, Do: refuse(idp.PasswordExpired, "a new password must be set first; sign in once with a browser")},
			{Name: "pingfed error", On: isError, Do: refuse(idp.Blocked, "PingFederate shows an error page without words")},

			{Name: "pingid security key probe", On: has("form#start-form input[name=isWebAuthnSupportedByBrowser]"), Do: denyKey},
			{Name: "pingid device", On: isDevices, Do: chooseDevice, Tries: 2},
			{Name: "pingid code", On: has("form#otp-form input[name=otp]"), Do: fillCode, Tries: 3},
			{Name: "pingid push", On: isPush, Do: awaitPush, Tries: 3},

			{Name: "pingfed application", On: isShell, Do: openFlow},
			{Name: "pingfed flow", On: isFlow, Do: walkFlow, Tries: 12},
			{Name: "pingfed flow error", On: isFlowError, Do: answerError, Tries: 3},
		},
	}
}

func start(ctx context.Context, s *idp.Session) error {
	return s.OpenAddress(ctx, "/idp/startSSO.ping", url.Values{"PartnerSpId": {s.Setting("partner")}})
}

func has(selector string) func(*web.Page) bool {
	return func(p *web.Page) bool { return p.Has(selector) }
}

func isPassword(p *web.Page) bool {
	return p.Has(`input[name="pf.pass"]`) && !isNewPassword(p) || p.Has("input[name=USER]") && p.Has("input[name=PASSWORD]")
}

func isIdentifier(p *web.Page) bool {
	return !p.Has(`input[name="pf.pass"]`) && (p.Has(`input[name=subject]`) && p.Has(`input[name="clear.previous.selected.subject"]`) || p.Has(`input[name="pf.username"]`))
}

func isNewPassword(p *web.Page) bool {
	return p.Has(`input[name="pf.new.pass"], input[name="pf.newPassword"]`) || p.URL.Query().Get("ChangePassword") == "true"
}

func isError(p *web.Page) bool {
	return p.Has(".ping-error, .ping-messages") && strings.HasPrefix(p.Path(), "/idp/") && !isPassword(p) && !isIdentifier(p) && !isNewPassword(p)
}

func refuse(kind, message string) func(context.Context, *idp.Session) error {
	return func(_ context.Context, s *idp.Session) error {
		return s.Refuse(kind, ".ping-error, .ping-messages", message)
	}
}

func fillPassword(ctx context.Context, s *idp.Session) error {
	user, secret := "pf.username", "pf.pass"
	if !s.Page().Has(`input[name="pf.pass"]`) {
		user, secret = "USER", "PASSWORD"
	}
	f := s.Page().Form(`input[name="` + secret + `"]`)
	if field := f.Field(user); field != nil && field.Fillable() {
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		field.Set(name)
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password})
	if err != nil {
		return err
	}
	return s.Submit(ctx, clicked(f.Set(secret, password)))
}

// clicked says, as the page's script does, that the button was pressed.
func clicked(f *web.Form) *web.Form {
	if f.Field("pf.ok") != nil {
		f.Set("pf.ok", "clicked")
	}
	return f
}

func fillIdentifier(ctx context.Context, s *idp.Session) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	field := "subject"
	if !s.Page().Has("input[name=subject]") {
		field = "pf.username"
	}
	return s.Submit(ctx, clicked(s.Page().Form(`input[name="`+field+`"]`).Set(field, name)))
}
