package entra

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// keyMethod is a security key or passkey among the second factors. Entra asks for its signature at another host.
const keyMethod = "FidoKey"

// atKeyHost knows the page of the host for which security keys sign.
func atKeyHost(p *web.Page) bool { return strings.HasSuffix(p.Path(), "/fido/get") }

// openKeyPage goes to the host for which security keys sign.
func openKeyPage(ctx context.Context, s *idp.Session) error {
	c := kept(s)
	return post(ctx, s, c.At("urlFidoLogin").Text(), fields(c))
}

// useKey has the security key sign the challenge, and takes the signature back to the sign-in.
func useKey(ctx context.Context, s *idp.Session) error {
	before := kept(s)
	c := keep(s)
	switch {
	case s.Key == nil:
		return s.Refuse(idp.MFAFailed, "", "Entra asks for a security key, and there is none here: choose another factor with --mfa")
	case !atKeyHost(s.Page()):
		return openKeyPage(ctx, s)
	}
	signed, err := s.SignChallenge(ctx, asked(c, before))
	if err != nil {
		return err
	}
	assertion, _ := json.Marshal(map[string]string{ // of strings: it always can
		"id":                web.EncodeBase64(signed.ID),
		"clientDataJSON":    web.EncodeBase64(signed.ClientData),
		"authenticatorData": web.EncodeBase64(signed.AuthenticatorData),
		"signature":         web.EncodeBase64(signed.Signature),
		"userHandle":        web.EncodeBase64(signed.UserHandle),
	})
	form := fields(c)
	form.Set("type", "23")
	form.Set("ps", "23")
	form.Set("assertion", string(assertion))
	form.Set("lmcCanary", either("sCrossDomainCanary", c, before).Text())
	return post(ctx, s, c.At("urlPost").Text(), form)
}

// asked reads what the key is asked, on the page of its host or on the one before.
func asked(c, before web.Value) idp.KeyRequest {
	r := idp.KeyRequest{Challenge: []byte(either("sFidoChallenge", c, before).Text())}
	for _, allowed := range either("arrFidoAllowList", c, before).List() {
		r.AllowID(orDefault(allowed.Text(), allowed.At("id").Text()))
	}
	return r
}

func either(key string, c, before web.Value) web.Value {
	if value := c.At(key); value.Exists() {
		return value
	}
	return before.At(key)
}
