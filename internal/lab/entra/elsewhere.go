package entra

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const state = "OpenIdConnect.AuthenticationProperties=AQAB"

// openApp is the address of a linked sign-in at My Apps, which wants its own sign-in first.
func (f *Fake) openApp(w http.ResponseWriter, r *http.Request) {
	query := url.Values{"client_id": {"0000000c-0000-0000-c000-000000000000"}, "response_mode": {"form_post"}, "response_type": {"code id_token"}, "state": {state}}
	http.Redirect(w, r, at(r, login, "/common/oauth2/authorize?"+query.Encode()), http.StatusFound)
}

func (f *Fake) authorize(w http.ResponseWriter, r *http.Request) {
	if name := f.signedIn(r); name != "" {
		form(w, at(r, apps, "/applications/"), map[string]string{"code": "0.code", "id_token": "eyJ." + name, "state": state, "session_state": "s"})
		return
	}
	f.begin(w, r, &flow{linked: true})
}

// landed is My Apps after its own sign-in: a form of ASP.NET that leads nowhere, and a script that leads to the application.
func (f *Fake) landed(w http.ResponseWriter, r *http.Request) {
	good := r.PostFormValue("state") == state && strings.HasPrefix(r.PostFormValue("id_token"), "eyJ.") && r.PostFormValue("code") != "" && r.PostFormValue("session_state") != ""
	if !f.demand(w, r, newFlow(), good, "the form of the sign-in at My Apps is changed") {
		return
	}
	var deflated bytes.Buffer
	z, _ := flate.NewWriter(&deflated, flate.BestSpeed)
	fmt.Fprint(z, `<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="id1" Version="2.0"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">https://signin.aws.amazon.com/saml</Issuer></samlp:AuthnRequest>`)
	_ = z.Close()
	next := at(r, login, tenant+"/saml2?SAMLRequest="+url.QueryEscape(base64.StdEncoding.EncodeToString(deflated.Bytes()))+`\u0026RelayState=`)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<html><head><title>My Apps</title></head><body><form method="post" action="/applications/" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" value="/wEP" /><input type="hidden" name="__EVENTTARGET" value="" /></form>
<script type="text/javascript">window.location='%s';</script></body></html>`, next)
}

// federated is the page of the tenant's own AD FS.
func (f *Fake) federated(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html><html><head><title>Sign In</title></head><body><div id="authArea"><form method="post" id="loginForm" autocomplete="off" novalidate="novalidate" onKeyPress="if (event && event.keyCode == 13) Login.submitLoginRequest();" action="%s">
<div id="error" class="fieldMargin error smallText"><span id="errorText"></span></div>
<input id="userNameInput" name="UserName" type="email" value="%[2]s" tabindex="1" /><input id="passwordInput" name="Password" type="password" tabindex="2" />
<input id="kmsiInput" type="checkbox" name="Kmsi" value="true" /><span id="submitButton" onclick="return Login.submitLoginRequest();">Sign in</span>
<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication" /></form></div></body></html>`,
		strings.ReplaceAll(r.URL.RequestURI(), "&", "&amp;"), r.URL.Query().Get("username"))
}

// proveElsewhere checks the password at AD FS, which sends its word on to Entra.
func (f *Fake) proveElsewhere(w http.ResponseWriter, r *http.Request) {
	u := f.users[r.PostFormValue("UserName")]
	good := u != nil && u.federated && r.PostFormValue("Password") == u.password && r.PostFormValue("AuthMethod") == "FormsAuthentication"
	if !f.demand(w, r, newFlow(), good, "AD FS is told something else than the user's name and password") {
		return
	}
	form(w, at(r, login, "/login.srf"), map[string]string{"wa": "wsignin1.0", "wctx": r.URL.Query().Get("wctx"),
		"wresult": `<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust">` + u.name + `</t:RequestSecurityTokenResponse>`})
}

func (f *Fake) comeBack(w http.ResponseWriter, r *http.Request, k *flow) {
	good := k.user != nil && r.PostFormValue("wa") == "wsignin1.0" && r.PostFormValue("wctx") == "estsredirect=2&"+k.ctx && strings.Contains(r.PostFormValue("wresult"), ">"+k.user.name+"<")
	if f.demand(w, r, k, good, "the word of AD FS is changed") {
		k.stages = k.user.stages
		f.advance(w, r, k)
	}
}
