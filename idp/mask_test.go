package idp

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp/web"
)

// TestEcho: what was sent is hidden wherever the provider repeats it.
func TestEcho(t *testing.T) {
	t.Parallel()
	const token = "t0ken-of-one-page-1"
	withToken := strings.Replace(passwordPage, "<input", "<input type=hidden name=t value="+token+"><input", 1)
	echo := "pass-word pass%2Dword " + base64.StdEncoding.EncodeToString([]byte("pass-word")) + " " + token
	for name, c := range map[string]struct {
		pages map[string][]string
		want  string
	}{
		"words": {
			map[string][]string{"idp.example.com/": {withToken}, "POST idp.example.com/password": {"<p class=no>Wrong: " + echo + "</p>" + withToken}},
			"refused bad_credentials: Wrong: *** pass%2Dword *** ***",
		},
		"cut words": {
			map[string][]string{"idp.example.com/": {withToken}, "POST idp.example.com/password": {"<p class=no>" + strings.Repeat("a", 294) + " " + echo + "</p>" + withToken}},
			"refused bad_credentials: " + strings.Repeat("a", 294) + " ***…",
		},
		"title and form": {
			map[string][]string{"idp.example.com/": {withToken}, "POST idp.example.com/password": {"404 <title>" + echo + "</title><form id=pass-word><input name=" + token + "></form>"}},
			"",
		},
		"path": {
			map[string][]string{"idp.example.com/": {withToken}, "POST idp.example.com/password": {"302 /pass-word/" + token + "/PASS-WORD;session=x"}},
			"",
		},
		"JSON": {
			map[string][]string{"idp.example.com/": {withToken}, "POST idp.example.com/password": {`{"message": "no pass-word"}`}},
			"",
		},
	} {
		_, _, err := walked(t, c.pages, &person{}, Account{})
		if err == nil || strings.Contains(strings.ToLower(err.Error()), "pass-word") || strings.Contains(err.Error(), token) || strings.Contains(err.Error(), "session=") || !strings.Contains(err.Error(), "***") {
			t.Errorf("%s: %v", name, err)
		}
		if c.want != "" && told(err) != c.want {
			t.Errorf("%s:\n got %s\nwant %s", name, told(err), c.want)
		}
	}
	var g guard
	for value, token := range map[string]bool{"ABCDEFGHIJKLMNOPQRST": true, "t0ken-of-one-pag": true, "token-of-one-page": false, "alice.of.wonderland@example.com": false,
		"https://idp.example.com/start/1": false, "/a/path/of/thirty/characters/1": false, "a sentence of thirty letters 1": false, "urn:amazon:webservices:1": false, "": false} {
		g.noteToken(value)
		if got := value != "" && g.mask.Text(value) == "***"; got != token {
			t.Errorf("%q is a token: %t", value, got)
		}
	}
	if got := (&Session{}).Masked("x"); got != "x" {
		t.Errorf("before a walk: %q", got)
	}
}

// TestEchoOfQuestions: the person, or a log, is told nothing back either.
func TestEchoOfQuestions(t *testing.T) {
	t.Parallel()
	p := &person{}
	w := newWalk(toy(), nil, &Session{Browser: web.New(web.Options{}), Ask: p, Account: Account{URL: "https://idp.example.com/"}})
	w.hold("hunter2")
	w.hold("Wrong")
	w.s.Ask.Tell(t.Context(), "Wrong: hunter2")
	_, _ = w.s.Ask.Ask(t.Context(), Question{Kind: Username, Label: "hunter2?"})
	_, _ = w.s.Ask.Choose(t.Context(), Choice{Title: "hunter2", Options: []Option{{Label: "not hunter2"}, {Label: "b"}}})
	if p.told[0] != "Wrong: ***" || p.asked[0].Label != "***?" || p.chosen[0].Title != "***" || p.chosen[0].Options[0].Label != "not ***" {
		t.Errorf("%q, %+v, %+v", p.told, p.asked, p.chosen)
	}
}
