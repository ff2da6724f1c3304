package forms

import (
	"slices"

	"github.com/samlcli/samlcli/idp/web"
)

// traps marks what a page keeps out of sight of people, but not of programs.
const traps = `[class*=honey i], [class*=honey i] *, [class*=offscreen i], [class*=offscreen i] *, [class*=off-screen i] *, .visually-hidden *, .sr-only *, .hp, .hp *`

// typed returns the fields of a form that a person would type into, honeypots left out.
func typed(f *web.Form) []*web.Field {
	return slices.DeleteFunc(slices.Clone(f.Fields), func(x *web.Field) bool {
		passed := x.Attr("tabindex") == "-1" && x.Value == "" && x.Type != "password" && userRank(x) == 0
		return !x.Fillable() || x.Name == "" || passed || x.Is(traps)
	})
}

// passwordFields returns the fields for passwords. What is typed hidden may be a code by its name, but beside a field for
// the user name it is one only if it can be nothing else.
func passwordFields(f *web.Form) []*web.Field {
	var hidden []*web.Field
	named := false
	for _, x := range typed(f) {
		if x.Type == "password" {
			hidden = append(hidden, x)
		} else if !looksLikeCode(x) && !looksLikeSearch(x) {
			named = true
		}
	}
	if veiled(f) {
		hidden = slices.DeleteFunc(slices.Clone(f.Fields), func(x *web.Field) bool { return x.Type != "password" || x.Name == "" })
	}
	passwords := slices.DeleteFunc(slices.Clone(hidden), looksLikeCode)
	if len(passwords) == 0 && named && len(hidden) == 1 && !surelyCode(hidden[0]) {
		return hidden
	}
	return passwords
}

// veiled reports whether a form shows its password and its button only once a script has seen the name.
func veiled(f *web.Form) bool {
	passwords, buttons := 0, 0
	for _, x := range f.Fields {
		switch {
		case x.Disabled:
		case x.Visible() && (x.Type == "submit" || x.Type == "password"):
			return false
		case x.Type == "submit":
			buttons++
		case x.Type == "password":
			passwords++
		}
	}
	return passwords == 1 && buttons > 0
}

// userField returns the field for the user name: the one whose name says so most clearly, and is nearest to the password;
// else the last one before the password.
func userField(f *web.Form) *web.Field {
	var best, before *web.Field
	rank := 1
	for _, x := range typed(f) {
		if x.Type == "password" {
			break
		}
		if r := userRank(x); r >= rank {
			best, rank = x, r
		}
		if !looksLikeCode(x) && !looksLikeCaptcha(x) && !looksLikeSearch(x) {
			before = x
		}
	}
	if best == nil && len(passwordFields(f)) > 0 {
		return before
	}
	return best
}

// codeField returns the field for a one-time code: where it is typed into boxes without names, the hidden one that a
// script gathers them in.
func codeField(f *web.Form) *web.Field {
	passwords := passwordFields(f)
	for _, x := range typed(f) {
		if looksLikeCode(x) && !slices.Contains(passwords, x) {
			return x
		}
	}
	if boxes := charBoxes(f); len(boxes) > 0 && boxes[0].Name == "" {
		return gathering(f)
	}
	return nil
}

// charBoxes returns the boxes of a code that is typed one character a box.
func charBoxes(f *web.Form) []*web.Field {
	boxes := slices.DeleteFunc(slices.Clone(f.Fields), func(x *web.Field) bool { return !x.Fillable() || x.Attr("maxlength") != "1" })
	if len(boxes) < 4 {
		return nil
	}
	return boxes
}

// gathering returns the only empty hidden field of a form; nil where it has none or several.
func gathering(f *web.Form) *web.Field {
	empty := slices.DeleteFunc(slices.Clone(f.Fields), func(x *web.Field) bool { return x.Type != "hidden" || x.Name == "" || x.Value != "" })
	if len(empty) != 1 {
		return nil
	}
	return empty[0]
}
