// Package duo walks Duo's pages, which other providers hand a sign-in to: the Universal Prompt in its two generations.
// There is no sign-in that starts here.
package duo

import (
	"context"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "duo", Title: "Duo, behind another provider",
		Steps: []idp.Step{
			{Name: "duo start", On: isStart, Do: begin, Tries: 3},
			{Name: "duo device health", On: at("/frame/v4/preauth/healthcheck"), Do: passHealth, Tries: 2},
			{Name: "duo script prompt", On: isScriptPrompt, Do: askMethods, Tries: 2},
			{Name: "duo methods", On: hasMethods, Do: chooseMethod, Tries: 3},
			{Name: "duo prompt", On: isPrompt, Do: chooseFactor, Tries: 3},
			{Name: "duo factor begun", On: isBegun, Do: await, Tries: 4},
			{Name: "duo refusal", On: isRefusal, Do: refuseAnswer},
			{Name: "duo application", On: isApplication, Do: openApplication},
			{Name: "duo factors", On: hasFactors, Do: chooseUnified},
			{Name: "duo signed in", On: isFinal, Do: finish},
			{Name: "duo enrolment", On: isEnrolment, Do: refuse(idp.MFAFailed, "a device must be enrolled with Duo first: sign in once with a browser")},
			{Name: "duo frame", On: isFrame, Do: openFrame, Tries: 2},
			{Name: "duo frame introduced", On: isIntroduced, Do: introduceAgain},
			{Name: "duo frame certificate", On: isCertificate, Do: passCertificate},
			{Name: "duo frame health", On: isEndpointHealth, Do: passEndpointHealth},
			{Name: "duo frame known device", On: isKnownDevice, Do: knownDevice},
			{Name: "duo old frame", On: isOldFrame, Do: refuse(idp.MFAFailed, "the provider shows Duo's old frame, which Duo has switched off: its administrator must move to the Universal Prompt")},
		},
	}
}

func at(path string) func(*web.Page) bool {
	return func(p *web.Page) bool { return strings.HasPrefix(p.Path(), path) && !p.IsJSON() }
}

func isStart(p *web.Page) bool { return p.Has("form#plugin_form input[name=tx]") }

// isPrompt knows the list of devices, in the form of the Universal Prompt or of the frame's.
func isPrompt(p *web.Page) bool {
	f := promptForm(p)
	return f != nil && (f.Is("#login-form") || strings.HasPrefix(p.Path(), "/frame/")) && f.Field("sid") != nil && !isKnownDevice(p) && !isCertificate(p) && !isEndpointHealth(p)
}

func promptForm(p *web.Page) *web.Form {
	if f := p.Form("#login-form"); f != nil && p.Has("#login-form [name=factor]") {
		return f
	}
	return p.Form("form:has(input[name=sid]):has(select[name=device])")
}

// isOldFrame knows the frame's address with nothing in it: Duo has switched that off.
func isOldFrame(p *web.Page) bool {
	return at(authPath)(p) && !isPrompt(p) && !isKnownDevice(p) && !isCertificate(p) && !isEndpointHealth(p)
}

func isEnrolment(p *web.Page) bool { return at("/frame/enroll")(p) || at("/frame/v4/enroll")(p) }

// answer returns what a good answer of Duo's API holds.
func answer(p *web.Page) web.Value {
	v := p.JSON()
	if v.At("stat").Text() != "OK" {
		return web.Value{}
	}
	return v.At("response")
}

func isBegun(p *web.Page) bool {
	return (p.Path() == "/frame/prompt" || p.Path() == "/frame/v4/prompt") && answer(p).At("txid").Exists()
}

func isRefusal(p *web.Page) bool {
	return p.JSON().At("stat").Text() == "FAIL" && (strings.HasPrefix(p.Path(), "/frame/") || strings.HasPrefix(p.Path(), "/prompt/"))
}

func isApplication(p *web.Page) bool { return p.Has("[data-authkey][data-akey]") }

func hasFactors(p *web.Page) bool {
	return strings.HasSuffix(p.Path(), "/auth/payload") && answer(p).Exists()
}

func isFinal(p *web.Page) bool {
	return strings.HasSuffix(p.Path(), "/auth/finalize_auth") && answer(p).Exists()
}

// begin answers what the page's script would find out about the browser: nothing.
func begin(ctx context.Context, s *idp.Session) error {
	return s.Submit(ctx, s.Page().Form("#plugin_form"))
}

// passHealth goes past the page that asks an agent on the machine. Where it comes back, the policy insists on one.
func passHealth(ctx context.Context, s *idp.Session) error {
	if s.Notes[healthNote] != "" {
		return s.Refuse(idp.Blocked, "", "Duo's policy wants a managed or healthy device, which only a browser on one can show")
	}
	s.Notes[healthNote] = "passed"
	query := url.Values{"sid": {s.Page().URL.Query().Get("sid")}}.Encode()
	u, err := s.Page().Resolve("/frame/v4/preauth/healthcheck/data?" + query)
	if err != nil {
		return s.Unknown("its address cannot be read")
	}
	if _, err := s.Fetch(ctx, web.Request{Method: "GET", URL: u.String(), Header: tokenHeader(xsrf(s.Page()))}); err != nil {
		return err
	}
	return s.Open(ctx, "/frame/v4/return?"+query)
}

// Notes of a walk.
const (
	sidNote    = "duo sid"
	xsrfNote   = "duo xsrf"
	factorNote = "duo factor"
	deviceNote = "duo device key"
	healthNote = "duo health"
	scriptNote = "duo script" // the prompt is a script's: its token goes into a header
)

func refuse(kind, message string) func(context.Context, *idp.Session) error {
	return func(_ context.Context, s *idp.Session) error { return s.Refuse(kind, "", message) }
}

func refuseAnswer(_ context.Context, s *idp.Session) error {
	v := s.Page().JSON()
	message := v.At("message").Text()
	if v.At("message_enum").Text() == "7" {
		message = "Duo does not take the browser by that name: give it another with user_agent"
	}
	if message == "" {
		message = "Duo refuses the sign-in"
	}
	return s.Refuse(idp.MFAFailed, "", message)
}

// verdict reads how a factor ended: open while it has not.
func verdict(status, result string) (open, good bool) {
	switch strings.ToUpper(result) {
	case "SUCCESS", "ALLOW":
		return false, true
	case "FAILURE", "DENY", "FRAUD", "ERROR":
		return false, false
	}
	switch strings.ToUpper(status) {
	case "ALLOW", "SUCCESS":
		return false, true
	case "DENY", "FRAUD", "TIMEOUT", "LOCKED_OUT", "FAILURE", "ERROR":
		return false, false
	}
	return true, false
}
