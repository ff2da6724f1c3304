package forms

import (
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// guessFactor reads which second factor a label or name is about; "" where it tells of none.
func guessFactor(label string) idp.Factor {
	label = strings.ToLower(label)
	for _, guess := range []struct {
		factor idp.Factor
		words  []string
	}{
		{idp.Backup, []string{"backup", "recovery", "rescue", "scratch", "wiederherstellung", "secours"}},
		{idp.WebAuthn, []string{"security key", "passkey", "webauthn", "fido", "u2f", "sicherheitsschlüssel"}},
		{idp.Token, []string{"securid", "rsa", "yubikey", "vip", "hardware token"}},
		{idp.Email, []string{"email", "e-mail", "mail"}},
		{idp.SMS, []string{"sms", "text message", "text me", "text a code"}},
		{idp.Call, []string{"call", "voice", "anruf", "appel"}},
		{idp.Push, []string{"push", "notification", "approve", "prompt"}},
		{idp.Security, []string{"security question", "sicherheitsfrage"}},
		{idp.TOTP, []string{"authenticator", "totp", "one-time", "onetime", "otp", "passcode", "verification code", "code from", "app", "einmal"}},
	} {
		if containsAny(label, guess.words...) {
			return guess.factor
		}
	}
	return ""
}

// factorOf reads which factor a code is of: from its field, else from what the page says.
func factorOf(p *web.Page, field *web.Field) idp.Factor {
	if factor := guessFactor(field.Name + " " + field.Label()); factor != "" && factor != idp.TOTP {
		return factor
	}
	if factor := guessFactor(p.Text("h1, h2, legend, form p, form label")); factor != "" && factor != idp.Push {
		return factor
	}
	return idp.TOTP
}
