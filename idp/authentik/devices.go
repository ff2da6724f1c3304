package authentik

import (
	"context"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// deviceFactor says which of the factors that a person can prefer a class of devices is.
func deviceFactor(class string) idp.Factor {
	return map[string]idp.Factor{"totp": idp.TOTP, "static": idp.Backup, "sms": idp.SMS, "email": idp.Email, "duo": idp.Push, "webauthn": idp.WebAuthn}[class]
}

const (
	deviceNote = "authentik device" // the class that was chosen
	sentNote   = "authentik sent"   // a message was sent for it
)

// validate takes one of the devices, and answers for it.
func validate(ctx context.Context, s *idp.Session) error {
	v := s.Page().JSON()
	devices := v.At("device_challenges").List()
	class := s.Notes[deviceNote]
	if class == "" {
		c := idp.Choice{Title: "Which second factor?"}
		var classes []string
		for _, d := range devices {
			name := d.At("device_class").Text()
			if factor := deviceFactor(name); factor != "" && (factor != idp.WebAuthn || s.Key != nil) {
				classes = append(classes, name)
				c.Options = append(c.Options, idp.Option{Label: strings.TrimSpace(name + " " + d.At("challenge", "email").Text()), Factor: factor})
			}
		}
		if len(classes) == 0 {
			return s.Refuse(idp.MFAFailed, "", "none of the second factors enrolled can be used without a browser, or none is enrolled")
		}
		i, err := s.Ask.Choose(ctx, c)
		if err != nil {
			return err
		}
		class = classes[i]
		s.Notes[deviceNote] = class
	}
	i := slices.IndexFunc(devices, func(d web.Value) bool { return d.At("device_class").Text() == class })
	if i < 0 {
		return s.Unknown("the device that was chosen is not offered any more")
	}
	return answerDevice(ctx, s, class, devices[i])
}

func answerDevice(ctx context.Context, s *idp.Session, class string, device web.Value) error {
	switch {
	case class == "duo" && complaint(s.Page()) != "":
		return s.Refuse(idp.MFAFailed, "", complaint(s.Page()))
	case class == "duo":
		s.Ask.Tell(ctx, "Answer Duo on your device.") // the answer comes when that is done
		return send(ctx, s, map[string]any{"duo": device.At("device_uid").Number()})
	case class == "webauthn":
		return sign(ctx, s, device.At("challenge"))
	case (class == "sms" || class == "email") && s.Notes[sentNote] == "":
		s.Notes[sentNote] = "yes"
		return send(ctx, s, map[string]any{"selected_challenge": device.Raw()})
	}
	refused := ""
	if s.Page().JSON().At("response_errors", "code").Exists() {
		refused = complaint(s.Page())
	}
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: deviceFactor(class), Refused: refused})
	if err != nil {
		return err
	}
	return send(ctx, s, map[string]any{"code": code})
}

func sign(ctx context.Context, s *idp.Session, challenge web.Value) error {
	r, err := idp.ReadKeyRequest(challenge)
	if err != nil || s.Key == nil {
		return s.Unknown("its challenge for a security key cannot be answered")
	}
	signed, err := s.SignChallenge(ctx, r)
	if err != nil {
		return err
	}
	encode := web.EncodeBase64
	return send(ctx, s, map[string]any{"webauthn": map[string]any{"id": encode(signed.ID), "rawId": encode(signed.ID), "type": "public-key", "response": map[string]any{
		"clientDataJSON": encode(signed.ClientData), "authenticatorData": encode(signed.AuthenticatorData), "signature": encode(signed.Signature), "userHandle": encode(signed.UserHandle),
	}}})
}
