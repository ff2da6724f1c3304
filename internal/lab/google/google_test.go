package google_test

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
	"github.com/samlcli/samlcli/internal/lab/google"
)

// A person knows a password and has a phone.
type person struct {
	fake     *google.Fake
	password string
	codes    []string // given in turn; "text" stands for that of the last text message, "app" for the authenticator's
	captchas []string // given in turn
	answer   string   // given on the phone; "number" stands for the one that is shown
	asked    []idp.Kind
	told     []string
}

func (p *person) Ask(_ context.Context, q idp.Question) (string, error) {
	p.asked = append(p.asked, q.Kind)
	switch {
	case q.Kind == idp.Password && q.Attempt < 2 && p.password != "":
		return p.password, nil
	case q.Kind == idp.Captcha && len(p.captchas) > 0:
		captcha := p.captchas[0]
		p.captchas = p.captchas[1:]
		return captcha, nil
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
	if number := regexp.MustCompile(`\b(\d+)\b`).FindStringSubmatch(message); answer == "number" {
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

func start(t *testing.T, o google.Options) *google.Fake {
	t.Helper()
	f, err := google.Start(o)
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

// Every factor and refusal, in every generation of pages, at the true host name.
func TestSignIn(t *testing.T) {
	t.Parallel()
	app := []string{"app"}
	for _, c := range []struct {
		name, user string
		mfa        idp.Factor
		captcha    bool
		person     person
		want       string // "" is the response
		told       string // a part of it
	}{
		{"no factor", "bob", "", false, person{password: lab.BobPassword}, "", ""},
		{"code", "alice", idp.TOTP, false, person{password: lab.AlicePassword, codes: app}, "", ""},
		{"second code", "alice", idp.TOTP, false, person{password: lab.AlicePassword, codes: []string{"000000", "app"}}, "", ""},
		{"wrong code", "alice", idp.TOTP, false, person{password: lab.AlicePassword, codes: []string{"000000"}}, idp.MFAFailed, ""},
		{"push", "grace", idp.Push, false, person{password: "graceful", answer: "number"}, "", "42"},
		{"push denied", "grace", idp.Push, false, person{password: "graceful", answer: "13"}, idp.MFAFailed, ""},
		{"push not answered", "grace", idp.Push, false, person{password: "graceful"}, "google number prompt: context deadline exceeded", ""},
		{"push instead of a code", "alice", idp.Push, false, person{password: lab.AlicePassword, answer: "number"}, "", "42"},
		{"text", "heidi", idp.SMS, false, person{password: "texted", codes: []string{"text"}}, "", ""},
		{"text instead of a code", "alice", idp.SMS, false, person{password: lab.AlicePassword, codes: []string{"text"}}, "", ""},
		{"backup code", "ivan", idp.Backup, false, person{password: "printed", codes: []string{"1234 5678"}}, "", ""},
		{"a passkey, and a code instead", "judy", idp.TOTP, false, person{password: "keyed", codes: app}, "", ""},
		{"captcha", "bob", "", true, person{password: lab.BobPassword, captchas: []string{"Zebra"}}, "", ""},
		{"second captcha", "bob", "", true, person{password: lab.BobPassword, captchas: []string{"giraffe", "zebra"}}, "", ""},
		{"wrong password", "bob", "", false, person{password: "no"}, idp.BadCredentials, ""},
		{"unknown user", "eve", "", false, person{password: "no"}, idp.BadCredentials, ""},
		{"rejected", "carol", "", false, person{password: lab.CarolPassword}, idp.Blocked, ""},
		{"not assigned", "dave", "", false, person{password: lab.DavePassword}, idp.NotAssigned, ""},
		{"nagged", "erin", "", false, person{password: "bumped"}, "", ""},
		{"password to be changed", "frank", "", false, person{password: "changing"}, idp.PasswordExpired, ""},
	} {
		for _, generation := range []byte{google.V3, google.Glif, google.Legacy} {
			if c.captcha && generation != google.V3 {
				continue
			}
			for _, starts := range []string{"forms", "google"} {
				t.Run(c.name+" "+string(generation)+" "+starts, func(t *testing.T) {
					f := start(t, google.Options{Generation: generation, Captcha: c.captcha})
					synctest.Test(t, func(t *testing.T) {
						p := c.person
						p.fake = f
						s := &idp.Session{Browser: web.New(web.Options{Transport: trueHosts{f.Handler()}}), Ask: &p, Now: time.Now, Account: idp.Account{
							URL: "https://accounts.google.com" + f.URL[strings.Index(f.URL, "/o/saml2"):], Username: c.user + "@example.com", MFA: []idp.Factor{c.mfa}}}
						ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
						defer cancel()
						result, err := idp.SignIn(ctx, adapter(starts), all.Adapters(), s)
						if got := refusal(err); got != c.want || (c.want == "") != (result.Response != "") {
							t.Errorf("refused %q (%v), want %q", got, err, c.want)
						}
						if !slices.ContainsFunc(p.told, func(told string) bool { return strings.Contains(told, c.told) }) && c.told != "" {
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

// Over real connections; the second time nothing is asked, and after the session's end no factor of a device that is trusted.
func TestSession(t *testing.T) {
	t.Parallel()
	for _, generation := range []byte{google.V3, google.Glif} {
		f := start(t, google.Options{Generation: generation})
		transport := &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		b := web.New(web.Options{Transport: transport})
		p := &person{fake: f, password: lab.AlicePassword, codes: []string{"app"}}
		for i := range 3 {
			if i == 2 {
				later := web.New(web.Options{Transport: transport})
				later.TakeCookies(slices.DeleteFunc(b.Cookies(), func(c web.Cookie) bool { return strings.Contains(c.Line, "SID=") }))
				b = later
			}
			s := &idp.Session{Browser: b, Ask: p, Now: time.Now, Account: idp.Account{URL: f.URL, Username: "alice@example.com", MFA: []idp.Factor{idp.TOTP}}}
			if _, err := idp.SignIn(t.Context(), adapter("google"), all.Adapters(), s); err != nil {
				t.Fatalf("sign-in %d: %v", i, err)
			}
		}
		if want := []idp.Kind{idp.Password, idp.Code, idp.Password}; !slices.Equal(p.asked, want) || len(f.Complaints()) > 0 {
			t.Errorf("asked %q, want %q; complaints %q", p.asked, want, f.Complaints())
		}
	}
}

// What lacks a cookie, a hidden value, the pressed button or what the page's script would say is noted.
func TestComplaints(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what   string
		change func(*web.Form)
		opened bool
	}{
		{"no page before", nil, false},
		{"the button", func(f *web.Form) { f.Set("identifier", "bob@example.com").Set("bgresponse", "js_enabled") }, true},
		{"the script's word", func(f *web.Form) {
			f.Set("identifier", "bob@example.com").Press(f.Buttons()[0])
		}, true},
		{"a hidden value", func(f *web.Form) {
			f.Set("identifier", "bob@example.com").Set("bgresponse", "js_enabled").Set("at", "old").Press(f.Buttons()[0])
		}, true},
	} {
		f := start(t, google.Options{})
		b := web.New(web.Options{Transport: trueHosts{f.Handler()}})
		if !c.opened {
			if err := b.Visit(t.Context(), web.PostForm("https://accounts.google.com/v3/signin/identifier", url.Values{})); err != nil {
				t.Fatal(err)
			}
		} else {
			if err := b.Open(t.Context(), "https://accounts.google.com"+f.URL[strings.Index(f.URL, "/o/saml2"):]); err != nil {
				t.Fatal(err)
			}
			form := b.Page().Form("input[name=identifier]")
			c.change(form)
			if err := b.Submit(t.Context(), form); err != nil {
				t.Fatal(err)
			}
		}
		if len(f.Complaints()) == 0 {
			t.Errorf("%s: no complaint", c.what)
		}
	}
}
