package idp

import (
	"context"
	"slices"
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp/web"
)

// samlRelay returns the form by which a page hands a SAML or WS-Federation message on to somebody else than AWS.
func samlRelay(page *web.Page) *web.Form {
	for _, f := range page.Forms() {
		for _, name := range []string{"SAMLResponse", "SAMLRequest", "wresult"} {
			if field := f.Field(name); field != nil && field.Value != "" && !fillable(f) {
				return f.Copy()
			}
		}
	}
	return nil
}

// relay returns how a page leads on by itself: a refresh, a literal script redirect, or a form of hidden fields that a
// script submits; nil for a page that wants something.
func relay(page *web.Page) func(context.Context, *Session) error {
	forms := page.Forms()
	if slices.ContainsFunc(forms, fillable) {
		return nil
	}
	open := func(t turn) func(context.Context, *Session) error {
		return func(ctx context.Context, s *Session) error {
			address, err := page.Resolve(t.address)
			if err != nil {
				return s.Unknown("it leads to an address that cannot be read")
			}
			if t.after > 0 && s.Given() {
				if err := s.Pause(ctx, t.after); err != nil {
					return err
				}
			}
			return s.Open(ctx, address.String())
		}
	}
	if t := refresh(page); t.address != "" {
		return open(t)
	}
	hidden := hiddenForm(page)
	if hidden == nil || !mentionsSubmit(page) {
		if address := scriptRedirect(page); address != "" {
			return open(turn{address: address})
		}
	}
	if hidden != nil {
		return func(ctx context.Context, s *Session) error { return s.Submit(ctx, hidden.Copy()) }
	}
	if t := scriptlessRefresh(page); t.address != "" {
		return open(t)
	}
	if address := frame(page); address != "" {
		return open(turn{address: address})
	}
	return nil
}

// fillable reports whether a person could type or choose something in a form.
func fillable(f *web.Form) bool {
	return slices.ContainsFunc(f.Fields, func(x *web.Field) bool {
		return x.Fillable() || (x.Type == "select" || x.Type == "radio" || x.Type == "checkbox") && x.Visible() && !x.Disabled
	})
}

// hiddenForm returns the form that a page submits by itself: the only one, if nothing in it can be pressed; one of
// several, if a script submits one; or the only one, if a script surely submits it.
func hiddenForm(page *web.Page) *web.Form {
	forms := page.Forms()
	var found []*web.Form
	for _, f := range forms {
		hidden := slices.ContainsFunc(f.Fields, func(x *web.Field) bool { return x.Type == "hidden" && x.Name != "" })
		if hidden && len(shownButtons(f)) == 0 {
			found = append(found, f)
		}
	}
	switch {
	case len(found) == 1 && len(forms) == 1:
		return found[0]
	case len(found) > 0 && mentionsSubmit(page):
		return named(found, scripts(page))
	case len(forms) == 1 && len(forms[0].Fields) > 0 && submitsAtOnce(page):
		return forms[0]
	}
	return nil
}

// named returns the form whose id or name a script says; the first where it says none.
func named(forms []*web.Form, script string) *web.Form {
	for _, f := range forms[:min(len(forms), 20)] {
		for _, name := range []string{f.Attr("id"), f.Attr("name")} {
			if name != "" && strings.Contains(script, name) {
				return f
			}
		}
	}
	return forms[0]
}

// shownButtons leaves out buttons for people without scripts: those inside noscript.
func shownButtons(f *web.Form) []*web.Field {
	return slices.DeleteFunc(f.Buttons(), func(x *web.Field) bool { return !x.Visible() || x.Is("noscript *") })
}

// mentionsSubmit reports whether a script on the page submits a form, at once or when asked.
func mentionsSubmit(page *web.Page) bool {
	return submits(scripts(page)) || page.Has(`script[src$="post.js"], script[src*="post.js?"]`) // SimpleSAMLphp's
}

// submitsAtOnce reports whether a script submits a form without being asked.
func submitsAtOnce(page *web.Page) bool {
	onload := page.Attr("body", "onload")
	return onload != "" && submits(scripts(page)) || slices.ContainsFunc(statements(scripts(page)), submits)
}

func submits(script string) bool {
	return strings.Contains(script, "submit(") || strings.Contains(script, ".click()")
}

// frame returns the address of the only frame of a page that has nothing else.
func frame(page *web.Page) string {
	frames := page.Find("frame[src], iframe[src]").FilterFunction(func(_ int, f *goquery.Selection) bool {
		src := f.AttrOr("src", "")
		return src != "" && !strings.HasPrefix(src, "about:") && !strings.HasPrefix(src, "javascript:")
	})
	if frames.Length() != 1 || len(page.Forms()) > 0 {
		return ""
	}
	src := frames.AttrOr("src", "")
	address, err := page.Resolve(src)
	if err != nil || web.Host(address) != page.Host() {
		return ""
	}
	return src
}
