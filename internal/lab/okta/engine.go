package okta

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func (f *Fake) engineRoutes() {
	f.mux.HandleFunc("POST /idp/idx/introspect", f.introspect)
	for path, handle := range map[string]func(http.ResponseWriter, *http.Request, *flow, map[string]any){
		"identify": f.identify, "challenge": f.challenge, "challenge/answer": f.answerChallenge, "authenticators/poll": f.pollPush,
		"authenticators/poll/cancel": f.noAgent, "skip": f.skipRemedy, "keep-me-signed-in": f.keep, "cancel": f.startOver,
	} {
		f.mux.HandleFunc("POST /idp/idx/"+path, f.onState(path, handle))
	}
	f.mux.HandleFunc("GET /login/token/redirect", f.redirected)
}

const ion = "application/ion+json; okta-version=1.0.0"

// introspect turns the page's state token into the first state.
func (f *Fake) introspect(w http.ResponseWriter, r *http.Request) {
	k := f.flow(w, r)
	if k == nil {
		return
	}
	if body := f.body(r); body["stateToken"] != k.state {
		f.complain(r, "the state token is %v, not %s", body["stateToken"], k.state)
		f.over(w)
		return
	}
	if k.user != nil { // signed in, and the application asks for a factor
		f.offer(w, r, k)
		return
	}
	f.state(w, r, k, http.StatusOK, map[string]any{"authenticatorChallenge": map[string]any{"value": map[string]any{
		"challengeMethod": "LOOPBACK", "domain": "http://localhost", "ports": []int{2000, 6511}, "challengeRequest": "eyJ",
		"cancel": map[string]any{"href": at(r, "/idp/idx/authenticators/poll/cancel"), "method": "POST", "name": "cancel-polling", "accepts": ion,
			"value": []any{f.handle(k), field("reason", nil), field("statusCode", nil)}}}}},
		remediation("device-challenge-poll", "/idp/idx/authenticators/poll"))
}

// onState checks what every call must bring: the newest handle, and to be one of those that were offered.
func (f *Fake) onState(path string, handle func(http.ResponseWriter, *http.Request, *flow, map[string]any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k := f.flow(w, r)
		if k == nil {
			return
		}
		body := f.body(r)
		if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/ion+json") {
			f.complain(r, "the type is %q, not the one that it accepts", r.Header.Get("Content-Type"))
		}
		if body["stateHandle"] != k.state {
			f.complain(r, "the handle is %v, and not the newest", body["stateHandle"])
			f.over(w)
			return
		}
		if path != "cancel" && !slices.Contains(strings.Split(k.step, " "), path) {
			f.complain(r, "it was not offered: %s were", k.step)
		}
		handle(w, r, k, body)
	}
}

func (f *Fake) over(w http.ResponseWriter) {
	w.Header().Set("Content-Type", ion)
	answer(w, http.StatusUnauthorized, map[string]any{"version": "1.0.0", "messages": messages("You have been logged out due to inactivity.", "idx.session.expired")})
}

func messages(text, key string) map[string]any {
	return map[string]any{"type": "array", "value": []any{map[string]any{"message": text, "i18n": map[string]any{"key": key}, "class": "ERROR"}}}
}

func field(name string, value any) map[string]any {
	return map[string]any{"name": name, "value": value, "visible": false, "mutable": value == nil, "required": true}
}

func (f *Fake) handle(k *flow) map[string]any { return field("stateHandle", k.state) }

// A remedy is one of the things that may be done next.
type remedy struct {
	name, path string
	fields     []any
	refresh    int
}

func remediation(name, path string, fields ...any) remedy {
	return remedy{name: name, path: path, fields: fields}
}

// state answers with a state, under a new handle.
func (f *Fake) state(w http.ResponseWriter, r *http.Request, k *flow, status int, more map[string]any, remedies ...remedy) {
	k.renew()
	var list []any
	var offered []string
	for _, m := range remedies {
		offered = append(offered, strings.TrimPrefix(m.path, "/idp/idx/"))
		value := append([]any{f.handle(k)}, m.fields...)
		one := map[string]any{"rel": []string{"create-form"}, "name": m.name, "href": at(r, m.path), "method": "POST", "accepts": ion, "produces": ion, "value": value}
		if m.refresh > 0 {
			one["refresh"] = m.refresh
		}
		list = append(list, one)
	}
	if more["authenticatorChallenge"] != nil {
		offered = append(offered, "authenticators/poll/cancel")
		cancel := more["authenticatorChallenge"].(map[string]any)["value"].(map[string]any)["cancel"].(map[string]any)
		cancel["value"].([]any)[0] = f.handle(k)
	}
	k.step = strings.Join(offered, " ")
	a := map[string]any{"version": "1.0.0", "stateHandle": k.state, "expiresAt": "2099-01-01T00:00:00.000Z", "intent": "LOGIN",
		"remediation": map[string]any{"type": "array", "value": list},
		"cancel":      map[string]any{"rel": []string{"create-form"}, "name": "cancel", "href": at(r, "/idp/idx/cancel"), "method": "POST", "accepts": ion, "value": []any{f.handle(k)}},
		"app":         map[string]any{"type": "object", "value": map[string]any{"name": "amazon_aws", "label": "AWS", "id": "0oa1exampleAPP"}}}
	for name, value := range more {
		a[name] = value
	}
	if more["success"] != nil {
		a["success"] = map[string]any{"name": "success-redirect", "href": at(r, "/login/token/redirect?stateToken="+k.state)}
	}
	w.Header().Set("Content-Type", ion)
	answer(w, status, a)
}

// noAgent is told that no agent answers on the machine.
func (f *Fake) noAgent(w http.ResponseWriter, r *http.Request, k *flow, body map[string]any) {
	if body["reason"] != "OV_UNREACHABLE_BY_LOOPBACK" {
		f.complain(r, "the reason is %v", body["reason"])
	}
	f.askName(w, r, k, http.StatusOK, nil)
}

func (f *Fake) askName(w http.ResponseWriter, r *http.Request, k *flow, status int, more map[string]any) {
	k.user = nil
	f.state(w, r, k, status, more, remediation("identify", "/idp/idx/identify",
		map[string]any{"name": "identifier", "label": "Username", "required": true},
		map[string]any{"name": "credentials", "type": "object", "required": true, "form": map[string]any{"value": []any{map[string]any{"name": "passcode", "label": "Password", "secret": true}}}},
		map[string]any{"name": "rememberMe", "type": "boolean", "label": "Keep me signed in"}))
}

func (f *Fake) identify(w http.ResponseWriter, r *http.Request, k *flow, body map[string]any) {
	name, _ := body["identifier"].(string)
	u := f.rightPassword(r, name, passcode(body))
	device, _ := r.Cookie("DT")
	switch {
	case u == nil || u.status == "LOCKED_OUT":
		f.askName(w, r, k, http.StatusUnauthorized, map[string]any{"messages": messages("Authentication failed", "errors.E0000004")})
	case u.unassigned:
		f.state(w, r, k, http.StatusBadRequest, map[string]any{"messages": messages("User is not assigned to this application.", "idx.error.user.not.assigned.to.app")})
	case u.status == "PASSWORD_EXPIRED":
		k.user = u
		f.state(w, r, k, http.StatusOK, current("okta_password", "password", nil), remediation("reenroll-authenticator", "/idp/idx/challenge/answer"))
	case u.status != "":
		k.user = u
		f.state(w, r, k, http.StatusOK, nil, remediation(map[string]string{"PASSWORD_WARN": "reenroll-authenticator-warning", "MFA_ENROLL": "select-authenticator-enroll"}[u.status], "/idp/idx/challenge/answer"),
			remediation("skip", "/idp/idx/skip"))
	case len(u.factors) == 0 || u.stepUp || f.devices[u.name+device.Value]:
		k.user = u
		f.askToKeep(w, r, k)
	default:
		k.user = u
		f.offer(w, r, k)
	}
}

func passcode(body map[string]any) string {
	credentials, _ := body["credentials"].(map[string]any)
	for _, name := range []string{"passcode", "totp", "answer"} {
		if text, ok := credentials[name].(string); ok {
			return text
		}
	}
	return ""
}

func (f *Fake) skipRemedy(w http.ResponseWriter, r *http.Request, k *flow, _ map[string]any) {
	f.askToKeep(w, r, k)
}

// askToKeep asks whether to stay signed in.
func (f *Fake) askToKeep(w http.ResponseWriter, r *http.Request, k *flow) {
	f.state(w, r, k, http.StatusOK, nil, remediation("keep-me-signed-in", "/idp/idx/keep-me-signed-in", map[string]any{"name": "keepMeSignedIn", "type": "boolean", "required": true}))
}

func (f *Fake) keep(w http.ResponseWriter, r *http.Request, k *flow, body map[string]any) {
	if body["keepMeSignedIn"] != true {
		f.complain(r, "keepMeSignedIn is %v", body["keepMeSignedIn"])
	}
	if device, err := r.Cookie("DT"); err == nil && k.passed {
		f.devices[k.user.name+device.Value] = true
	}
	f.state(w, r, k, http.StatusOK, map[string]any{"success": "where to"})
	k.step = "SUCCESS"
}

func (f *Fake) startOver(w http.ResponseWriter, r *http.Request, k *flow, _ map[string]any) {
	f.askName(w, r, k, http.StatusOK, nil)
}

// redirected ends the sign-in with a session.
func (f *Fake) redirected(w http.ResponseWriter, r *http.Request) {
	k := f.flow(w, r)
	if k == nil {
		return
	}
	if r.URL.Query().Get("stateToken") != k.state || k.step != "SUCCESS" {
		f.complain(r, "without a sign-in that has passed")
		http.Error(w, fmt.Sprint(http.StatusForbidden), http.StatusForbidden)
		return
	}
	if c, err := r.Cookie("sid"); err == nil && f.sessions[c.Value] == k.user.name {
		f.devices["stepped up "+c.Value] = true
	} else {
		f.session(w, k.user)
	}
	http.Redirect(w, r, appPath, http.StatusFound)
}
