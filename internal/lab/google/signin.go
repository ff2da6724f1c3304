package google

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// returned checks what every form must bring back, that it is due, and that the browser says where it comes from.
func (f *Fake) returned(w http.ResponseWriter, r *http.Request, k *flow, page string, more map[string]string) bool {
	good := r.ParseForm() == nil && k.page == page
	if !good {
		f.complain(r, "comes from %q, not from %q", k.page, page)
	}
	want := map[string]string{}
	for name := range k.hidden {
		want[name] = k.hidden.Get(name)
	}
	maps.Copy(want, more)
	if f.generation == V3 {
		if want["action"] = "1"; r.PostForm.Has("SendMethod") { // another button
			delete(want, "action")
		}
		if r.URL.RawQuery != k.query {
			f.complain(r, "the address is not that of the form")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got := r.PostForm[name]; len(got) != 1 || got[0] != want[name] {
			f.complain(r, "%s is %q, not %q", name, got, want[name])
			good = false
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		if _, known := want[name]; name == "" || !known && !slices.Contains(k.may(), name) {
			f.complain(r, "%q is no field that is sent", name)
		}
	}
	if got := r.Header.Get("Referer"); got != k.place {
		f.complain(r, "Referer is %q, not %q", got, k.place)
	}
	if !good {
		http.Error(w, "<html><body>Error 400</body></html>", http.StatusBadRequest)
	}
	return good
}

// may are the fields of the page that the person fills in, or that a browser may add.
func (k *flow) may() []string {
	return []string{"bgresponse", "identifier", "Email", "Passwd", "ca", "Pin", "TrustDevice", "PersistentCookie", "signIn", "SendMethod", "action"}
}

// js is what the page's script would have said of the browser.
func js() map[string]string { return map[string]string{"bgresponse": "js_enabled"} }

func (f *Fake) takeName(w http.ResponseWriter, r *http.Request, k *flow) {
	field := "Email"
	if f.generation == V3 {
		field = "identifier"
	}
	if !f.returned(w, r, k, "name", js()) {
		return
	}
	if r.PostFormValue("hiddenPassword") != "" || r.PostFormValue("Passwd") != "" {
		f.complain(r, "the password on the page of the name")
	}
	if f.captcha && strings.ToLower(r.PostFormValue("ca")) != "zebra" {
		words := ""
		if k.captchas++; k.captchas > 1 {
			words = "Please re-enter the characters you see in the image above"
		}
		f.askName(w, r, k, words)
		return
	}
	if k.user = f.users[r.PostFormValue(field)]; k.user == nil {
		f.askName(w, r, k, "Couldn’t find your Google Account")
		return
	}
	f.askPassword(w, r, k, "")
}

func (f *Fake) takePassword(w http.ResponseWriter, r *http.Request, k *flow) {
	more := js()
	if f.generation == Glif {
		more["TrustDevice"] = "on"
	}
	if !f.returned(w, r, k, "password", more) {
		return
	}
	password := r.PostFormValue("Passwd")
	switch {
	case password != k.user.password:
		if f.tried[k.user.name+password] {
			f.complain(r, "the same wrong password again")
		}
		f.tried[k.user.name+password] = true
		f.askPassword(w, r, k, "Wrong password. Try again or click Forgot password to reset it.")
	case k.user.rejected:
		http.Redirect(w, r, "/v3/signin/rejected?rrk=46&"+k.query, http.StatusFound)
	case len(k.user.factors) > 0 && !f.trusted[k.user.name+k.gaps]:
		f.challenge(w, r, k, k.user.factors[0], "")
	default:
		f.signIn(w, r, k)
	}
}

// numbers are Google's own of the kinds of challenges.
var numbers = map[string]string{"totp": "6", "ipp": "9", "bc": "8", "dp": "39", "pk": "53"}

// challenge shows the page of a second factor.
func (f *Fake) challenge(w http.ResponseWriter, r *http.Request, k *flow, kind, refused string) {
	trust := `<input type="checkbox" name="TrustDevice" checked>`
	if f.generation == V3 {
		trust = ""
	}
	inner := `<input type="tel" name="Pin" id="` + kind + `Pin">` + trust
	switch {
	case kind == "dp":
		inner = `<p>Open the Google app on your phone</p><div jsname="feLNVc">42</div>` + trust
	case kind == "pk":
		inner = `<p>Use your passkey</p>`
	case kind == "ipp" && f.message == "":
		inner = `<button type="submit" name="SendMethod" value="SMS">Text me</button><button type="submit" name="SendMethod" value="VOICE">Call me</button>` + trust
	}
	words := `<span id="errorMsg">` + refused + `</span>`
	if f.generation == V3 {
		words = refusal("Qx8Abe", refused)
	}
	action := f.action(k, "challenge/"+kind, "/signin/challenge/"+kind+"/2", "/signin/challenge/"+kind+"/2")
	names := []string{"challengeId", "2", "challengeType", numbers[kind]}
	if f.generation == V3 {
		names = append(names, "TrustDevice", "true")
	}
	f.show(w, r, k, kind, action, inner+words+f.buttons(), names...)
	if f.generation != V3 {
		fmt.Fprintf(w, `<form action="/signin/challenge/skip" method="post"><input type="hidden" name="TL" value="%s"><input type="submit" id="skipChallenge" value="Try another way"></form>`, k.hidden.Get("TL"))
	}
}

func (f *Fake) takeFactor(w http.ResponseWriter, r *http.Request, k *flow) {
	kind := r.PathValue("kind")
	switch {
	case k.page == "selection":
		f.chosen(w, r, k, kind)
		return
	case r.PostFormValue("action") == "3":
		f.otherWay(w, r, k)
		return
	}
	more := map[string]string{"TrustDevice": "on"}
	if f.generation == V3 {
		more["TrustDevice"] = "true"
	}
	if !f.returned(w, r, k, kind, more) {
		return
	}
	code := r.PostFormValue("Pin")
	switch {
	case kind == "dp":
		f.look(w, r, k)
	case kind == "ipp" && f.message == "":
		if r.PostFormValue("SendMethod") != "SMS" {
			f.complain(r, "SendMethod is %q", r.PostFormValue("SendMethod"))
		}
		f.message = "271828"
		f.challenge(w, r, k, kind, "")
	case f.rightCode(kind, code):
		f.trusted[k.user.name+k.gaps] = true
		f.signIn(w, r, k)
	default:
		if f.tried[kind+code] {
			f.complain(r, "the same wrong code again")
		}
		f.tried[kind+code] = true
		f.challenge(w, r, k, kind, "Wrong code. Try again.")
	}
}

func (f *Fake) rightCode(kind, code string) bool {
	now := f.lab.Now()
	return code != "" && map[string]bool{
		"totp": code == lab.Code(lab.AliceSeed, now) || code == lab.Code(lab.AliceSeed, now.Add(-30*time.Second)),
		"ipp":  code == f.message,
		"bc":   code == "12345678",
	}[kind]
}

// look is told that the person has answered, or asked whether.
func (f *Fake) look(w http.ResponseWriter, r *http.Request, k *flow) {
	now := f.lab.Now()
	if k.looks++; k.looks > 1 && now.Sub(k.looked) < f.pause*9/10 {
		f.complain(r, "looks too soon")
	}
	k.looked = now
	switch {
	case f.answered == "42":
		f.trusted[k.user.name+k.gaps] = true
		f.signIn(w, r, k)
	case f.answered != "":
		f.challenge(w, r, k, "dp", "You denied the sign-in on your phone.")
	default:
		f.challenge(w, r, k, "dp", "")
	}
}

// otherWay lists the user's challenges, each a form of its own.
func (f *Fake) otherWay(w http.ResponseWriter, r *http.Request, k *flow) {
	if got := r.Header.Get("Referer"); got != k.place {
		f.complain(r, "Referer is %q, not %q", got, k.place)
	}
	k.page, k.place = "selection", at(r, r.URL.RequestURI())
	fmt.Fprint(w, `<!doctype html><html><head><title>Choose how you want to sign in</title></head><body>`)
	for _, kind := range k.user.factors {
		action := f.action(k, "challenge/"+kind, "/signin/challenge/"+kind+"/2", "/signin/challenge/"+kind+"/2")
		fmt.Fprintf(w, `<form data-challengeentry="2" method="post" action="%s"><input type="hidden" name="challengeId" value="2"><input type="hidden" name="challengeType" value="%s"><input type="hidden" name="subAction" value="startChallenge"><button type="submit">%s</button></form>`, action, numbers[kind], kind)
	}
	fmt.Fprint(w, `</body></html>`)
}

func (f *Fake) chosen(w http.ResponseWriter, r *http.Request, k *flow, kind string) {
	if r.PostFormValue("subAction") != "startChallenge" || r.PostFormValue("challengeType") != numbers[kind] || !slices.Contains(k.user.factors, kind) {
		f.complain(r, "%v is no choice of the page", r.PostForm)
	}
	f.challenge(w, r, k, kind, "")
}
