package forms

import (
	"slices"
	"strconv"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// Names of fields. They only tell fields apart where structure does not.
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

// surelyCode reports whether a field's name can be no password's.
func surelyCode(x *web.Field) bool {
	return slices.ContainsFunc(namesOf(x), func(name string) bool {
		return containsAny(name, "otp", "passcode", "token", "2fa", "mfa", "challenge") && !containsAny(name, "password", "passwd", "pwd")
	})
}

func codeLikeName(name string) bool {
	if containsAny(name, "zip", "postal", "postcode", "promo", "country", "area", "coupon", "lang", "company", "customer", "tenant") {
		return false
	}
	return slices.Contains(codeNames, name) || slices.ContainsFunc(words(name), func(part string) bool { return slices.Contains(codeNames, part) }) ||
		containsAny(name, "otp", "passcode", "tokencode") || strings.HasSuffix(name, "code")
}

func looksLikeSearch(x *web.Field) bool {
	return x.Type == "search" || slices.ContainsFunc(namesOf(x), func(n string) bool { return slices.Contains(searchNames, n) })
}

// looksLikeCaptcha knows captchas by their name, and codes by a picture beside them that is made for the moment.
func looksLikeCaptcha(x *web.Field) bool {
	if containsAny(strings.ToLower(x.Name+" "+x.ID), "captcha", "kaptcha") {
		return true
	}
	return x.Type != "password" && slices.ContainsFunc(namesOf(x), codeLikeName) &&
		x.Is(`:haschild(`+picture+`) > input, :haschild(:haschild(`+picture+`)) > * > input`)
}

const picture = `img[src*=captcha i], img[src*=code i]:not([src*=qr i]):not([src$=".svg"]):not([src$=".png"]):not([src$=".gif"])`

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

func containsAny(s string, parts ...string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(s, part) })
}
