// Package tape keeps recorded logins: the text format they are read in, the player that stands in for the provider, the
// recorder that listens to a real one, and the scrubber that takes everything secret out before a tape is written.
//
// A tape is one login as one text file, readable top to bottom:
//
//	# comments stand between blocks
//	source: written from the protocol notes, 2026-11-20
//	url: https://idp.example.com/start
//	username: alice@example.com
//	password: pass-word-1
//	code: 123456
//	want: signed in
//
//	> POST https://idp.example.com/login?x=1
//	> Cookie: a=cookie-1; b=cookie-2
//	> Header X-Requested-With: XMLHttpRequest
//	> password=pass-word-1
//	< 200
//	< Content-Type: text/html
//
//	    <p>The body, indented by four spaces.</p>
//
// The head's answers (password, code, answer, captcha; choose, by an option's label) are repeated to be given in turn, one
// a question. It also knows mfa (factors, in order), and host, target and set (key=value) of an account, and tell: lines
// that must be told exactly so. The end is "want: signed in", "refused KIND: MESSAGE", "unknown page: REASON", "no answer",
// "unreachable" or "timed out". With key, a credential's id in base64url, a security key is there: tape.Key says what it signs.
//
// "idp:" names the adapter that a recorded sign-in started with. A request that was not answered has "< no answer: REASON"
// instead of a status: no such host, not trusted, too late, or lost. With "want: timed out" or "want: interrupted" the sign-in
// ends where the tape does.
//
// A request is compared whole but for its headers: those on the tape only. The order of query, cookies and fields does not
// count. A form's fields stand decoded one a line, with \n, \r and \\ for what would end the line; any other body stands
// in "> Body: " lines, JSON compared as JSON. Every exchange must come exactly once, in the tape's order.
package tape

import (
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
)

// A Tape is one login: what the person configured and answered, how it ended, and every request and response in turn.
type Tape struct {
	Head      []Line // in the file's order
	Exchanges []Exchange
	Tail      []string // comments behind the last exchange
}

// A Line is one `key: value` of a tape's head. The key "#" is a comment.
type Line struct{ Key, Value string }

// An Exchange is one request and its response.
type Exchange struct {
	Notes    []string // comments before it, without "#"
	Request  Request
	Response Response
}

// A Request is what the player insists on. Form is the decoded body of a form, Body any other body.
type Request struct {
	Method, URL string
	Cookies     []Pair
	Header      []Pair // the few that are compared
	Form        []Pair
	Body        string
}

// A Response is what the player answers. Body never ends in a line end.
type Response struct {
	Missing string // why there is none; "" where there is
	Status  int
	Header  []Pair
	Body    string
}

// A Pair is one name and value.
type Pair struct{ Name, Value string }

// Get returns the first value of a head key; "" where there is none.
func (t *Tape) Get(key string) string {
	for _, line := range t.Head {
		if line.Key == key {
			return line.Value
		}
	}
	return ""
}

// All returns every value of a head key, in turn.
func (t *Tape) All(key string) []string {
	var values []string
	for _, line := range t.Head {
		if line.Key == key {
			values = append(values, line.Value)
		}
	}
	return values
}

// Account returns what the person had configured.
func (t *Tape) Account() idp.Account {
	account := idp.Account{
		URL:      t.Get("url"),
		Username: t.Get("username"),
		Hosts:    t.All("host"),
		Target:   t.Get("target"),
		Settings: map[string]string{},
	}
	for _, factor := range strings.Fields(strings.Join(t.All("mfa"), " ")) {
		account.MFA = append(account.MFA, idp.Factor(factor))
	}
	for _, setting := range t.All("set") {
		key, value, _ := strings.Cut(setting, "=")
		account.Settings[key] = value
	}
	return account
}

// headKeys are the keys that a head may have, in the order in which a recorded tape has them.
func headKeys() []string {
	return []string{"source", "idp", "url", "username", "password", "code", "answer", "captcha", "choose", "mfa", "key", "host", "target", "set", "tell", "want"}
}

func sorted(pairs []Pair) []Pair {
	return slices.SortedStableFunc(slices.Values(pairs), func(a, b Pair) int {
		if order := strings.Compare(a.Name, b.Name); order != 0 {
			return order
		}
		return strings.Compare(a.Value, b.Value)
	})
}
