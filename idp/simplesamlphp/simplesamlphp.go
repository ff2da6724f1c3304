// Package simplesamlphp knows the pages of SimpleSAMLphp that need more than any HTML form does: logins with an
// organisation, error texts that a theme prints as raw keys, and pages that end a sign-in.
package simplesamlphp

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter. Consent, warnings and the choice of a source are plain forms, and walked as such.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "simplesamlphp", Title: "SimpleSAMLphp",
		Settings: []idp.Setting{{Key: "organisation", Help: "value or label of the organisation to sign in with"}},
		Owns:     func(p *web.Page) bool { return isLogin(p) || isError(p) },
		SignOut:  signOut,
		Refusal:  ".message-box.error h3, .erroricon ~ p strong, .erroricon ~ p",
		Steps: []idp.Step{
			{Name: "simplesamlphp error", On: isError, Do: refuseError},
			{Name: "simplesamlphp no access", On: isDenied, Do: refuseDenied},
			{Name: "simplesamlphp password", On: isLogin, Do: login, Tries: 3},
		},
	}
}

func isError(p *web.Page) bool { return p.Has("#trackid") && !p.Has("input[type=password]") }

// isDenied knows the pages of the modules expirycheck and authorize, of 1.x and 2.x.
func isDenied(p *web.Page) bool {
	path := p.Path()
	return !isError(p) && (strings.Contains(path, "/authorize/authorize_403") || strings.Contains(path, "/authorize/error/forbidden") ||
		strings.Contains(path, "/expirycheck/expired"))
}

func isLogin(p *web.Page) bool {
	return strings.Contains(p.Path(), "/core/loginuserpass") && p.Form("input[name=password]") != nil
}

func refuseError(_ context.Context, s *idp.Session) error {
	title := s.Page().Text("#content h2, h2")
	if title == "" {
		title = s.Page().Title()
	}
	return s.Refuse(idp.Blocked, "", title+" (tracking number "+s.Page().Text("#trackid")+")")
}

func refuseDenied(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.NotAssigned, "#content p, p", "the account has no access to this service")
}

// login fills the form that has the password: a theme may put a language menu before it.
func login(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form("input[name=password]")
	if user := f.Field("username"); user != nil && user.Fillable() {
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		user.Set(name)
	}
	if organisations := f.Field("organization"); organisations != nil {
		if err := chooseOrganisation(ctx, s, organisations); err != nil {
			return err
		}
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password})
	if err != nil {
		return readable(err)
	}
	f.Set("password", password)
	if buttons := f.Buttons(); len(buttons) > 0 {
		f.Press(buttons[0])
	}
	return s.Submit(ctx, f)
}

func chooseOrganisation(ctx context.Context, s *idp.Session, field *web.Field) error {
	c := idp.Choice{Title: "Which organisation?"}
	wanted := s.Setting("organisation")
	for _, o := range field.Options {
		if wanted != "" && (o.Value == wanted || o.Label == wanted) {
			field.Set(o.Value)
			return nil
		}
		c.Options = append(c.Options, idp.Option{Label: o.Label})
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	field.Set(field.Options[i].Value)
	return nil
}

// readable puts words where a theme prints the key of a text: "{errors:title_WRONGUSERPASS}".
func readable(err error) error {
	var refused *idp.RefusedError
	if !errors.As(err, &refused) || !strings.Contains(refused.Message, "{errors:") {
		return err
	}
	codes := strings.FieldsFunc(refused.Message, func(r rune) bool { return r == '_' || r == '}' || r == ':' })
	refused.Message = "SimpleSAMLphp refuses with its code " + codes[len(codes)-1]
	if slices.Contains(codes, "WRONGUSERPASS") {
		refused.Message = "wrong user name or password"
	}
	return refused
}
