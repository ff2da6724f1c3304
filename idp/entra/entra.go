// Package entra signs in with Microsoft Entra ID, whose pages are scripts that carry their whole state in one object,
// $Config. What the scripts would send to its API is sent; every answer is a page of the walk.
package entra

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "entra", Title: "Microsoft Entra ID (Azure AD)",
		Settings: []idp.Setting{
			{Key: "app_id_uri", Help: "the application's Identifier, where the address is https://login.microsoftonline.com/TENANT/saml2 alone", Default: idp.AWSConsumer},
			{Key: "acs_url", Help: "the application's Reply URL, likewise", Default: idp.AWSConsumer},
		},
		Owns:   func(p *web.Page) bool { return config(p).Exists() },
		Claims: func(u *url.URL) bool { return slices.Contains(hosts[:], web.Host(u)) && lacksRequest(u) },
		Start:  start,
		Hosts:  hosts[:],
		Steps: []idp.Step{
			{Name: "entra desktop sign-on", On: is("BssoInterrupt"), Do: passDesktop},
			{Name: "entra account picker", On: is(pickerPage), Do: pickAccount},
			{Name: "entra user name", On: is(signInPage), Do: askAboutUser, Tries: 3},
			{Name: "entra kind of account", On: answers("/GetCredentialType"), Do: signIn},
			{Name: "entra password refused", On: is(refusedPage), Do: tryPassword, Tries: 3},
			{Name: "entra captcha", On: is(captchaPage), Do: refuseCaptcha},
			{Name: "entra phone sign-in", On: answers("/GetOneTimeCode"), Do: awaitPhone},

			{Name: "entra second factor", On: is("ConvergedTFA"), Do: chooseProof, Tries: 2},
			{Name: "entra factor begun", On: answers("/BeginAuth"), Do: answerFactor, Tries: 2},
			{Name: "entra factor checked", On: answers("/EndAuth"), Do: checkFactor, Tries: 6},
			{Name: "entra security key", On: is(keyPage), Do: useKey},
			{Name: "entra registration", On: is("ConvergedProofUpRedirect"), Do: skipRegistration},

			{Name: "entra stay signed in", On: is("KmsiInterrupt"), Do: staySignedIn},
			{Name: "entra continue", On: is("CmsiInterrupt"), Do: carryOn},
			{Name: "entra new password wanted", On: is("ConvergedChangePassword"), Do: refuse("50055", "the password has expired")},
			{Name: "entra consent", On: is("ConvergedConsent"), Do: refuse("65001", "an administrator must consent to the application")},
			{Name: "entra session over", On: is(overPage), Do: startAfresh},
			{Name: "entra refusal", On: is(refusalPage), Do: refuse("", "")},
			{Name: "entra other page", On: is(otherPage), Do: leaveOther},
		},
	}
}

var hosts = [...]string{"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.chinacloudapi.cn"}

// lacksRequest knows the address of a tenant alone.
func lacksRequest(u *url.URL) bool {
	return strings.HasSuffix(u.Path, "/saml2") && !u.Query().Has("SAMLRequest")
}

// start opens the account's address. The address of a tenant alone gets a request for sign-in in AWS's name, with which
// the fewest pages come.
func start(ctx context.Context, s *idp.Session) error {
	u, err := web.Resolve(nil, s.Account.URL)
	if err != nil || !lacksRequest(u) {
		return s.Open(ctx, s.Account.URL)
	}
	return s.Open(ctx, idp.RedirectBinding(u, s.AuthnRequest(idp.AuthnRequest{
		Issuer: s.Setting("app_id_uri"), Consumer: s.Setting("acs_url"), NameID: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
	})))
}

func leaveOther(_ context.Context, s *idp.Session) error {
	reason := "it is Entra's page " + pageID(s.Page()) + ", which only a browser can show"
	if words := words(s.Page()); words != "" {
		reason += ": " + words
	}
	return s.Unknown(reason)
}

// Notes of a walk.
const (
	stateNote  = "entra state"  // the $Config of the last page that a person would see
	placeNote  = "entra place"  // its address
	methodNote = "entra method" // the second factor's
	wrongNote  = "entra wrong"  // a letter for each password that was refused
	missedNote = "entra missed" // and for each code
	codeNote   = "entra code"   // the code that was sent for it
	beginNote  = "entra begin"  // when, in milliseconds
	deviceNote = "entra device" // the sign-in by phone
)

// keep notes the state of the walk and returns it: all that a page for people says, or the newest tokens out of an
// answer of the API, which repeats nothing else.
func keep(s *idp.Session) web.Value {
	c := config(s.Page())
	if !c.Exists() {
		return learn(s, s.Page().JSON())
	}
	s.Notes[placeNote] = s.Page().URL.String()
	return note(s, c.Raw())
}

// learn takes the newest tokens out of an answer of the API; what it does not name stays as it was.
func learn(s *idp.Session, answer web.Value) web.Value {
	state, _ := kept(s).Raw().(map[string]any)
	for key, name := range map[string]string{"sFT": "FlowToken", "sCtx": "Ctx", "apiCanary": "apiCanary", sasSession: "SessionId"} {
		if value := answer.At(name).Text(); value != "" && state != nil {
			state[key] = value
		}
	}
	return note(s, state)
}

// sasSession is the name by which the state has the session of a second factor, which is not that of the page.
const sasSession = "sasSession"

func note(s *idp.Session, state any) web.Value {
	data, _ := json.Marshal(state) // which was read from JSON
	s.Notes[stateNote] = string(data)
	return kept(s)
}

func kept(s *idp.Session) web.Value {
	var raw any
	_ = json.Unmarshal([]byte(s.Notes[stateNote]), &raw) // what note has written
	return web.ValueOf(raw)
}

// call posts JSON to the API; the answer is the next page.
func call(ctx context.Context, s *idp.Session, address string, body any) error {
	u, err := endpoint(s, address)
	if err != nil {
		return err
	}
	return s.Visit(ctx, request(s, u, body))
}

// endpoint resolves an address that the state names.
func endpoint(s *idp.Session, address string) (*url.URL, error) {
	u, err := s.Page().Resolve(address)
	if err != nil || address == "" {
		return nil, s.Unknown("an address of its API cannot be read")
	}
	return u, nil
}

// request is a call of the API, as the page's script makes it.
func request(s *idp.Session, u *url.URL, body any) web.Request {
	r := web.PostJSON(u.String(), body)
	r.Header.Set("Content-Type", "application/json; charset=UTF-8")
	sign(s, r.Header)
	return r
}

// sign adds to a call of the API what only the page knows.
func sign(s *idp.Session, h http.Header) {
	c := kept(s)
	for header, key := range map[string]string{"canary": "apiCanary", "client-request-id": "correlationId", "hpgact": "hpgact", "hpgid": "hpgid", "hpgrequestid": "sessionId"} {
		if value := c.At(key).Text(); value != "" {
			h.Set(header, value)
		}
	}
	h.Set("Referer", s.Notes[placeNote])
}

// post sends a form of the page that was kept.
func post(ctx context.Context, s *idp.Session, address string, fields url.Values) error {
	u, err := endpoint(s, address)
	if err != nil {
		return err
	}
	r := web.PostForm(u.String(), fields)
	if place, err := url.Parse(s.Notes[placeNote]); err == nil && place.Host == u.Host { // another host is not told so much
		r.Header.Set("Referer", place.String())
	}
	return s.Visit(ctx, r)
}

// fields returns what every form of a page has, some of it under names that the page gives.
func fields(c web.Value) url.Values {
	f := url.Values{"ctx": {c.At("sCtx").Text()}, "hpgrequestid": {c.At("sessionId").Text()}, "i19": {"1000"}}
	f.Set(orDefault(c.At("sFTName").Text(), "flowToken"), c.At("sFT").Text())
	f.Set(orDefault(c.At("sCanaryTokenName").Text(), "canary"), c.At("canary").Text())
	return f
}

func orDefault(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
