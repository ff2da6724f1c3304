package forms

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// settle gives the other fields of a form their values: the configured ones, and what a person must choose.
func settle(ctx context.Context, s *idp.Session, f *web.Form) error {
	fixed, err := url.ParseQuery(s.Setting("fields"))
	if err != nil {
		return s.Unknown(`the setting "fields" cannot be read`)
	}
	for name := range fixed {
		f.Set(name, fixed.Get(name))
	}
	if err := readCaptchas(ctx, s, f); err != nil {
		return err
	}
	for _, x := range required(f) {
		if err := agree(ctx, s, x.Label()); err != nil {
			return err
		}
		x.On = true
	}
	for _, x := range f.Fields {
		if x.Type == "radio" && x.Visible() && unsettled(f, x.Name) {
			if err := pick(ctx, s, f, x.Name); err != nil {
				return err
			}
		}
	}
	return nil
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

// pick asks which button of a radio group to check.
func pick(ctx context.Context, s *idp.Session, f *web.Form, group string) error {
	var buttons []*web.Field
	c := idp.Choice{Title: "Choose one"}
	for _, x := range f.Fields {
		if x.Type == "radio" && x.Name == group && !x.Disabled {
			buttons = append(buttons, x)
			c.Options = append(c.Options, idp.Option{Label: x.Label(), Factor: guessFactor(x.Label() + " " + x.Value)})
		}
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	buttons[i].On = true
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
