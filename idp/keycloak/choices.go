package keycloak

import (
	"context"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// device is one enrolled authenticator.
type device struct{ id, label string }

// devices returns the authenticators that a code page offers: radio buttons in classic themes, tiles in v2, where the id
// stands in whatever attribute the handler is.
func devices(p *web.Page) []device {
	var found []device
	p.Find("[id^=kc-otp-credential-]").Each(func(_ int, tile *goquery.Selection) {
		d := device{id: tile.AttrOr("value", ""), label: web.Words(tile)}
		if d.id == "" {
			d.id = uuidIn(tile)
		}
		if d.label == "" {
			d.label = p.Text(`label[for="` + tile.AttrOr("id", "") + `"]`)
		}
		if d.id != "" {
			found = append(found, d)
		}
	})
	return found
}

// uuidIn finds a UUID in any attribute of an element.
func uuidIn(s *goquery.Selection) string {
	for _, attribute := range s.Nodes[0].Attr {
		words := strings.FieldsFunc(attribute.Val, func(r rune) bool {
			return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'f' || r == '-')
		})
		for _, word := range words {
			if len(word) == 36 && strings.Count(word, "-") == 4 {
				return word
			}
		}
	}
	return ""
}

// choose offers the ways to sign in that Keycloak lists: one form each, or one form with a value each.
func choose(ctx context.Context, s *idp.Session) error {
	c := idp.Choice{Title: s.Page().Text("#kc-page-title, h1")}
	var forms []*web.Form
	for _, f := range s.Page().Forms() {
		for i, field := range f.Fields {
			if field.Name != "authenticationExecution" {
				continue
			}
			way := f.Copy()
			if field.IsButton() {
				way.Press(way.Fields[i])
			} else {
				way.Set(field.Name, field.Value)
			}
			forms = append(forms, way)
			c.Options = append(c.Options, option(s.Page(), field))
		}
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	return s.Submit(ctx, forms[i])
}

// option reads a way's label, which stands beside its form, and its factor, which only the icon tells in every language.
func option(p *web.Page, field *web.Field) idp.Option {
	o := idp.Option{Label: field.Label()}
	p.Find(`[name=authenticationExecution]`).Each(func(_ int, input *goquery.Selection) {
		if input.AttrOr("value", "") != field.Value {
			return
		}
		item := input // a button of the older theme holds its own words and icon
		if tile := input.Closest("li"); !field.IsButton() && tile.Length() > 0 {
			item = tile
		}
		if heading := web.Words(item.Find("h2, .select-auth-box-headline").First()); heading != "" {
			o.Label = heading
		}
		o.Factor = factorBy(item)
	})
	return o
}

func factorBy(item *goquery.Selection) idp.Factor {
	for _, icon := range []struct {
		selector string
		factor   idp.Factor
	}{
		{".fa-mobile", idp.TOTP},
		{".fa-key", idp.WebAuthn},
		{".fa-list, .pficon-key", idp.Backup},
	} {
		if item.Find(icon.selector).Length() > 0 {
			return icon.factor
		}
	}
	return ""
}

func chooseOrganization(ctx context.Context, s *idp.Session) error {
	c := idp.Choice{Title: s.Page().Text("#kc-page-title, h1")}
	var aliases []string
	wanted := -1
	s.Page().Find("a[id^=organization-]").Each(func(i int, a *goquery.Selection) {
		alias := strings.TrimPrefix(a.AttrOr("id", ""), "organization-")
		if alias == s.Setting("organization") {
			wanted = i
		}
		aliases = append(aliases, alias)
		c.Options = append(c.Options, idp.Option{Label: web.Words(a)})
	})
	if len(aliases) == 0 {
		return s.Unknown("it offers no organization")
	}
	if wanted < 0 {
		var err error
		if wanted, err = s.Ask.Choose(ctx, c); err != nil {
			return err
		}
	}
	return s.Submit(ctx, s.Page().Form("input[name='kc.org']").Set("kc.org", aliases[wanted]))
}

// brokerLink returns the link to the identity provider that the account names; "" where it names none or the page has
// no such link. Newer pages keep the address in data-link.
func brokerLink(s *idp.Session) string {
	alias := s.Setting("broker")
	if alias == "" {
		return ""
	}
	link := ""
	s.Page().Find("a[id^=social-], a[id^=zocial-]").Each(func(_ int, a *goquery.Selection) {
		if _, name, _ := strings.Cut(a.AttrOr("id", ""), "-"); name != alias {
			return
		}
		if link = a.AttrOr("data-link", ""); link == "" {
			link = a.AttrOr("href", "")
		}
	})
	return link
}
