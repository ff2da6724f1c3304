// Package akamai signs in with Akamai Enterprise Application Access: a page that carries a token, and then an API whose
// every answer is a page of the walk.
package akamai

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
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
