// Package entra signs in with Microsoft Entra ID, whose pages are scripts that carry their whole state in one object,
// $Config. What the scripts would send to its API is sent; every answer is a page of the walk.
package entra

import (
	"context"
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
		Owns:    func(p *web.Page) bool { return config(p).Exists() },
		SignOut: idp.SignOutAt("/common/oauth2/v2.0/logout"),
		Claims:  func(u *url.URL) bool { return slices.Contains(hosts[:], web.Host(u)) && lacksRequest(u) },
		Start:   start,
		Hosts:   hosts[:],
		Steps: []idp.Step{
			{Name: "entra desktop sign-on", On: is("BssoInterrupt"), Do: passDesktop, Tries: 2},
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
