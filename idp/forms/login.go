package forms

import (
	"context"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// fillPassword fills a login form. A hidden field for another secret behind an accepted password is a code.
func fillPassword(ctx context.Context, s *idp.Session) error {
	f, err := loginForm(ctx, s)
	if err != nil {
		return err
	}
	if reason := hashed(s.Page(), f); reason != "" {
		return s.Unknown(reason)
	}
	password := configured(s, f, "password_field", first(passwordFields(f)))
	user := configured(s, f, "user_field", userField(f))
	if user == nil && isAnother(s, f, password) {
		return send(ctx, s, f, password, question(s.Page(), password))
	}
	if err := enterName(ctx, s, f, user); err != nil {
		return err
	}
	s.Notes[passwordForm] = shape(f)
	if err := enter(ctx, s, password, idp.Question{Kind: idp.Password, Label: password.Label()}); err != nil {
		return err
	}
	if code := configured(s, f, "code_field", codeField(f)); code != nil && code != password && !fixed(s).Has(code.Name) {
		if err := enterCode(ctx, s, f, code, !code.Is("[required]")); err != nil {
			return err
		}
	}
	return submit(ctx, s, f)
}

func first(fields []*web.Field) *web.Field {
	for _, x := range fields {
		return x
	}
	return nil
}

// passwordForm is the note of what the form looked like that the password was sent with.
const passwordForm = "forms password"

// isAnother reports whether a lone hidden field behind the password is for another secret: a code of a token, say. The
// same form, or one that still names the user, asks for the password again.
func isAnother(s *idp.Session, f *web.Form, password *web.Field) bool {
	before := s.Notes[passwordForm]
	if before == "" || before == shape(f) || slices.ContainsFunc(f.Fields, func(x *web.Field) bool { return x.Value != "" && x.Value == s.Account.Username }) {
		return false
	}
	return !strings.EqualFold(password.Attr("autocomplete"), "current-password")
}

// shape tells forms apart: where they are sent, and the names of their fields.
func shape(f *web.Form) string {
	var names []string
	for _, x := range f.Fields {
		names = append(names, x.Name)
	}
	slices.Sort(names)
	return path(f.Attr("action")) + " " + strings.Join(names, " ")
}

// accountForm returns the form that the account's settings name; nil where the page has none, or it wants no password.
func accountForm(s *idp.Session) *web.Form {
	selector, field := s.Setting("form"), s.Setting("password_field")
	for _, f := range s.Page().Forms() {
		named := selector != "" && f.Is(selector) || field != "" && f.Field(field) != nil
		if named && (f.Field(field) != nil || len(passwordFields(f)) == 1) {
			return f.Copy()
		}
	}
	return nil
}

// unlessNamed fills the form that the account's settings name, whatever else the page seems to want.
func unlessNamed(do func(context.Context, *idp.Session) error) func(context.Context, *idp.Session) error {
	return func(ctx context.Context, s *idp.Session) error {
		if accountForm(s) != nil {
			return fillPassword(ctx, s)
		}
		return do(ctx, s)
	}
}

// loginForm returns the form to fill: the configured one, else the best; where several are as good, one that is chosen.
func loginForm(ctx context.Context, s *idp.Session) (*web.Form, error) {
	if f := accountForm(s); f != nil {
		return f, nil
	}
	forms := rivals(s.Page())
	if len(forms) == 1 {
		return forms[0].Copy(), nil
	}
	c := idp.Choice{Title: "The page has several login forms"}
	for _, f := range forms {
		c.Options = append(c.Options, idp.Option{Label: formName(f, forms)})
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return nil, err
	}
	return forms[i].Copy(), nil
}

// formName tells one of several login forms by what only it has: a hidden value, its name, its words.
func formName(f *web.Form, all []*web.Form) string {
	for _, x := range f.Fields {
		if x.Type != "hidden" || x.Value == "" || len(x.Value) > 40 {
			continue
		}
		if !slices.ContainsFunc(all, func(o *web.Form) bool { return o != f && o.Value(x.Name) == x.Value }) {
			return x.Value
		}
	}
	if id := f.Attr("id"); id != "" {
		return id
	}
	return f.Words()
}

// fillName fills a form that wants the user name alone.
func fillName(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page()).Copy()
	field := configured(s, f, "user_field", userField(f))
	if s.Notes[passwordForm] != "" && field.Type != "email" && f.Method() != "POST" {
		return s.StartAgain(ctx) // a portal's search box, most likely
	}
	if err := enterName(ctx, s, f, field); err != nil {
		return err
	}
	return submit(ctx, s, f)
}

// hashed says so where a script would change the password before it is sent.
func hashed(p *web.Page, f *web.Form) string {
	handler := strings.ToLower(f.Attr("onsubmit"))
	if containsAny(handler, "encrypt", "md5", "sha1", "sha256", "hash(") || p.Has(`script[src*="jsencrypt" i], script[src*="crypto-js" i], script[src*="cryptojs" i], script[src*="md5" i]`) {
		return "a script changes the password before it is sent"
	}
	return ""
}
