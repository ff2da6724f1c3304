package forms

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// leading returns the links of a page that lead to another page of its host, each address once; none to "forgotten?", to
// another language, or out.
func leading(p *web.Page) []way {
	var ways []way
	links := p.Find("a[href], area[href], frame[src], [onclick]")
	links.Slice(0, min(links.Length(), mostLinks)).Each(func(_ int, a *goquery.Selection) {
		label := cmp.Or(web.Words(a), a.AttrOr("value", ""), a.Find("img").AttrOr("alt", ""), a.AttrOr("alt", ""), a.AttrOr("title", ""), a.AttrOr("name", ""))
		u, err := p.Resolve(cmp.Or(location(a.AttrOr("onclick", "")), a.AttrOr("href", ""), a.AttrOr("src", "")))
		if err != nil || web.Host(u) != p.Host() || speaks(label, noWords) || leadsAway(u.Path) || changesLanguage(u) {
			return
		}
		here := *p.URL
		u.Fragment, here.Fragment = "", ""
		address := u.String()
		if address == here.String() || slices.ContainsFunc(ways, func(w way) bool { return w.href == address }) {
			return
		}
		ways = append(ways, way{label: label, href: address, factor: guessFactor(label)})
	})
	return ways
}

// location returns the literal address that a script opens when its element is pressed.
func location(script string) string {
	_, script, _ = strings.Cut(script, "location")
	i := strings.IndexAny(script, `"'`)
	if i < 0 || strings.Trim(script[:i], ".acefghilnprs=( ") != "" {
		return ""
	}
	literal, rest, _ := strings.Cut(script[i+1:], script[i:i+1])
	if strings.HasPrefix(strings.TrimSpace(rest), "+") {
		return ""
	}
	return literal
}

func changesLanguage(u *url.URL) bool {
	for name := range u.Query() {
		if containsAny(strings.ToLower(name), "lang", "locale") {
			return true
		}
	}
	return false
}

// links returns the links of a page that are alike, if it has several: to factors, to organisations, to logins.
func links(p *web.Page) []way {
	all := leading(p)
	if len(filter(all, toAWS)) == 1 {
		return nil
	}
	for _, alike := range []func(way) bool{
		func(w way) bool { return w.factor != "" },
		func(w way) bool { return strings.Contains(w.href, "?") && siblings(w, all) > 1 },
		toLogin,
	} {
		if some := filter(all, alike); len(some) > 1 && siblings(some[0], some) == len(some) {
			return some
		}
	}
	return nil
}

// siblings counts the links that lead to the same place as one does, but for the last part of the address.
func siblings(one way, all []way) int {
	return len(filter(all, func(w way) bool { return parent(w.href) == parent(one.href) }))
}

// parent returns an address without its query, or without the last part of its path where it has none.
func parent(address string) string {
	if place, _, found := strings.Cut(address, "?"); found {
		return place
	}
	return address[:strings.LastIndex(address, "/")+1]
}

func filter(ways []way, keep func(way) bool) []way {
	return slices.DeleteFunc(slices.Clone(ways), func(w way) bool { return !keep(w) })
}

func toLogin(w way) bool {
	return speaks(w.label, signInWords) || containsAny(strings.ToLower(path(w.href)), "login", "signin", "sign-in", "sign_in", "logon")
}

// onwards returns the one link of a page that has nothing else: to AWS, else that says "continue" in its words or by where
// it leads, else to a login, else the only one.
func onwards(p *web.Page) *way {
	if p.Status >= 400 {
		return nil
	}
	all := leading(p)
	for _, leads := range []func(way) bool{toAWS, continues, toLogin, func(way) bool { return true }} {
		if some := filter(all, leads); len(some) == 1 {
			return &some[0]
		}
	}
	return nil
}

func continues(w way) bool {
	return containsAny(strings.ToLower(w.href), "saml", "sso", "continue", "resume") || speaks(w.label, onWords)
}

// followLink follows the one link onwards. Behind the password, one that does not say so may belong to a portal.
func followLink(ctx context.Context, s *idp.Session) error {
	way := onwards(s.Page())
	if (toAWS(*way) || !continues(*way)) && startAgain(s) {
		return s.StartAgain(ctx)
	}
	return follow(ctx, s, *way)
}
