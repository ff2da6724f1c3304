package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/saml"
)

func TestRoles(t *testing.T) {
	w := asAlice(t)
	response := w.file("response", w.sign(w.lab.Assertion("alice")))
	w.golden("roles", w.want(0, "", "roles", "--assertion", response).stdout)
	w.golden("roles-json", w.want(0, "", "roles", "--assertion", response, "--output", "json").stdout)
	if r := w.want(0, "", "roles"); strings.Count(r.stdout, "\n") != 3 || w.lab.SignIns() != 1 {
		t.Errorf("after a sign-in: %s", r.stdout)
	}
	for _, request := range w.lab.Requests() {
		if strings.HasPrefix(request, "sts") {
			t.Error("a list of roles asked STS")
		}
	}
}

func TestNoRoles(t *testing.T) {
	w := newLab(t, lab.Options{})
	w.set("SAMLCLI_PASSWORD", lab.DavePassword)
	for _, command := range []string{"roles", "login", "process"} {
		r := w.want(6, "", command, "--url", w.lab.URL, "--username", "dave")
		w.golden("no-roles", r.stderr)
	}
	said := w.lab.Assertion("dave")
	said.Roles = []lab.Role{{ARN: "arn:aws:iam::123456789012:role/A\u009b2J\u202e", Provider: "lab"}}
	r := w.want(6, "the provider sent no usable AWS role\nsamlcli:   arn:aws:iam::", "roles", "--assertion", w.file("odd", w.sign(said)))
	if !strings.Contains(r.stderr, "hint: samlcli assertion verify says what") {
		t.Errorf("said %s", r.stderr)
	}
	if strings.ContainsAny(r.stderr, "\u009b\u202e") {
		t.Errorf("a control character: %q", r.stderr)
	}
}

func TestRoleChoice(t *testing.T) {
	w := asAlice(t)
	response := w.file("response", w.sign(w.lab.Assertion("alice")))
	for _, test := range []struct {
		golden string
		code   int
		args   []string
	}{
		{"role-several", 3, nil},
		{"role-several-match", 3, []string{"--role", "123456789012/*"}},
		{"role-several-json", 3, []string{"--log-format", "json"}},
		{"role-none", 6, []string{"--role", "Amdin"}},
		{"role-none-of-two", 6, []string{"--role", "Root", "--role", "x?"}},
	} {
		r := w.want(test.code, "", append([]string{"process", "--assertion", response}, test.args...)...)
		w.golden(test.golden, r.stderr)
	}
	for _, test := range []struct{ environ, pattern, want string }{
		{"", "Admin", "123456789012:role/Admin"},
		{"", "arn:aws:iam::123456789012:role/ReadOnly", "123456789012:role/ReadOnly"},
		{"", "210987654321/Deploy", "210987654321:role/Deploy"},
		{"", "*Deploy", "210987654321:role/Deploy"},
		{"", "?dmin", "123456789012:role/Admin"},
		{"SAMLCLI_ROLE=Dep* nothing", "", "210987654321:role/Deploy"},
	} {
		v := *w
		v.environ = append([]string{test.environ}, w.environ...)
		args := []string{"login", "--assertion", response, "--aws-profile", "saml"}
		if test.pattern != "" {
			args = append(args, "--role", test.pattern)
		}
		if r := v.run(args...); r.code != 0 || !strings.Contains(r.stderr, test.want+",") {
			t.Errorf("%+v: %d, %s", test, r.code, r.stderr)
		}
	}
}

func TestRoleOfTwoProviders(t *testing.T) {
	w := asAlice(t)
	said := w.lab.Assertion("bob")
	said.Roles = append(said.Roles, lab.Role{ARN: said.Roles[0].ARN, Provider: strings.TrimSuffix(said.Roles[0].Provider, "lab") + "other"})
	response := w.file("response", w.sign(said))
	r := w.want(3, "", "login", "--assertion", response)
	w.golden("role-two-providers", r.stderr)
	w.want(0, "", "login", "--assertion", response, "--role", said.Roles[0].ARN+","+said.Roles[0].Provider)
}

func TestEncrypted(t *testing.T) {
	w := newLab(t, lab.Options{})
	const response = "../../fixtures/saml/encrypted.xml"
	const role, provider = "arn:aws:iam::123456789012:role/Admin", "arn:aws:iam::123456789012:saml-provider/lab"
	w.golden("encrypted", w.want(6, "", "login", "--assertion", response).stderr)
	w.want(6, "encrypted for AWS", "login", "--assertion", response, "--role", "Admin")
	w.set("SAMLCLI_ROLE", role+","+provider)
	w.want(6, "encrypted for AWS", "roles", "--assertion", response)

	calls := w.spying()
	for _, pair := range []string{role + "," + provider, provider + "," + role} {
		w.want(7, "AWS refused", "login", "--assertion", response, "--role", pair) // the lab cannot read it either
		call := (*calls)[len(*calls)-1]
		if call["RoleArn"] != role || call["PrincipalArn"] != provider {
			t.Errorf("asked for %s with %s", call["RoleArn"], call["PrincipalArn"])
		}
	}
	for _, pair := range []string{role + "," + role, "x," + provider, "x:role/y," + provider} {
		w.want(2, "is not the ARN of a role and that of a SAML provider", "login", "--assertion", response, "--role", pair)
	}
	w.want(2, "is not the ARN of a role", "login", "--assertion", response, "--role", "arn:aws:x::1:role/y,"+provider)
}

func TestWildcard(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "a", true}, {"a", "b", false}, {"a", "", false}, {"ab", "a", false},
		{"*", "", true}, {"*", "abc", true}, {"a*c", "abbc", true}, {"a*c", "abcd", false}, {"*b*", "abc", true},
		{"?", "a", true}, {"?", "", false}, {"a?c", "abc", true}, {"A", "a", false}, {"[a]", "a", false},
	} {
		if got := wildcard(test.pattern, test.text); got != test.want {
			t.Errorf("wildcard(%q, %q) = %v", test.pattern, test.text, got)
		}
	}
	path := saml.Role{ARN: "arn:aws:iam::123456789012:role/team/a/Admin", Provider: "arn:aws:iam::123456789012:saml-provider/p"}
	for _, pattern := range []string{"Admin", "team/a/Admin", "123456789012/Admin", "123456789012/team/*", "*:role/team/*", path.ARN + "," + path.Provider, "prod/Admin", "prod/team/*", "pr*/Admin"} {
		if !matches(pattern, path, "prod") {
			t.Errorf("%q does not match %s", pattern, path.ARN)
		}
	}
}

// An account may be named as the config calls it, and as it is called by then.
func TestRoleByAlias(t *testing.T) {
	w := asAlice(t)
	w.wire = w.without("signin.aws.amazon.com")
	config := "[account.lab]\nurl = %q\nusername = \"alice\"\n[alias]\n%s = \"prod\"\n"
	w.config(config, w.lab.URL, lab.Account)
	w.want(0, "123456789012:role/Admin,", "login", "--role", "prod/Admin")
	w.want(0, "", "login", "--role", "prod/*")
	if got := strings.Join(w.sections(), " "); !strings.Contains(got, "prod-ReadOnly") || strings.Contains(got, "Deploy") {
		t.Errorf("wrote %s", got)
	}
	if r := w.want(0, "", "roles", "--output", "json"); strings.Count(r.stdout, `"alias": "prod"`) != 2 || strings.Count(r.stdout, `"alias": ""`) != 1 {
		t.Errorf("listed %s", r.stdout)
	}
	if r := w.want(0, "", "assertion", "show", "--output", "json"); strings.Count(r.stdout, `"alias": "prod"`) != 2 {
		t.Errorf("shown %s", r.stdout)
	}
	w.config(config, w.lab.URL, lab.OtherAccount)
	w.want(6, "no role that matches prod/Admin", "process", "--role", "prod/Admin")
	w.want(0, "", "process", "--role", "prod/*")
}

// Where nothing is known by that name, AWS's page is asked, once.
func TestRoleByAliasOfAWS(t *testing.T) {
	w := asAlice(t)
	real := w.without("")
	asked := 0
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host != "signin.aws.amazon.com" {
			return real.RoundTrip(r)
		}
		asked++
		return page(r, 200, `<div class="saml-account-name">Account: prod (123456789012)</div>`)
	})
	for _, pattern := range []string{"Admin", "123456789012/Admin", "2109*/Deploy", "arn:aws:iam::123456789012:role/*"} {
		w.run("process", "--role", pattern)
	}
	if asked != 0 {
		t.Errorf("asked %d times for nothing", asked)
	}
	for _, role := range []string{"Admin", "ReadOnly"} {
		w.want(0, "", "process", "--role", "prod/"+role)
	}
	w.want(6, "no role that matches test/Admin", "process", "--role", "test/Admin")
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}

func TestLastChoiceFirst(t *testing.T) {
	w := newWorld(t)
	s := w.answers().s
	s.name = "lab"
	roles := []saml.Role{
		{ARN: "arn:aws:iam::111111111111:role/A"}, {ARN: "arn:aws:iam::222222222222:role/B"},
		{ARN: "arn:aws:iam::111111111111:role/C"}, {ARN: "arn:aws:iam::222222222222:role/D"},
	}
	order := func() string {
		var names []string
		for _, role := range s.lastFirst(roles) {
			names = append(names, role.Name())
		}
		return strings.Join(names, "")
	}
	if got := order(); got != "ACBD" {
		t.Errorf("without a choice: %s, want ACBD", got)
	}
	s.remember(context.Background(), roles[3])
	if got := order(); got != "DBAC" {
		t.Errorf("after D: %s, want DBAC", got)
	}
	if got := w.read(".local/state/samlcli/choices.json"); got != `{"lab":"arn:aws:iam::222222222222:role/D"}` {
		t.Errorf("choices.json: %s", got)
	}
	for _, damaged := range []string{"null", "[]", "{", `{"lab":1}`} {
		w.file(".local/state/samlcli/choices.json", damaged)
		if got := order(); got != "ACBD" {
			t.Errorf("with %s: %s, want ACBD", damaged, got)
		}
		s.remember(context.Background(), roles[2])
		if got := order(); got != "CABD" {
			t.Errorf("after C over %s: %s, want CABD", damaged, got)
		}
	}
	s.environ = nil
	s.remember(context.Background(), roles[0]) // nowhere to write is no error
}
