package forms

import (
	"context"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// configured returns the field that the account names in a setting, else the one that was found.
func configured(s *idp.Session, f *web.Form, setting string, found *web.Field) *web.Field {
	if name := s.Setting(setting); name != "" {
		if x := f.Field(name); x != nil {
			return x
		}
	}
	return found
}

// enterName types the user name; nil is for pages that have no field for it.
func enterName(ctx context.Context, s *idp.Session, f *web.Form, field *web.Field) error {
	if field == nil {
		return nil
	}
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	field.Set(name)
	for _, x := range f.Fields {
		if x.Type == "hidden" && x.Value == "" && clearUserName(strings.ToLower(x.Name)) {
			x.Set(name) // a script would copy it there
		}
	}
	return nil
}

// enter asks one question and types the answer.
func enter(ctx context.Context, s *idp.Session, field *web.Field, q idp.Question) error {
	answer, err := s.Ask.Ask(ctx, q)
	if err != nil {
		return err
	}
	field.Set(answer)
	return nil
}

// send fills a form of one field and sends it.
func send(ctx context.Context, s *idp.Session, f *web.Form, field *web.Field, q idp.Question) error {
	if err := enter(ctx, s, field, q); err != nil {
		return err
	}
	return submit(ctx, s, f)
}

// submit settles what else a filled form wants, and presses its button.
func submit(ctx context.Context, s *idp.Session, f *web.Form) error {
	if err := settle(ctx, s, f); err != nil {
		return err
	}
	return s.Submit(ctx, press(s, f))
}
