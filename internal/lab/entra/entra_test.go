package entra_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/lab/entra"
)

// A person knows a password and has a phone.
type person struct {
	fake     *entra.Fake
	password string
	codes    []string // given in turn; "text" stands for that of the last text message
	answer   string   // given on the phone; "number" stands for the one that is shown
	asked    []idp.Kind
	told     []string
}

func (p *person) Ask(_ context.Context, q idp.Question) (string, error) {
	p.asked = append(p.asked, q.Kind)
	switch {
	case q.Kind == idp.Password && q.Attempt < 2 && p.password != "":
		return p.password, nil
	case q.Kind == idp.Code && len(p.codes) > 0:
		code := p.codes[0]
		if p.codes = p.codes[1:]; code == "text" {
			code = p.fake.Message()
		}
		return code, nil
	}
	return "", idp.ErrNoAnswer
}

func (p *person) Choose(context.Context, idp.Choice) (int, error) { return 0, idp.ErrNoAnswer }

func (p *person) Tell(_ context.Context, message string) {
	p.told = append(p.told, message)
	answer := p.answer
	if number := regexp.MustCompile(`^Choose (\d+) in`).FindStringSubmatch(message); answer == "number" && number != nil {
		answer = number[1]
	}
	p.fake.Answer(answer)
}

func start(t *testing.T) *entra.Fake {
	t.Helper()
	f, err := entra.Start(entra.Options{Pause: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

// forms is what starts where nobody names an adapter.
func adapter(name string) idp.Adapter {
	adapters := all.Adapters()
	return adapters[slices.IndexFunc(adapters, func(a idp.Adapter) bool { return a.Name == name })]
}

func browser(t *testing.T, agent string) *web.Browser {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return web.New(web.Options{Transport: transport, UserAgent: agent})
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	totp := lab.Code(lab.AliceSeed, time.Now())
	for _, c := range []struct {
		name, user string
		mfa        idp.Factor
		person     person
		want       string // "" is the response
		told       string
	}{
		{"push", "alice", idp.Push, person{password: lab.AlicePassword, answer: "number"}, "", "Choose 42 in the Authenticator app."},
		{"push denied", "alice", idp.Push, person{password: lab.AlicePassword, answer: "13"}, "mfa_failed: the sign-in was denied on the phone", ""},
		{"push not answered", "alice", idp.Push, person{password: lab.AlicePassword}, "mfa_failed: nobody answered on the phone in time", ""},
		{"code", "alice", idp.TOTP, person{password: lab.AlicePassword, codes: []string{totp}}, "", ""},
		{"second code", "alice", idp.TOTP, person{password: lab.AlicePassword, codes: []string{"000000", totp}}, "", ""},
		{"wrong code", "alice", idp.TOTP, person{password: lab.AlicePassword, codes: []string{"000000"}}, "mfa_failed: the code was not accepted", ""},
		{"text", "alice", idp.SMS, person{password: lab.AlicePassword, codes: []string{"text"}}, "", ""},
		{"second text", "alice", idp.SMS, person{password: lab.AlicePassword, codes: []string{"000000", "text"}}, "", ""},
		{"call", "alice", idp.Call, person{password: lab.AlicePassword, answer: "#"}, "", "Answer the call and press #."},
		{"no factor", "bob", "", person{password: lab.BobPassword}, "", ""},
		{"wrong password", "bob", "", person{password: "no"}, "bad_credentials: wrong user name or password (AADSTS50126)", ""},
		{"locked", "carol", "", person{password: lab.CarolPassword}, "locked: the account is locked, or the sign-in comes from an address that is blocked: wait (AADSTS50053)", ""},
		{"not assigned", "dave", "", person{password: lab.DavePassword}, "not_assigned: the account is not assigned to the AWS application (AADSTS50105: No.)", ""},
		{"password expired", "erin", "", person{password: "outworn"}, "password_expired: the password has expired: set a new one at https://passwordreset.microsoftonline.com (AADSTS50055)", ""},
		{"AD FS", "frank", "", person{password: "federated"}, "", ""},
		{"registration", "grace", "", person{password: "graceful"}, "", "Entra wants a second factor registered within 9 days, at https://aka.ms/mfasetup"},
		{"device and continue", "heidi", "", person{password: "hidden"}, "", ""},
		{"access pass", "ivan", "", person{codes: []string{"ABC-123"}}, "", ""},
		{"phone", "judy", "", person{answer: "number"}, "", "Choose 37 in the Authenticator app."},
		{"phone without a number", "trent", "", person{answer: "number"}, "", "Choose 41 in the Authenticator app."},
		{"phone denied", "judy", "", person{answer: "13"}, "mfa_failed: the sign-in was denied on the phone", ""},
		{"conditional access", "mallory", "", person{password: "elsewhere"}, "blocked: a Conditional Access policy blocks the sign-in; one that wants a known platform may be content with another user_agent (AADSTS53003: No.)", ""},
		{"managed device", "oscar", "", person{password: "unmanaged"}, "blocked: Entra wants a managed device, which only a browser on one has (AADSTS50097: No.)", ""},
		{"unknown user", "eve", "", person{password: "no"}, "bad_credentials: there is no such account in this tenant", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, p := start(t), &c.person
			p.fake = f
			s := &idp.Session{Browser: browser(t, ""), Ask: p, Account: idp.Account{URL: f.URL, Username: c.user + "@example.com", MFA: []idp.Factor{c.mfa}}}
			result, err := idp.SignIn(t.Context(), adapter("forms"), all.Adapters(), s)
			if got := refusal(err); got != c.want || (c.want == "") != (result.Response != "") {
				t.Errorf("refused %q (%v), want %q", got, err, c.want)
			}
			if c.told != "" && !slices.Equal(p.told, []string{c.told}) {
				t.Errorf("told %q, want %q", p.told, c.told)
			}
			if got := f.Complaints(); len(got) > 0 {
				t.Errorf("complaints:\n%s", strings.Join(got, "\n"))
			}
		})
	}
}

// trueHosts has the stand-in answer at whatever host is asked.
type trueHosts struct{ handler http.Handler }

func (h trueHosts) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	r = r.Clone(r.Context())
	if r.Host = r.URL.Host; r.Body == nil {
		r.Body = http.NoBody
	}
	h.handler.ServeHTTP(w, r)
	return w.Result(), nil
}

// A softKey is a security key in memory.
type softKey struct{ private *ecdsa.PrivateKey }

func (k softKey) Sign(_ context.Context, r idp.KeyRequest) (idp.KeyAssertion, error) {
	if len(r.Allow) != 1 || string(r.Allow[0]) != entra.CredentialID {
		return idp.KeyAssertion{}, idp.ErrNoAnswer
	}
	rp, client := sha256.Sum256([]byte(r.RPID)), sha256.Sum256(r.ClientData)
	authenticator := append(rp[:], 1, 0, 0, 0, 1)
	digest := sha256.Sum256(append(slices.Clone(authenticator), client[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, digest[:])
	return idp.KeyAssertion{ID: r.Allow[0], AuthenticatorData: authenticator, Signature: signature}, err
}

// At the true host names every page is where Entra has it: so are AD FS, the device's host, and that of the security keys.
func TestTrueHosts(t *testing.T) {
	t.Parallel()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		user, password string
		mfa            idp.Factor
		hosts          []string
	}{
		{"alice", lab.AlicePassword, idp.WebAuthn, nil},
		{"peggy", "factors", "", nil},
		{"frank", "federated", "", []string{"fs.example.com"}},
		{"heidi", "hidden", "", nil},
	} {
		f, err := entra.Start(entra.Options{Key: &private.PublicKey})
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		s := &idp.Session{
			Browser: web.New(web.Options{Transport: trueHosts{f.Handler()}}), Ask: &person{fake: f, password: c.password}, Key: softKey{private},
			Account: idp.Account{URL: "https://account.activedirectory.windowsazure.com" + f.URL[strings.Index(f.URL, "/applications"):],
				Username: c.user + "@example.com", MFA: []idp.Factor{c.mfa}, Hosts: c.hosts},
		}
		if _, err := idp.SignIn(t.Context(), adapter("forms"), all.Adapters(), s); err != nil || len(f.Complaints()) > 0 {
			t.Errorf("%s: %v; complaints:\n%s", c.user, err, strings.Join(f.Complaints(), "\n"))
		}
	}
}

// Whoever signed in before is picked where Entra wants to know who it is.
func TestPicker(t *testing.T) {
	t.Parallel()
	f := start(t)
	p := &person{fake: f, password: lab.BobPassword}
	b := browser(t, "")
	for _, more := range []string{"", "?prompt=select_account"} {
		s := &idp.Session{Browser: b, Ask: p, Account: idp.Account{URL: f.Tenant + more, Username: "bob@example.com"}}
		if _, err := idp.SignIn(t.Context(), adapter("entra"), all.Adapters(), s); err != nil {
			t.Fatal(err)
		}
	}
	if len(p.asked) != 1 || len(f.Complaints()) > 0 {
		t.Errorf("asked %q; complaints %q", p.asked, f.Complaints())
	}
}

func refusal(err error) string {
	var refused *idp.RefusedError
	if errors.As(err, &refused) {
		return refused.Kind + ": " + refused.Message
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// The address of the tenant takes a request for sign-in; the second time nothing is asked. A browser on Windows is asked
// what Windows knows first.
func TestTenantAndSession(t *testing.T) {
	t.Parallel()
	for _, agent := range []string{"", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"} {
		f := start(t)
		p := &person{fake: f, password: lab.BobPassword}
		b := browser(t, agent)
		for range 2 {
			s := &idp.Session{Browser: b, Ask: p, Account: idp.Account{URL: f.Tenant, Username: "bob@example.com"}}
			if _, err := idp.SignIn(t.Context(), adapter("entra"), all.Adapters(), s); err != nil {
				t.Fatal(err)
			}
		}
		if len(p.asked) != 1 || len(f.Complaints()) > 0 {
			t.Errorf("%q: asked %q; complaints %q", agent, p.asked, f.Complaints())
		}
	}
}

// What lacks a cookie, or what the page gave with it, is refused and noted.
func TestComplaints(t *testing.T) {
	t.Parallel()
	f := start(t)
	b := browser(t, "")
	base := strings.TrimSuffix(f.Tenant, "/acme.example.com/saml2")
	for i, path := range []string{"/common/SAS/BeginAuth", "/common/GetCredentialType"} {
		if i == 1 { // with the cookies of a sign-in under way
			if err := b.Open(t.Context(), f.URL); err != nil {
				t.Fatal(err)
			}
		}
		before := len(f.Complaints())
		page, err := b.Fetch(t.Context(), web.PostJSON(base+path, map[string]string{"username": "bob@example.com"}))
		if err != nil || page.JSON().At("Credentials").Exists() || len(f.Complaints()) == before {
			t.Errorf("%s: %v, complaints %q", path, err, f.Complaints())
		}
	}
}
