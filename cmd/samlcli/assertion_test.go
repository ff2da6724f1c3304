package main

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

func (w *world) sign(a lab.Assertion) string {
	w.Helper()
	text, err := w.lab.Sign(a)
	if err != nil {
		w.Fatal(err)
	}
	return text
}

func TestAssertionForms(t *testing.T) {
	w := newLab(t, lab.Options{})
	encoded := w.sign(w.lab.Assertion("bob"))
	xml, _ := base64.StdEncoding.DecodeString(encoded)
	object, _ := json.Marshal(map[string]string{"SAMLResponse": encoded})
	forms := map[string]string{
		"base64":    encoded,
		"line end":  encoded + "\r\n",
		"wrapped":   strings.Join([]string{encoded[:76], encoded[76:152], encoded[152:]}, "\n  "),
		"XML":       string(xml),
		"form body": "RelayState=x&SAMLResponse=" + url.QueryEscape(encoded),
		"JSON":      string(object),
		"page":      `<!DOCTYPE html><html><body><form method=post action="https://signin.aws.amazon.com/saml"><input type=hidden name=SAMLResponse value="` + encoded + `"></form>`,
	}
	for name, text := range forms {
		w.want(0, "", "process", "--assertion", w.file("response", text))
		w.stdin = strings.NewReader(text)
		if r := w.want(0, "", "assertion", "get", "--assertion", "-"); r.stdout != encoded+"\n" {
			t.Errorf("%s: read as %.60s…", name, r.stdout)
		}
	}
	if got := w.lab.SignIns(); got != 0 {
		t.Errorf("%d sign-ins", got)
	}
}

func TestAssertionIsNone(t *testing.T) {
	for _, test := range []struct{ name, text, words string }{
		{"empty", "", ""},
		{"words", "not a response at all!", ""},
		{"other base64", "aGVsbG8=", ""},
		{"page without response", "<html><form><input name=user></form></html>", "the page has no field SAMLResponse"},
		{"credentials", `{"Version":1,"AccessKeyId":"AKIAPLANTED"}`, "holds AWS credentials"},
		{"JSON", `{}`, "JSON without a SAML response"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			file := w.file("response", test.text)
			r := w.want(2, "samlcli: --assertion "+file+": ", "login", "--assertion", file)
			if !strings.Contains(r.stderr, test.words) || strings.Contains(r.stderr, "PLANTED") {
				t.Errorf("said %s", r.stderr)
			}
		})
	}
	w := newWorld(t)
	w.want(2, "reading the SAML response: open", "login", "--assertion", "/nowhere/response")
	w.stdin = iotest.ErrReader(os.ErrClosed)
	w.want(2, "reading the SAML response: file already closed", "login", "--assertion", "-")
}

func TestAssertionFixtures(t *testing.T) {
	for file, want := range map[string]struct {
		code  int
		words string
	}{
		"status-requester":   {4, "the identity provider answered Requester"},
		"status-authnfailed": {4, "AuthnFailed"},
		"dtd":                {2, "samlcli: --assertion"},
		"two-assertions":     {2, "several assertions"},
		"no-roles":           {6, "the provider sent no AWS role"},
		"keycloak":           {7, "AWS refused"},
	} {
		t.Run(file, func(t *testing.T) {
			w := newLab(t, lab.Options{})
			w.want(want.code, want.words, "login", "--assertion", "../../fixtures/saml/"+file+".xml", "--role", "Admin")
		})
	}
}

func TestAssertionExpired(t *testing.T) {
	w := newLab(t, lab.Options{})
	old := w.lab.Assertion("bob")
	old.Issued, old.Expires = old.Issued.Add(-time.Hour), old.Expires.Add(-time.Hour)
	file := w.file("response", w.sign(old))
	w.golden("expired", w.want(7, "", "login", "--assertion", file).stderr)
	w.golden("expired-json", w.want(7, "", "login", "--assertion", file, "--log-format=json").stderr)
}

func TestAssertionShow(t *testing.T) {
	w := newLab(t, lab.Options{})
	file := w.file("response", w.sign(w.lab.Assertion("alice")))
	w.golden("show", w.want(0, "", "assertion", "show", "--assertion", file).stdout)
	w.golden("show-json", w.want(0, "", "assertion", "show", "--assertion", file, "--output", "json").stdout)
	w.golden("show-encrypted", w.want(0, "", "assertion", "show", "--assertion", "../../fixtures/saml/encrypted.xml").stdout)
	w.golden("show-malformed", w.want(0, "", "assertion", "show", "--assertion", "../../fixtures/saml/role-values.xml").stdout)
	w.now = func() time.Time { return noon.Add(time.Hour) }
	if r := w.want(0, "", "assertion", "show", "--assertion", file); !strings.Contains(r.stdout, "2026-11-20T12:05:00Z, expired 55m ago") {
		t.Errorf("an hour later:\n%s", r.stdout)
	}
}

// TestHostileWords: whatever a provider writes into a response, no control character of it reaches a terminal.
func TestHostileWords(t *testing.T) {
	w := newLab(t, lab.Options{})
	said := w.lab.Assertion("alice")
	said.Subject, said.SessionName = "a\u009b2J\u202eb", "c\u2066d"
	file := w.file("response", w.sign(said))
	for _, args := range [][]string{{"show"}, {"show", "--output", "json"}} {
		r := w.want(0, "", append(append([]string{"assertion"}, args...), "--assertion", file)...)
		if strings.ContainsAny(r.stdout, "\u009b\u202e\u2066") {
			t.Errorf("%v: %q", args, r.stdout)
		}
	}
}

func TestSaveAssertion(t *testing.T) {
	w := asBob(t)
	path := w.file("response", "old, and readable by everybody")
	w.set("AWS_ENDPOINT_URL_STS", w.lab.STS+"/nowhere")
	w.want(0, "", "login", "--save-assertion", path)
	text := w.read("response")
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if r := w.want(0, "", "assertion", "get", "--assertion", path); r.stdout != text {
		t.Error("what was saved is not what was received")
	}
	w.want(7, "MaxSessionDuration", "login", "--save-assertion", filepath.Join(w.home, "new"), "--duration", "3h", "--strict")
	if info, err := os.Stat(filepath.Join(w.home, "new")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("after a refusal of STS: %v", err)
	}
	w.want(0, "", "roles", "--assertion", path, "--save-assertion", filepath.Join(w.home, "copy"))
	if w.read("copy") != text {
		t.Error("the copy differs")
	}
	w.want(2, "saving the SAML response: writing "+w.home+": not a regular file", "login", "--save-assertion", w.home)
}

func TestAssertionHelp(t *testing.T) {
	w := newWorld(t)
	w.golden("help-assertion", w.want(0, "", "assertion").stdout)
}
