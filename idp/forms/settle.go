package forms

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// fixed returns the values that the account sets for fields; what cannot be read is empty.
func fixed(s *idp.Session) url.Values {
	values, err := url.ParseQuery(s.Setting("fields"))
	if err != nil {
		return nil
	}
	return values
}

// settle gives the other fields of a form their values: the configured ones, and what a person must choose.
func settle(ctx context.Context, s *idp.Session, f *web.Form) error {
	values := fixed(s)
	if values == nil {
		return s.Unknown(`the setting "fields" cannot be read`)
	}
	for name := range values {
		switch used := "forms used " + name; {
		case f.Field(name) != nil:
			s.Notes[used] = "yes"
			f.Set(name, values.Get(name))
		case len(passwordFields(f)) > 0 && s.Notes[used] == "":
			f.Set(name, values.Get(name)) // a script would add it
		}
	}
	if err := readCaptchas(ctx, s, f); err != nil {
		return err
	}
	for _, x := range typed(f) {
		if err := complete(ctx, s, x); err != nil {
			return err
		}
	}
	for _, x := range required(f) {
		if err := agree(ctx, s, x.Label()); err != nil {
			return err
		}
		x.On = true
	}
	for _, x := range f.Fields {
		if err := pick(ctx, s, f, x); err != nil {
			return err
		}
	}
	return nil
}

// complete asks, once, what to type into a field that must not stay empty: a company, say.
func complete(ctx context.Context, s *idp.Session, x *web.Field) error {
	if x.Type == "password" || x.Value != "" || !x.Is("[required]") {
		return nil
	}
	note := "forms field " + x.Name
	x.Set(s.Notes[note])
	if x.Value != "" {
		return nil
	}
	err := enter(ctx, s, x, idp.Question{Kind: idp.Answer, Label: cmp.Or(x.Label(), x.Name)})
	s.Notes[note] = x.Value
	return err
}

// required returns the boxes that must be ticked before the form can be sent.
func required(f *web.Form) []*web.Field {
	return boxes(f, func(x *web.Field) bool { return !x.On && x.Is("[required]") })
}

func boxes(f *web.Form, want func(*web.Field) bool) []*web.Field {
	return slices.DeleteFunc(slices.Clone(f.Fields), func(x *web.Field) bool { return x.Type != "checkbox" || x.Disabled || !want(x) })
}

func tick(boxes []*web.Field) {
	for _, x := range boxes {
		x.On = true
	}
}

// trust returns the boxes that have this device remembered, so that the next sign-in needs no code.
func trust(f *web.Form) []*web.Field {
	return boxes(f, func(x *web.Field) bool { return containsAny(strings.ToLower(x.Name+" "+x.ID), "remember", "trust") })
}

func unsettled(f *web.Form, group string) bool {
	return group != "" && !slices.ContainsFunc(f.Fields, func(x *web.Field) bool { return x.Type == "radio" && x.Name == group && x.On })
}

// pick asks what to choose in a group of radio buttons of which none is on, and in a menu that still says "choose". With
// nobody to ask, a menu that may be left alone is.
func pick(ctx context.Context, s *idp.Session, f *web.Form, x *web.Field) error {
	if !x.Visible() || x.Disabled || x.Name == "" {
		return nil
	}
	var ways []way
	switch {
	case x.Type == "radio" && unsettled(f, x.Name):
		ways = radioWays(f, x.Name)
	case x.Type == "select" && x.Value == "":
		ways = menuWays(x)
	}
	if len(ways) == 0 {
		return nil
	}
	i, err := s.Ask.Choose(ctx, choice("Choose one: "+x.Name, ways))
	if errors.Is(err, idp.ErrNoAnswer) && x.Type == "select" && !x.Is("[required]") {
		return nil
	}
	if err != nil {
		return err
	}
	f.Set(x.Name, ways[i].value)
	return nil
}

// agree asks the person about terms; nobody else can accept them.
func agree(ctx context.Context, s *idp.Session, terms string) error {
	i, err := s.Ask.Choose(ctx, idp.Choice{Title: "The page asks you to agree: " + terms, Options: []idp.Option{{Label: "no"}, {Label: "yes, I agree"}}})
	if err != nil {
		return err
	}
	if i == 0 {
		return s.Refuse(idp.Blocked, "#none", "the terms were not accepted")
	}
	return nil
}
