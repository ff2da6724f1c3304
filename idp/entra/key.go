package entra

import (
	"context"
	"encoding/json"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// keyMethod is a security key or passkey among the second factors. Entra asks for its signature at another host.
const keyMethod = "FidoKey"

// openKeyPage goes to the host for which security keys sign.
func openKeyPage(ctx context.Context, s *idp.Session) error {
	c := kept(s)
	return post(ctx, s, c.At("urlFidoLogin").Text(), fields(c))
}

// useKey has the security key sign the challenge, and takes the signature back to the sign-in.
func useKey(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	if s.Key == nil {
		return s.Refuse(idp.MFAFailed, "", "Entra asks for a security key, and there is none here: choose another factor with --mfa")
	}
	asked := idp.KeyRequest{Challenge: []byte(c.At("sFidoChallenge").Text())}
	for _, allowed := range c.At("arrFidoAllowList").List() {
		asked.AllowID(allowed.Text())
	}
	signed, err := s.SignChallenge(ctx, asked)
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
	form.Set("lmcCanary", c.At("sCrossDomainCanary").Text())
	return post(ctx, s, c.At("urlPost").Text(), form)
}
