package entra

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// show shows one of Entra's pages: a script with everything in $Config, and other pages' names in the scripts around it.
func (f *Fake) show(w http.ResponseWriter, r *http.Request, k *flow, id string, more map[string]any) {
	k.renew()
	k.canary, k.apiCanary = "canary."+rand.Text()+"=0:1", "api."+rand.Text()
	k.page, k.place = id, at(r, r.Host, r.URL.RequestURI())
	config := map[string]any{
		"pgid": id, "sFT": k.token, "sFTName": "flowToken", "sCtx": k.ctx, "canary": k.canary, "apiCanary": k.apiCanary,
		"sessionId": k.session, "correlationId": k.correlation, "hpgid": 1104, "hpgact": 1800, "sCanaryTokenName": "canary",
		"urlSessionState": at(r, login, "/common/DeviceCodeStatus"), "iMaxPollAttempts": 10, "iPollingBackoffInterval": growth,
	}
	maps.Copy(config, more)
	k.kind = fmt.Sprint(config["hpgid"])
	data, _ := json.Marshal(config) // of strings and numbers: it always can
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html>
<html dir="ltr" lang="en"><head><title>Sign in to your account</title><meta name="PageID" content="%s" />
<noscript><meta http-equiv="Refresh" content="0; URL=https://login.microsoftonline.com/jsdisabled" /></noscript>
<script type="text/javascript">//<![CDATA[
$Config=%s;
//]]></script><script type="text/javascript">//<![CDATA[
var a={"ConvergedTFA":1,"KmsiInterrupt":2,"ConvergedSignIn":3};!function(){var e=window.$Config||{};if(e.x)window.location="/jsdisabled"}();
//]]></script></head><body data-bind="defineGlobals: ServerData, bodyCssClass" class="cb" style="display: none"></body></html>`, id, data)
}

// fail shows the page of an error, which ends the sign-in.
func (f *Fake) fail(w http.ResponseWriter, r *http.Request, k *flow, code string) {
	f.show(w, r, k, "ConvergedError", map[string]any{"iErrorCode": code, "strServiceExceptionMessage": "AADSTS" + code + ": No.", "strMainMessage": "Sorry"})
}

// form shows a form that a script sends at once.
func form(w http.ResponseWriter, action string, fields map[string]string) {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		fmt.Fprintf(&b, `<input type="hidden" name="%s" value="%s" />`, name, html.EscapeString(fields[name]))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="%s">%s<noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit" /></noscript></form><script language="javascript">document.forms[0].submit();</script></body></html>`,
		html.EscapeString(action), b.String())
}

// answer answers a call of the API.
func answer(w http.ResponseWriter, body map[string]any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(body)
}

// returned checks what every form must bring back, and that it is due. Where it is not, the answer is given.
func (f *Fake) returned(w http.ResponseWriter, r *http.Request, k *flow, page string, more map[string]string) bool {
	want := map[string]string{"flowToken": k.token, "ctx": k.ctx, "canary": k.canary, "hpgrequestid": k.session}
	for name, value := range more {
		if want[name] = value; name == "request" {
			delete(want, "ctx")
		}
	}
	good := k.page == page && f.comesFrom(r, k)
	if k.page != page {
		f.complain(r, "comes from %s, not from %s", k.page, page)
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got := r.PostFormValue(name); got != want[name] {
			f.complain(r, "%s is %q, not %q", name, got, want[name])
			good = false
		}
	}
	if !good {
		f.fail(w, r, k, "9000411")
	}
	return good
}

// called reads the body of a call of the API and checks what every call must bring.
func (f *Fake) called(w http.ResponseWriter, r *http.Request, k *flow, page string, more map[string]any) (map[string]any, bool) {
	var body map[string]any
	err := json.NewDecoder(r.Body).Decode(&body)
	good := err == nil && k.page == page && f.comesFrom(r, k) && strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	if !good {
		f.complain(r, "a call of type %s from %s, not from %s (%v)", r.Header.Get("Content-Type"), k.page, page, err)
	}
	for _, name := range unsigned(r, k) {
		f.complain(r, "the header %s is not the page's", name)
		good = false
	}
	for name, want := range more {
		if body[name] != want {
			f.complain(r, "%s is %v, not %v", name, body[name], want)
			good = false
		}
	}
	if !good {
		w.WriteHeader(http.StatusBadRequest)
		answer(w, map[string]any{"error": map[string]any{"code": "6001", "message": "The request is not understood."}})
	}
	return body, good
}

// unsigned returns the headers in which a call of the API lacks what only its page knows.
func unsigned(r *http.Request, k *flow) []string {
	want := map[string]string{"canary": k.apiCanary, "client-request-id": k.correlation, "hpgrequestid": k.session, "hpgact": "1800", "hpgid": k.kind, "Accept": "application/json"}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(want)), func(name string) bool { return r.Header.Get(name) == want[name] })
}

// comesFrom checks that the browser says from which page it comes: to another host, its origin alone.
func (f *Fake) comesFrom(r *http.Request, k *flow) bool {
	place, err := url.Parse(k.place)
	if err != nil {
		return false
	}
	origin, want := place.Scheme+"://"+place.Host, k.place
	if place.Host != r.Host {
		want = origin + "/"
	}
	good := r.Header.Get("Referer") == want && r.Header.Get("Origin") == origin
	if !good {
		f.complain(r, "Referer %q and Origin %q are not of %s", r.Header.Get("Referer"), r.Header.Get("Origin"), want)
	}
	return good
}
