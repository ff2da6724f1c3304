// Package onelogin signs in with OneLogin by its SAML assertion API, for which an administrator hands out credentials. Its
// web pages are a script that only a browser runs.
package onelogin

import (
	"cmp"
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

const (
	tokenPath     = "/auth/oauth2/v2/token"
	assertionPath = "/api/2/saml_assertion"
	verifyPath    = "/api/2/saml_assertion/verify_factor"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "onelogin", Title: "OneLogin",
		Settings: []idp.Setting{
			{Key: "app_id", Help: "the application's id in its admin address, /apps/ID/edit"},
			{Key: "client_id", Help: "id of the API credentials, whose scope Authentication Only suffices"},
			{Key: "client_secret", Help: "their secret"},
			{Key: "subdomain", Help: "the tenant, where the address's host does not begin with it"},
			{Key: "ip_address", Help: "the person's own address, where policies look at it"},
		},
		Owns:  isWeb,
		Start: start,
		Steps: []idp.Step{
			{Name: "onelogin token", On: is(tokenPath, "token"), Do: askAssertion},
			{Name: "onelogin credentials refused", On: is(tokenPath, "failure"), Do: refuseCredentials},
			{Name: "onelogin second factor", On: is(assertionPath, "factor"), Do: chooseDevice},
			{Name: "onelogin password refused", On: is(assertionPath, "failure"), Do: passwordAgain, Tries: 3},
			{Name: "onelogin code refused", On: is(verifyPath, "failure"), Do: codeAgain, Tries: 3},
			{Name: "onelogin code sent", On: is(verifyPath, "pending"), Do: codeSent, Tries: 2},
			{Name: "onelogin response", On: func(p *web.Page) bool { return state(p) == "response" }, Do: finish},
			{Name: "onelogin no answer", On: isForeign, Do: refuseForeign},
			{Name: "onelogin application", On: isWeb, Do: refuseWeb},
		},
	}
}

// is knows an answer of the API by its path and by what it says.
func is(path, wanted string) func(*web.Page) bool {
	return func(p *web.Page) bool { return p.Path() == path && state(p) == wanted }
}

func state(p *web.Page) string {
	if p.Path() != tokenPath && p.Path() != assertionPath && p.Path() != verifyPath || !p.IsJSON() {
		return ""
	}
	v := p.JSON()
	switch {
	case v.At("access_token").Text() != "":
		return "token"
	case v.At("data").Text() != "":
		return "response"
	case v.At("state_token").Text() != "":
		return "factor"
	case strings.Contains(strings.ToLower(v.At("message").Text()), "pending") && p.Status < 400:
		return "pending"
	}
	return "failure"
}

// isForeign knows what answers in the API's place.
func isForeign(p *web.Page) bool {
	return (p.Path() == tokenPath || p.Path() == assertionPath || p.Path() == verifyPath) && !p.IsJSON()
}

func refuseForeign(_ context.Context, s *idp.Session) error {
	return s.Unknown("it is no answer of OneLogin's API: a proxy's, or that of another region's host")
}

// isWeb knows the pages of the script.
func isWeb(p *web.Page) bool {
	return strings.HasPrefix(p.Path(), "/login2/") && p.URL.Query().Has("return")
}

// Notes of a walk.
const (
	tokenNote  = "onelogin token"
	stateNote  = "onelogin state"
	deviceNote = "onelogin device"
	kindNote   = "onelogin kind"
)

func start(ctx context.Context, s *idp.Session) error {
	for _, key := range []string{"app_id", "client_id", "client_secret"} {
		if s.Setting(key) == "" {
			return &idp.SettingError{Adapter: "onelogin", Key: key}
		}
	}
	r, err := request(s, tokenPath, map[string]any{"grant_type": "client_credentials"})
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(s.Setting("client_id")+":"+s.Setting("client_secret"))))
	return s.Visit(ctx, r)
}

// request is one to the API, at the account's host: an answer may name another region's, which would not do.
func request(s *idp.Session, path string, body map[string]any) (web.Request, error) {
	u, err := web.Resolve(nil, s.Account.URL)
	if err != nil {
		return web.Request{}, &web.UnsafeError{Reason: "the address cannot be read"}
	}
	u.Path, u.RawQuery, u.Fragment = path, "", ""
	r := web.PostJSON(u.String(), body)
	if token := s.Notes[tokenNote]; token != "" {
		r.Header.Set("Authorization", "bearer:"+token) // as OneLogin writes it
	}
	return r, nil
}

func send(ctx context.Context, s *idp.Session, path string, body map[string]any) error {
	r, err := request(s, path, body)
	if err != nil {
		return err
	}
	return s.Visit(ctx, r)
}

func askAssertion(ctx context.Context, s *idp.Session) error {
	s.Notes[tokenNote] = s.Page().JSON().At("access_token").Text()
	return sendPassword(ctx, s, "")
}

func sendPassword(ctx context.Context, s *idp.Session, refused string) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: refused})
	if err != nil {
		return err
	}
	host, _, _ := strings.Cut(s.Page().Host(), ".")
	body := map[string]any{"username_or_email": name, "password": password, "app_id": s.Setting("app_id"), "subdomain": cmp.Or(s.Setting("subdomain"), host)}
	if address := s.Setting("ip_address"); address != "" {
		body["ip_address"] = address
	}
	return send(ctx, s, assertionPath, body)
}

func message(p *web.Page) string {
	return cmp.Or(p.JSON().At("message").Text(), p.JSON().At("status", "message").Text(), p.JSON().At("description").Text())
}

func refuseCredentials(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.Blocked, "", "OneLogin refuses the API credentials: "+cmp.Or(message(s.Page()), "client_id or client_secret is wrong"))
}

// passwordAgain tells a password that was refused from what another would not change.
func passwordAgain(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	words := message(p)
	switch {
	case p.Status == http.StatusUnauthorized:
		return sendPassword(ctx, s, words)
	case p.Status == http.StatusNotFound || strings.Contains(strings.ToLower(words), "app"):
		return s.Refuse(idp.NotAssigned, "", cmp.Or(words, "the application is not assigned")+"; app_id is the one of the admin address")
	}
	return s.Refuse(idp.Blocked, "", cmp.Or(words, "OneLogin refuses the sign-in"))
}

// factors names OneLogin's kinds of devices.
var factors = [...]struct {
	device string
	factor idp.Factor
}{
	{"Google Authenticator", idp.TOTP}, {"Yubico YubiKey", idp.Token}, {"Duo Duo Security", idp.TOTP}, {"OneLogin SMS", idp.SMS},
	{"OneLogin Protect", idp.Push}, {"OneLogin Email", idp.Email}, {"OneLogin Voice", idp.Call},
}

func factorOf(device string) idp.Factor {
	for _, f := range factors {
		if f.device == device {
			return f.factor
		}
	}
	return ""
}

// chooseDevice takes one of the devices; what sends something first is set going.
func chooseDevice(ctx context.Context, s *idp.Session) error {
	v := s.Page().JSON()
	var ids []string
	c := idp.Choice{Title: "Which second factor?"}
	for _, d := range v.At("devices").List() {
		if kind := d.At("device_type").Text(); factorOf(kind) != "" {
			ids = append(ids, d.At("device_id").Text())
			c.Options = append(c.Options, idp.Option{Label: kind, Factor: factorOf(kind)})
		}
	}
	if len(ids) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the second factors enrolled can be used without a browser: enrol an authenticator app")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	s.Notes[stateNote], s.Notes[deviceNote], s.Notes[kindNote] = v.At("state_token").Text(), ids[i], string(c.Options[i].Factor)
	switch c.Options[i].Factor {
	case idp.Push:
		return awaitPush(ctx, s)
	case idp.SMS, idp.Email, idp.Call:
		return verify(ctx, s, map[string]any{"do_not_notify": false})
	}
	return sendCode(ctx, s, "")
}

func verify(ctx context.Context, s *idp.Session, body map[string]any) error {
	return send(ctx, s, verifyPath, factorBody(s, body))
}

func factorBody(s *idp.Session, body map[string]any) map[string]any {
	body["app_id"], body["device_id"], body["state_token"] = s.Setting("app_id"), s.Notes[deviceNote], s.Notes[stateNote]
	return body
}

func sendCode(ctx context.Context, s *idp.Session, refused string) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.Factor(s.Notes[kindNote]), Refused: refused})
	if err != nil {
		return err
	}
	return verify(ctx, s, map[string]any{"otp_token": code, "do_not_notify": true})
}

func codeSent(ctx context.Context, s *idp.Session) error { return sendCode(ctx, s, "") }

func codeAgain(ctx context.Context, s *idp.Session) error {
	if s.Notes[kindNote] == string(idp.Push) {
		return s.Refuse(idp.MFAFailed, "", cmp.Or(message(s.Page()), "the push was refused"))
	}
	return sendCode(ctx, s, message(s.Page()))
}

const (
	pushPause    = time.Second
	pushLifetime = time.Minute
)

// awaitPush looks until the phone has answered; only the first look has it notified.
func awaitPush(ctx context.Context, s *idp.Session) error {
	first := true
	answered, err := s.Await(ctx, idp.Wait{
		Message: "Answer OneLogin Protect on your phone.", Every: pushPause, For: pushLifetime,
		Check: func(ctx context.Context) (bool, error) {
			err := verify(ctx, s, map[string]any{"do_not_notify": !first})
			first = false
			return err == nil && state(s.Page()) != "pending", err
		},
	})
	if err == nil && !answered {
		err = s.Refuse(idp.MFAFailed, "", "nobody answered the push in time")
	}
	return err
}

func finish(_ context.Context, s *idp.Session) error {
	s.Finish(idp.Result{Response: s.Page().JSON().At("data").Text()})
	return nil
}

func refuseWeb(_ context.Context, s *idp.Session) error {
	return s.Unknown("OneLogin's pages are a script that only a browser runs; its API needs idp = \"onelogin\" with app_id, client_id and client_secret")
}
