// Package shibboleth signs in with the Shibboleth IdP, versions 2 to 5, whose every page is a step of a conversation: its
// form's address and the name of its button say which.
package shibboleth

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
		Name: "shibboleth", Title: "Shibboleth IdP",
		Settings: []idp.Setting{{Key: "provider_id", Help: "entity id of AWS, where the address is the host alone", Default: idp.AWSIssuer}},
		Owns:     func(p *web.Page) bool { return isStorage(p) || isLogin(p) },
		SignOut:  idp.SignOutAt("/idp/profile/Logout"),
		Start:    start,
		Refusal:  "p.form-error, .form-error, p.output--error, .output-message.output--error, .alert.alert-danger",
		Steps: []idp.Step{
			{Name: "shibboleth storage", On: isStorage, Do: answerStorage, Tries: 4},
			{Name: "shibboleth password", On: isLogin, Do: fillPassword, Tries: 3},
			{Name: "shibboleth user name", On: isUserName, Do: fillUserName},
			{Name: "shibboleth release", On: isRelease, Do: release, Tries: 2},
			{Name: "shibboleth terms", On: isTerms, Do: askTerms},
			{Name: "shibboleth password expires", On: isNotice, Do: passNotice, Tries: 2},
			{Name: "shibboleth code", On: isCode, Do: fillCode, Tries: 3},
			{Name: "shibboleth notice", On: isProceed, Do: proceed, Tries: 4},
			{Name: "shibboleth stale", On: isStale, Do: func(ctx context.Context, s *idp.Session) error { return s.StartAgain(ctx) }, Tries: 2},
			{Name: "shibboleth error", On: isError, Do: refuseError},
		},
	}
}

func start(ctx context.Context, s *idp.Session) error {
	return s.OpenAddress(ctx, "/idp/profile/SAML2/Unsolicited/SSO", url.Values{"providerId": {s.Setting("provider_id")}})
}

// proceeds is the event that leads on; the others of a page turn it down.
const proceeds = "_eventId_proceed"

// isAt knows the conversation by its address, wherever an operator has put it.
func isAt(p *web.Page) bool {
	return strings.Contains(p.Path(), "/profile/") || strings.Contains(p.Path(), "/Authn/") || p.URL.Query().Has("execution") && p.Has("[name^=_eventId], [name=csrf_token]")
}

func isStorage(p *web.Page) bool {
	return p.Has("[name=shib_idp_ls_supported]") || p.Has("[name^='shib_idp_ls_success.']")
}

func isLogin(p *web.Page) bool { return p.Has("input[name=j_password]") && isAt(p) }

func isUserName(p *web.Page) bool {
	return isAt(p) && p.Has("input[name=j_username]") && !p.Has("input[name=j_password]")
}

func isTerms(p *web.Page) bool {
	return isAt(p) && p.Has("input[name=_shib_idp_consentIds][required], input#accept[name=_shib_idp_consentIds]") && !p.Has("[name=_shib_idp_consentOptions]")
}

func isRelease(p *web.Page) bool {
	return isAt(p) && p.Has("[name=_shib_idp_consentIds]") && !isTerms(p)
}

// isNotice knows the warning that goes on by itself, or by its link.
func isNotice(p *web.Page) bool { return noticeLink(p) != "" && len(p.Forms()) == 0 }

func noticeLink(p *web.Page) string { return p.Attr("a[href*='_eventId_proceed']", "href") }

// plain returns the form that leads on; nil where the page is one of the others.
func plain(p *web.Page) *web.Form {
	if !isAt(p) || isStorage(p) || p.Has("input[name=j_username], input[name=j_password], [name=_shib_idp_consentIds], iframe#duo_iframe") {
		return nil
	}
	return p.Form("[name=" + proceeds + "]")
}

func typed(f *web.Form) []*web.Field {
	var found []*web.Field
	for _, x := range f.Fields {
		if x.Fillable() && x.Name != "" {
			found = append(found, x)
		}
	}
	return found
}

func isCode(p *web.Page) bool { f := plain(p); return f != nil && len(typed(f)) == 1 }

func isProceed(p *web.Page) bool { f := plain(p); return f != nil && len(typed(f)) == 0 }

func isStale(p *web.Page) bool {
	return isAt(p) && len(p.Forms()) == 0 && strings.Contains(p.Title()+p.Text("h1, h2, h3"), "Stale Request")
}

func isError(p *web.Page) bool {
	return isAt(p) && p.Status >= 400 && p.Status != 401 && plain(p) == nil && !isLogin(p) && !isStale(p) && !isStorage(p)
}

// send sends a form by the event that leads on, and no other.
func send(ctx context.Context, s *idp.Session, f *web.Form) error {
	for _, button := range f.Buttons() {
		if button.Name == proceeds {
			return s.Submit(ctx, f.Press(button))
		}
	}
	r, err := f.Request()
	if err != nil {
		return err
	}
	if f.Field(proceeds) == nil { // a script would add it
		r.Body = append(r.Body, ("&" + proceeds + "=")...)
	}
	return s.Visit(ctx, r)
}

// answerStorage says what a browser's local storage would: that it works, and is empty or has kept what it was given.
func answerStorage(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form("[name^=shib_idp_ls_]")
	if f.Field("shib_idp_ls_supported") != nil {
		f.Set("shib_idp_ls_supported", "true")
	}
	for _, x := range f.Fields {
		if strings.HasPrefix(x.Name, "shib_idp_ls_success.") {
			x.Set("true")
		}
	}
	return send(ctx, s, f)
}

func fillUserName(ctx context.Context, s *idp.Session) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	return send(ctx, s, s.Page().Form("input[name=j_username]").Set("j_username", name))
}

func fillPassword(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form("input[name=j_password]")
	if user := f.Field("j_username"); user != nil && user.Fillable() {
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		user.Set(name)
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password})
	if err != nil {
		return err
	}
	return send(ctx, s, f.Set("j_password", password))
}

func fillCode(ctx context.Context, s *idp.Session) error {
	f := plain(s.Page())
	field := typed(f)[0]
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.TOTP, Label: field.Label()})
	if err != nil {
		return err
	}
	field.Set(code)
	return send(ctx, s, f)
}

func proceed(ctx context.Context, s *idp.Session) error { return send(ctx, s, plain(s.Page())) }

// release lets the provider tell AWS what it shows; how often it asks stays as it is.
func release(ctx context.Context, s *idp.Session) error {
	s.Ask.Tell(ctx, s.Page().Host()+" releases your attributes to AWS, as the sign-in needs")
	f := s.Page().Form("[name=_shib_idp_consentIds]")
	for _, x := range f.Fields {
		if x.Name == "_shib_idp_consentIds" && x.Type == "checkbox" {
			x.On = true
		}
	}
	return send(ctx, s, f)
}

// askTerms has the person agree; nobody else can.
func askTerms(ctx context.Context, s *idp.Session) error {
	title := s.Page().Text("h1, h2, h3")
	i, err := s.Ask.Choose(ctx, idp.Choice{Title: "The provider asks you to agree: " + title, Options: []idp.Option{{Label: "no"}, {Label: "yes, I agree"}}})
	if err != nil {
		return err
	}
	if i == 0 {
		return s.Refuse(idp.Blocked, "", "the terms were not accepted")
	}
	f := s.Page().Form("[name=_shib_idp_consentIds]")
	for _, x := range f.Fields {
		if x.Name == "_shib_idp_consentIds" {
			x.On = true
		}
	}
	return send(ctx, s, f)
}

func passNotice(ctx context.Context, s *idp.Session) error {
	s.Ask.Tell(ctx, s.Page().Host()+" says: "+s.Page().Text("h1, h2, h3, p"))
	u, err := s.Page().Resolve(noticeLink(s.Page()))
	if err != nil {
		return s.Unknown("its link cannot be read")
	}
	return s.Open(ctx, u.String())
}

// refuseError ends with the title of an error page, which says what went wrong behind the provider's name.
func refuseError(_ context.Context, s *idp.Session) error {
	p := s.Page()
	message := p.Text("h3, h2, h1")
	if message == "" {
		message = p.Title()
	}
	kind := idp.Blocked
	switch {
	case p.Status == 403:
		kind = idp.NotAssigned
	case strings.Contains(message, "Unsupported Request") || strings.Contains(message, "Unable to Respond"):
		kind, message = idp.NotAssigned, message+": the providerId of the address is not known there, or has no consumer service"
	case s.Given() && strings.Contains(message, "Login Failed"):
		kind = idp.MFAFailed
	}
	return s.Refuse(kind, "", message)
}
