package okta

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// A node is a part of an Identity Engine answer, read loosely: real answers write one thing in several ways.
type node struct{ v any }

// at returns what lies at a path of keys and indices; an empty node where nothing does.
func (n node) at(path ...string) node {
	for _, key := range path {
		switch v := n.v.(type) {
		case map[string]any:
			n = node{v[key]}
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(v) {
				return node{}
			}
			n = node{v[i]}
		default:
			return node{}
		}
	}
	return n
}

func (n node) text() string {
	switch v := n.v.(type) {
	case string:
		return v
	case float64, bool:
		return fmt.Sprint(v)
	}
	return ""
}

func (n node) list() []node {
	values, _ := n.v.([]any)
	nodes := make([]node, len(values))
	for i, v := range values {
		nodes[i] = node{v}
	}
	return nodes
}

// engine returns an answer of the Identity Engine; an empty node for any other page.
func engine(p *web.Page) node {
	var v map[string]any
	if !strings.HasPrefix(p.Path(), "/idp/idx/") && !p.IsJSON() || !p.Decode(&v) {
		return node{}
	}
	state := node{v}
	if state.at("version").text() == "" || state.at("stateHandle").v == nil && state.at("messages").v == nil {
		return node{}
	}
	return state
}

// order is what is done first where an answer offers several remedies.
var order = [...]string{"success-redirect", "challenge-poll", "challenge-authenticator", "authenticator-verification-data", "select-authenticator-authenticate",
	"identify", "keep-me-signed-in", "skip", "redirect-idp", "device-challenge-poll"}

// remedy names what an answer is about; "" of a page that is none.
func remedy(p *web.Page) string {
	state := engine(p)
	if state.v == nil {
		return ""
	}
	key := messageKey(state)
	switch {
	case state.at("success", "href").text() != "":
		return "success-redirect"
	case key == "idx.session.expired":
		return "expired"
	case state.at("failure").v != nil, slices.Contains(terminal[:], key), find(state, "failure-redirect").v != nil, find(state, "reenroll-authenticator").v != nil:
		return "refused"
	}
	for _, name := range order {
		if find(state, name).v != nil {
			return name
		}
	}
	if len(state.at("remediation", "value").list()) == 0 {
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
func find(state node, name string) node {
	for _, r := range state.at("remediation", "value").list() {
		if r.at("name").text() == name {
			return r
		}
	}
	return node{}
}

func messageKey(state node) string { return state.at("messages", "value", "0", "i18n", "key").text() }

// message returns what an answer says, at its top or at one of its fields.
func message(state node) string {
	if words := state.at("messages", "value", "0", "message").text(); words != "" {
		return words
	}
	for _, r := range state.at("remediation", "value").list() {
		for _, field := range r.at("value").list() {
			for _, f := range append(field.at("form", "value").list(), field) {
				if words := f.at("messages", "value", "0", "message").text(); words != "" {
					return words
				}
			}
		}
	}
	return ""
}

// fixed returns the body of a remedy with the values that may not be changed: the newest state handle above all.
func fixed(remedy node) map[string]any {
	body := map[string]any{}
	for _, field := range remedy.at("value").list() {
		if value := field.at("value"); value.text() != "" && field.at("mutable").text() == "false" {
			body[field.at("name").text()] = value.v
		}
	}
	return body
}

func field(remedy node, name string) node {
	for _, f := range remedy.at("value").list() {
		if f.at("name").text() == name {
			return f
		}
	}
	return node{}
}
