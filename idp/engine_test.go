package idp

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp/web"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	p := &person{}
	result, site, err := walked(t, map[string][]string{
		"idp.example.com/":                {"302 /start"},
		"idp.example.com/start":           {passwordPage},
		"POST idp.example.com/password":   {codePage},
		"POST idp.example.com/code":       {`<form method=post action=https://broker.example.com/acs><input type=hidden name=SAMLResponse value=` + encoded(`<Response Destination="https://broker.example.com/acs"/>`) + `>`},
		"POST broker.example.com/acs":     {`<meta http-equiv=refresh content="0;url=/on">`},
		"broker.example.com/on":           {donePage},
		"POST signin.aws.amazon.com/saml": {"never"},
	}, p, Account{})
	if err != nil || result != (Result{Response: "cmVzcG9uc2U=", Destination: "https://signin.aws.amazon.com/saml", RelayState: "r"}) {
		t.Fatalf("SignIn = %+v, %v", result, err)
	}
	want := []string{"GET idp.example.com/", "GET idp.example.com/start", "POST idp.example.com/password password=pass-word", "POST idp.example.com/code code=123456"}
	if len(site.seen) != 6 || !slices.Equal(site.seen[:4], want) {
		t.Errorf("requests %q, want %q and two more", site.seen, want)
	}
	for _, q := range p.asked {
		if q.Attempt != 1 || q.Refused != "" || q.Host != "idp.example.com" {
			t.Errorf("asked %+v", q)
		}
	}
}

// How walks end otherwise. The walk begins at idp.example.com/.
func TestEndings(t *testing.T) {
	t.Parallel()
	const (
		badPassword = "refused bad_credentials: "
		badCode     = "refused mfa_failed: "
		start       = "idp.example.com/"
		password    = "POST idp.example.com/password"
		code        = "POST idp.example.com/code"
	)
	type pages = map[string][]string
	for _, c := range []struct {
		name     string
		pages    pages
		answers  map[Kind][]string
		want     string
		requests int
	}{
		{"wrong password, nobody to ask again", pages{start: {passwordPage}, password: {wrongPage}}, nil, badPassword + "Wrong [1mpassword.", 2},
		{"wrong password without words", pages{start: {passwordPage}, password: {passwordPage}}, nil, badPassword + "wrong user name or password", 2},
		{"wrong password for ever", pages{start: {passwordPage}, password: {wrongPage}},
			map[Kind][]string{Password: {"p-1", "p-2", "p-3", "p-4"}}, badPassword + "Wrong [1mpassword.", 4},
		{"wrong code", pages{start: {passwordPage}, password: {codePage}, code: {wrongCode}}, nil, badCode + "Wrong code.", 3},
		{"wrong code, then a page without a form", pages{start: {passwordPage}, password: {codePage}, code: {`<p class=error>Wrong code.`}}, nil, badCode + "Wrong code.", 4},
		{"wrong code, then a page that marks no words", pages{start: {passwordPage}, password: {codePage}, code: {`<p>Sorry</p><a href=/>Again</a>`}}, nil, badCode + "Sorry", 4},
		{"wrong code, then a page of many words", pages{start: {passwordPage}, password: {codePage}, code: {`<h2>Sorry</h2>` + strings.Repeat("Very. ", 99)}}, nil, badCode + "Sorry", 4},
		{"wrong code, then a page without words", pages{start: {passwordPage}, password: {codePage}, code: {`<hr>`}}, nil, badCode + "the code was not accepted", 4},
		{"wrong code leads back to the password", pages{start: {passwordPage}, password: {codePage}, code: {wrongPage}}, nil, badCode + "Wrong [1mpassword.", 3},
		{"words of an error that was there before", pages{start: {`<p class=error>Old.</p>` + passwordPage}, password: {`<p class=error>Old.</p><p>Wrong.</p>` + passwordPage}}, nil, badPassword + "Wrong.", 2},
		{"wrong password, told in JSON", pages{start: {passwordPage}, password: {`{"error": 1}`}}, nil, badPassword + "wrong user name or password", 3},
		{"wrong password, told in JSON with words", pages{start: {passwordPage}, password: {`{"error": {"code": 1, "message": "No."}}`}}, nil, badPassword + "No.", 3},
		{"403 with JSON behind the password", pages{start: {passwordPage}, password: {`403 {"message":"No."}`}}, nil, badPassword + "No.", 2},
		{"403 with words behind the password", pages{start: {passwordPage}, password: {"403 <p>No.</p>"}}, nil, badPassword + "No.", 2},
		{"words on the way back", pages{start: {passwordPage}, password: {`<meta http-equiv=refresh content="3;url=/"><p class=error>No.</p>`}}, nil, badPassword + "No.", 3},
		{"a page that needs a script", pages{start: {passwordPage}, password: {`<div id=root></div><script src=a.js></script>`}}, nil,
			"unknown idp.example.com: it is a JavaScript application", 3},
		{"a portal for ever", pages{start: {passwordPage, "<p>Welcome"}, password: {"<p>Welcome"}}, nil,
			"unknown idp.example.com: there is nothing to fill in and nothing that leads on", 3},
		{"words for ever", pages{start: {passwordPage, "<p>Welcome"}, password: {"<p class=error>Not you."}}, nil, badPassword + "Not you.", 3},
		{"captcha refused", pages{start: {`<form method=post><input name=captcha>`}}, map[Kind][]string{Captcha: {"a", "b", "c", "d"}},
			"refused captcha: the captcha was not accepted", 4},
		{"the user name comes back", pages{start: {`<form method=post><input name=user>`}}, map[Kind][]string{Username: {"a", "b"}}, "refused blocked: the same page came back", 2},
		{"captcha, nobody", pages{start: {`<form method=post><input name=captcha>`}}, nil, "unknown idp.example.com: it wants a captcha solved, and there is nobody to look at it", 1},
		{"no password", pages{start: {passwordPage}}, map[Kind][]string{}, "nobody to ask", 1},
		{"403 at the start", pages{start: {"403"}}, nil, "refused blocked: it answers with status 403", 1},
		{"401 with words", pages{start: {"401 <p class=error>Not from here."}}, nil, "refused blocked: Not from here.", 1},
		{"403 behind the password", pages{start: {passwordPage}, password: {"403"}}, nil, badPassword + "wrong user name or password", 2},
		{"429 behind the password", pages{start: {passwordPage}, password: {"429"}}, nil, "refused blocked: it answers with status 429", 2},
		{"404", pages{}, nil, "unknown idp.example.com: the provider does not know this address", 1},
		{"418", pages{start: {"418"}}, nil, "unknown idp.example.com: the provider answers with an error", 1},
		{"500", pages{start: {"500 <p>"}}, nil, "start: reaching idp.example.com: it answers with status 500", 1},
		{"refreshes for ever", pages{start: {`<meta http-equiv=refresh content="0;url=/">`}}, nil, "unknown idp.example.com: it leads on without end", 31},
		{"forms for ever", pages{start: {`<form method=post><input type=hidden name=a>`}}, nil, "unknown idp.example.com: it leads on without end", 31},
		{"redirects for ever", pages{start: {"302 /"}}, nil, "unknown idp.example.com: it redirects without end", 11},
		{"to http", pages{start: {"302 http://idp.example.com/x"}}, nil, "unknown idp.example.com: plain http is for this machine only", 1},
		{"nested", pages{start: {strings.Repeat("<div>", 1000)}}, nil, "unknown idp.example.com: it is nested too deep", 1},
		{"large", pages{start: {strings.Repeat("x", 9<<20)}}, nil, "unknown idp.example.com: it is larger than 8 MiB", 1},
		{"stays", pages{start: {"<p id=stay>"}}, nil, `stay: step "stay" stays on its page`, 1},
		{"bad address", pages{start: {`<script>location="https://["</script>`}}, nil, "unknown idp.example.com: it is a JavaScript application", 1},
		{"empty", pages{start: {""}}, nil, "unknown idp.example.com: it is empty", 1},
		{"JSON", pages{start: {"{}"}}, nil, "unknown idp.example.com: it is JSON, not a page", 1},
	} {
		_, site, err := walked(t, c.pages, &person{answers: c.answers}, Account{})
		if got := told(err); got != c.want || len(site.seen) != c.requests {
			t.Errorf("%s: %q after %d requests, want %q after %d", c.name, got, len(site.seen), c.want, c.requests)
		}
	}
}

// An answer that leads nowhere: the start is opened once more, with the cookies.
func TestStartAgain(t *testing.T) {
	t.Parallel()
	for _, nowhere := range []string{`{"session": 1}`, `<h1>Your applications</h1>`, `<div id=root></div><script src=a.js></script>`} {
		result, site, err := walked(t, map[string][]string{
			"idp.example.com/":              {passwordPage, donePage},
			"POST idp.example.com/password": {nowhere},
		}, &person{}, Account{})
		if err != nil || result.Response == "" || len(site.seen) != 3 {
			t.Errorf("after %s: %v, %q", nowhere, err, site.seen)
		}
	}
}

func TestAttempts(t *testing.T) {
	t.Parallel()
	p := &person{answers: map[Kind][]string{Password: {"wrong", "right"}}}
	_, _, err := walked(t, map[string][]string{
		"idp.example.com/":              {passwordPage},
		"POST idp.example.com/password": {wrongPage, donePage},
	}, p, Account{})
	if err != nil || len(p.asked) != 2 || p.asked[1].Attempt != 2 || p.asked[1].Refused != "Wrong [1mpassword." {
		t.Errorf("SignIn: %v, asked %+v", err, p.asked)
	}
}

func TestUnknownPage(t *testing.T) {
	t.Parallel()
	_, _, err := walked(t, map[string][]string{"idp.example.com/": {"<title>A\x1b]0;b\a\u202e</title><form id='f\x1b'><input name=who value=secret><button name=go value=secret></button></form><form name=n action=/secret></form>" +
		strings.Repeat("<form><input name=many></form>", 9)}}, &person{}, Account{URL: "https://idp.example.com/?token=secret"})
	want := `page not understood: idp.example.com/ ("A]0;b"): there is nothing to fill in and nothing that leads on; forms: f(who, go), n(), (many), (many), (many)`
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	_, _, err = walked(t, map[string][]string{}, &person{}, Account{})
	if want := `page not understood: idp.example.com/ (status 404, "Not found"): the provider does not know this address`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestReasons(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`<div class=g-recaptcha></div>`:                                "it wants a captcha solved",
		`<form><input name=Captcha_x></form>`:                          "it wants a captcha solved",
		`<div id=cf-chl-widget></div><script></script>`:                "it checks for a browser before it shows anything",
		`<script src="/_Incapsula_Resource?x"></script>`:               "it checks for a browser before it shows anything",
		`<app-root></app-root><form></form><script src=x.js></script>`: "it is a JavaScript application",
		`<form><input type=password></form>`:                           "a script reads its fields, which have no names",
		`<form><input type=password name=p></form>`:                    "its form cannot be told",
		`<p>`: "there is nothing to fill in and nothing that leads on",
	} {
		if got := reason(htmlPage(t, body)); got != want {
			t.Errorf("reason of %s = %q, want %q", body, got, want)
		}
	}
	page := htmlPage(t, "x")
	page.Header.Set("Content-Type", "image/png")
	if got := reason(page); got != "it is not HTML" {
		t.Errorf("reason of an image = %q", got)
	}
}

// The end of ctx ends a walk at once, wherever it is, and says which step was at work.
func TestCancel(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s := &Session{Ask: &person{answers: map[Kind][]string{Password: {"p"}}}, Account: Account{URL: "https://idp.example.com/"},
		Browser: web.New(web.Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				return answer(200, passwordPage), nil
			}
			cancel()
			<-r.Context().Done()
			return nil, r.Context().Err()
		})})}
	_, err := SignIn(ctx, toy(), nil, s)
	var step *StepError
	if !errors.Is(err, context.Canceled) || !errors.As(err, &step) || step.Step != "password" || err.Error() != "password: context canceled" {
		t.Errorf("SignIn = %v, want the password step cancelled", err)
	}
	if err := s.Poll(ctx, time.Hour, func(context.Context) (bool, error) { return false, nil }); err != context.Canceled {
		t.Errorf("Poll = %v, want cancelled", err)
	}
	calls := 0
	if err := s.Poll(t.Context(), time.Nanosecond, func(context.Context) (bool, error) { calls++; return calls == 3, nil }); err != nil || calls != 3 {
		t.Errorf("Poll = %v after %d calls", err, calls)
	}
}
