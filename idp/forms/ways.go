package forms

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// A way is something on a page that a person could press or choose.
type way struct {
	label  string
	factor idp.Factor
	field  string           // a radio button's or a menu's
	value  string           // of it
	button *web.Field       // that is pressed, where it is one
	form   func() *web.Form // to send; nil where there is an address
	href   string           // to open
}

// choices returns what a page without anything to type offers to choose from: radio buttons, a menu, buttons that name
// factors or each something else, or links of one kind.
func choices(p *web.Page) []way {
	for _, f := range quietForms(p) {
		if ways := fieldWays(f); len(ways) > 1 {
			return ways
		}
	}
	buttons := buttonWays(p)
	naming := slices.DeleteFunc(slices.Clone(buttons), func(w way) bool { return w.factor == "" })
	switch {
	case len(naming) > 1 && len(filter(buttons, toAWS)) == 0:
		return naming
	case len(buttons) == 0:
		return links(p)
	case confirmation(p) != nil:
		return nil
	}
	return buttons
}

// fieldWays returns what the first radio buttons or menu of a form offer; none where its radio buttons, one of them on,
// are about something else than factors: it can be sent as it is.
func fieldWays(f *web.Form) []way {
	for _, x := range f.Fields {
		if !x.Visible() || x.Disabled || x.Name == "" {
			continue
		}
		switch x.Type {
		case "select":
			return sending(f, x.Name, menuWays(x))
		case "radio":
			if ways := radioWays(f, x.Name); unsettled(f, x.Name) || namesFactors(ways) {
				return sending(f, x.Name, ways)
			}
			return nil
		}
	}
	return nil
}

// quietForms returns the forms that a person could send without typing.
func quietForms(p *web.Page) []*web.Form {
	return slices.DeleteFunc(formsOf(p), func(f *web.Form) bool {
		return slices.ContainsFunc(f.Fields, (*web.Field).Fillable) || isLanguage(f) || f.Attr("role") == "search"
	})
}

func namesFactors(ways []way) bool {
	return slices.ContainsFunc(ways, func(w way) bool { return w.factor != "" })
}

func isLanguage(f *web.Form) bool {
	return slices.ContainsFunc(f.Fields, func(x *web.Field) bool {
		name := strings.ToLower(x.Name)
		return x.Visible() && (strings.Contains(name, "lang") || strings.Contains(name, "locale") || name == "theme")
	})
}

func radioWays(f *web.Form, group string) (ways []way) {
	for _, x := range f.Fields {
		if x.Type == "radio" && x.Name == group && x.Visible() && !x.Disabled {
			ways = append(ways, named(x.Label(), x.Value))
		}
	}
	return ways
}

func menuWays(x *web.Field) (ways []way) {
	for _, o := range x.Options {
		if o.Value != "" && !o.Disabled {
			ways = append(ways, named(o.Label, o.Value))
		}
	}
	return ways
}

func buttonWays(p *web.Page) (ways []way) {
	for _, f := range quietForms(p) {
		for i, x := range pressable(f) {
			w := named(x.Label(), x.Name+" "+x.Value)
			w.button, w.form = x, func() *web.Form {
				c := f.Copy()
				return c.Press(pressable(c)[i])
			}
			ways = append(ways, w)
		}
	}
	return ways
}

// named makes a way of what it is called, for people and for the server.
func named(label, value string) way {
	return way{label: cmp.Or(label, value), value: value, factor: cmp.Or(guessFactor(label), guessFactor(value))}
}

// sending makes each of the ways send its form with that value and the button pressed that leads on.
func sending(f *web.Form, name string, ways []way) []way {
	for i, w := range ways {
		ways[i].field, ways[i].form = name, func() *web.Form {
			c := f.Copy().Set(name, w.value)
			if candidates := pressable(c); len(candidates) > 0 {
				c.Press(candidates[0])
			}
			return c
		}
	}
	return ways
}

func choice(title string, ways []way) idp.Choice {
	c := idp.Choice{Title: title}
	for _, w := range ways {
		c.Options = append(c.Options, idp.Option{Label: w.label, Factor: w.factor})
	}
	return c
}

// choose asks which way to go, where that is not settled. A page of links behind the password may well be a portal: the
// start is looked at first.
func choose(ctx context.Context, s *idp.Session) error {
	ways := choices(s.Page())
	if !namesFactors(ways) && ways[0].form == nil && startAgain(s) {
		return s.StartAgain(ctx)
	}
	if w := meant(s, ways); w != nil {
		s.Notes["forms used "+w.field] = "yes"
		return follow(ctx, s, *w)
	}
	i, err := s.Ask.Choose(ctx, choice(title(s.Page()), ways))
	if err != nil {
		return err
	}
	return follow(ctx, s, ways[i])
}

// meant returns the only way that the account's settings name, that is the user's own, or that leads to AWS.
func meant(s *idp.Session, ways []way) *way {
	values, user := fixed(s), strings.ToLower(s.Account.Username)
	for _, is := range []func(way) bool{
		func(w way) bool { return w.field != "" && values.Has(w.field) && values.Get(w.field) == w.value },
		func(w way) bool { return user != "" && speaks(w.label, []string{user}) },
		toAWS,
	} {
		if some := filter(ways, is); len(some) == 1 {
			return &some[0]
		}
	}
	return nil
}

func toAWS(w way) bool { return speaks(w.label, []string{"aws", "amazon"}) }

// startAgain reports, once, whether a page behind the password may be the end of the way that began at the start.
func startAgain(s *idp.Session) bool {
	const note = "forms start again"
	first := s.Given() && s.Notes[note] == ""
	if first {
		s.Notes[note] = "done"
	}
	return first
}

func follow(ctx context.Context, s *idp.Session, w way) error {
	if w.form != nil {
		return s.Submit(ctx, w.form())
	}
	return s.Open(ctx, w.href)
}
