// Package jumpcloud signs in with JumpCloud, whose page is a script that asks an API of its console. Every answer of the API
// is a page of the walk.
package jumpcloud

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "jumpcloud", Title: "JumpCloud",
		Settings: []idp.Setting{{Key: "console", Help: "address of the console's API, where it is not the sign-on host's with console for sso"}},
		Owns:     isApplication,
		Hosts:    []string{"console.jumpcloud.com"},
		Steps: []idp.Step{
			{Name: "jumpcloud application", On: isApplication, Do: begin, Tries: 2},
			{Name: "jumpcloud token", On: at("/userconsole/xsrf", "xsrf"), Do: askPassword},
			{Name: "jumpcloud second factor", On: wantsFactor, Do: chooseFactor},
			{Name: "jumpcloud refused", On: isRefusal, Do: again, Tries: 3},
			{Name: "jumpcloud push", On: isPush, Do: awaitPush},
			{Name: "jumpcloud security key", On: at("/userconsole/auth/webauthn", "publicKey"), Do: useKey},
			{Name: "jumpcloud signed in", On: isSignedIn, Do: finish, Tries: 2},
		},
	}
}

func isAPI(p *web.Page) bool { return strings.HasPrefix(p.Path(), "/userconsole/") && p.IsJSON() }

// at knows an answer by its path and by a key that it has.
func at(path, key string) func(*web.Page) bool {
	return func(p *web.Page) bool { return p.Path() == path && isAPI(p) && p.JSON().At(key).Exists() }
}

// isApplication knows the page of the script, on its own host or the console's.
func isApplication(p *web.Page) bool {
	app, isApp := strings.CutPrefix(p.Path(), "/saml2/")
	isApp = isApp && !strings.Contains(app, "/") && (strings.HasPrefix(p.Host(), "sso.") || web.Loopback(p.URL)) && len(p.Forms()) == 0
	return !p.IsJSON() && p.Has("script") && (isApp ||
		strings.HasPrefix(p.Path(), "/login") && p.URL.Query().Get("context") == "sso" && p.URL.Query().Has("redirectTo"))
}

func wantsFactor(p *web.Page) bool {
	return isAPI(p) && p.Path() == "/userconsole/auth" && !isSignedIn(p) && (len(p.JSON().At("factors").List()) > 0 || p.JSON().At("message").Text() == "MFA required.")
}

func isSignedIn(p *web.Page) bool {
	return isAPI(p) && strings.HasPrefix(p.Path(), "/userconsole/auth") && p.JSON().At("redirectTo").Text() != ""
}

func isPush(p *web.Page) bool {
	return isAPI(p) && p.Path() == "/userconsole/auth/push" && p.JSON().At("id").Exists()
}

func isRefusal(p *web.Page) bool {
	return isAPI(p) && p.Status >= 400 && !wantsFactor(p) && !isSignedIn(p) && !isPush(p)
}

// Notes of a walk.
const (
	tokenNote    = "jumpcloud token"
	consoleNote  = "jumpcloud console"
	appNote      = "jumpcloud app"
	passwordSent = "jumpcloud asked" // what was asked last: password, totp, another factor
	beforeNote   = "jumpcloud before"
)

// begin asks for the token that every request of the script carries.
func begin(ctx context.Context, s *idp.Session) error {
	if s.Notes[beforeNote] != "" {
		return s.Refuse(idp.Blocked, "", "JumpCloud's policy wants more for this application: a second factor, or a managed device, in a browser")
	}
	p := s.Page()
	console := *p.URL
	if strings.HasPrefix(p.Path(), "/saml2/") {
		s.Notes[appNote] = strings.TrimPrefix(p.URL.RequestURI(), "/")
		console.Host = strings.Replace(console.Host, "sso.", "console.", 1)
	} else {
		s.Notes[appNote] = p.URL.Query().Get("redirectTo")
	}
	if own, err := web.Resolve(nil, s.Setting("console")); err == nil && s.Setting("console") != "" {
		console = *own
	}
	s.Notes[consoleNote] = console.Scheme + "://" + console.Host
	return s.Open(ctx, s.Notes[consoleNote]+"/userconsole/xsrf")
}

func call(ctx context.Context, s *idp.Session, method, path string, body any) error {
	return s.Visit(ctx, request(s, method, path, body))
}

func request(s *idp.Session, method, path string, body any) web.Request {
	r := web.PostJSON(s.Notes[consoleNote]+path, body)
	if method == http.MethodGet {
		r.Method, r.Body = method, nil
	}
	r.Header.Set("X-Xsrftoken", s.Notes[tokenNote])
	return r
}

func askPassword(ctx context.Context, s *idp.Session) error {
	s.Notes[tokenNote] = s.Page().JSON().At("xsrf").Text()
	return sendPassword(ctx, s, "")
}

// signOn is the request that carries password and code together: with a code, the password is the one from before.
func signOn(ctx context.Context, s *idp.Session, password, code string) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	return call(ctx, s, http.MethodPost, "/userconsole/auth", map[string]any{"context": "sso", "redirectTo": s.Notes[appNote], "email": name, "password": password, "otp": code})
}

const secretNote = "jumpcloud password" // JumpCloud wants it again with the code

func sendPassword(ctx context.Context, s *idp.Session, refused string) error {
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: refused})
	if err != nil {
		return err
	}
	s.Notes[secretNote], s.Notes[passwordSent] = password, "password"
	return signOn(ctx, s, password, "")
}

func sendCode(ctx context.Context, s *idp.Session, refused string) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.TOTP, Refused: refused})
	if err != nil {
		return err
	}
	s.Notes[passwordSent] = "totp"
	return signOn(ctx, s, s.Notes[secretNote], code)
}

// again asks once more for what was refused, where another answer could do.
func again(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	message := p.JSON().At("message").Text()
	switch {
	case p.Status == http.StatusUnauthorized && s.Notes[passwordSent] == "totp":
		return sendCode(ctx, s, message)
	case p.Status == http.StatusUnauthorized && s.Notes[passwordSent] == "password":
		return sendPassword(ctx, s, message)
	case p.Status == http.StatusUnauthorized:
		return s.Refuse(idp.MFAFailed, "", orElse(message, "the second factor was denied"))
	}
	return s.Refuse(idp.Blocked, "", orElse(message, "JumpCloud does not answer the sign-in: wait, and try again"))
}

func orElse(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

// chooseFactor offers what is set up and can be done here.
func chooseFactor(ctx context.Context, s *idp.Session) error {
	kinds := map[string]idp.Factor{"totp": idp.TOTP, "push": idp.Push, "webauthn": idp.WebAuthn}
	labels := map[idp.Factor]string{idp.TOTP: "code from the authenticator app", idp.Push: "JumpCloud Protect", idp.WebAuthn: "security key"}
	c := idp.Choice{Title: "Which second factor?"}
	factors := s.Page().JSON().At("factors").List()
	for _, f := range factors {
		kind := kinds[f.At("type").Text()]
		if status := f.At("status").Text(); kind == "" || kind == idp.WebAuthn && s.Key == nil || status != "" && status != "available" {
			continue
		}
		c.Options = append(c.Options, idp.Option{Label: labels[kind], Factor: kind})
	}
	switch {
	case len(factors) == 0:
		return sendCode(ctx, s, "")
	case len(c.Options) == 0 && slices.ContainsFunc(factors, func(f web.Value) bool { return f.At("type").Text() == "duo" && f.At("status").Text() == "available" }):
		return s.Refuse(idp.MFAFailed, "", "Duo through JumpCloud needs a browser: enrol an authenticator app or JumpCloud Protect as well")
	case len(c.Options) == 0:
		return s.Refuse(idp.MFAFailed, "", "a second factor must be set up first, in JumpCloud's user portal")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	switch c.Options[i].Factor {
	case idp.Push:
		s.Notes[passwordSent] = "push"
		return call(ctx, s, http.MethodPost, "/userconsole/auth/push", map[string]any{})
	case idp.WebAuthn:
		s.Notes[passwordSent] = "webauthn"
		return call(ctx, s, http.MethodGet, "/userconsole/auth/webauthn", nil)
	}
	return sendCode(ctx, s, "")
}

const pushPause = time.Second

func awaitPush(ctx context.Context, s *idp.Session) error {
	begun := s.Page().JSON()
	path := "/userconsole/auth/push/" + url.PathEscape(begun.At("id").Text())
	lifetime := time.Minute
	if end, err := time.Parse(time.RFC3339, begun.At("expiresAt").Text()); err == nil {
		if start, err := time.Parse(time.RFC3339, begun.At("initiatedAt").Text()); err == nil && end.After(start) {
			lifetime = min(end.Sub(start), 5*time.Minute)
		}
	}
	status := "expired"
	_, err := s.Await(ctx, idp.Wait{
		Message: "Approve the sign-in in JumpCloud Protect.", Every: pushPause, For: lifetime,
		Check: func(ctx context.Context) (bool, error) {
			answer, err := s.Fetch(ctx, request(s, http.MethodGet, path, nil))
			if err != nil {
				return false, err
			}
			if answer.Status == http.StatusUnauthorized {
				status = "denied"
				return true, nil
			}
			if now := answer.JSON().At("status").Text(); now != "pending" {
				status = now
				return true, nil
			}
			return false, nil
		},
	})
	switch {
	case err != nil:
		return err
	case status == "accepted":
		return call(ctx, s, http.MethodPost, path+"/login", map[string]any{})
	case status == "denied":
		return s.Refuse(idp.MFAFailed, "", "the push was denied")
	}
	return s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
}

func useKey(ctx context.Context, s *idp.Session) error {
	asked := s.Page().JSON()
	r, err := idp.ReadKeyRequest(asked.At("publicKey"))
	if err != nil || s.Key == nil {
		return s.Unknown("its challenge for a security key cannot be answered")
	}
	signed, err := s.SignChallenge(ctx, r)
	if err != nil {
		return err
	}
	encode := web.EncodeBase64
	return call(ctx, s, http.MethodPost, "/userconsole/auth/webauthn", map[string]any{"token": asked.At("token").Raw(), "publicKeyCredential": map[string]any{
		"id": encode(signed.ID), "rawId": encode(signed.ID), "type": "public-key",
		"response": map[string]any{"clientDataJSON": encode(signed.ClientData), "authenticatorData": encode(signed.AuthenticatorData), "signature": encode(signed.Signature), "userHandle": nil},
	}})
}

func finish(ctx context.Context, s *idp.Session) error {
	s.Notes[beforeNote] = "signed in"
	return s.Open(ctx, s.Page().JSON().At("redirectTo").Text())
}
