package entra

import (
	"context"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// passDesktop goes past the page that asks Windows who is there.
func passDesktop(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	parameters, _ := c.At("oPostParams").Raw().(map[string]any)
	if len(parameters) == 0 {
		return s.Open(ctx, c.At("urlPost").Text())
	}
	form := url.Values{}
	for name := range parameters {
		form.Set(name, c.At("oPostParams", name).Text())
	}
	return post(ctx, s, c.At("urlPost").Text(), form)
}

// pickAccount goes on with the session of the account's user, if there is one.
func pickAccount(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	for _, session := range c.At("arrSessions").List() {
		if strings.EqualFold(session.At("name").Text(), name) && session.At("id").Text() != "" {
			u, err := s.Page().Resolve(c.At("urlLogin").Text())
			if err != nil {
				break
			}
			query := u.Query()
			query.Set("sessionid", session.At("id").Text())
			u.RawQuery = query.Encode()
			return s.Open(ctx, u.String())
		}
	}
	return askAboutUser(ctx, s)
}

// askAboutUser asks how the user signs in.
func askAboutUser(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	if s.Given() && strings.HasSuffix(s.Page().Path(), "/login") {
		return refuse(signedOut, "")(ctx, s)
	}
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	return call(ctx, s, orDefault(c.At("urlGetCredentialType").Text(), "/common/GetCredentialType"), map[string]any{
		"username": name, "isOtherIdpSupported": true, "checkPhones": false, "isRemoteNGCSupported": true, "isCookieBannerShown": false,
		"isFidoSupported": false, "originalRequest": c.At("sCtx").Text(), "country": "", "forceotclogin": false, "isExternalFederationDisallowed": false,
		"isRemoteConnectSupported": false, "federationFlags": 0, "isSignup": false, "flowToken": c.At("sFT").Text(), "isAccessPassSupported": true,
	})
}

// accessPass is the way to sign in that Entra prefers, PrefCredential, for a user who has a Temporary Access Pass.
const accessPass = 13

// signIn goes on as the user's kind of account wants: at another provider, with a pass, by the phone, or with a password.
func signIn(ctx context.Context, s *idp.Session) error {
	keep(s)
	answer := s.Page().JSON()
	credentials := answer.At("Credentials")
	if address := credentials.At("FederationRedirectUrl").Text(); address != "" {
		return s.Open(ctx, address)
	}
	switch exists := answer.At("IfExistsResult").Text(); {
	case answer.At("error").Exists():
		return s.Refuse(idp.Blocked, "", "Entra does not say how the user signs in: "+orDefault(answer.At("error", "message").Text(), answer.At("error", "code").Text()))
	case exists == "1" && answer.At("ThrottleStatus").Number() != 1:
		return s.Refuse(idp.BadCredentials, "", "there is no such account in this tenant")
	case exists == "2" && !credentials.Exists():
		return s.Refuse(idp.Blocked, "", "Entra is asked too often at the moment: wait some minutes")
	}
	switch {
	case credentials.At("PrefCredential").Number() == accessPass:
		return fillPass(ctx, s)
	case credentials.At("HasPassword").Text() == "false":
		return signInWithout(ctx, s, credentials)
	}
	return fillPassword(ctx, s)
}

// signInWithout goes on for a user who has no password.
func signInWithout(ctx context.Context, s *idp.Session, credentials web.Value) error {
	phone, keys := credentials.At("RemoteNgcParams"), credentials.At("FidoParams")
	switch {
	case phone.Exists():
		s.Notes[deviceNote] = phone.At("SessionIdentifier").Text()
		if number := phone.At("Entropy").Text(); number != "" && number != "0" {
			return awaitNumber(ctx, s, number) // the phone shows it already
		}
		return askForNumber(ctx, s)
	case credentials.At("HasAccessPass").Text() == "true":
		return fillPass(ctx, s)
	case keys.Exists() && s.Key != nil:
		return openKeyPage(ctx, s)
	case keys.Exists():
		return s.Refuse(idp.MFAFailed, "", "the account signs in with a security key or passkey, and there is none here")
	case credentials.At("CertAuthParams").Exists():
		return s.Refuse(idp.Blocked, "", "the account signs in with a certificate, which only a browser can show")
	}
	return fillPassword(ctx, s)
}

// thrice notes a refused answer and reports whether it is the third: Entra locks those who try on.
func thrice(s *idp.Session, note string) bool {
	s.Notes[note] += "x"
	return len(s.Notes[note]) > 2
}

// tryPassword sends another password than the one that was refused.
func tryPassword(ctx context.Context, s *idp.Session) error {
	if thrice(s, wrongNote) {
		return refuse(wrongPassword, "")(ctx, s)
	}
	return fillPassword(ctx, s)
}

// fillPassword sends the password, from the answer about the user or from the page that refuses one.
func fillPassword(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: complaint(s.Page())})
	if err != nil {
		return err
	}
	form, err := loginForm(ctx, s)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"passwd": password, "type": "11", "LoginOptions": "3", "ps": "2", "NewUser": "1", "fspost": "0", "i13": "0", "i21": "0",
		"CookieDisclosure": "0", "IsFidoSupported": "0", "isSignupPost": "0"} {
		form.Set(name, value)
	}
	for _, name := range []string{"PPSX", "FoundMSAs", "psRNGCDefaultType", "psRNGCEntropy", "psRNGCSLK", "lrt", "lrtPartition", "hisRegion", "hisScaleUnit"} {
		form.Set(name, "")
	}
	return post(ctx, s, c.At("urlPost").Text(), form)
}

// loginForm returns what every form of the sign-in page has.
func loginForm(ctx context.Context, s *idp.Session) (url.Values, error) {
	name, err := s.Username(ctx)
	form := fields(kept(s))
	form.Set("login", name)
	form.Set("loginfmt", name)
	return form, err
}

// A Temporary Access Pass is given instead of a password, or among the second factors.
const (
	passMethod = "AccessPass"
	passLabel  = "Temporary Access Pass"
)

func fillPass(ctx context.Context, s *idp.Session) error {
	pass, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.Backup, Label: passLabel})
	if err != nil {
		return err
	}
	form, err := loginForm(ctx, s)
	if err != nil {
		return err
	}
	form.Set("accesspass", pass)
	address := kept(s).At("urlPost").Text()
	if strings.Contains(address, "ProcessAuth") { // among the second factors
		form.Set("request", form.Get("ctx"))
		form.Del("ctx")
	}
	return post(ctx, s, address, form)
}

// staySignedIn says yes: how long the session is then kept, the account's own settings say.
func staySignedIn(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	form := fields(c)
	form.Set("LoginOptions", "1")
	form.Set("type", "28")
	return post(ctx, s, c.At("urlPost").Text(), form)
}

func carryOn(ctx context.Context, s *idp.Session) error {
	c := keep(s)
	form := fields(c)
	form.Set("ContinueAuth", "true")
	form.Set("iscsrfspeedbump", "false")
	return post(ctx, s, orDefault(c.At("urlPost").Text(), "/appverify"), form)
}
