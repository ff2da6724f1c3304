package main

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/saml"
)

// verdictOf runs assertion verify, which must end with a code, and returns what it printed as JSON.
func (w *world) verdictOf(code int, words string, args ...string) (v verdict) {
	w.Helper()
	r := w.run(append([]string{"assertion", "verify", "--output", "json"}, args...)...)
	if r.code != code || !strings.Contains(r.stderr, words) {
		w.Errorf("%v ended with %d, want %d with %q on stderr:\n%s", args, r.code, code, words, r.stderr)
	}
	if err := json.Unmarshal([]byte(r.stdout), &v); err != nil {
		w.Errorf("%v: %v in %s", args, err, r.stdout)
	}
	return v
}

func TestVerify(t *testing.T) {
	w := newLab(t, lab.Options{})
	file, metadata := w.file("response", w.sign(w.lab.Assertion("alice"))), w.file("metadata.xml", string(w.lab.Metadata))
	w.golden("verify", w.want(0, "", "assertion", "verify", "--assertion", file, "--metadata", metadata, "--account-id", "210987654321").stdout)
	w.golden("verify-intact", w.want(0, "", "assertion", "verify", "--assertion", file).stdout)
	if v := w.verdictOf(0, "", "--assertion", file, "--metadata", metadata); v.Signature.State != "valid" || v.Signature.Certificate.Subject != "CN=lab" || len(v.Problems) > 0 {
		t.Errorf("%+v", v)
	}
	if v := w.verdictOf(7, "no role is in the account", "--assertion", file, "--account-id", "555555555555,123456789012"); v.Signature.State != "intact" || len(v.Problems) != 1 || v.Problems[0].Code != "account" {
		t.Errorf("%+v", v)
	}
	w.config("[account.lab]\nurl = %q\nmetadata = %q\naccount_id = \"123456789012\"\n", w.lab.URL, metadata)
	if v := w.verdictOf(0, "", "--assertion", file); v.Signature.State != "valid" {
		t.Errorf("by the config: %+v", v)
	}
}

// TestVerifyAfterSignIn: the metadata may be fetched, and a sign-in tells what time it is for the provider.
func TestVerifyAfterSignIn(t *testing.T) {
	w := asBob(t)
	address := strings.Replace(w.lab.URL, "/sso?", "/metadata?", 1)
	if v := w.verdictOf(0, "", "--metadata", address); v.Signature.State != "valid" || len(v.Problems) > 0 {
		t.Errorf("%+v", v)
	}
	w.now = func() time.Time { return noon.Add(-10 * time.Minute) }
	v := w.verdictOf(7, "valid only in 9m30s", "--refresh")
	if len(v.Problems) != 1 || !strings.Contains(v.Problems[0].What, "the provider's clock is 10m ahead") {
		t.Errorf("%+v", v)
	}
	w.want(2, "answers HTTP 4", "assertion", "verify", "--metadata", w.lab.STS+"/nothing.xml")
	w.want(2, "must be https", "assertion", "verify", "--metadata", "http://idp.example.com/metadata")
	w.wire = unreachable
	w.want(8, "", "assertion", "verify", "--assertion", w.file("response", w.sign(w.lab.Assertion("bob"))), "--metadata", "https://idp.example.com/metadata")
}

func TestVerifySays(t *testing.T) {
	w := newLab(t, lab.Options{})
	said := w.lab.Assertion("alice")
	metadata := w.file("metadata.xml", string(w.lab.Metadata))
	good := w.sign(said)
	xml, _ := base64.StdEncoding.DecodeString(good)
	changed := w.file("changed", strings.Replace(string(xml), "role/ReadOnly", "role/Everything", 1))
	r := w.run("assertion", "verify", "--assertion", changed, "--metadata", metadata)
	if r.code != exitUnknownPage {
		t.Errorf("a changed response: %d", r.code)
	}
	w.golden("verify-changed", r.stdout+r.stderr)
	if v := w.verdictOf(5, "the signature does not hold", "--assertion", changed, "--log-format", "json"); v.Signature.State != "invalid" || v.Signature.Fault != "changed" {
		t.Errorf("%+v", v)
	}
	w.verdictOf(5, `"kind":"signature_changed"`, "--assertion", changed, "--log-format", "json")
	another := w.file("another.xml", strings.Replace(string(w.lab.Metadata), "entityID=\"", "entityID=\"https://other.example.com/", 1))
	if v := w.verdictOf(5, "and the metadata is not", "--assertion", w.file("good", good), "--metadata", another); v.Signature.Fault != "other_issuer" {
		t.Errorf("%+v", v)
	}
	said.Audience, said.SessionName = "https://sp.example.com", "Alice Example"
	r = w.run("assertion", "verify", "--assertion", w.file("bad", w.sign(said)), "--metadata", metadata)
	if r.code != exitAWS {
		t.Errorf("a response for somebody else: %d", r.code)
	}
	w.golden("verify-problems", r.stdout+r.stderr)
	encrypted := "../../fixtures/saml/encrypted.xml"
	w.now = func() time.Time { return time.Date(2026, 11, 20, 10, 1, 0, 0, time.UTC) }
	if v := w.verdictOf(0, "", "--assertion", encrypted); v.Signature.State != "unchecked" || len(v.Problems) != 1 || !v.Problems[0].Doubtful {
		t.Errorf("%+v", v)
	}
	w.want(2, "reading the metadata", "assertion", "verify", "--assertion", encrypted, "--metadata", "/nowhere")
	w.want(2, "--metadata: the text is not the SAML metadata", "assertion", "verify", "--assertion", encrypted, "--metadata", changed)
}

// TestCauses: what STS refuses is traced to what is wrong with the response, by AWS's clock.
func TestCauses(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*lab.Assertion)
		words  string
	}{
		{"audience", func(a *lab.Assertion) { a.Audience = "https://sp.example.com" }, `hint: the cause: the response is for the audience "https://sp.example.com"`},
		{"session name", func(a *lab.Assertion) { a.SessionName = "bob builder" }, `hint: the cause: the RoleSessionName "bob builder" holds ' '`},
		{"signature", func(a *lab.Assertion) { a.Issuer = "https://idp.example.com" }, "hint: the SAML provider in IAM must have the identity provider's present metadata"},
		{"signature and session name", func(a *lab.Assertion) { a.Issuer, a.SessionName = "https://idp.example.com", "bob builder" }, "(InvalidIdentityToken)\nsamlcli: hint: the SAML provider in IAM must"},
		{"duration", func(a *lab.Assertion) { a.Session = time.Minute }, "hint: the cause: the SessionDuration"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newLab(t, lab.Options{})
			said := w.lab.Assertion("bob")
			test.change(&said)
			w.want(7, test.words, "login", "--assertion", w.file("response", w.sign(said)))
		})
	}
}

// TestCausesByClock: AWS's clock counts, not this computer's.
func TestCausesByClock(t *testing.T) {
	w := newLab(t, lab.Options{})
	file := w.file("response", w.sign(w.lab.Assertion("bob")))
	answer := func(code string) {
		w.wire = wire(func(r *http.Request) (*http.Response, error) {
			resp, err := page(r, 400, "<ErrorResponse><Error><Type>Sender</Type><Code>"+code+"</Code><Message>no</Message></Error></ErrorResponse>")
			resp.Header.Set("Content-Type", "text/xml")
			resp.Header.Set("Date", noon.Add(time.Hour).Format(http.TimeFormat))
			return resp, err
		})
	}
	answer("ExpiredTokenException")
	w.want(7, "hint: the cause: the response expired 55m ago", "login", "--assertion", file)
	answer("RegionDisabledException")
	if r := w.want(7, "RegionDisabledException", "login", "--assertion", file); strings.Contains(r.stderr, "cause") {
		t.Errorf("another cause: %s", r.stderr)
	}
}

// TestCausesOfOneRole: what is wrong with other roles is no reason for the refusal of this one.
func TestCausesOfOneRole(t *testing.T) {
	w := newLab(t, lab.Options{})
	said := w.lab.Assertion("alice")
	said.Roles[1].Provider = strings.Replace(said.Roles[1].Provider, "123456789012", "555555555555", 1)
	said.Roles[2].Provider += "-unknown"
	file := w.file("response", w.sign(said))
	w.want(7, "hint: the cause: the role "+said.Roles[1].ARN+" has the provider", "login", "--assertion", file, "--role", said.Roles[1].ARN)
	if r := w.want(7, "", "login", "--assertion", file, "--role", said.Roles[2].ARN); strings.Contains(r.stderr, "the cause") {
		t.Errorf("said %s", r.stderr)
	}
}

// TestProblemShape: the two shapes of a problem differ in nothing but their tags.
func TestProblemShape(t *testing.T) {
	p := problem(saml.Problem{Code: "c", What: "w", Fix: "f", See: "s", Doubtful: true})
	text, err := json.Marshal(p)
	if want := `{"code":"c","what":"w","fix":"f","see":"s","doubtful":true}`; err != nil || string(text) != want {
		t.Errorf("%s, want %s", text, want)
	}
}
