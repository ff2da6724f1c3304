package entra

import (
	"compress/flate"
	"crypto/rand"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"time"
)

// saml answers a request for sign-in: by the response for who has a session, else by the way to one.
func (f *Fake) saml(w http.ResponseWriter, r *http.Request) {
	if !asksForAWS(r.FormValue("SAMLRequest")) {
		f.fail(w, r, newFlow(), "700016")
		return
	}
	if name := f.signedIn(r); name != "" && r.FormValue("prompt") == "select_account" {
		f.pick(w, r, name)
		return
	} else if name != "" {
		f.release(w, name)
		return
	}
	if strings.Contains(r.UserAgent(), "Windows") && r.FormValue("sso_reload") == "" {
		f.show(w, r, newFlow(), "BssoInterrupt", map[string]any{"urlPost": tenant + "/saml2?sso_reload=True",
			"oPostParams": map[string]string{"SAMLRequest": r.FormValue("SAMLRequest")}})
		return
	}
	f.begin(w, r, &flow{})
}

// signedIn returns the user whose session a browser has.
func (f *Fake) signedIn(r *http.Request) string {
	c, err := r.Cookie("ESTSAUTH")
	if err != nil {
		return ""
	}
	return f.sessions[c.Value]
}

// pick shows whose sessions there are, of which one is somebody else's.
func (f *Fake) pick(w http.ResponseWriter, r *http.Request, name string) {
	k := newFlow()
	k.user, f.flows[k.session] = f.users[name], k
	http.SetCookie(w, &http.Cookie{Name: "esctx", Value: k.session, Path: "/", HttpOnly: true})
	f.show(w, r, k, signInPage, map[string]any{"urlLogin": at(r, login, tenant+"/reprocess?ctx="+k.session), "urlPost": tenant + "/login",
		"arrSessions": []any{map[string]any{"name": "mallory@example.com", "id": "other"}, map[string]any{"name": name, "id": k.correlation, "isSignedIn": true}}})
}

func (f *Fake) picked(w http.ResponseWriter, r *http.Request, k *flow) {
	good := r.FormValue("sessionid") == k.correlation && r.FormValue("ctx") == k.session && k.user != nil && f.signedIn(r) == k.user.name
	if f.demand(w, r, k, good, "picks no session of the user") {
		f.release(w, k.user.name)
	}
}

// asksForAWS reads a request for sign-in, in the redirect binding, as far as it matters.
func asksForAWS(request string) bool {
	deflated, err := base64.StdEncoding.DecodeString(request)
	if err != nil {
		return false
	}
	text, err := io.ReadAll(flate.NewReader(strings.NewReader(string(deflated))))
	return err == nil && strings.Contains(string(text), ">https://signin.aws.amazon.com/saml</")
}

func (f *Fake) release(w http.ResponseWriter, name string) {
	short, _, _ := strings.Cut(name, "@")
	response, err := f.lab.Sign(f.lab.Assertion(short))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	form(w, "https://signin.aws.amazon.com/saml", map[string]string{"SAMLResponse": response, "RelayState": ""})
}

// begin shows the sign-in page to somebody new.
func (f *Fake) begin(w http.ResponseWriter, r *http.Request, k *flow) {
	linked, id := k.linked, rand.Text()
	*k = *newFlow()
	k.linked, f.flows[id] = linked, k
	for name, value := range map[string]string{"buid": rand.Text(), "esctx": id, "fpc": rand.Text(), "x-ms-gateway-slice": "estsfd"} {
		http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true})
	}
	f.askUser(w, r, k, "50058")
}

func (f *Fake) askUser(w http.ResponseWriter, r *http.Request, k *flow, code string) {
	f.show(w, r, k, signInPage, map[string]any{
		"urlPost": tenant + "/login", "urlGetCredentialType": at(r, login, "/common/GetCredentialType?mkt=en-US"),
		"urlGetOneTimeCode": at(r, login, "/common/GetOneTimeCode"), "sErrorCode": code, "iPollingInterval": f.pause.Seconds(), "iPollingTimeout": 60, "arrSessions": []any{},
	})
}

// credentialType says how a user signs in. Its throttle says nothing, as the product's does not.
func (f *Fake) credentialType(w http.ResponseWriter, r *http.Request, k *flow) {
	body, good := f.called(w, r, k, signInPage, map[string]any{"flowToken": k.token, "originalRequest": k.ctx})
	if !good {
		return
	}
	name, _ := body["username"].(string)
	u := f.users[strings.ToLower(name)]
	k.user, k.token, k.apiCanary = u, "0.ft."+rand.Text(), "api."+rand.Text()
	exists, kind, credentials := 0, 3, map[string]any{"PrefCredential": 1, "HasPassword": true, "RemoteNgcParams": nil, "FidoParams": nil}
	switch {
	case u == nil:
		exists = 1
	case u.federated:
		kind, credentials["PrefCredential"] = 4, 4
		credentials["FederationRedirectUrl"] = at(r, adfs, "/adfs/ls/?username="+name+"&wa=wsignin1.0&wtrealm=urn%3afederation%3aMicrosoftOnline&wctx=estsredirect%3d2%26"+k.ctx)
	case u.pass != "":
		credentials["PrefCredential"], credentials["HasAccessPass"], credentials["HasPassword"] = 13, true, false
	case u.phone:
		k.phone = phone{id: rand.Text(), number: u.number, looked: f.lab.Now()}
		credentials["PrefCredential"], credentials["HasPassword"] = 3, false
		credentials["RemoteNgcParams"] = map[string]any{"SessionIdentifier": k.phone.id, "Entropy": k.phone.number}
	}
	throttle := 0
	if u != nil {
		throttle = 1
	}
	answer(w, map[string]any{"Username": name, "Display": name, "IfExistsResult": exists, "ThrottleStatus": throttle, "Credentials": credentials,
		"EstsProperties": map[string]any{"DomainType": kind}, "FlowToken": k.token, "apiCanary": k.apiCanary})
}

// signIn takes a password, an access pass, or the word of a phone.
func (f *Fake) signIn(w http.ResponseWriter, r *http.Request, k *flow) {
	u := k.user
	if k.page == keyPage {
		f.takeKey(w, r, k)
		return
	}
	if !f.demand(w, r, k, u != nil && !u.federated, "nobody was asked about who signs in here") {
		return
	}
	want := map[string]string{"login": u.name, "loginfmt": u.name}
	switch {
	case u.phone:
		want["code"], want["psRNGCSLK"], want["psRNGCEntropy"] = k.phone.id, k.phone.id, k.phone.number
	case u.pass == "":
		want["type"], want["LoginOptions"], want["ps"] = "11", "3", "2"
	}
	if !f.returned(w, r, k, signInPage, want) {
		return
	}
	if u.phone && !k.phone.approved || r.PostFormValue("passwd") != u.password || r.PostFormValue("accesspass") != u.pass {
		if try := u.name + " " + r.PostFormValue("passwd"); f.tried[try] {
			f.complain(r, "the same wrong password again")
		} else {
			f.tried[try] = true
		}
		f.askUser(w, r, k, "50126")
		return
	}
	if u.refused != "" {
		f.askUser(w, r, k, u.refused)
		return
	}
	k.stages = u.stages
	f.advance(w, r, k)
}

// A phone is one sign-in by phone, without a password.
type phone struct {
	id, number string
	approved   bool
	looked     time.Time // when the browser last asked about it
}

// oneTimeCode begins a sign-in by phone anew.
func (f *Fake) oneTimeCode(w http.ResponseWriter, r *http.Request, k *flow) {
	want := map[string]any{"Channel": "Authenticator", "FlowToken": k.token, "OriginalRequest": k.ctx, "OldDeviceCode": k.phone.id}
	if _, good := f.called(w, r, k, signInPage, want); good {
		k.token, k.phone = "0.ft."+rand.Text(), phone{id: rand.Text(), number: "41", looked: f.lab.Now()}
		answer(w, map[string]any{"State": 201, "SessionLookupKey": k.phone.id, "DisplaySignForUI": k.phone.number, "Entropy": k.phone.number, "FlowToken": k.token})
	}
}

// deviceStatus says whether the person has chosen the number: 0 not yet, 1 another, 2 that one.
func (f *Fake) deviceStatus(w http.ResponseWriter, r *http.Request, k *flow) {
	state, now := 0, f.lab.Now()
	if now.Sub(k.phone.looked) < f.pause*9/10 {
		f.complain(r, "too soon")
	}
	k.phone.looked = now
	switch {
	case k.phone.id == "" || r.URL.Query().Get("code") != k.phone.id || r.Header.Get("canary") != k.apiCanary:
		f.complain(r, "the code or the canary is not the newest")
		state = 1
	case f.answered == k.phone.number:
		k.phone.approved, state = true, 2
	case f.answered != "":
		state = 1
	}
	answer(w, map[string]any{"SessionState": 1, "AuthorizationState": state})
}
