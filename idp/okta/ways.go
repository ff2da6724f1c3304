package okta

import (
	"context"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// A way is an authenticator that the Identity Engine offers, by the form that chooses it.
type way struct {
	label, key string
	form       []web.Value
}

// keyOf finds what kind of authenticator an option is for: it points to where that is told.
func keyOf(state, option web.Value) string {
	path := option.At("relatesTo").Text()
	if path == "" {
		path = option.At("relatesTo", "0").Text()
	}
	path = strings.NewReplacer("$.", "", "[", ".", "]", "").Replace(path)
	return state.At(strings.Split(path, ".")...).At("key").Text()
}

// factorOf says which of the factors that a person can prefer an authenticator's method is; "" of a password and of what
// cannot be done here.
func factorOf(key, method string) idp.Factor {
	switch {
	case method == "push":
		return idp.Push
	case method == "sms":
		return idp.SMS
	case method == "voice":
		return idp.Call
	case key == "okta_email" || method == "email":
		return idp.Email
	case key == "webauthn" || method == "webauthn":
		return idp.WebAuthn
	case key == "security_question" || method == "security_question":
		return idp.Security
	case method == "totp" || method == "otp" && key != "yubikey_token" || key == "google_otp" || key == "okta_verify" || key == "tac":
		return idp.TOTP
	case key == "custom_otp" || key == "symantec_vip" || key == "yubikey_token" || key == "rsa_token" || key == "onprem_mfa":
		return idp.Token
	case key == "phone_number":
		return idp.SMS
	}
	return ""
}

// A pick is a way with one of its methods.
type pick struct {
	option idp.Option
	body   map[string]any
}

// choose asks for one of the ways, each with each of its methods, and sends it.
func choose(ctx context.Context, s *idp.Session, remedy web.Value, ways []way) error {
	var picks []pick
	c := idp.Choice{Title: "How do you want to sign in to Okta?"}
	for _, w := range ways {
		for _, p := range w.picks() {
			if p.option.Factor == idp.WebAuthn && s.Key == nil || w.key == "okta_password" && s.Given() {
				continue
			}
			picks = append(picks, p)
			c.Options = append(c.Options, p.option)
		}
	}
	if len(picks) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the second factors enrolled with Okta can be used without a browser")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	body := fixed(remedy)
	body["authenticator"] = picks[i].body
	return do(ctx, s, remedy, body)
}

// picks returns one pick a method; FastPass, which asks an agent on the machine, is left out.
func (w way) picks() []pick {
	body, methods := map[string]any{}, []web.Value{{}}
	for _, f := range w.form {
		switch name := f.At("name").Text(); {
		case name == "methodType" && len(f.At("options").List()) > 0:
			methods = f.At("options").List()
		case f.At("value").Text() != "":
			body[name] = f.At("value").Raw()
		}
	}
	var picks []pick
	for _, m := range methods {
		chosen := map[string]any{}
		for name, value := range body {
			chosen[name] = value
		}
		label := w.label
		if method := m.At("value").Text(); method != "" {
			chosen["methodType"] = method
			label = strings.TrimPrefix(label+": "+m.At("label").Text(), ": ")
		}
		method, _ := chosen["methodType"].(string)
		if method == "signed_nonce" {
			continue
		}
		picks = append(picks, pick{idp.Option{Label: label, Factor: factorOf(w.key, method)}, chosen})
	}
	return picks
}
