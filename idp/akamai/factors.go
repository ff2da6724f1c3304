package akamai

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
)

func askConfig(ctx context.Context, s *idp.Session) error {
	return call(ctx, s, "/api/v1/config/mfa", nil)
}

func askSettings(ctx context.Context, s *idp.Session) error {
	a, _ := read(s.Page())
	s.Notes[config] = strings.Join(a.MFA.Config.Options, " ")
	return call(ctx, s, "/api/v1/mfa/token/settings", nil)
}

// chooseFactor offers what is enrolled and can be typed: the iframe that Duo is shown in exists no more.
func chooseFactor(ctx context.Context, s *idp.Session) error {
	a, _ := read(s.Page())
	var devices []string
	choice := idp.Choice{Title: "Which second factor?"}
	for _, factor := range offered(a, strings.Fields(s.Notes[config])) {
		enrolled, _ := a.MFA.Settings[string(factor)].([]any)
		for _, e := range enrolled {
			d, _ := e.(map[string]any)
			devices = append(devices, fmt.Sprint(d["uuid"]))
			choice.Options = append(choice.Options, idp.Option{Label: label(factor, d), Factor: factor})
		}
	}
	if len(devices) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the second factors enrolled is typed (Duo is shown in a frame that exists no more): use a browser")
	}
	i, err := s.Ask.Choose(ctx, choice)
	if errors.Is(err, idp.ErrNoAnswer) && choice.Options[0].Factor == preferred(a) {
		i, err = 0, nil
	}
	if err != nil {
		return err
	}
	s.Notes[chosen], s.Notes[device] = string(choice.Options[i].Factor), devices[i]
	if choice.Options[i].Factor == idp.TOTP {
		return sendCode(ctx, s)
	}
	return call(ctx, s, factorPath(s)+"push", map[string]any{"force": false, "uuid": devices[i]})
}

// offered returns the factors that can be typed, the person's preferred one first.
func offered(a answer, options []string) []idp.Factor {
	factors := []idp.Factor{idp.TOTP, idp.SMS, idp.Email}
	if i := slices.Index(factors, preferred(a)); i > 0 {
		factors[0], factors[i] = factors[i], factors[0]
	}
	return slices.DeleteFunc(factors, func(f idp.Factor) bool { return !slices.Contains(options, string(f)) })
}

func preferred(a answer) idp.Factor {
	settings, _ := a.MFA.Settings["preferred"].(map[string]any)
	option, _ := settings["option"].(string)
	return idp.Factor(option)
}

func label(factor idp.Factor, device map[string]any) string {
	for _, key := range []string{"name", "masked", "phone", "phone_number", "number", "email"} {
		if text, ok := device[key].(string); ok && text != "" {
			return string(factor) + " " + text
		}
	}
	return string(factor)
}

// factorPath is where a factor's calls go; the one for text messages is called phone.
func factorPath(s *idp.Session) string {
	kind := s.Notes[chosen]
	if kind == string(idp.SMS) {
		kind = "phone"
	}
	return "/api/v1/mfa/user/" + kind + "/token/"
}

func sendCode(ctx context.Context, s *idp.Session) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.Factor(s.Notes[chosen]), Refused: message(s.Page())})
	if err != nil {
		return err
	}
	return call(ctx, s, factorPath(s)+"verify", map[string]any{"category": s.Notes[chosen], "token": code, "uuid": s.Notes[device]})
}
