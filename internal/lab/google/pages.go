package google

import (
	"crypto/rand"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// show shows a page with one form and values of its own, which must come back.
func (f *Fake) show(w http.ResponseWriter, r *http.Request, k *flow, page, action string, inner string, names ...string) {
	k.page, k.hidden = page, url.Values{"continue": {"go on"}, "ifkv": {rand.Text()}, "TL": {rand.Text()}, "checkConnection": {""}}
	if f.generation == V3 {
		k.hidden = url.Values{"at": {rand.Text()}, "usi": {"S1"}, "domain": {""}}
	}
	for i := 0; i+1 < len(names); i += 2 {
		k.hidden.Set(names[i], names[i+1])
	}
	k.place = at(r, r.URL.RequestURI())
	var hidden strings.Builder
	for _, name := range slices.Sorted(maps.Keys(k.hidden)) {
		fmt.Fprintf(&hidden, `<input type="hidden" name="%s" value="%s">`, name, html.EscapeString(k.hidden.Get(name)))
	}
	base, id := "https://"+r.Host+"/", "challenge"
	if strings.HasPrefix(r.Host, "127.") {
		base = "http://" + r.Host + "/"
	}
	bg := `<input type="hidden" name="bgresponse" value="js_disabled">`
	switch f.generation {
	case V3:
		base, id = base+"v3/signin/", ""
	case Legacy:
		id = "gaia_loginform"
	case Glif:
		if page == "name" { // which is of before
			id = "gaia_loginform"
		}
	}
	if f.generation == Glif {
		bg = ""
	}
	fmt.Fprintf(w, `<!doctype html><html lang="en"><head><base href="%s"><title>Sign in - Google Accounts</title></head><body id="yDmH0d"><form action="/search" method="get"><input name="q"></form>
<section class="aN1Vld"></section><section jsname="INM6z" aria-hidden="true"><h2>Too many failed attempts</h2></section>
<form id="%s" method="post" action="%s" novalidate>%s%s%s</form></body></html>`, base, id, html.EscapeString(action), hidden.String(), bg, inner)
}

// action is where a form of the page goes.
func (f *Fake) action(k *flow, v3, glif, legacy string) string {
	switch f.generation {
	case V3:
		return "/v3/signin/" + v3 + "?" + k.query
	case Glif:
		return glif
	}
	return legacy
}

const nextButton = `<button type="submit" name="action" value="1">Next</button><button type="submit" name="action" value="3">Try another way</button>`

func (f *Fake) buttons() string {
	if f.generation == V3 {
		return nextButton
	}
	return `<input type="submit" name="signIn" value="Next">`
}

// askName asks who it is, with a picture to read where there is one.
func (f *Fake) askName(w http.ResponseWriter, r *http.Request, k *flow, refused string) {
	if f.generation != V3 {
		f.show(w, r, k, "name", "/signin/v1/lookup", refusal("error-msg", refused)+`<input type="email" name="Email" id="Email"><input type="checkbox" name="PersistentCookie" value="yes" checked>`+f.buttons(), "Page", "PasswordSeparationSignIn", "gxf", rand.Text())
		return
	}
	inner, names := "", []string{"hiddenPassword", ""}
	if k.captchas > 0 {
		token := rand.Text()
		inner = `<div data-auto-init="CaptchaInput"><img id="captchaimg" src="/Captcha?v=2&amp;ctoken=` + token + `"><input type="text" name="ca" id="ca"></div>`
		names = append(names, "ct", token)
	}
	f.show(w, r, k, "name", f.action(k, "identifier", "", ""), `<input type="text" name="" id="unused"><input type="email" name="identifier" id="identifierId">`+refusal("Qx8Abe", refused)+inner+nextButton, names...)
}

// refusal is the words of one, in a node that is read aloud.
func refusal(class, words string) string {
	if words == "" {
		return ""
	}
	return `<div class="` + class + `" aria-live="assertive"><div jsname="B34EJ">` + html.EscapeString(words) + `</div></div>`
}

// picture is one pixel.
func (f *Fake) picture(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "image/png")
	fmt.Fprint(w, "\x89PNG\r\n\x1a\n")
}

func (f *Fake) askPassword(w http.ResponseWriter, r *http.Request, k *flow, refused string) {
	action := f.action(k, "challenge/pwd", "/signin/challenge/pwd/1", "/signin/challenge/sl/password")
	switch f.generation {
	case V3:
		f.show(w, r, k, "password", action, `<input type="password" name="Passwd" id="password">`+refusal("Qx8Abe", refused)+nextButton, "identifier", k.user.name, "TrustDevice", "true", "historicalPassword", "false")
	case Glif:
		f.show(w, r, k, "password", action, `<input type="email" name="Email" value="`+k.user.name+`" readonly><input type="password" name="Passwd" id="password"><input type="checkbox" name="TrustDevice" checked><span id="errorMsg">`+html.EscapeString(refused)+`</span>`+f.buttons(), "challengeId", "1", "challengeType", "1")
	default:
		words := ""
		if refused != "" {
			words = `<span role="alert" class="error-msg" id="errormsg_0_Passwd">` + html.EscapeString(refused) + `</span>`
		}
		f.show(w, r, k, "password", action, `<input type="email" name="Email" value="`+k.user.name+`" readonly><input type="password" name="Passwd" id="Passwd">`+words+f.buttons(), "ProfileInformation", rand.Text(), "SessionState", rand.Text())
	}
}
