package adfs

import (
	"crypto/rand"
	"fmt"
	"html"
	"net/http"
	"strings"
)

const aspNet = "ctl00$ContentPlaceHolder1$"

func show(w http.ResponseWriter, title, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html>
<html lang="en-US"><head><title>%s</title></head><body dir="ltr" class="body"><div id="noScript" class="noJs">JavaScript required.</div>
<div id="fullPage"><div id="content">%s</div></div></body></html>`, title, body)
}

func action(k *flow) string {
	return html.EscapeString(signOnPath + "?loginToRp=urn%3Aamazon%3Awebservices&client-request-id=" + k.request)
}

// options is the form by which every page leads to the other methods.
func options(k *flow) string {
	return `<form id="options" method="post" action="` + action(k) + `"><script>function SelectOption(option) { var i = document.getElementById('optionSelection'); i.value = option; document.forms['options'].submit(); return false; }</script><input id="optionSelection" type="hidden" name="AuthMethod" /><div id="authOptions" class="groupMargin"></div></form>`
}

// login shows the sign-in form of the theme, with the words of a refusal.
func (f *Fake) login(w http.ResponseWriter, k *flow, refused string) {
	k.page = "login"
	refused = html.EscapeString(refused)
	if f.o.Theme == Theme2008 {
		k.view = "/wEPDwUKLTk0" + rand.Text()
		show(w, "Sign In", fmt.Sprintf(`<form name="aspnetForm" method="post" action="%s" id="aspnetForm"><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="%s" /><input type="hidden" name="__EVENTVALIDATION" value="valid-%s" /><input type="hidden" name="__db" value="15" />
<span class="Error" id="ctl00_ContentPlaceHolder1_ErrorTextLabel">%s</span><input name="%sUsernameTextBox" type="text" /><input name="%sPasswordTextBox" type="password" /><input type="submit" name="%sSubmitButton" value="Sign In" /></form>`, action(k), k.view, k.view, refused, aspNet, aspNet, aspNet))
		return
	}
	label, paginated := "label", ""
	if f.o.Theme == Theme2019 {
		label, paginated = "span", `<span id="nextButton" class="submit nextButton" tabindex="0">Next</span>`
	}
	show(w, "Sign In", fmt.Sprintf(`<form method="post" id="loginForm" autocomplete="off" novalidate="novalidate" onKeyPress="if (event && event.keyCode == 13) Login.submitLoginRequest();" action="%s">
<div id="error" class="fieldMargin error smallText"><%s id="errorText" for="">%s</%s></div>
<div id="userNameArea"><input id="userNameInput" name="UserName" type="email" value="" tabindex="1" class="text fullWidth" /></div>%s
<div id="passwordArea"><input id="passwordInput" name="Password" type="password" tabindex="2" class="text fullWidth" /></div>
<div id="kmsiArea"><input type="checkbox" name="Kmsi" id="kmsiInput" value="true" tabindex="3" /><label for="kmsiInput">Keep me signed in</label></div>
<div id="submissionArea" class="submitMargin"><span id="submitButton" class="submit" tabindex="4" role="button" onclick="return Login.submitLoginRequest();">Sign in</span></div>
<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication" /></form>%s`, action(k), label, refused, label, paginated, options(k)))
}

func (f *Fake) methods(w http.ResponseWriter, k *flow) {
	k.page = "methods"
	body := strings.Replace(options(k), `class="groupMargin">`, `class="groupMargin"><div class="optionEntry"><a href="#" id="CertificateAuthentication" onclick="SelectOption('CertificateAuthentication')">Sign in using a certificate</a></div><div class="optionEntry"><a href="#" id="FormsAuthentication" onclick="SelectOption('FormsAuthentication')">Forms Authentication</a></div>`, 1)
	show(w, "Sign In", body)
}

func (f *Fake) realms(w http.ResponseWriter, k *flow) {
	k.page = "realms"
	show(w, "Sign In", fmt.Sprintf(`<div id="hrdArea"><form id="hrd" method="post" action="%s"><input id="hrdSelection" type="hidden" name="HomeRealmSelection" value="" />
<div class="idp" tabindex="1" role="button" onclick="HRD.selection('AD AUTHORITY')"><span class="idpDescription float">Active Directory</span></div>
<div class="idp" tabindex="1" role="button" onclick="HRD.selection('http://partner.example.com/adfs/services/trust')"><span class="idpDescription float">Partner</span></div></form></div>`, action(k)))
}

// fail shows the page of an error, which ends the sign-in.
func (f *Fake) fail(w http.ResponseWriter, words string) {
	w.WriteHeader(http.StatusOK)
	show(w, "Error", fmt.Sprintf(`<div id="errorArea"><div id="openingMessage" class="groupMargin bigText">An error occurred</div><div id="errorMessage" class="groupMargin">%s</div><div id="errorDetails"><ul><li><span class="expandable">Activity ID: <span id="activityId">00000000-0000-0000-2000-0080000000e4</span></span></li></ul></div></div>`, html.EscapeString(words)))
}

func (f *Fake) updatePassword(w http.ResponseWriter, r *http.Request) {
	show(w, "Update Password", `<form id="updatePasswordForm" method="post"><input id="userNameInput" name="UserName" type="text" value="`+html.EscapeString(r.URL.Query().Get("username"))+`" /><input id="oldPasswordInput" name="OldPassword" type="password" /><input id="newPasswordInput" name="NewPassword" type="password" /><input id="confirmNewPasswordInput" name="ConfirmNewPassword" type="password" /></form>`)
}
