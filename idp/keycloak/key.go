package keycloak

import (
	"context"
	"errors"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// answerKey has a security key answer where there is one, unless another factor is preferred.
func answerKey(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form("form#webauth")
	if s.Key == nil || f == nil || s.Prefers(idp.WebAuthn) && s.Page().Has(anotherWay) {
		return avoidKey(ctx, s)
	}
	r := idp.KeyRequest{RPID: scriptValue(s.Page(), "rpId"), UserVerification: scriptValue(s.Page(), "userVerification")}
	if err := r.SetChallenge(scriptValue(s.Page(), "challenge")); err != nil {
		return s.Unknown("its challenge for the security key cannot be read")
	}
	keys := s.Page().Find("input[name=authn_use_chk]")
	for i := range keys.Length() {
		r.AllowID(keys.Eq(i).AttrOr("value", ""))
	}
	signed, err := s.SignChallenge(ctx, r)
	if errors.Is(err, idp.ErrNoAnswer) {
		return avoidKey(ctx, s)
	}
	if err != nil {
		return err
	}
	for name, value := range map[string][]byte{"clientDataJSON": signed.ClientData, "authenticatorData": signed.AuthenticatorData, "signature": signed.Signature, "credentialId": signed.ID, "userHandle": signed.UserHandle} {
		f.Set(name, web.EncodeBase64(value))
	}
	return s.Submit(ctx, f)
}

// scriptValue finds what a script of the page gives a name: challenge : "X", or let challenge = 'X', as versions differ.
func scriptValue(p *web.Page, name string) string {
	rest := p.Find("script").Text()
	for {
		_, after, found := strings.Cut(rest, name)
		if !found {
			return ""
		}
		rest = after
		value := strings.TrimLeft(after, " \t\r\n")
		if value == "" || value[0] != ':' && value[0] != '=' {
			continue
		}
		value = strings.TrimLeft(value[1:], " \t\r\n")
		if value == "" || value[0] != '\'' && value[0] != '"' {
			continue
		}
		if text, _, closed := strings.Cut(value[1:], value[:1]); closed {
			return text
		}
	}
}
