package entra

import (
	"context"
	"maps"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// factorOf says which of the factors that a person can prefer a method is; "" of one that cannot be done here.
func factorOf(method string) idp.Factor {
	switch method {
	case "PhoneAppOTP":
		return idp.TOTP
	case "OneWaySMS", "ConsolidatedTelephony":
		return idp.SMS
	case "PhoneAppNotification", "CompanionAppsNotification":
		return idp.Push
	case keyMethod:
		return idp.WebAuthn
	case passMethod:
		return idp.Backup
	case "TwoWayVoiceMobile", "TwoWayVoiceAlternateMobile", "TwoWayVoiceOffice":
		return idp.Call
	}
	return ""
}

func labelOf(method, display string) string {
	what := map[idp.Factor]string{idp.TOTP: "code from the authenticator app", idp.SMS: "text message", idp.Push: "notification in the authenticator app", idp.Call: "call", idp.WebAuthn: "security key", idp.Backup: passLabel}[factorOf(method)]
	return strings.TrimSpace(what + " " + display)
}

// chooseProof offers the second factors that can be done here, and has Entra begin the one that is taken.
func chooseProof(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	if address := c.At("urlSkipMfaRegistration").Text(); address != "" {
		return s.Open(ctx, address)
	}
	if code := code(s.Page()); code == "500121" {
		return refuse(code, "the second factor failed")(ctx, s)
	}
	methods, options := offered(c, s.Key != nil)
	if len(methods) == 0 {
		return s.Refuse(idp.MFAFailed, "", "Entra asks for a second factor that cannot be given here (a security key, say): add an authenticator app or a phone")
	}
	i, err := s.Ask.Choose(ctx, idp.Choice{Title: "Which second factor?", Options: options})
	if err != nil {
		return err
	}
	switch s.Notes[methodNote] = methods[i]; methods[i] {
	case keyMethod:
		return openKeyPage(ctx, s)
	case passMethod:
		return fillPass(ctx, s)
	}
	return call(ctx, s, c.At("urlBeginAuth").Text(), map[string]any{
		"AuthMethodId": methods[i], "Method": "BeginAuth", "Ctx": c.At("sCtx").Text(), "FlowToken": c.At("sFT").Text(),
	})
}

// offered returns the second factors that can be done here.
func offered(c web.Value, key bool) (methods []string, options []idp.Option) {
	for _, proof := range c.At("arrUserProofs").List() {
		method := proof.At("authMethodId").Text()
		if factorOf(method) == "" || method == keyMethod && (!key || c.At("urlFidoLogin").Text() == "") {
			continue
		}
		methods = append(methods, method)
		options = append(options, idp.Option{
			Label: labelOf(method, proof.At("display").Text()), Factor: factorOf(method), Usual: proof.At("isDefault").Text() == "true",
		})
	}
	return methods, options
}

// answerFactor goes on with a factor that has begun: by a code, or by waiting for the phone.
func answerFactor(ctx context.Context, s *idp.Session) error {
	keep(s)
	begun := s.Page().JSON()
	if begun.At("Success").Text() != "true" {
		return refuseResult(s, begun)
	}
	if factor := factorOf(s.Notes[methodNote]); factor == idp.TOTP || factor == idp.SMS {
		return checkCode(ctx, s, factor)
	}
	return await(ctx, s, begun.At("Entropy").Text())
}

// checkCode asks for a code and has Entra check it.
func checkCode(ctx context.Context, s *idp.Session, factor idp.Factor) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: factor, Label: codeLabel(factor), Refused: complaint(s.Page())})
	if err != nil {
		return err
	}
	s.Notes[codeNote], s.Notes[beginNote] = code, inMilliseconds(s.Now())
	c := kept(s)
	body := endAuth(s, 1)
	body["AdditionalAuthData"] = code
	return call(ctx, s, c.At("urlEndAuth").Text(), body)
}

func codeLabel(factor idp.Factor) string {
	if factor == idp.SMS {
		return "code in the text message"
	}
	return "code from the authenticator app"
}

// endAuth is what the API is asked about a factor under way.
func endAuth(s *idp.Session, count int) map[string]any {
	c := kept(s)
	return map[string]any{
		"Method": "EndAuth", "AuthMethodId": s.Notes[methodNote], "PollCount": count,
		"SessionId": c.At(sasSession).Text(), "FlowToken": c.At("sFT").Text(), "Ctx": c.At("sCtx").Text(),
	}
}

// checkFactor goes on from Entra's word on a code.
func checkFactor(ctx context.Context, s *idp.Session) error {
	keep(s)
	a := s.Page().JSON()
	switch a.At("ResultValue").Text() {
	case "Success":
		return process(ctx, s, url.Values{"otc": {s.Notes[codeNote]}, "mfaLastPollStart": {s.Notes[beginNote]}, "mfaLastPollEnd": {inMilliseconds(s.Now())}})
	case "OathCodeIncorrect", "OathCodeDuplicate", "SMSAuthFailedWrongCodeEntered":
		if thrice(s, missedNote) {
			return s.Refuse(idp.MFAFailed, "", complaint(s.Page()))
		}
		return checkCode(ctx, s, factorOf(s.Notes[methodNote]))
	}
	return refuseResult(s, a)
}

// process takes a factor that was accepted back to the page; proof is what shows that it was.
func process(ctx context.Context, s *idp.Session, proof url.Values) error {
	c, method := kept(s), s.Notes[methodNote]
	methodName := orDefault(c.At("sAuthMethodInputFieldName").Text(), "mfaAuthMethod")
	form := fields(c)
	form.Del("ctx")
	form.Set("request", c.At("sCtx").Text())
	form.Set("login", orDefault(c.At("sPOST_Username").Text(), s.Account.Username))
	form.Set(methodName, method)
	form.Set("sacxt", "")
	form.Set("hideSmsInMfaProofs", "false")
	form.Set(orDefault(c.At("sTrustedDeviceCheckboxName").Text(), "rememberMFA"), "true")
	switch factorOf(method) {
	case idp.TOTP:
		form.Set("type", "19")
	case idp.SMS:
		form.Set("type", "18")
		form.Set(methodName, "OneWaySMS")
	default:
		form.Set("type", "22")
	}
	maps.Copy(form, proof)
	return post(ctx, s, c.At("urlPost").Text(), form)
}

// skipRegistration puts off the registration of a second factor for as long as Entra allows that.
func skipRegistration(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	address := c.At("urlSkipMfaRegistration").Text()
	if address == "" {
		return s.Refuse(idp.MFAFailed, "", "a second factor must be registered first, at https://aka.ms/mfasetup")
	}
	if days := c.At("iRemainingDaysToSkipMfaRegistration").Text(); days != "" {
		s.Ask.Tell(ctx, "Entra wants a second factor registered within "+days+" days, at https://aka.ms/mfasetup")
	}
	return s.Open(ctx, address)
}
