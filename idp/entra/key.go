package entra

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/samlcli/samlcli/idp"
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
		if id, err := base64.RawURLEncoding.DecodeString(urlSafe(allowed.Text())); err == nil && len(id) > 0 {
			asked.Allow = append(asked.Allow, id)
		}
	}
	signed, err := s.SignChallenge(ctx, asked)
	if err != nil {
		return err
	}
	assertion, _ := json.Marshal(map[string]string{ // of strings: it always can
		"id":                encode(signed.ID),
		"clientDataJSON":    encode(signed.ClientData),
		"authenticatorData": encode(signed.AuthenticatorData),
		"signature":         encode(signed.Signature),
		"userHandle":        encode(signed.UserHandle),
	})
	form := fields(c)
	form.Set("type", "23")
	form.Set("ps", "23")
	form.Set("assertion", string(assertion))
	form.Set("lmcCanary", c.At("sCrossDomainCanary").Text())
	return post(ctx, s, c.At("urlPost").Text(), form)
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

// urlSafe spells base64 as one of its alphabets does, without padding.
func urlSafe(encoded string) string {
	return strings.NewReplacer("+", "-", "/", "_", "=", "").Replace(encoded)
}
