// Package okta signs in with Okta. An organisation has one of two pipelines: Classic, whose API answers with a status and
// links, and Identity Engine, whose answers say what may be done next. Every answer of either is a page of the walk.
package okta

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "okta", Title: "Okta",
		Owns:    func(p *web.Page) bool { return isSignIn(p) || status(p) != "" || remedy(p) != "" },
		SignOut: idp.SignOutAt("/login/signout"),
		Refusal: ".error-content h2, .error-content p, .o-form-error-container p",
		Steps: []idp.Step{
			{Name: "okta sign-in page", On: isSignIn, Do: begin, Tries: 3},
			{Name: "okta error page", On: isError, Do: refusePage},

			{Name: "okta password", On: is("UNAUTHENTICATED"), Do: askPassword},
			{Name: "okta password refused", On: failed("E0000004"), Do: askPassword, Tries: 3},
			{Name: "okta factors", On: is("MFA_REQUIRED"), Do: chooseFactor, Tries: 5},
			{Name: "okta challenge", On: is("MFA_CHALLENGE"), Do: answerChallenge, Tries: 5},
			{Name: "okta duo done", On: isFrameDone, Do: afterFrame},
			{Name: "okta code refused", On: failed("E0000068"), Do: answerAgain, Tries: 3},
			{Name: "okta enrolment", On: is("MFA_ENROLL", "MFA_ENROLL_ACTIVATE"), Do: skip(idp.MFAFailed, "a second factor must be enrolled first: sign in once with a browser")},
			{Name: "okta password expires", On: is("PASSWORD_WARN"), Do: skip(idp.PasswordExpired, "the password must be changed: sign in once with a browser")},
			{Name: "okta new password wanted", On: is("PASSWORD_EXPIRED", "PASSWORD_RESET"), Do: refuse(idp.PasswordExpired, "the password has expired: set a new one in a browser")},
			{Name: "okta locked", On: is("LOCKED_OUT"), Do: refuse(idp.Locked, "the account is locked: unlock it in a browser")},
			{Name: "okta signed in", On: is("SUCCESS"), Do: finish},
			{Name: "okta session over", On: failed("E0000011"), Do: startAgain},
			{Name: "okta other state", On: isOther, Do: refuseState},
			{Name: "okta error", On: isOtherError, Do: refuseError},

			{Name: "okta idx user name", On: wants("identify"), Do: identify, Tries: 3},
			{Name: "okta idx device", On: wants("device-challenge-poll"), Do: passDevice, Tries: 2},
			{Name: "okta idx challenge", On: wants("challenge-authenticator"), Do: answerRemedy, Tries: 5},
			{Name: "okta idx push", On: wants("challenge-poll"), Do: awaitPush, Tries: 3},
			{Name: "okta idx method", On: wants("authenticator-verification-data"), Do: chooseMethod, Tries: 3},
			{Name: "okta idx authenticators", On: wants("select-authenticator-authenticate"), Do: chooseAuthenticator, Tries: 5},
			{Name: "okta idx skip", On: wants("skip"), Do: skipRemedy, Tries: 3},
			{Name: "okta idx keep me signed in", On: wants("keep-me-signed-in"), Do: keepSignedIn},
			{Name: "okta idx other provider", On: wants("redirect-idp"), Do: followRemedy, Tries: 3},
			{Name: "okta idx signed in", On: wants("success-redirect"), Do: followRemedy, Tries: 2},
			{Name: "okta idx session over", On: wants("expired"), Do: startAgain},
			{Name: "okta network zone", On: isBlocked, Do: refuseBlocked},
			{Name: "okta idx refusal", On: wants("refused"), Do: refuseRemedy},
			{Name: "okta idx other remedy", On: wants("other"), Do: refuseOther},
		},
	}
}

// Notes of a walk.
const (
	appAddress = "okta app"     // where the sign-in page wants to go on to
	verifyPath = "okta verify"  // the factor's address, for another try
	factorKind = "okta factor"  // its type
	stateNote  = "okta state"   // Classic's token of the running transaction
	searched   = "okta methods" // another authenticator has been asked for
)

func isSignIn(p *web.Page) bool {
	return !p.IsJSON() && (stateToken(p) != "" || p.Has("#okta-login-container, #okta-sign-in, #signin-container") && p.Has("script"))
}

func isError(p *web.Page) bool { return p.Has(".error-content") && !isSignIn(p) }

// stateToken finds the token in a page's scripts: stateToken = 'X' or "stateToken":"X", with hexadecimal escapes.
func stateToken(p *web.Page) string {
	rest := p.Find("script:not([src])").Text()
	for {
		_, after, found := strings.Cut(rest, "stateToken")
		if !found {
			return ""
		}
		rest = after
		value := strings.TrimLeft(after, "\"' \t\r\n")
		if value == "" || value[0] != ':' && value[0] != '=' {
			continue
		}
		value = strings.TrimLeft(value[1:], " \t\r\n")
		if value == "" || value[0] != '\'' && value[0] != '"' {
			continue
		}
		if token, _, closed := strings.Cut(value[1:], value[:1]); closed && token != "" {
			return unescape(token)
		}
	}
}

// unescape reads a JavaScript string.
func unescape(s string) string {
	plain, err := strconv.Unquote(`"` + strings.ReplaceAll(s, `\/`, "/") + `"`)
	if err != nil {
		return s
	}
	return plain
}

// begin asks the organisation for its pipeline and starts a transaction there.
func begin(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	if strings.Contains(s.Account.URL, "/amazon_aws_sso/") {
		return s.Unknown("the link is for IAM Identity Center, whose responses AWS STS does not take; the one for AWS Account Federation is needed")
	}
	s.Notes[appAddress] = p.URL.String()
	if from := p.URL.Query().Get("fromURI"); from != "" {
		if u, err := p.Resolve(from); err == nil && web.Host(u) == p.Host() {
			s.Notes[appAddress] = u.String()
		}
	}
	token := stateToken(p)
	engine, err := isEngine(ctx, s)
	switch {
	case err != nil:
		return err
	case engine && token == "":
		return s.Unknown("Okta's sign-in page has no state token")
	case engine:
		return send(ctx, s, "/idp/idx/introspect", "application/ion+json; okta-version=1.0.0", map[string]any{"stateToken": token})
	case token != "":
		return post(ctx, s, "/api/v1/authn", map[string]any{"stateToken": token})
	}
	return askPassword(ctx, s)
}

// isEngine reports whether the organisation has the Identity Engine.
func isEngine(ctx context.Context, s *idp.Session) (bool, error) {
	answer, err := get(ctx, s, "/.well-known/okta-organization")
	if err != nil {
		return false, err
	}
	var organisation struct{ Pipeline string }
	answer.Decode(&organisation)
	return organisation.Pipeline == "idx", nil
}

// get fetches something beside the walk.
func get(ctx context.Context, s *idp.Session, path string) (*web.Page, error) {
	u, err := s.Page().Resolve(path)
	if err != nil {
		return nil, s.Unknown("an address of its API cannot be read")
	}
	return s.Fetch(ctx, web.Request{Method: http.MethodGet, URL: u.String(), Header: http.Header{"Accept": {"application/json, application/jrd+json"}}})
}

func post(ctx context.Context, s *idp.Session, path string, body map[string]any) error {
	return send(ctx, s, path, "application/json", body)
}

// send posts to the API and goes to the answer.
func send(ctx context.Context, s *idp.Session, path, contentType string, body map[string]any) error {
	u, err := s.Page().Resolve(path)
	if err != nil || path == "" {
		return s.Unknown("an address of its API cannot be read")
	}
	r := web.PostJSON(u.String(), body)
	r.Header.Set("Content-Type", contentType)
	if contentType != "application/json" {
		r.Header.Set("Accept", contentType)
	}
	return s.Visit(ctx, r)
}

func refusePage(_ context.Context, s *idp.Session) error {
	kind := idp.Blocked
	if s.Page().Status == http.StatusForbidden || s.Given() {
		kind = idp.NotAssigned
	}
	return s.Refuse(kind, ".error-content", "Okta shows an error page without words")
}

// startAgain begins a new transaction where the old one is over.
func startAgain(ctx context.Context, s *idp.Session) error { return s.StartAgain(ctx) }

// elsewhere returns where the person signs in, if that is another provider than Okta.
func elsewhere(ctx context.Context, s *idp.Session, name string) (string, error) {
	answer, err := get(ctx, s, "/.well-known/webfinger?resource="+url.QueryEscape("okta:acct:"+name)+"&rel=okta%3Aidp")
	if err != nil {
		return "", err
	}
	var finger struct {
		Links []struct {
			Href       string
			Properties map[string]string
		}
	}
	if answer.Status != http.StatusOK || !answer.Decode(&finger) || len(finger.Links) == 0 {
		return "", nil
	}
	link := finger.Links[0]
	if kind := link.Properties["okta:idp:type"]; kind == "" || kind == "OKTA" {
		return "", nil
	}
	return link.Href, nil
}
