package forms

import (
	"slices"
	"strconv"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// typed returns the fields of a form that a person would type into, honeypots left out.
func typed(f *web.Form) []*web.Field {
	return slices.DeleteFunc(slices.Clone(f.Fields), func(x *web.Field) bool {
		trap := x.Attr("tabindex") == "-1" && x.Value == ""
		return !x.Fillable() || x.Name == "" || trap && x.Type != "password" && userRank(x) == 0
	})
}

// passwordFields returns the fields for passwords; a code that is typed hidden is none.
func passwordFields(f *web.Form) []*web.Field {
	return slices.DeleteFunc(typed(f), func(x *web.Field) bool { return x.Type != "password" || looksLikeCode(x) })
}

// userField returns the field for the user name: the one whose name says so most clearly, else the last one before the
// password.
func userField(f *web.Form) *web.Field {
	var best, before *web.Field
	rank := 0
	for _, x := range typed(f) {
		if x.Type == "password" {
			break
		}
		if r := userRank(x); r > rank {
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

// codeField returns the field for a one-time code.
func codeField(f *web.Form) *web.Field {
	fields := typed(f)
	i := slices.IndexFunc(fields, looksLikeCode)
	if i < 0 {
		return nil
	}
	return fields[i]
}

// digitBoxes returns the boxes of a code that is typed one character a box.
func digitBoxes(f *web.Form) []*web.Field {
	boxes := slices.DeleteFunc(typed(f), func(x *web.Field) bool { return x.Attr("maxlength") != "1" })
	if len(boxes) < 4 {
		return nil
	}
	return boxes
}

var (
	userNames = []string{"username", "user", "userid", "user_id", "user-id", "login", "loginid", "uid", "email", "mail", "j_username", "loginname",
		"ecom_user_id", "idtoken1", "loginfmt", "identifier", "userprincipalname", "upn", "account", "samaccountname", "netid", "benutzer", "benutzername",
		"kennung", "utilisateur", "identifiant", "usuario", "utente"}
	codeNames = []string{"otp", "totp", "onetimecode", "one-time-code", "code", "passcode", "tokencode", "token", "mfa", "2fa", "challenge",
		"verification", "verificationcode", "securitycode", "authcode", "pin", "tan", "ecom_token", "smscode", "secondfactor"}
	searchNames = []string{"q", "query", "s", "search", "keyword", "keywords", "suche"}
)

// userRank says how clearly a field is for the user name; 0 is not at all.
func userRank(x *web.Field) int {
	complete := strings.ToLower(x.Attr("autocomplete"))
	switch {
	case x.Type == "password" || looksLikeCode(x) || looksLikeCaptcha(x) || looksLikeSearch(x):
		return 0
	case strings.Contains(complete, "username") || strings.Contains(complete, "email"):
		return 3
	case slices.ContainsFunc(namesOf(x), clearUserName):
		return 2
	case x.Type == "email" || slices.ContainsFunc(namesOf(x), func(n string) bool { return slices.Contains(userNames, n) }):
		return 1
	}
	return 0
}

func clearUserName(name string) bool {
	return containsAny(name, "username", "user_name", "userid", "user_id", "user-id", "email", "login") || name == "user" || name == "j_username"
}

func looksLikeCode(x *web.Field) bool {
	complete := strings.ToLower(x.Attr("autocomplete"))
	switch {
	case strings.Contains(complete, "one-time-code"):
		return true
	case looksLikeCaptcha(x) || strings.Contains(complete, "password") || strings.Contains(complete, "username") || strings.Contains(complete, "email") || x.Type == "email":
		return false
	case slices.ContainsFunc(namesOf(x), codeLikeName):
		return true
	case x.Type == "password" || x.Type == "search":
		return false
	}
	length, err := strconv.Atoi(x.Attr("maxlength"))
	short := err == nil && (length == 1 || length >= 4 && length <= 10)
	return short && (x.Attr("inputmode") == "numeric" || x.Type == "number" || x.Type == "tel" || strings.Contains(x.Attr("pattern"), "0-9") ||
		strings.Contains(x.Attr("pattern"), `\d`))
}

func codeLikeName(name string) bool {
	for _, other := range []string{"zip", "postal", "postcode", "promo", "country", "area", "coupon", "lang"} {
		if strings.Contains(name, other) {
			return false
		}
	}
	if slices.Contains(codeNames, name) {
		return true
	}
	for _, part := range words(name) {
		if slices.Contains(codeNames, part) {
			return true
		}
	}
	return strings.Contains(name, "otp") || strings.Contains(name, "passcode") || strings.Contains(name, "tokencode") || strings.HasSuffix(name, "code")
}

func looksLikeSearch(x *web.Field) bool {
	return x.Type == "search" || slices.ContainsFunc(namesOf(x), func(n string) bool { return slices.Contains(searchNames, n) })
}

// namesOf returns a field's name and id in lower case, and the last part of names with a prefix: "pf.username".
func namesOf(x *web.Field) []string {
	var names []string
	for _, name := range []string{x.Name, x.ID} {
		name = strings.ToLower(name)
		if i := strings.LastIndexAny(name, ".:[$"); i >= 0 && i+1 < len(name) {
			names = append(names, strings.TrimSuffix(name[i+1:], "]"))
		}
		if name != "" {
			names = append(names, name)
		}
	}
	return names
}

// words splits a name at everything that is no letter or digit, and camelCase has been lowered already.
func words(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') })
}
