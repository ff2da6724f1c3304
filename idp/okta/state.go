package okta

import (
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// engine returns an answer of the Identity Engine; none for any other page.
func engine(p *web.Page) web.Value {
	if !strings.HasPrefix(p.Path(), "/idp/idx/") {
		return web.Value{}
	}
	state := p.JSON()
	if state.At("version").Text() == "" || !state.At("stateHandle").Exists() && !state.At("messages").Exists() {
		return web.Value{}
	}
	return state
}

// order is what is done first where an answer offers several remedies.
var order = [...]string{"success-redirect", "challenge-poll", "challenge-authenticator", "authenticator-verification-data", "select-authenticator-authenticate",
	"identify", "keep-me-signed-in", "skip", "redirect-idp", "device-challenge-poll"}

// remedy names what an answer is about; "" of a page that is none.
func remedy(p *web.Page) string {
	state := engine(p)
	if !state.Exists() {
		return ""
	}
	key := messageKey(state)
	switch {
	case state.At("success", "href").Text() != "":
		return "success-redirect"
	case key == "idx.session.expired":
		return "expired"
	case state.At("failure").Exists(), slices.Contains(terminal[:], key), find(state, "failure-redirect").Exists(), find(state, "reenroll-authenticator").Exists():
		return "refused"
	}
	for _, name := range order {
		if find(state, name).Exists() {
			return name
		}
	}
	if len(state.At("remediation", "value").List()) == 0 {
		return "refused"
	}
	return "other"
}

// terminal lists the messages that end a sign-in whatever else is offered.
var terminal = [...]string{"idx.error.user.not.assigned.to.app", "idx.error.code.user_not_assigned", "security.access_denied",
	"security.access_denied_custom_message", "oie.assurance.unsatisfiable", "tooManyRequests", "errors.E0000150", "errors.E0000119",
	"idx.identity.provider.auth.error"}

func wants(name string) func(*web.Page) bool {
	return func(p *web.Page) bool { return remedy(p) == name }
}

// find returns a remedy by its name.
func find(state web.Value, name string) web.Value {
	for _, r := range state.At("remediation", "value").List() {
		if r.At("name").Text() == name {
			return r
		}
	}
	return web.Value{}
}

func messageKey(state web.Value) string {
	return state.At("messages", "value", "0", "i18n", "key").Text()
}

// message returns what an answer says, at its top or at one of its fields.
func message(state web.Value) string {
	if words := state.At("messages", "value", "0", "message").Text(); words != "" {
		return words
	}
	for _, r := range state.At("remediation", "value").List() {
		for _, field := range r.At("value").List() {
			for _, f := range append(field.At("form", "value").List(), field) {
				if words := f.At("messages", "value", "0", "message").Text(); words != "" {
					return words
				}
			}
		}
	}
	return ""
}

// fixed returns the body of a remedy with the values that may not be changed: the newest state handle above all.
func fixed(remedy web.Value) map[string]any {
	body := map[string]any{}
	for _, field := range remedy.At("value").List() {
		if value := field.At("value"); value.Text() != "" && field.At("mutable").Text() == "false" {
			body[field.At("name").Text()] = value.Raw()
		}
	}
	return body
}

func field(remedy web.Value, name string) web.Value {
	for _, f := range remedy.At("value").List() {
		if f.At("name").Text() == name {
			return f
		}
	}
	return web.Value{}
}
