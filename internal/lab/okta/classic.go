package okta

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
)

func (f *Fake) classicRoutes() {
	f.mux.HandleFunc("POST /api/v1/authn", f.authn)
	f.mux.HandleFunc("POST /api/v1/authn/factors/{id}/verify", f.verify)
	f.mux.HandleFunc("POST /api/v1/authn/skip", f.skip)
	f.mux.HandleFunc("POST /api/v1/authn/cancel", f.cancel)
	f.mux.HandleFunc("GET /login/step-up/redirect", f.steppedUp)
}

// authn takes the password, or the state token of a step-up.
func (f *Fake) authn(w http.ResponseWriter, r *http.Request) {
	k := f.flow(w, r)
	if k == nil {
		return
	}
	body := f.body(r)
	if token, ok := body["stateToken"]; ok {
		if token != k.state || k.step != "MFA_REQUIRED" {
			f.complain(r, "the state token is %v, and not that of the page", token)
			refuse(w, http.StatusUnauthorized, "E0000011", "Invalid token provided")
			return
		}
		f.required(w, r, k)
		return
	}
	name, _ := body["username"].(string)
	password, _ := body["password"].(string)
	if k.user = f.rightPassword(r, name, password); k.user == nil {
		refuse(w, http.StatusUnauthorized, "E0000004", "Authentication failed")
		return
	}
	device, _ := r.Cookie("DT")
	switch {
	case k.user.status == "LOCKED_OUT":
		answer(w, http.StatusOK, map[string]any{"status": "LOCKED_OUT", "_links": map[string]any{}})
	case k.user.status != "":
		f.transaction(w, r, k, k.user.status, map[string]any{"policy": map[string]any{"expiration": map[string]any{"passwordExpireDays": 5}}})
	case len(k.user.factors) == 0 || k.user.stepUp || f.devices[k.user.name+device.Value]:
		f.success(w, r, k)
	default:
		f.required(w, r, k)
	}
}

// transaction answers with a state and a new state token.
func (f *Fake) transaction(w http.ResponseWriter, r *http.Request, k *flow, status string, embedded map[string]any) {
	k.renew()
	k.step = status
	links := map[string]any{"cancel": link(r, "/api/v1/authn/cancel")}
	if status == "PASSWORD_WARN" || status == "MFA_ENROLL" {
		links["skip"] = link(r, "/api/v1/authn/skip")
	}
	a := map[string]any{"stateToken": k.state, "expiresAt": "2099-01-01T00:00:00.000Z", "status": status, "_embedded": embedded, "_links": links}
	if status == "MFA_CHALLENGE" {
		a["factorResult"] = "WAITING"
		links["next"] = link(r, "/api/v1/authn/factors/"+k.factor+"1/verify")
	}
	answer(w, http.StatusOK, a)
}

func link(r *http.Request, path string) map[string]any {
	return map[string]any{"href": at(r, path), "hints": map[string]any{"allow": []string{"POST"}}}
}

// required asks for one of the user's factors.
func (f *Fake) required(w http.ResponseWriter, r *http.Request, k *flow) {
	kinds := map[string][2]string{"push": {"push", "OKTA"}, "totp": {"token:software:totp", "GOOGLE"}, "sms": {"sms", "OKTA"}, "question": {"question", "OKTA"}}
	var factors []any
	for _, name := range k.user.factors {
		factors = append(factors, map[string]any{
			"id": name + "1", "factorType": kinds[name][0], "provider": kinds[name][1], "vendorName": kinds[name][1],
			"profile": map[string]any{"phoneNumber": "+1 XXX-XXX-1234", "questionText": "What was your first pet?"},
			"_links":  map[string]any{"verify": link(r, "/api/v1/authn/factors/"+name+"1/verify")},
		})
	}
	f.transaction(w, r, k, "MFA_REQUIRED", map[string]any{"factors": factors, "policy": map[string]any{"allowRememberDevice": true, "rememberDeviceLifetimeInMinutes": 15}})
}

// verify begins a factor, takes its code, or is asked about it.
func (f *Fake) verify(w http.ResponseWriter, r *http.Request) {
	k := f.flow(w, r)
	if k == nil {
		return
	}
	body := f.body(r)
	name := strings.TrimSuffix(r.PathValue("id"), "1")
	if body["stateToken"] != k.state || k.user == nil || !slices.Contains(k.user.factors, name) {
		f.complain(r, "the state token is %v, and not the newest, or the factor is none", body["stateToken"])
		refuse(w, http.StatusUnauthorized, "E0000011", "Invalid token provided")
		return
	}
	if r.URL.Query().Get("rememberDevice") == "true" {
		k.passed = true // as far as the device is concerned
	}
	code, _ := body["passCode"].(string)
	if name == "question" {
		code, _ = body["answer"].(string)
	}
	switch {
	case name == "push":
		f.push(w, r, k)
	case code == "" && name == "sms":
		if k.factor == "sms" {
			f.complain(r, "a second message")
		}
		k.factor, f.message = "sms", "271828"
		f.transaction(w, r, k, "MFA_CHALLENGE", map[string]any{"factor": map[string]any{"id": "sms1", "factorType": "sms", "provider": "OKTA"}})
	case code == "":
		f.complain(r, "without a code")
		refuse(w, http.StatusForbidden, "E0000068", "Invalid Passcode/Answer")
	case f.rightCode(r, name, code):
		f.success(w, r, k)
	default:
		refuse(w, http.StatusForbidden, "E0000068", "Invalid Passcode/Answer")
	}
}

// push shows its number with the second look, and keeps its state token meanwhile.
func (f *Fake) push(w http.ResponseWriter, r *http.Request, k *flow) {
	result := f.look(r, k)
	if result == "SUCCESS" {
		f.success(w, r, k)
		return
	}
	k.factor, k.step = "push", "MFA_CHALLENGE"
	challenge := map[string]any{}
	if k.looks > 1 {
		challenge["challenge"] = map[string]any{"correctAnswer": 42}
	}
	answer(w, http.StatusOK, map[string]any{
		"stateToken": k.state, "status": "MFA_CHALLENGE", "factorResult": result,
		"_embedded": map[string]any{"factor": map[string]any{"id": "push1", "factorType": "push", "provider": "OKTA", "_embedded": challenge}},
		"_links":    map[string]any{"next": link(r, "/api/v1/authn/factors/push1/verify"), "cancel": link(r, "/api/v1/authn/cancel")},
	})
}

// success ends the sign-in: with a session token, or for a step-up with a way back to the application.
func (f *Fake) success(w http.ResponseWriter, r *http.Request, k *flow) {
	if device, err := r.Cookie("DT"); err == nil && k.passed {
		f.devices[k.user.name+device.Value] = true
	}
	if c, err := r.Cookie("sid"); err == nil && f.sessions[c.Value] == k.user.name {
		k.step = "SUCCESS"
		answer(w, http.StatusOK, map[string]any{"status": "SUCCESS", "type": "SESSION_STEP_UP", "stateToken": k.state,
			"_links": map[string]any{"next": map[string]any{"name": "original", "href": at(r, "/login/step-up/redirect?stateToken="+k.state)}}})
		return
	}
	token := "20111" + rand.Text()
	f.tokens[token] = k.user.name
	answer(w, http.StatusOK, map[string]any{"status": "SUCCESS", "sessionToken": token, "expiresAt": "2099-01-01T00:00:00.000Z"})
}

func (f *Fake) steppedUp(w http.ResponseWriter, r *http.Request) {
	k := f.flow(w, r)
	if k == nil {
		return
	}
	c, err := r.Cookie("sid")
	if err != nil || r.URL.Query().Get("stateToken") != k.state || k.step != "SUCCESS" {
		f.complain(r, "without a step-up that has passed")
		http.Error(w, "no", http.StatusForbidden)
		return
	}
	f.devices["stepped up "+c.Value] = true
	http.Redirect(w, r, appPath, http.StatusFound)
}

func (f *Fake) skip(w http.ResponseWriter, r *http.Request) {
	k := f.flow(w, r)
	if k == nil {
		return
	}
	if body := f.body(r); body["stateToken"] != k.state || k.step != "PASSWORD_WARN" && k.step != "MFA_ENROLL" {
		f.complain(r, "nothing can be skipped")
		refuse(w, http.StatusUnauthorized, "E0000011", "Invalid token provided")
		return
	}
	f.success(w, r, k)
}

func (f *Fake) cancel(w http.ResponseWriter, r *http.Request) {
	if k := f.flow(w, r); k != nil {
		k.renew()
		answer(w, http.StatusOK, map[string]any{"relayState": nil})
	}
}
