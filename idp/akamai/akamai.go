// Package akamai signs in with Akamai Enterprise Application Access: a page that carries a token, and then an API whose
// every answer is a page of the walk.
package akamai

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "akamai", Title: "Akamai Enterprise Application Access",
		Settings: []idp.Setting{{Key: "app", Help: "host name of the application, where the address has no ?app=", Default: "signin.aws.amazon.com"}},
		Owns:     func(p *web.Page) bool { return p.Has("input#xsrf[value]") },
		Steps: []idp.Step{
			{Name: "akamai start", On: func(p *web.Page) bool { return p.Has("input#xsrf[value]") }, Do: begin},
			{Name: "akamai password", On: navigated("unauthenticated"), Do: fillPassword, Tries: 2},
			{Name: "akamai password accepted", On: said("/api/v1/login", true), Do: navigate},
			{Name: "akamai password refused", On: said("/api/v1/login", false), Do: fillPassword, Tries: 3},
			{Name: "akamai second factor", On: navigated("verify"), Do: askConfig},
			{Name: "akamai enrolment", On: navigated("register"), Do: refuse(idp.MFAFailed, "a second factor must be enrolled first, in a browser")},
			{Name: "akamai config", On: said("/api/v1/config/mfa", true), Do: askSettings},
			{Name: "akamai factors", On: said("/api/v1/mfa/token/settings", true), Do: chooseFactor, Tries: 3},
			{Name: "akamai code sent", On: said("/token/push", true), Do: sendCode, Tries: 3},
			{Name: "akamai code not sent", On: said("/token/push", false), Do: refuse(idp.MFAFailed, "the code was not sent")},
			{Name: "akamai code accepted", On: said("/token/verify", true), Do: navigate},
			{Name: "akamai code refused", On: said("/token/verify", false), Do: sendCode, Tries: 3},
			{Name: "akamai response", On: navigated("done"), Do: finish},
			{Name: "akamai not assigned", On: navigated("nothing"), Do: refuse(idp.NotAssigned, "the application is not assigned, or has another name")},
		},
	}
}

// An answer of the API. Where it has a status, that counts, not HTTP's.
type answer struct {
	Status   any
	http     int
	Msg      string
	Navigate struct{ Body string }
	MFA      struct {
		Status   string
		Config   struct{ Options []string }
		Settings map[string]any
	}
}

func read(p *web.Page) (a answer, ok bool) {
	ok = p.Decode(&a)
	a.http = p.Status
	return a, ok
}

func (a answer) fine() bool {
	if a.Status == nil {
		return a.http == http.StatusOK
	}
	return fmt.Sprint(a.Status) == "200"
}

// said knows the answers of one call by its path, and whether they are good. All have a status, but for what is enrolled.
func said(path string, good bool) func(*web.Page) bool {
	return func(p *web.Page) bool {
		a, ok := read(p)
		return ok && (a.Status != nil || a.MFA.Config.Options != nil || a.MFA.Settings != nil) &&
			strings.HasPrefix(p.Path(), "/api/") && strings.HasSuffix(p.Path(), path) && a.fine() == good
	}
}

const navigatePath = "/api/v2/apps/navigate"

// navigated knows what going to the application came to.
func navigated(state string) func(*web.Page) bool {
	return func(p *web.Page) bool {
		a, ok := read(p)
		if p.Path() != navigatePath || !ok && p.Status != http.StatusUnauthorized {
			return false
		}
		switch {
		case !a.fine():
			return state == "unauthenticated"
		case a.MFA.Status == "verify" || a.MFA.Status == "register":
			return state == a.MFA.Status
		}
		return state == "done" == (a.Navigate.Body != "") && (state == "done" || state == "nothing")
	}
}

// Notes of a walk.
const (
	token  = "akamai xsrf"
	app    = "akamai app"
	signed = "akamai signed in"
	config = "akamai factors"
	chosen = "akamai factor"
	device = "akamai device"
)

// begin keeps the page's token, and goes to the application at once: a session from before may still be good.
func begin(ctx context.Context, s *idp.Session) error {
	s.Notes[token] = s.Page().Attr("input#xsrf", "value")
	s.Notes[app] = cmp.Or(s.Page().URL.Query().Get("app"), s.Setting("app"))
	return navigate(ctx, s)
}

func navigate(ctx context.Context, s *idp.Session) error {
	if _, ok := read(s.Page()); ok {
		s.Notes[signed] = "yes"
	}
	return call(ctx, s, navigatePath, map[string]any{"hostname": s.Notes[app]})
}

// call asks the API, as the page's script does: with the token in a header.
func call(ctx context.Context, s *idp.Session, path string, body any) error {
	u, err := s.Page().Resolve(path)
	if err != nil {
		return s.Unknown("its address cannot be read")
	}
	r := web.PostJSON(u.String(), body)
	if body == nil {
		r.Method, r.Body = http.MethodGet, nil
	}
	r.Header.Set("xsrf", s.Notes[token])
	return s.Visit(ctx, r)
}

func fillPassword(ctx context.Context, s *idp.Session) error {
	if s.Notes[signed] != "" {
		return refuse(idp.NotAssigned, "the application cannot be opened")(ctx, s)
	}
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: message(s.Page())})
	if err != nil {
		return err
	}
	return call(ctx, s, "/api/v1/login", map[string]any{"username": name, "password": password})
}

func askConfig(ctx context.Context, s *idp.Session) error {
	return call(ctx, s, "/api/v1/config/mfa", nil)
}

func askSettings(ctx context.Context, s *idp.Session) error {
	a, _ := read(s.Page())
	s.Notes[config] = strings.Join(a.MFA.Config.Options, " ")
	return call(ctx, s, "/api/v1/mfa/token/settings", nil)
}

// chooseFactor offers what is enrolled and can be typed: the iframe that Duo is shown in exists no more.
func chooseFactor(ctx context.Context, s *idp.Session) error {
	a, _ := read(s.Page())
	var devices []string
	choice := idp.Choice{Title: "Which second factor?"}
	for _, factor := range offered(a, strings.Fields(s.Notes[config])) {
		enrolled, _ := a.MFA.Settings[string(factor)].([]any)
		for _, e := range enrolled {
			d, _ := e.(map[string]any)
			devices = append(devices, fmt.Sprint(d["uuid"]))
			choice.Options = append(choice.Options, idp.Option{Label: label(factor, d), Factor: factor})
		}
	}
	if len(devices) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the second factors enrolled is typed (Duo is shown in a frame that exists no more): use a browser")
	}
	i, err := s.Ask.Choose(ctx, choice)
	if errors.Is(err, idp.ErrNoAnswer) && choice.Options[0].Factor == preferred(a) {
		i, err = 0, nil
	}
	if err != nil {
		return err
	}
	s.Notes[chosen], s.Notes[device] = string(choice.Options[i].Factor), devices[i]
	if choice.Options[i].Factor == idp.TOTP {
		return sendCode(ctx, s)
	}
	return call(ctx, s, factorPath(s)+"push", map[string]any{"force": false, "uuid": devices[i]})
}

// offered returns the factors that can be typed, the person's preferred one first.
func offered(a answer, options []string) []idp.Factor {
	factors := []idp.Factor{idp.TOTP, idp.SMS, idp.Email}
	if i := slices.Index(factors, preferred(a)); i > 0 {
		factors[0], factors[i] = factors[i], factors[0]
	}
	return slices.DeleteFunc(factors, func(f idp.Factor) bool { return !slices.Contains(options, string(f)) })
}

func preferred(a answer) idp.Factor {
	settings, _ := a.MFA.Settings["preferred"].(map[string]any)
	option, _ := settings["option"].(string)
	return idp.Factor(option)
}

func label(factor idp.Factor, device map[string]any) string {
	for _, key := range []string{"name", "masked", "phone", "phone_number", "number", "email"} {
		if text, ok := device[key].(string); ok && text != "" {
			return string(factor) + " " + text
		}
	}
	return string(factor)
}

// factorPath is where a factor's calls go; the one for text messages is called phone.
func factorPath(s *idp.Session) string {
	kind := s.Notes[chosen]
	if kind == string(idp.SMS) {
		kind = "phone"
	}
	return "/api/v1/mfa/user/" + kind + "/token/"
}

func sendCode(ctx context.Context, s *idp.Session) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.Factor(s.Notes[chosen]), Refused: message(s.Page())})
	if err != nil {
		return err
	}
	return call(ctx, s, factorPath(s)+"verify", map[string]any{"category": s.Notes[chosen], "token": code, "uuid": s.Notes[device]})
}

// finish takes the response out of the page that the answer holds.
func finish(_ context.Context, s *idp.Session) error {
	a, _ := read(s.Page())
	page := &web.Page{URL: s.Page().URL, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte(a.Navigate.Body)}
	f := page.Form("[name=SAMLResponse]")
	if f == nil {
		return refuse(idp.NotAssigned, "the application is not assigned, or has another name")(nil, s)
	}
	action, err := f.Action()
	if err != nil {
		return s.Unknown("its form leads to an address that cannot be read")
	}
	s.Finish(idp.Result{Response: f.Value("SAMLResponse"), Destination: action.String(), RelayState: f.Value("RelayState")})
	return nil
}

func refuse(kind, otherwise string) func(context.Context, *idp.Session) error {
	return func(_ context.Context, s *idp.Session) error {
		return s.Refuse(kind, "", cmp.Or(message(s.Page()), otherwise))
	}
}

func message(p *web.Page) string {
	a, _ := read(p)
	return a.Msg
}
