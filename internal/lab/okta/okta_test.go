package okta_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/lab/okta"
)

// A person knows a password and has a phone.
type person struct {
	fake     *okta.Fake
	password string
	codes    []string // given in turn; "text" stands for that of the last text message, "app" for the authenticator's
	answer   string   // given on the phone; "number" stands for the one that is shown
	asked    []idp.Kind
	told     []string
}

func (p *person) Ask(_ context.Context, q idp.Question) (string, error) {
	p.asked = append(p.asked, q.Kind)
	switch {
	case q.Kind == idp.Password && q.Attempt < 2 && p.password != "":
		return p.password, nil
	case (q.Kind == idp.Code || q.Kind == idp.Answer) && len(p.codes) > 0:
		code := p.codes[0]
		p.codes = p.codes[1:]
		switch code {
		case "text":
			code = p.fake.Message()
		case "app":
			code = lab.Code(lab.AliceSeed, time.Now())
		}
		return code, nil
	}
	return "", idp.ErrNoAnswer
}

func (p *person) Choose(context.Context, idp.Choice) (int, error) { return 0, idp.ErrNoAnswer }

func (p *person) Tell(_ context.Context, message string) {
	p.told = append(p.told, message)
	answer := p.answer
	if number := regexp.MustCompile(`^Choose (\d+) in`).FindStringSubmatch(message); answer == "number" {
		if number == nil {
			return
		}
		answer = number[1]
	}
	p.fake.Answer(answer)
}

func adapter(name string) idp.Adapter {
	adapters := all.Adapters()
	return adapters[slices.IndexFunc(adapters, func(a idp.Adapter) bool { return a.Name == name })]
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

func start(t *testing.T, o okta.Options) *okta.Fake {
	t.Helper()
	f, err := okta.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	return f
}

func refusal(err error) string {
	var refused *idp.RefusedError
	if errors.As(err, &refused) {
		return refused.Kind
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

// Every factor and refusal of both pipelines, at the organisation's true host name.
func TestSignIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, user string
		mfa        idp.Factor
		person     person
		want       string // "" is the response
		engine     string // another one of Identity Engine
		told       string
	}{
		{"no factor", "bob", "", person{password: lab.BobPassword}, "", "", ""},
		{"push", "alice", idp.Push, person{password: lab.AlicePassword, answer: "number"}, "", "", "Choose 42 in Okta Verify."},
		{"push denied", "alice", idp.Push, person{password: lab.AlicePassword, answer: "13"}, idp.MFAFailed, "", ""},
		{"push not answered", "alice", idp.Push, person{password: lab.AlicePassword}, idp.MFAFailed, "", ""},
		{"code", "alice", idp.TOTP, person{password: lab.AlicePassword, codes: []string{"app"}}, "", "", ""},
		{"second code", "alice", idp.TOTP, person{password: lab.AlicePassword, codes: []string{"000000", "app"}}, "", "", ""},
		{"wrong code", "alice", idp.TOTP, person{password: lab.AlicePassword, codes: []string{"000000"}}, idp.MFAFailed, "", ""},
		{"text", "alice", idp.SMS, person{password: lab.AlicePassword, codes: []string{"text"}}, "", "", ""},
		{"second text", "alice", idp.SMS, person{password: lab.AlicePassword, codes: []string{"000000", "text"}}, "", "", ""},
		{"question", "alice", idp.Security, person{password: lab.AlicePassword, codes: []string{"rex"}}, "", "", ""},
		{"wrong password", "bob", "", person{password: "no"}, idp.BadCredentials, "", ""},
		{"unknown user", "eve", "", person{password: "no"}, idp.BadCredentials, "", ""},
		{"locked", "carol", "", person{password: lab.CarolPassword}, idp.Locked, idp.BadCredentials, ""},
		{"not assigned", "dave", "", person{password: lab.DavePassword}, idp.NotAssigned, "", ""},
		{"password expired", "erin", "", person{password: "expired"}, idp.PasswordExpired, "", ""},
		{"password expires", "frank", "", person{password: "warned"}, "", "", ""},
		{"step-up", "grace", idp.TOTP, person{password: "graceful", codes: []string{"app"}}, "", "", ""},
		{"enrolment skipped", "heidi", "", person{password: "enrolled"}, "", "", ""},
	} {
		for _, engine := range []bool{false, true} {
			for _, starts := range []string{"forms", "okta"} {
				name := strings.Join([]string{c.name, map[bool]string{false: "classic", true: "engine"}[engine], starts}, " ")
				want := c.want
				if engine && c.engine != "" {
					want = c.engine
				}
				t.Run(name, func(t *testing.T) {
					f := start(t, okta.Options{Engine: engine})
					synctest.Test(t, func(t *testing.T) {
						p := c.person
						p.fake = f
						b := web.New(web.Options{Transport: trueHosts{f.Handler()}})
						s := &idp.Session{Browser: b, Ask: &p, Now: time.Now, Account: idp.Account{
							URL: "https://acme.okta.com" + f.URL[strings.Index(f.URL, "/home"):], Username: c.user + "@example.com", MFA: []idp.Factor{c.mfa}}}
						result, err := idp.SignIn(t.Context(), adapter(starts), all.Adapters(), s)
						if got := refusal(err); got != want || (want == "") != (result.Response != "") {
							t.Errorf("refused %q (%v), want %q", got, err, want)
						}
						if c.told != "" && !slices.Contains(p.told, c.told) {
							t.Errorf("told %q, want %q", p.told, c.told)
						}
						if got := f.Complaints(); len(got) > 0 {
							t.Errorf("complaints:\n%s", strings.Join(got, "\n"))
						}
					})
				})
			}
		}
	}
}

// Over real connections; the second time nothing is asked, and after the session's end no factor of a device that is known.
func TestSession(t *testing.T) {
	t.Parallel()
	for _, engine := range []bool{false, true} {
		f := start(t, okta.Options{Engine: engine})
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		b := web.New(web.Options{Transport: transport})
		p := &person{fake: f, password: lab.AlicePassword, codes: []string{"app"}}
		for i := range 3 {
			if i == 2 {
				b = withoutSession(b, transport)
			}
			s := &idp.Session{Browser: b, Ask: p, Now: time.Now, Account: idp.Account{URL: f.URL, Username: "alice@example.com", MFA: []idp.Factor{idp.TOTP}}}
			if _, err := idp.SignIn(t.Context(), adapter("forms"), all.Adapters(), s); err != nil {
				t.Fatalf("engine %v, sign-in %d: %v", engine, i, err)
			}
		}
		if want := []idp.Kind{idp.Password, idp.Code, idp.Password}; !slices.Equal(p.asked, want) || len(f.Complaints()) > 0 {
			t.Errorf("engine %v: asked %q, want %q; complaints %q", engine, p.asked, want, f.Complaints())
		}
	}
}

// withoutSession is the browser after the organisation's session has ended: it still has the device's cookie.
func withoutSession(b *web.Browser, transport http.RoundTripper) *web.Browser {
	later := web.New(web.Options{Transport: transport})
	later.TakeCookies(slices.DeleteFunc(b.Cookies(), func(c web.Cookie) bool { return strings.HasPrefix(c.Line, "sid=") }))
	return later
}

// What lacks a cookie, or the newest token, is refused and noted.
func TestComplaints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		path   string
		body   map[string]any
		engine bool
		opened bool
	}{
		{"/api/v1/authn", map[string]any{"username": "bob@example.com", "password": lab.BobPassword}, false, false},
		{"/api/v1/authn", map[string]any{"stateToken": "old"}, false, true},
		{"/api/v1/authn/factors/totp1/verify", map[string]any{"stateToken": "old", "passCode": "000000"}, false, true},
		{"/api/v1/authn/skip", map[string]any{"stateToken": "old"}, false, true},
		{"/idp/idx/introspect", map[string]any{"stateToken": "old"}, true, true},
		{"/idp/idx/identify", map[string]any{"stateHandle": "old"}, true, true},
		{"/idp/idx/challenge/answer", map[string]any{"stateHandle": "old"}, true, false},
	} {
		f := start(t, okta.Options{Engine: c.engine})
		b := web.New(web.Options{Transport: trueHosts{f.Handler()}})
		if c.opened {
			if err := b.Open(t.Context(), "https://acme.okta.com"+f.URL[strings.Index(f.URL, "/home"):]); err != nil {
				t.Fatal(err)
			}
		}
		page, err := b.Fetch(t.Context(), web.PostJSON("https://acme.okta.com"+c.path, c.body))
		if err != nil || page.Status < 400 || len(f.Complaints()) == 0 {
			t.Errorf("%s: %v, complaints %q", c.path, err, f.Complaints())
		}
	}
}
