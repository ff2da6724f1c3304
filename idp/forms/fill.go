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
	password := configured(s, f, "password_field")
	if password == nil {
		password = passwordFields(f)[0]
	}
	user := configured(s, f, "user_field")
	if user == nil {
		user = userField(f)
	}
	if user == nil && isAnother(s, f, password) {
		return send(ctx, s, f, password, idp.Question{Kind: idp.Code, Factor: factorOf(s.Page(), password), Label: password.Label()})
	}
	if user != nil {
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		user.Set(name)
	}
	s.Notes[passwordForm] = shape(f)
	if code := codeField(f); code != nil && code.Is("[required]") {
		if err := enterCode(ctx, s, f, code); err != nil {
			return err
		}
	}
	return send(ctx, s, f, password, idp.Question{Kind: idp.Password, Label: password.Label()})
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

// loginForm returns the form to fill: the configured one, else the best; where several are as good, one that is chosen.
func loginForm(ctx context.Context, s *idp.Session) (*web.Form, error) {
	if selector := s.Setting("form"); selector != "" {
		if f := s.Page().Form(selector); f != nil && len(passwordFields(f)) == 1 {
			return f, nil
		}
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

func fillName(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page()).Copy()
	field := configured(s, f, "user_field")
	if field == nil {
		field = userField(f)
	}
	if s.Notes[passwordForm] != "" && field.Type != "email" && !strings.EqualFold(f.Method(), "POST") {
		return s.StartAgain(ctx) // a portal's search box, most likely
	}
	return sendName(ctx, s, f, field)
}

func sendName(ctx context.Context, s *idp.Session, f *web.Form, field *web.Field) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	field.Set(name)
	if err := settle(ctx, s, f); err != nil {
		return err
	}
	return s.Submit(ctx, press(s, f))
}

// fillCode fills a form that wants a one-time code, and the user name where it wants that as well.
func fillCode(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page()).Copy()
	field := configured(s, f, "code_field")
	if field == nil {
		field = codeField(f)
	}
	if user := userField(f); user != nil && user != field && user.Value == "" {
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		user.Set(name)
	}
	if err := enterCode(ctx, s, f, field); err != nil {
		return err
	}
	tick(trust(f))
	if err := settle(ctx, s, f); err != nil {
		return err
	}
	return s.Submit(ctx, press(s, f))
}

// enterCode asks for a code and types it, into one field or one box a character.
func enterCode(ctx context.Context, s *idp.Session, f *web.Form, field *web.Field) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: factorOf(s.Page(), field), Label: field.Label()})
	if err != nil {
		return err
	}
	boxes := digitBoxes(f)
	if len(boxes) == 0 || len(boxes) != len(code) {
		field.Set(code)
		return nil
	}
	for i, box := range boxes {
		box.Set(code[i : i+1])
	}
	return nil
}

// fillField fills a form of one field that is called nothing known: at the start it can only be the user name, behind a
// password it is a second factor or an answer.
func fillField(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page()).Copy()
	fields := typed(f)
	switch {
	case len(fields) != 1:
		return s.Unknown("it asks for several things that have no known names")
	case !s.Given():
		return sendName(ctx, s, f, fields[0])
	case f.Method() != "POST":
		return s.StartAgain(ctx) // a portal's search box, most likely
	}
	q := idp.Question{Kind: idp.Code, Factor: factorOf(s.Page(), fields[0]), Label: fields[0].Label()}
	if strings.HasSuffix(q.Label, "?") {
		q.Kind, q.Factor = idp.Answer, idp.Security
	}
	return send(ctx, s, f, fields[0], q)
}

// send asks one question, types the answer and sends the form.
func send(ctx context.Context, s *idp.Session, f *web.Form, field *web.Field, q idp.Question) error {
	answer, err := s.Ask.Ask(ctx, q)
	if err != nil {
		return err
	}
	field.Set(answer)
	if err := settle(ctx, s, f); err != nil {
		return err
	}
	return s.Submit(ctx, press(s, f))
}

func configured(s *idp.Session, f *web.Form, setting string) *web.Field {
	if name := s.Setting(setting); name != "" {
		return f.Field(name)
	}
	return nil
}

// factorOf reads which factor a code is of: from its field, else from what the page says.
func factorOf(p *web.Page, field *web.Field) idp.Factor {
	if factor := guessFactor(field.Name + " " + field.Label()); factor != "" && factor != idp.TOTP {
		return factor
	}
	if factor := guessFactor(p.Text("h1, h2, legend, form p, form label")); factor != "" && factor != idp.Push {
		return factor
	}
	return idp.TOTP
}

// hashed says so where a script would change the password before it is sent.
func hashed(p *web.Page, f *web.Form) string {
	handler := strings.ToLower(f.Attr("onsubmit"))
	if containsAny(handler, "encrypt", "md5", "sha1", "sha256", "hash(") || p.Has(`script[src*="jsencrypt" i], script[src*="crypto-js" i], script[src*="cryptojs" i], script[src*="md5" i]`) {
		return "a script changes the password before it is sent"
	}
	return ""
}
