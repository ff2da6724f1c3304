package entra

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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
	case "TwoWayVoiceMobile", "TwoWayVoiceAlternateMobile", "TwoWayVoiceOffice":
		return idp.Call
	}
	return ""
}

func labelOf(method, display string) string {
	what := map[idp.Factor]string{idp.TOTP: "code from the authenticator app", idp.SMS: "text message", idp.Push: "notification in the authenticator app", idp.Call: "call"}[factorOf(method)]
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
	var methods []string
	choice := idp.Choice{Title: "Which second factor?"}
	for _, proof := range c.At("arrUserProofs").List() {
		method := proof.At("authMethodId").Text()
		if factorOf(method) == "" {
			continue
		}
		option := idp.Option{Label: labelOf(method, proof.At("display").Text()), Factor: factorOf(method)}
		if proof.At("isDefault").Text() == "true" {
			methods, choice.Options = slices.Insert(methods, 0, method), slices.Insert(choice.Options, 0, option)
			continue
		}
		methods, choice.Options = append(methods, method), append(choice.Options, option)
	}
	if len(methods) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the second factors enrolled can be used without a browser: add an authenticator app or a phone")
	}
	i, err := s.Ask.Choose(ctx, choice)
	if err != nil {
		return err
	}
	s.Notes[methodNote] = methods[i]
	return call(ctx, s, c.At("urlBeginAuth").Text(), map[string]any{
		"AuthMethodId": methods[i], "Method": "BeginAuth", "ctx": c.At("sCtx").Text(), "flowToken": c.At("sFT").Text(),
	})
}

// answerFactor goes on with a factor that has begun: by a code, or by waiting for the phone.
func answerFactor(ctx context.Context, s *idp.Session) error {
	begun := s.Page().JSON()
	if begun.At("Success").Text() != "true" {
		return refuseResult(s, begun)
	}
	if factor := factorOf(s.Notes[methodNote]); factor == idp.TOTP || factor == idp.SMS {
		return checkCode(ctx, s, factor)
	}
	return await(ctx, s, begun)
}

// checkCode asks for a code and has Entra check it.
func checkCode(ctx context.Context, s *idp.Session, factor idp.Factor) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: factor, Label: labelOf(s.Notes[methodNote], ""), Refused: complaint(s.Page())})
	if err != nil {
		return err
	}
	s.Notes[codeNote] = code
	a := s.Page().JSON()
	return call(ctx, s, kept(s).At("urlEndAuth").Text(), map[string]any{
		"Method": "EndAuth", "SessionId": a.At("SessionId").Text(), "FlowToken": a.At("FlowToken").Text(), "Ctx": a.At("Ctx").Text(),
		"AuthMethodId": s.Notes[methodNote], "AdditionalAuthData": code, "PollCount": 1,
	})
}

// checkFactor goes on from Entra's word on a code.
func checkFactor(ctx context.Context, s *idp.Session) error {
	a := s.Page().JSON()
	switch a.At("ResultValue").Text() {
	case "Success":
		return process(ctx, s, a, nil)
	case "OathCodeIncorrect", "OathCodeDuplicate", "SMSAuthFailedWrongCodeEntered":
		return checkCode(ctx, s, factorOf(s.Notes[methodNote]))
	}
	return refuseResult(s, a)
}

// await asks again and again whether the person has answered on the phone.
func await(ctx context.Context, s *idp.Session, begun web.Value) error {
	c, method := kept(s), s.Notes[methodNote]
	message := "Approve the sign-in in the Authenticator app."
	if number := begun.At("Entropy").Number(); number > 0 {
		message = fmt.Sprintf("Choose %.0f in the Authenticator app.", number)
	}
	if factorOf(method) == idp.Call {
		message = "Answer the call and press #."
	}
	last, count := begun, 0
	polls := &poller{method: method, flowToken: begun.At("FlowToken").Text(), ctx: begun.At("Ctx").Text(), session: begun.At("SessionId").Text()}
	answered, err := s.Await(ctx, idp.Wait{
		Message: message, Every: pollPause(c, method), For: milliseconds(c.At("iPollingTimeout"), 2*time.Minute),
		Check: func(ctx context.Context) (bool, error) {
			if count++; count == 1 { // nobody answers at once
				return false, nil
			}
			answer, err := polls.look(ctx, s, c.At("urlEndAuth").Text(), count-1)
			if err != nil {
				return false, err
			}
			last = answer
			return answer.At("Success").Text() == "true" || answer.At("Retry").Text() != "true", nil
		},
	})
	switch {
	case err != nil:
		return err
	case !answered:
		return s.Refuse(idp.MFAFailed, "", "nobody answered on the phone in time")
	case last.At("Success").Text() != "true":
		return refuseResult(s, last)
	}
	return process(ctx, s, last, polls)
}

// pollPause is how long to wait between two looks: the page says it for a method in seconds, else for all of them.
func pollPause(c web.Value, method string) time.Duration {
	if seconds := c.At("oPerAuthPollingInterval", method).Number(); seconds > 0 {
		return time.Duration(seconds * float64(time.Second))
	}
	return milliseconds(c.At("iPollingInterval"), 5*time.Second)
}

// milliseconds reads a time that some pages give in seconds: its size tells.
func milliseconds(v web.Value, otherwise time.Duration) time.Duration {
	switch n := v.Number(); {
	case n <= 0:
		return otherwise
	case n < 1000:
		return time.Duration(n * float64(time.Second))
	default:
		return time.Duration(n * float64(time.Millisecond))
	}
}

// poller carries the newest tokens from one look to the next.
type poller struct {
	method, flowToken, ctx, session string
	begin, end                      int64 // of the last look, in milliseconds
	old                             bool  // the server wants the look as a POST
}

func (p *poller) look(ctx context.Context, s *idp.Session, address string, count int) (web.Value, error) {
	u, err := s.Page().Resolve(address)
	if err != nil || address == "" {
		return web.Value{}, s.Unknown("an address of its API cannot be read")
	}
	request := p.request(*u, s.Notes[placeNote], count)
	begin := s.Now().UnixMilli()
	page, err := s.Fetch(ctx, request)
	if err != nil {
		return web.Value{}, err
	}
	p.begin, p.end = begin, s.Now().UnixMilli()
	if !p.old && (page.Status == http.StatusNotFound || page.Status == http.StatusMethodNotAllowed) {
		p.old = true
		return p.look(ctx, s, address, count)
	}
	answer := page.JSON()
	p.flowToken = orDefault(answer.At("FlowToken").Text(), p.flowToken)
	p.ctx = orDefault(answer.At("Ctx").Text(), p.ctx)
	p.session = orDefault(answer.At("SessionId").Text(), p.session)
	return answer, nil
}

func (p *poller) request(u url.URL, referer string, count int) web.Request {
	if p.old {
		r := web.PostJSON(u.String(), map[string]any{"Method": "EndAuth", "SessionId": p.session, "FlowToken": p.flowToken, "Ctx": p.ctx, "AuthMethodId": p.method, "PollCount": count})
		r.Header.Set("Referer", referer)
		return r
	}
	query := u.Query()
	query.Set("authMethodId", p.method)
	query.Set("pollCount", strconv.Itoa(count))
	if p.begin != 0 {
		query.Set("lastPollStart", strconv.FormatInt(p.begin, 10))
		query.Set("lastPollEnd", strconv.FormatInt(p.end, 10))
	}
	u.RawQuery = query.Encode()
	header := http.Header{"Accept": {"application/json"}, "Referer": {referer}}
	header.Set("x-ms-ctx", p.ctx)
	header.Set("x-ms-flowToken", p.flowToken)
	header.Set("x-ms-sessionId", p.session)
	return web.Request{Method: http.MethodGet, URL: u.String(), Header: header}
}

// process takes a factor that was accepted back to the page.
func process(ctx context.Context, s *idp.Session, accepted web.Value, polls *poller) error {
	c, method := kept(s), s.Notes[methodNote]
	form := fields(c)
	form.Del("ctx")
	form.Set("request", orDefault(accepted.At("Ctx").Text(), c.At("sCtx").Text()))
	form.Set(flowTokenName(c), orDefault(accepted.At("FlowToken").Text(), c.At("sFT").Text()))
	form.Set("login", c.At("sPOST_Username").Text())
	form.Set("mfaAuthMethod", method)
	form.Set("sacxt", "")
	form.Set("hideSmsInMfaProofs", "false")
	form.Set(orDefault(c.At("sTrustedDeviceCheckboxName").Text(), "rememberMFA"), "true")
	switch factorOf(method) {
	case idp.TOTP:
		form.Set("type", "19")
	case idp.SMS:
		form.Set("type", "18")
		form.Set("mfaAuthMethod", "OneWaySMS")
	default:
		form.Set("type", "22")
	}
	if polls == nil {
		form.Set("otc", s.Notes[codeNote])
	} else {
		form.Set("request", polls.ctx)
		form.Set(flowTokenName(c), polls.flowToken)
		form.Set("mfaLastPollStart", strconv.FormatInt(polls.begin, 10))
		form.Set("mfaLastPollEnd", strconv.FormatInt(polls.end, 10))
	}
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
