package entra

import (
	"context"
	"html"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// Codes that are no refusals, or not at once.
const (
	signedOut     = "50058" // nobody is signed in, says a first page
	sessionOver   = "50173" // the cookies of an earlier sign-in are worth nothing any more
	wrongPassword = "50126"
)

// code returns the number of a page's error, AADSTS and it; "" where there is none.
func code(p *web.Page) string {
	c := config(p)
	for _, key := range []string{"sErrorCode", "iErrorCode"} {
		if number := c.At(key).Text(); number != "" && number != "0" && number != signedOut {
			return number
		}
	}
	for _, words := range []string{c.At("strServiceExceptionMessage").Text(), c.At("sErrTxt").Text(), p.Text(serviceErrors)} {
		_, after, found := strings.Cut(words, "AADSTS")
		if number := after[:len(after)-len(strings.TrimLeft(after, "0123456789"))]; found && number != "" && number != signedOut {
			return number
		}
	}
	return ""
}

// words returns what a page says about its error, without the code and what only Microsoft can trace.
func words(p *web.Page) string {
	c := config(p)
	for _, text := range []string{c.At("strServiceExceptionMessage").Text(), c.At("sErrTxt").Text(), c.At("strMainMessage").Text(), p.Text(serviceErrors)} {
		text, _, _ = strings.Cut(html.UnescapeString(untagged(text)), "Trace ID:")
		if number, rest, found := strings.Cut(text, ": "); found && strings.HasPrefix(number, "AADSTS") {
			text = rest
		}
		if text = strings.TrimSpace(text); text != "" {
			return text
		}
	}
	return ""
}

// untagged leaves out the tags of words that are HTML.
func untagged(text string) string {
	var b strings.Builder
	for {
		before, tag, found := strings.Cut(text, "<")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(tag, ">")
	}
}

// known says what a code means to the person, and what kind of refusal it is.
func known(code string) (kind, message string) {
	const (
		device = "Entra wants a managed device, which only a browser on one has"
		mfa    = "a second factor must be registered first, at https://aka.ms/mfasetup"
	)
	switch code {
	case wrongPassword:
		return idp.BadCredentials, "wrong user name or password"
	case "50034", "50020", "51004":
		return idp.BadCredentials, "there is no such account in this tenant"
	case "50056":
		return idp.BadCredentials, "the account has no password"
	case "50053":
		return idp.Locked, "the account is locked, or the sign-in comes from an address that is blocked: wait"
	case "50057":
		return idp.Locked, "the account is disabled"
	case "50055":
		return idp.PasswordExpired, "the password has expired: set a new one at https://passwordreset.microsoftonline.com"
	case "50105":
		return idp.NotAssigned, "the account is not assigned to the AWS application"
	case "700016", "650056", "75011", "50011", "50128", "50059", "90002":
		return idp.NotAssigned, "the tenant, or the application's Identifier or Reply URL, is not what the address says"
	case "500121", "50158":
		return idp.MFAFailed, "the second factor failed"
	case "50072", "50074", "50076", "50079", "50125", "50203":
		return idp.MFAFailed, mfa
	case "53000", "53001", "50097", "50129":
		return idp.Blocked, device
	case "53004":
		return idp.Blocked, "no second factor may be registered from here, since the sign-in seems risky: ask your administrator"
	case "53003", "53002", "50131", "53040", "53041", "53042", "53043", "53044", "53045", "53046", "53047", "53048", "53049":
		return idp.Blocked, "a Conditional Access policy blocks the sign-in; one that wants a known platform may be content with another user_agent"
	case sessionOver:
		return idp.Blocked, "the session was revoked: sign in again"
	case "50196":
		return idp.Blocked, "Entra saw too many sign-ins: wait five minutes"
	case "165000", "9000411":
		return idp.Blocked, "Entra takes the request for a damaged one: please report it with what samlcli record says"
	case signedOut:
		return idp.Blocked, "Entra has lost the sign-in between two pages, as where cookies are lost"
	case "65001":
		return idp.NotAssigned, "an administrator must consent to the application"
	}
	return idp.Blocked, ""
}

func refuseCaptcha(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.CaptchaRefused, "", "Microsoft demands a captcha, which only its own page can show: sign in once in a browser on the same network")
}

// blocks reports whether a code ends the sign-in whatever page says it.
func blocks(code string) bool {
	kind, message := known(code)
	return kind == idp.Blocked && message != ""
}

// startAfresh forgets the session of an earlier sign-in, which a new password has ended.
func startAfresh(ctx context.Context, s *idp.Session) error {
	if s.Given() {
		return refuse(sessionOver, "")(ctx, s)
	}
	s.ForgetCookies()
	return s.StartAgain(ctx)
}

// refuse ends with the page's code, or with one that the page stands for.
func refuse(number, otherwise string) func(context.Context, *idp.Session) error {
	return func(_ context.Context, s *idp.Session) error {
		number := orDefault(code(s.Page()), number)
		kind, meaning := known(number)
		if meaning == "" && words(s.Page()) == "" {
			meaning = orDefault(otherwise, "Entra refuses the sign-in on its page "+pageID(s.Page()))
		}
		return s.Refuse(kind, "", explained(meaning, number, words(s.Page())))
	}
}

// explained says what a code means here, the code, and what the page says; any of them may be empty.
func explained(meaning, code, words string) string {
	if code != "" {
		code = "AADSTS" + code
	}
	switch {
	case meaning == "":
		meaning, words = words, ""
	case code != "" && words != "":
		words = ": " + words
	}
	if code+words == "" {
		return meaning
	}
	return strings.TrimSpace(meaning + " (" + code + words + ")")
}

// refuseResult ends with what the API says of a second factor.
func refuseResult(s *idp.Session, answer web.Value) error {
	result := answer.At("ResultValue").Text()
	message := meaning(result)
	if message == "" {
		message = "the second factor failed: " + orDefault(result, orDefault(answer.At("Message").Text(), answer.At("error", "message").Text()))
	}
	return s.Refuse(idp.MFAFailed, "", message)
}

// meaning says what a result of a second factor means that ends it; "" of one that is not known to.
func meaning(result string) string {
	return map[string]string{
		"PhoneAppDenied":                          "the sign-in was denied on the phone",
		"PhoneAppFraud":                           "the sign-in was reported as fraud on the phone",
		"PhoneAppNoResponse":                      "nobody answered on the phone in time",
		"PhoneAppNotificationFailed":              "the notification could not be sent",
		"PhoneAppAllDevicesBlocked":               "all devices of the app are blocked",
		"AuthenticationMethodLocked":              "that second factor is locked",
		"AuthenticationMethodNotConfigured":       "that second factor is not set up",
		"UserIsBlocked":                           "the account is blocked",
		"SMSAuthFailedMaxAllowedCodeRetryReached": "too many wrong codes",
		"UserVoiceAuthFailedPhoneHungUp":          "the call was ended",
		"UserVoiceAuthFailedPhoneUnreachable":     "the phone could not be reached",
		"UserVoiceAuthFailedCallWentToVoicemail":  "the call went to voicemail",
	}[result]
}

// complaint says what is wrong with the answer that the page, or the API, has refused.
func complaint(p *web.Page) string {
	switch p.JSON().At("ResultValue").Text() {
	case "OathCodeDuplicate":
		return "the code was used already: wait for the next"
	case "OathCodeIncorrect", "SMSAuthFailedWrongCodeEntered":
		return "the code was not accepted"
	}
	_, meaning := known(code(p))
	return explained(meaning, code(p), words(p))
}
