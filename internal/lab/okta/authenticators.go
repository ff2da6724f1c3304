package okta

import (
	"net/http"
	"slices"
)

// offer offers the user's authenticators.
func (f *Fake) offer(w http.ResponseWriter, r *http.Request, k *flow) {
	var options []any
	for _, name := range k.user.factors {
		a := authenticators[name]
		options = append(options, map[string]any{"label": a.label, "relatesTo": "$.authenticatorEnrollments.value[0]", "value": map[string]any{"form": map[string]any{"value": []any{
			field("id", a.id), map[string]any{"name": "methodType", "required": false, "value": a.method, "mutable": false}}}}})
	}
	f.state(w, r, k, http.StatusOK, map[string]any{"authenticatorEnrollments": map[string]any{"type": "array", "value": []any{}}},
		remediation("select-authenticator-authenticate", "/idp/idx/challenge", map[string]any{"name": "authenticator", "type": "object", "options": options}))
}

type authenticator struct{ id, key, method, label string }

var authenticators = map[string]authenticator{
	"push": {"aut-push", "okta_verify", "push", "Okta Verify"}, "totp": {"aut-totp", "google_otp", "otp", "Google Authenticator"},
	"sms": {"aut-sms", "phone_number", "sms", "Phone"}, "question": {"aut-q", "security_question", "security_question", "Security Question"},
}

func current(key, method string, context map[string]any) map[string]any {
	value := map[string]any{"key": key, "type": "app", "id": "aut", "methods": []any{map[string]any{"type": method}}, "displayName": key}
	if context != nil {
		value["contextualData"] = context
	}
	return map[string]any{"currentAuthenticator": map[string]any{"type": "object", "value": value}, "currentAuthenticatorEnrollment": map[string]any{"type": "object", "value": value}}
}

// challenge begins the chosen authenticator.
func (f *Fake) challenge(w http.ResponseWriter, r *http.Request, k *flow, body map[string]any) {
	chosen, _ := body["authenticator"].(map[string]any)
	for name, a := range authenticators {
		if a.id != chosen["id"] || !slices.Contains(k.user.factors, name) {
			continue
		}
		if m := chosen["methodType"]; m != nil && m != a.method {
			f.complain(r, "the method is %v, not %s", m, a.method)
		}
		k.factor = name
		if name == "sms" {
			f.message = "271828"
		}
		f.askCode(w, r, k, http.StatusOK, nil)
		return
	}
	f.complain(r, "%v is no authenticator of the user", chosen)
	f.over(w)
}

// askCode asks for what the authenticator shows, or waits for the phone.
func (f *Fake) askCode(w http.ResponseWriter, r *http.Request, k *flow, status int, more map[string]any) {
	a := authenticators[k.factor]
	if k.factor == "push" {
		waiting := current(a.key, a.method, map[string]any{"correctAnswer": "42"})
		m := remediation("challenge-poll", "/idp/idx/authenticators/poll")
		m.refresh = int(f.pause.Milliseconds())
		f.state(w, r, k, status, waiting, m)
		return
	}
	state := current(a.key, a.method, nil)
	for name, value := range more {
		state[name] = value
	}
	inner := []any{map[string]any{"name": "passcode", "label": "Enter code", "required": true}}
	if k.factor == "question" {
		inner = []any{field("questionKey", "first_pet"), map[string]any{"name": "answer", "label": "What was your first pet?", "required": true}}
	}
	f.state(w, r, k, status, state, remediation("challenge-authenticator", "/idp/idx/challenge/answer",
		map[string]any{"name": "credentials", "type": "object", "required": true, "form": map[string]any{"value": inner}}))
}

func (f *Fake) answerChallenge(w http.ResponseWriter, r *http.Request, k *flow, body map[string]any) {
	if f.rightCode(r, k.factor, passcode(body)) {
		k.passed = true
		f.askToKeep(w, r, k)
		return
	}
	f.askCode(w, r, k, http.StatusForbidden, map[string]any{"messages": messages("Your code doesn't match our records. Please try again.", "api.authn.error.PASSCODE_INVALID")})
}

func (f *Fake) pollPush(w http.ResponseWriter, r *http.Request, k *flow, _ map[string]any) {
	if k.looks == 0 {
		k.looks = 1 // the state itself was the first look
	}
	switch f.look(r, k) {
	case "SUCCESS":
		k.passed = true
		f.askToKeep(w, r, k)
	case "WAITING":
		f.askCode(w, r, k, http.StatusOK, nil)
	case "REJECTED":
		f.state(w, r, k, http.StatusBadRequest, map[string]any{"messages": messages("You have chosen to reject this login.", "api.authn.poll.error.push_rejected")}, remediation("resend", "/idp/idx/challenge/resend"))
	default:
		w.Header().Set("Content-Type", ion)
		answer(w, http.StatusNotFound, map[string]any{"version": "1.0.0", "messages": messages("The transaction has timed out.", "core.system.transaction_resource_not_found")})
	}
}
