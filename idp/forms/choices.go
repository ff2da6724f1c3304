package forms

import (
	"context"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// A way is something on a page that a person could press or choose.
type way struct {
	label  string
	factor idp.Factor
	take   func() (*web.Form, string) // a form to send, or an address to open
}

// choices returns what a page without anything to type offers to choose from: radio buttons, a menu, buttons that name
// factors or each something else, or links that name factors.
func choices(p *web.Page) []way {
	for _, f := range quietForms(p) {
		if ways := radios(f); len(ways) > 1 && (!settled(f) || namesFactors(ways)) {
			return ways
		}
		if ways := menu(f); len(ways) > 1 {
			return ways
		}
	}
	buttons := buttonWays(p)
	naming := slices.DeleteFunc(slices.Clone(buttons), func(w way) bool { return w.factor == "" })
	if len(naming) > 1 {
		return naming
	}
	if len(buttons) > 0 {
		if confirmation(p) != nil {
			return nil
		}
		return buttons
	}
	return links(p)
}

// quietForms returns the forms that a person could send without typing.
func quietForms(p *web.Page) []*web.Form {
	return slices.DeleteFunc(slices.Clone(p.Forms()), func(f *web.Form) bool {
		return slices.ContainsFunc(f.Fields, (*web.Field).Fillable) || isLanguage(f) || f.Attr("role") == "search"
	})
}

// settled reports whether every group of radio buttons has one that is on: such a page can be passed as it is.
func settled(f *web.Form) bool {
	return !slices.ContainsFunc(f.Fields, func(x *web.Field) bool { return x.Type == "radio" && unsettled(f, x.Name) })
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

func radios(f *web.Form) []way {
	var ways []way
	group := ""
	for _, x := range f.Fields {
		if x.Type != "radio" || !x.Visible() || x.Disabled || group != "" && x.Name != group {
			continue
		}
		group = x.Name
		ways = append(ways, wayOf(x.Label(), x.Value, func() (*web.Form, string) {
			return sendable(f).Set(x.Name, x.Value), ""
		}))
	}
	return ways
}

func menu(f *web.Form) []way {
	var ways []way
	for _, x := range f.Fields {
		if x.Type != "select" || !x.Visible() || x.Disabled {
			continue
		}
		for _, o := range x.Options {
			if o.Value == "" || o.Disabled {
				continue
			}
			ways = append(ways, wayOf(o.Label, o.Value, func() (*web.Form, string) {
				return sendable(f).Set(x.Name, o.Value), ""
			}))
		}
		return ways
	}
	return nil
}

func buttonWays(p *web.Page) []way {
	var ways []way
	for _, f := range quietForms(p) {
		for i, x := range pressable(f) {
			ways = append(ways, wayOf(x.Label(), x.Name+" "+x.Value, func() (*web.Form, string) {
				c := f.Copy()
				return c.Press(pressable(c)[i]), ""
			}))
		}
	}
	return ways
}

func links(p *web.Page) []way {
	var ways []way
	p.Find("a[href]").Each(func(_ int, a *goquery.Selection) {
		label, href := web.Words(a), a.AttrOr("href", "")
		if factor := guessFactor(label); factor != "" && !strings.HasPrefix(href, "#") && !speaks(label, noWords) && sameHost(p, href) {
			ways = append(ways, wayOf(label, "", func() (*web.Form, string) { return nil, href }))
		}
	})
	return ways
}

func sameHost(p *web.Page, href string) bool {
	u, err := p.Resolve(href)
	return err == nil && web.Host(u) == p.Host()
}

func wayOf(label, name string, take func() (*web.Form, string)) way {
	factor := guessFactor(label)
	if factor == "" {
		factor = guessFactor(name)
	}
	if label == "" {
		label = name
	}
	return way{label, factor, take}
}

// sendable returns a copy of a form with the button pressed that leads on.
func sendable(f *web.Form) *web.Form {
	c := f.Copy()
	if candidates := pressable(c); len(candidates) > 0 {
		c.Press(candidates[0])
	}
	return c
}

func choose(ctx context.Context, s *idp.Session) error {
	ways := choices(s.Page())
	c := idp.Choice{Title: title(s.Page())}
	for _, w := range ways {
		c.Options = append(c.Options, idp.Option{Label: w.label, Factor: w.factor})
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	return follow(ctx, s, ways[i])
}

func follow(ctx context.Context, s *idp.Session, w way) error {
	form, address := w.take()
	if form == nil {
		address, err := s.Page().Resolve(address)
		if err != nil {
			return s.Unknown("a link on it cannot be read")
		}
		return s.Open(ctx, address.String())
	}
	return s.Submit(ctx, form)
}
