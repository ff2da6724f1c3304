package forms_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/forms"
	"github.com/samlcli/samlcli/idp/web"
)

// A stranger is a login server that nobody wrote an adapter for, with the rules of its product: it insists on the fields,
// the button, the one-time token and the cookie that its own page would send, and it says no in its own way.
type stranger struct {
	name    string
	serve   func(*visit)
	set     map[string]string // settings of the account
	mfa     []idp.Factor
	hosts   []string // that may be given secrets
	takes   []string // labels, in turn, of what is chosen
	answers map[idp.Kind]string

	ends        string // "" is signed in
	badPassword string // how a wrong password ends: "bad_credentials: words"; "" is not tried
	badCode     string
	final       bool // a wrong answer ends it for good: there is no form to try again with
}

const (
	start       = "http://127.0.0.1:8080/aws"
	response    = "PFJlc3BvbnNlLz4+Pz8="
	rightSecret = "wonder land+&" // is spoilt by a mistake in any encoding
	rightCode   = "123456"
)

// A story is one way in which a sign-in at a stranger goes.
type story struct {
	name            string
	passwords, code []string
	want            string
}

func (x *stranger) stories() []story {
	right, wrong := []string{rightSecret}, []string{"rabbit hole"}
	code, wrongCode := []string{rightCode}, []string{"654321"}
	stories := []story{{"right", right, code, x.ends}}
	if x.badPassword != "" {
		stories = append(stories, story{"wrong password", wrong, code, x.badPassword})
	}
	if x.badCode != "" {
		stories = append(stories, story{"wrong code", right, wrongCode, x.badCode})
	}
	if x.badPassword != "" && !x.final {
		stories = append(stories, story{"wrong password, then right", append(wrong, right...), append(code, code...), x.ends})
	}
	if x.badCode != "" && !x.final {
		stories = append(stories, story{"wrong code, then right", append(right, right...), append(wrongCode, code...), x.ends})
	}
	return stories
}

func play(t *testing.T, strangers []stranger) {
	t.Helper()
	t.Parallel()
	for _, x := range strangers {
		for _, told := range x.stories() {
			t.Run(x.name+"/"+told.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { x.play(t, told) })
			})
		}
	}
}

func (x *stranger) play(t *testing.T, told story) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute-time.Millisecond)
	defer cancel()
	p := &person{stranger: x, left: map[idp.Kind][]string{idp.Password: told.passwords, idp.Code: told.code}, takes: x.takes}
	at := &site{stranger: x, state: map[string]int{}}
	s := &idp.Session{
		Browser: web.New(web.Options{Transport: at}), Ask: p,
		Account: idp.Account{URL: start, Username: "alice", Settings: x.set, MFA: x.mfa, Hosts: x.hosts},
	}
	result, err := idp.SignIn(ctx, forms.New(), all.Adapters(), s)
	if got := outcome(err); got != told.want {
		t.Errorf("outcome:\n got %s\nwant %s\n%s", got, told.want, strings.Join(at.log, "\n"))
	}
	if err == nil && result.Response != response {
		t.Errorf("response = %q, want %q", result.Response, response)
	}
	for _, fault := range at.faults {
		t.Errorf("%s\n%s", fault, strings.Join(at.log, "\n"))
	}
	if at.passwords > p.given {
		t.Errorf("the password was sent %d times, and given %d times", at.passwords, p.given)
	}
}

// outcome writes how a sign-in ended, as the tapes do but shorter.
func outcome(err error) string {
	var (
		refused *idp.RefusedError
		unknown *idp.UnknownPageError
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Kind + ": " + refused.Message
	case errors.As(err, &unknown):
		return "unknown: " + unknown.Reason
	}
	return err.Error()
}

// A person gives each secret as often as they have one, and takes what they were told to take.
type person struct {
	stranger *stranger
	left     map[idp.Kind][]string
	takes    []string
	given    int // passwords
}

func (p *person) Ask(_ context.Context, q idp.Question) (string, error) {
	if answer, ok := p.stranger.answers[q.Kind]; ok && q.Attempt == 1 {
		return answer, nil
	}
	answers := p.left[q.Kind]
	if len(answers) == 0 {
		return "", idp.ErrNoAnswer
	}
	p.left[q.Kind] = answers[1:]
	if q.Kind == idp.Password {
		p.given++
	}
	return answers[0], nil
}

func (p *person) Choose(_ context.Context, c idp.Choice) (int, error) {
	if len(p.takes) == 0 {
		return 0, idp.ErrNoAnswer
	}
	i := slices.IndexFunc(c.Options, func(o idp.Option) bool { return o.Label == p.takes[0] })
	if i < 0 {
		return 0, fmt.Errorf("%q is not offered: %v", p.takes[0], c)
	}
	if len(p.takes) > 1 {
		p.takes = p.takes[1:]
	}
	return i, nil
}

func (*person) Tell(context.Context, string) {}

// A site is a stranger at work, for one sign-in.
type site struct {
	*stranger
	state     map[string]int // what the stranger remembers
	token     int            // the last that was handed out: it is good for one request
	passwords int            // how often one came
	faults    []string
	log       []string
}

func (s *site) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	w := httptest.NewRecorder()
	v := &visit{site: s, w: w, r: r, at: r.Method + " " + r.URL.Path, right: true}
	v.read(string(body))
	s.log = append(s.log, strings.TrimSpace(r.Method+" "+r.URL.RequestURI()+" "+v.form))
	s.serve(v)
	if w.Code == http.StatusOK && w.Body.Len() == 0 {
		v.fault("no page for %s", v.at)
	}
	return w.Result(), nil
}

// A visit is one request at a stranger.
type visit struct {
	*site
	w     http.ResponseWriter
	r     *http.Request
	at    string // "POST /login"
	form  string // what was sent, decoded, in its order, with secrets by their names
	right bool   // no secret in it was wrong
}

func (v *visit) read(body string) {
	if body == "" {
		body = v.r.URL.RawQuery
	}
	if _, params, _ := mime.ParseMediaType(v.r.Header.Get("Content-Type")); params["boundary"] != "" {
		body = plainly(multipart.NewReader(strings.NewReader(body), params["boundary"]))
	}
	var pairs []string
	for pair := range strings.SplitSeq(body, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name, _ = url.QueryUnescape(name)
		value, _ = url.QueryUnescape(value)
		pairs = append(pairs, name+"="+v.named(value))
	}
	v.form = strings.Join(pairs, "&")
}

// plainly writes the parts of a form as a plain form has them.
func plainly(parts *multipart.Reader) string {
	var pairs []string
	for {
		part, err := parts.NextPart()
		if err != nil {
			return strings.Join(pairs, "&")
		}
		value, _ := io.ReadAll(part)
		pairs = append(pairs, url.QueryEscape(part.FormName())+"="+url.QueryEscape(string(value)))
	}
}

// named returns the name of a value that differs from story to story.
func (v *visit) named(value string) string {
	switch value {
	case rightSecret, "rabbit hole":
		v.right = v.right && value == rightSecret
		v.passwords++
		return "PASSWORD"
	case rightCode, "654321":
		v.right = v.right && value == rightCode
		return "CODE"
	case fmt.Sprint("token-", v.token):
		return "TOKEN"
	}
	return value
}

func (v *visit) fault(format string, about ...any) {
	v.faults = append(v.faults, fmt.Sprintf(format, about...))
}

// sent insists on exactly these fields and reports whether the secrets among them were right.
func (v *visit) sent(want string) bool {
	if v.form != want {
		v.fault("%s:\n got %s\nwant %s", v.at, v.form, want)
		return false
	}
	if v.token++; strings.Contains(want, "TOKEN") && v.r.Method == "POST" && v.r.Header.Get("Origin") != "http://127.0.0.1:8080" {
		v.fault("%s: Origin %q", v.at, v.r.Header.Get("Origin"))
	}
	return v.right
}

// page answers with HTML, in which {token} becomes a token for the next request.
func (v *visit) page(html string) { v.answer(http.StatusOK, html) }

func (v *visit) answer(status int, html string) {
	if strings.Contains(html, "{token}") {
		v.token++
		html = strings.ReplaceAll(html, "{token}", fmt.Sprint("token-", v.token))
	}
	if v.w.Header().Get("Content-Type") == "" {
		v.w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	v.w.WriteHeader(status)
	_, _ = io.WriteString(v.w, html)
}

func (v *visit) to(address string) {
	v.w.Header().Set("Location", address)
	v.w.WriteHeader(http.StatusFound)
}

// done answers with the response for AWS.
func (v *visit) done() {
	v.page(`<!doctype html><title>Working…</title><body onload="document.forms[0].submit()"><form method="post" action="https://signin.aws.amazon.com/saml">
		<input type="hidden" name="SAMLResponse" value="PFJlc3BvbnNlLz4&#43;Pz8&#x3D;"><noscript><button>Continue</button></noscript></form>`)
}

// filled puts words where a page has room for them.
func filled(page, words string) string { return strings.Replace(page, "%", words, 1) }

// once reports whether something happens for the first time.
func (s *site) once(what string) bool {
	s.state[what]++
	return s.state[what] == 1
}

func (s *site) note(what string)     { s.state[what]++ }
func (s *site) has(what string) bool { return s.state[what] > 0 }
