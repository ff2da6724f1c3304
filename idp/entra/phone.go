package entra

import (
	"context"
	"time"

	"github.com/samlcli/samlcli/idp"
)

// askForNumber has the phone show a number.
func askForNumber(ctx context.Context, s *idp.Session) error {
	c := kept(s)
	return call(ctx, s, orDefault(c.At("urlGetOneTimeCode").Text(), "/common/GetOneTimeCode"), map[string]any{
		"Channel": "Authenticator", "FlowToken": c.At("sFT").Text(), "OldDeviceCode": s.Notes[deviceNote], "OriginalRequest": c.At("sCtx").Text(),
	})
}

// awaitPhone goes on with a sign-in by phone, which stands for the password, that was asked for anew.
func awaitPhone(ctx context.Context, s *idp.Session) error {
	keep(s)
	begun := s.Page().JSON()
	for _, name := range []string{"SessionLookupKey", "SessionIdentifier", "DeviceCode"} {
		if device := begun.At(name).Text(); device != "" {
			s.Notes[deviceNote] = device
			break
		}
	}
	return awaitNumber(ctx, s, orDefault(begun.At("DisplaySignForUI").Text(), begun.At("Entropy").Text()))
}

// awaitNumber waits until the person has chosen the number in the authenticator app.
func awaitNumber(ctx context.Context, s *idp.Session, number string) error {
	c, device := kept(s), s.Notes[deviceNote]
	u, err := endpoint(s, orDefault(c.At("urlSessionState").Text(), "/common/DeviceCodeStatus"))
	if err != nil {
		return err
	}
	query := u.Query()
	query.Set("code", device)
	u.RawQuery = query.Encode()
	state := pending
	answered, err := s.Await(ctx, idp.Wait{
		Message: "Choose " + number + " in the Authenticator app.",
		Every:   milliseconds(c.At("iPollingInterval"), 2*time.Second), For: milliseconds(c.At("iPollingTimeout"), 2*time.Minute),
		Later: true,
		Check: func(ctx context.Context) (bool, error) {
			answer, err := s.Fetch(ctx, request(s, u, map[string]any{"DeviceCode": device}))
			if err != nil {
				return false, err
			}
			state = int(answer.JSON().At("AuthorizationState").Number())
			return state != pending, nil
		},
	})
	switch {
	case err != nil:
		return err
	case !answered:
		return s.Refuse(idp.MFAFailed, "", "nobody answered on the phone in time")
	case state == denied:
		return s.Refuse(idp.MFAFailed, "", "the sign-in was denied on the phone")
	}
	form, err := loginForm(ctx, s)
	if err != nil {
		return err
	}
	form.Set(orDefault(c.At("sSessionIdentifierName").Text(), "code"), device)
	form.Set("psRNGCSLK", device)
	form.Set("psRNGCEntropy", number)
	return post(ctx, s, c.At("urlPost").Text(), form)
}

// What the API says of a sign-in by phone, AuthorizationState; any other is an approval.
const (
	pending = 0
	denied  = 1
)
