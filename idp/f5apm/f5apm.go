// Package f5apm signs in with F5 BIG-IP Access Policy Manager, whose pages are all one form, #auth_form, that the
// policy puts other fields into.
package f5apm

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

const (
	logonForm    = "form#auth_form"
	header       = "#credentials_table_header"
	resourcePath = "/saml/idp/res"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "f5apm", Title: "F5 BIG-IP APM",
		Settings: []idp.Setting{{Key: "resource_id", Help: "the SAML resource, as in /Common/aws, where the address is the host alone"}},
		Owns:     func(p *web.Page) bool { return p.Has(logonForm) || isDenied(p) || isWebtop(p) },
		SignOut:  idp.SignOutAt("/vdesk/hangup.php3"),
		Claims:   func(u *url.URL) bool { return u.Path == resourcePath && u.Query().Has("id") },
		Start:    start,
		Steps: []idp.Step{
			{Name: "f5apm password", On: isLogon, Do: fillPassword, Tries: 3},
			{Name: "f5apm new password wanted", On: isNewPassword, Do: refuseOldPassword},
			{Name: "f5apm second factor", On: isMethods, Do: chooseMethod, Tries: 3},
			{Name: "f5apm challenge", On: isChallenge, Do: answerChallenge, Tries: 3},
			{Name: "f5apm confirmation", On: isConfirmation, Do: confirm, Tries: 2},
			{Name: "f5apm webtop", On: isWebtop, Do: openResource, Tries: 2},
			{Name: "f5apm inspection", On: isInspection, Do: refuseInspection},
			{Name: "f5apm denied", On: isDenied, Do: refuseDenied},
		},
	}
}

// start opens the resource's own address, by which the session that it makes leads to AWS. Some policies let in no browser
// that they do not know.
func start(ctx context.Context, s *idp.Session) error {
	s.AppearAs(web.DesktopUserAgent)
	return s.Open(ctx, resource(s))
}

// resource is the address of the SAML resource. APM wants the slashes of its id as they are.
func resource(s *idp.Session) string {
	u, err := url.Parse(s.Account.URL)
	if id := s.Setting("resource_id"); err == nil && id != "" && !u.Query().Has("id") {
		return u.Scheme + "://" + u.Host + resourcePath + "?id=" + id
	}
	return s.Account.URL
}

// typed returns the fields of the form that a person would type into.
func typed(p *web.Page) []*web.Field {
	f := p.Form(logonForm)
	if f == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(f.Fields), func(x *web.Field) bool { return !x.Fillable() || x.Name == "" })
}

func has(p *web.Page, name string) bool {
	return slices.ContainsFunc(typed(p), func(x *web.Field) bool { return x.Name == name })
}

func passwords(p *web.Page) (n int) {
	for _, x := range typed(p) {
		if x.Type == "password" {
			n++
		}
	}
	return n
}

func isLogon(p *web.Page) bool { return has(p, "username") && passwords(p) == 1 }

func isNewPassword(p *web.Page) bool { return passwords(p) > 1 }

func isMethods(p *web.Page) bool {
	f := p.Form(logonForm)
	return f != nil && f.Field("mfamethod") != nil
}

func isChallenge(p *web.Page) bool {
	return len(typed(p)) == 1 && passwords(p) < 2 && !has(p, "username") && !isMethods(p)
}

func isConfirmation(p *web.Page) bool {
	f := p.Form(logonForm)
	return f != nil && len(typed(p)) == 0 && !isMethods(p) && f.Field("vhost") != nil
}

func fillPassword(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form(logonForm)
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	f.Set("username", name)
	return send(ctx, s, f, passwordField(f), idp.Question{Kind: idp.Password})
}

func passwordField(f *web.Form) string {
	for _, x := range f.Fields {
		if x.Type == "password" && x.Fillable() {
			return x.Name
		}
	}
	return ""
}

// send asks one question and sends the form with the answer, by its button.
func send(ctx context.Context, s *idp.Session, f *web.Form, field string, q idp.Question) error {
	answer, err := s.Ask.Ask(ctx, q)
	if err != nil {
		return err
	}
	return s.Submit(ctx, pressed(f.Set(field, answer)))
}

func pressed(f *web.Form) *web.Form {
	if buttons := f.Buttons(); len(buttons) > 0 {
		f.Press(buttons[0])
	}
	return f
}

// chooseMethod takes one of the methods that the policy offers: a push is awaited by the server's answer itself.
func chooseMethod(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form(logonForm)
	methods := f.Field("mfamethod")
	if methods == nil || len(methods.Options) == 0 {
		return s.Unknown("it offers no second factor")
	}
	if before, pushed := s.Notes[pushNote]; pushed {
		return refusePush(s, before)
	}
	c := idp.Choice{Title: "Which second factor?"}
	for _, o := range methods.Options {
		c.Options = append(c.Options, idp.Option{Label: o.Label, Factor: factor(o.Value)})
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	methods.Set(methods.Options[i].Value)
	if c.Options[i].Factor == idp.Push {
		s.Notes[pushNote] = s.Page().Text(header)
		s.Ask.Tell(ctx, "approve the sign-in on your phone")
		return s.Submit(ctx, pressed(f))
	}
	return send(ctx, s, f, "mfatoken", idp.Question{Kind: idp.Code, Factor: c.Options[i].Factor, Label: c.Options[i].Label})
}

// pushNote keeps what the page said before a push was sent.
const pushNote = "f5apm push"

// refusePush ends the walk where the page is back after a push: nobody's phone is asked twice.
func refusePush(s *idp.Session, before string) error {
	message := "the push was not approved"
	if says := s.Page().Text(header); says != "" && says != before {
		message = says
	}
	return s.Refuse(idp.MFAFailed, "", message)
}

func factor(method string) idp.Factor {
	switch strings.ToLower(method) {
	case "push":
		return idp.Push
	case "sms":
		return idp.SMS
	case "call", "phone", "voice":
		return idp.Call
	case "email":
		return idp.Email
	}
	return idp.Token
}

// answerChallenge answers the one field of a RADIUS or RSA challenge, with the page's words above it.
func answerChallenge(ctx context.Context, s *idp.Session) error {
	field := typed(s.Page())[0]
	q := idp.Question{Kind: idp.Code, Factor: idp.Token, Label: s.Page().Text(header)}
	if q.Label == "" {
		q.Label = field.Label()
	}
	return send(ctx, s, s.Page().Form(logonForm), field.Name, q)
}

func confirm(ctx context.Context, s *idp.Session) error {
	return s.Submit(ctx, pressed(s.Page().Form(logonForm)))
}
