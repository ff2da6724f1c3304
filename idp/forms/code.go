package forms

import (
	"context"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// fillCode fills a form that wants a one-time code, and the user name where it wants that as well.
func fillCode(ctx context.Context, s *idp.Session) error {
	f := mainForm(s.Page()).Copy()
	field := configured(s, f, "code_field", codeField(f))
	if user := userField(f); user != field && user != nil && user.Value == "" {
		if err := enterName(ctx, s, f, user); err != nil {
			return err
		}
	}
	if err := enterCode(ctx, s, f, field, false); err != nil {
		return err
	}
	tick(trust(f))
	return submit(ctx, s, f)
}

// enterCode asks for a code and types it, into one field or one box a character.
func enterCode(ctx context.Context, s *idp.Session, f *web.Form, field *web.Field, optional bool) error {
	q := question(s.Page(), field)
	q.Optional = optional
	if err := enter(ctx, s, field, q); err != nil {
		return err
	}
	code := field.Value
	if boxes := charBoxes(f); len(boxes) == len(code) {
		for i, box := range boxes {
			box.Set(code[i : i+1])
		}
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
		if err := enterName(ctx, s, f, fields[0]); err != nil {
			return err
		}
		return submit(ctx, s, f)
	}
	return send(ctx, s, f, fields[0], question(s.Page(), fields[0]))
}

// question asks what a field behind the password wants: a code, or the answer to what its label asks.
func question(p *web.Page, field *web.Field) idp.Question {
	label := field.Label()
	asks := !looksLikeCode(field) && (strings.HasSuffix(label, "?") || strings.HasSuffix(label, "？") || containsAny(strings.ToLower(field.Name), "answer", "question"))
	if asks {
		return idp.Question{Kind: idp.Answer, Factor: idp.Security, Label: label}
	}
	return idp.Question{Kind: idp.Code, Factor: factorOf(p, field), Label: label}
}
