package adfs_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
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
	"github.com/samlcli/samlcli/internal/lab/adfs"
)

// A person knows a password and has a phone.
type person struct {
	fake     *adfs.Fake
	password string
	codes    []string // given in turn; "app" stands for the authenticator's
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
		if code == "app" {
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

func start(t *testing.T, o adfs.Options) *adfs.Fake {
	t.Helper()
	f, err := adfs.Start(o)
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

// Every factor and refusal, in every theme, at a true host name.
func TestSignIn(t *testing.T) {
	t.Parallel()
	app := []string{"app"}
	for _, c := range []struct {
		name, user string
		options    adfs.Options
		person     person
		want       string // "" is the response
		told       string
	}{
		{"no factor", "bob", adfs.Options{}, person{password: lab.BobPassword}, "", ""},
		{"2012", "bob", adfs.Options{Theme: adfs.Theme2012}, person{password: lab.BobPassword}, "", ""},
		{"2.0", "bob", adfs.Options{Theme: adfs.Theme2008}, person{password: lab.BobPassword}, "", ""},
		{"methods", "bob", adfs.Options{Methods: true}, person{password: lab.BobPassword}, "", ""},
		{"home realm", "bob", adfs.Options{Realms: true}, person{password: lab.BobPassword}, "", ""},
		{"push", "grace", adfs.Options{}, person{password: "graceful", answer: "number"}, "", "Choose 42 in the Authenticator app."},
		{"push denied", "grace", adfs.Options{}, person{password: "graceful", answer: "13"}, idp.MFAFailed, ""},
		{"push not answered", "grace", adfs.Options{}, person{password: "graceful"}, idp.MFAFailed, ""},
		{"code", "alice", adfs.Options{}, person{password: lab.AlicePassword, codes: app}, "", ""},
		{"second code", "alice", adfs.Options{}, person{password: lab.AlicePassword, codes: []string{"000000", "app"}}, "", ""},
		{"wrong code", "alice", adfs.Options{}, person{password: lab.AlicePassword, codes: []string{"000000"}}, idp.MFAFailed, ""},
		{"RSA", "heidi", adfs.Options{}, person{password: "securid", codes: app}, "", ""},
		{"RSA, second agent", "ivan", adfs.Options{}, person{password: "securid2", codes: app}, "", ""},
		{"VIP", "judy", adfs.Options{}, person{password: "vip", codes: app}, "", ""},
		{"wrong password", "bob", adfs.Options{}, person{password: "no"}, idp.BadCredentials, ""},
		{"wrong password, 2012", "bob", adfs.Options{Theme: adfs.Theme2012}, person{password: "no"}, idp.BadCredentials, ""},
		{"wrong password, 2.0", "bob", adfs.Options{Theme: adfs.Theme2008}, person{password: "no"}, idp.BadCredentials, ""},
		{"locked", "carol", adfs.Options{}, person{password: lab.CarolPassword}, idp.BadCredentials, ""},
		{"not authorised", "dave", adfs.Options{}, person{password: lab.DavePassword}, idp.NotAssigned, ""},
		{"password expired", "erin", adfs.Options{}, person{password: "expired"}, idp.PasswordExpired, ""},
		{"no factor registered", "mallory", adfs.Options{}, person{password: "unregistered"}, idp.NotAssigned, ""},
		{"switched off", "bob", adfs.Options{Off: true}, person{password: lab.BobPassword}, idp.Blocked, ""},
	} {
		for _, starts := range []string{"forms", "adfs"} {
			t.Run(c.name+" "+starts, func(t *testing.T) {
				f := start(t, c.options)
				synctest.Test(t, func(t *testing.T) {
					p := c.person
					p.fake = f
					s := &idp.Session{Browser: web.New(web.Options{Transport: trueHosts{f.Handler()}}), Ask: &p, Now: time.Now, Account: idp.Account{
						URL: "https://sts.example.com" + f.URL[strings.Index(f.URL, "/adfs"):], Username: c.user + "@example.com"}}
					result, err := idp.SignIn(t.Context(), adapter(starts), all.Adapters(), s)
					if got := refusal(err); got != c.want || (c.want == "") != (result.Response != "") {
						t.Errorf("refused %q (%v), want %q", got, err, c.want)
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

func browser(t *testing.T) *web.Browser {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return web.New(web.Options{Transport: transport})
}

// Over real connections; the second time nothing is asked.
func TestSession(t *testing.T) {
	t.Parallel()
	for _, windows := range []bool{false, true} {
		f, b := start(t, adfs.Options{Windows: windows}), browser(t)
		p := &person{fake: f, password: lab.BobPassword}
		for range 2 {
			s := &idp.Session{Browser: b, Ask: p, Now: time.Now, Account: idp.Account{URL: f.URL, Username: "bob@example.com"}}
			if _, err := idp.SignIn(t.Context(), adapter("forms"), all.Adapters(), s); err != nil {
				t.Fatal(err)
			}
		}
		if len(p.asked) != 1 || len(f.Complaints()) > 0 {
			t.Errorf("asked %q; complaints %q", p.asked, f.Complaints())
		}
	}
}

// What lacks a cookie or the newest context, is from another page, or names another address, is noted.
func TestComplaints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		query  string
		fields url.Values
		opened bool
	}{
		{"?client-request-id=x", url.Values{"UserName": {"bob@example.com"}, "Password": {lab.BobPassword}, "AuthMethod": {"FormsAuthentication"}}, false},
		{"?client-request-id=x", url.Values{"UserName": {"bob@example.com"}, "Password": {lab.BobPassword}, "AuthMethod": {"FormsAuthentication"}, "Kmsi": {"true"}}, true},
		{"", url.Values{"UserName": {"bob@example.com"}, "Password": {lab.BobPassword}}, true},
	} {
		f, b := start(t, adfs.Options{}), browser(t)
		if c.opened {
			if err := b.Open(t.Context(), f.URL); err != nil {
				t.Fatal(err)
			}
		}
		address, _, _ := strings.Cut(f.URL, "?")
		if err := b.Visit(t.Context(), web.PostForm(address+c.query, c.fields)); err != nil || len(f.Complaints()) == 0 {
			t.Errorf("%v: %v, complaints %q", c.fields, err, f.Complaints())
		}
	}
}
