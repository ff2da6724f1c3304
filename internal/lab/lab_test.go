package lab

import (
	"crypto/tls"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func start(t *testing.T, o Options) *Lab {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	l, err := Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

// A visitor is a browser of few lines: it keeps cookies and sends the last form of the page as it stands.
type visitor struct {
	t      *testing.T
	client *http.Client
	at     *url.URL
	status int
	page   string
}

func visit(t *testing.T, l *Lab) *visitor {
	t.Helper()
	v := &visitor{t: t, client: client(t)}
	v.get(l.URL)
	return v
}

func client(t *testing.T) *http.Client {
	transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	t.Cleanup(transport.CloseIdleConnections)
	jar, _ := cookiejar.New(nil)
	return &http.Client{Jar: jar, Transport: transport}
}

func (v *visitor) get(address string) { v.keep(v.client.Get(address)) }

func (v *visitor) keep(r *http.Response, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	v.at, v.status, v.page = r.Request.URL, r.StatusCode, string(body)
}

// form returns the fields of the page's last form, its first button pressed, with changes: a value "-" leaves a field out.
func (v *visitor) form(changes ...string) (action string, fields url.Values) {
	form := v.page[max(0, strings.LastIndex(v.page, "<form")):]
	attr := func(tag, name string) string {
		found := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
		if found == nil {
			return ""
		}
		return html.UnescapeString(found[1])
	}
	fields = url.Values{}
	for _, tag := range regexp.MustCompile(`<(input|button)[^>]*>`).FindAllString(form, -1) {
		if name := attr(tag, "name"); name != "" && !fields.Has(name) {
			fields.Set(name, attr(tag, "value"))
		}
	}
	for i := 0; i < len(changes); i += 2 {
		fields.Set(changes[i], changes[i+1])
		if changes[i+1] == "-" {
			fields.Del(changes[i])
		}
	}
	return attr(form[:max(0, strings.Index(form, ">"))], "action"), fields
}

func (v *visitor) send(changes ...string) {
	v.t.Helper()
	action, fields := v.form(changes...)
	to, err := v.at.Parse(action)
	if err != nil {
		v.t.Fatal(err)
	}
	v.keep(v.client.PostForm(to.String(), fields))
}

func (v *visitor) shows(status int, words string) {
	v.t.Helper()
	if v.status != status || !strings.Contains(v.page, words) {
		v.t.Errorf("%s answered %d, want %d with %q:\n%s", v.at.Path, v.status, status, words, v.page)
	}
}

func (v *visitor) response() string {
	v.t.Helper()
	action, fields := v.form()
	if action != recipient || fields.Get("SAMLResponse") == "" {
		v.t.Fatalf("no response on the page:\n%s", v.page)
	}
	return fields.Get("SAMLResponse")
}

func TestSignInWithPasswordAndCode(t *testing.T) {
	t.Parallel()
	l := start(t, Options{IdPDelay: time.Nanosecond})
	v := visit(t, l)
	v.send("username", "alice", "password", AlicePassword)
	v.send("one-time-code", Code(AliceSeed, noon))
	if text, err := base64.StdEncoding.DecodeString(v.response()); err != nil || !strings.Contains(string(text), "role/Deploy") {
		t.Errorf("the response is %q (%v)", text, err)
	}
	want := []string{"idp GET /sso", "idp GET /login", "idp POST /login", "idp GET /code", "idp POST /code", "idp GET /sso"}
	if got := l.Requests(); !slices.Equal(got, want) {
		t.Errorf("Requests() = %q, want %q", got, want)
	}
	v.get(l.URL + "&RelayState=there")
	v.response()
	v.shows(200, `name="RelayState" value="there"`)
	if got := l.SignIns(); got != 1 {
		t.Errorf("SignIns() = %d, want 1", got)
	}
	v.get(strings.Replace(l.URL, "/sso", "/logout", 1))
	v.get(l.URL)
	v.shows(200, `type="password"`)
}

func TestBase64IsWrittenWithEntities(t *testing.T) {
	t.Parallel()
	l := start(t, Options{Users: []User{Many(100)}})
	v := visit(t, l)
	v.send("username", "many", "password", ManyPassword)
	v.shows(200, "&#43;")
	if got := strings.Count(decode(t, v.response()), ":role/"); got != 100 {
		t.Errorf("%d roles, want 100", got)
	}
}

func TestUserNameFirst(t *testing.T) {
	t.Parallel()
	l := start(t, Options{UserNameFirst: true})
	v := visit(t, l)
	v.send("username", "bob")
	v.shows(200, "Signing in as bob.")
	v.send("password", "no")
	v.shows(200, `role="alert"`)
	v.send("password", BobPassword)
	v.response()
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	code := Code(AliceSeed, noon)
	toCode := func(v *visitor) { v.send("username", "alice", "password", AlicePassword) }
	for _, test := range []struct {
		name   string
		do     func(*visitor)
		status int
		words  string
	}{
		{"wrong password", func(v *visitor) { v.send("username", "alice", "password", "no") }, 200, `class="error-box"`},
		{"unknown user", func(v *visitor) { v.send("username", "eve", "password", "no") }, 200, `class="error-box"`},
		{"locked", func(v *visitor) { v.send("username", "carol", "password", CarolPassword) }, 403, "locked"},
		{"locked by tries", func(v *visitor) {
			for range 5 {
				v.send("username", "bob", "password", "no")
			}
			v.send("username", "bob", "password", BobPassword)
		}, 403, "locked"},
		{"no roles", func(v *visitor) { v.send("username", "dave", "password", DavePassword) }, 200, "SAMLResponse"},
		{"no token", func(v *visitor) { v.send("username", "bob", "password", BobPassword, "csrf", "-") }, 400, "Bad request"},
		{"no state", func(v *visitor) { v.send("username", "bob", "password", BobPassword, "state", "-") }, 400, "unknown or over"},
		{"no button", func(v *visitor) { v.send("username", "bob", "password", BobPassword, "action", "-") }, 400, "Bad request"},
		{"extra field", func(v *visitor) { v.send("username", "bob", "password", BobPassword, "lang", "en") }, 400, "Bad request"},
		{"token twice", func(v *visitor) {
			_, sent := v.form()
			v.send("username", "bob", "password", "no")
			v.send("username", "bob", "password", BobPassword, "csrf", sent.Get("csrf"))
		}, 400, "Bad request"},
		{"token after a bad form", func(v *visitor) {
			page := v.page
			v.send("username", "bob", "password", BobPassword, "action", "-")
			v.page = page
			v.send("username", "bob", "password", BobPassword)
		}, 400, "Bad request"},
		{"another browser's cookie", func(v *visitor) {
			page, at := v.page, v.at
			v.get(v.at.Scheme + "://" + v.at.Host + "/sso?sp=" + audience)
			v.page, v.at = page, at
			v.send("username", "bob", "password", BobPassword)
		}, 400, "unknown or over"},
		{"no cookie", func(v *visitor) {
			v.client.Jar, _ = cookiejar.New(nil)
			v.send("username", "bob", "password", BobPassword)
		}, 400, "unknown or over"},
		{"language first", func(v *visitor) { v.get(strings.Replace(v.at.String(), "/login", "/language", 1)) }, 200, `name="password"`},
		{"code before password", func(v *visitor) { v.get(strings.Replace(v.at.String(), "/login", "/code", 1)) }, 400, "over"},
		{"password before name", func(v *visitor) { v.get(strings.Replace(v.at.String(), "/login", "/password", 1)) }, 400, "over"},
		{"wrong code", func(v *visitor) { toCode(v); v.send("one-time-code", "000000") }, 200, `autocomplete="one-time-code"`},
		{"cancel", func(v *visitor) { toCode(v); v.send("one-time-code", code, "action", "cancel") }, 400, "Bad request"},
		{"three wrong codes", func(v *visitor) {
			toCode(v)
			for range 3 {
				v.send("one-time-code", "000000")
			}
		}, 403, "Too many wrong codes"},
		{"other application", func(v *visitor) { v.get(strings.Replace(v.at.String(), "/login", "/sso", 1)) }, 404, "no such application"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := visit(t, start(t, Options{}))
			test.do(v)
			v.shows(test.status, test.words)
		})
	}
}

func TestACodeIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	for _, want := range []string{"SAMLResponse", "used before"} {
		v := visit(t, l)
		v.send("username", "alice", "password", AlicePassword)
		v.send("one-time-code", Code(AliceSeed, noon))
		v.shows(200, want)
	}
}

// The vectors are those of RFC 6238, appendix B, of which six digits are shown.
func TestCode(t *testing.T) {
	t.Parallel()
	const seed = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		if got := Code(seed, time.Unix(at, 0)); got != want {
			t.Errorf("Code at %d = %s, want %s", at, got, want)
		}
	}
	if got := Code("not base32!", noon); got != "" {
		t.Errorf("Code of a bad seed = %q", got)
	}
}

func TestTLSAndDelay(t *testing.T) {
	t.Parallel()
	pair := httptest.NewTLSServer(nil)
	pair.Close()
	l := start(t, Options{Now: time.Now, TLS: &tls.Config{Certificates: pair.TLS.Certificates}, IdPDelay: time.Millisecond})
	v := visit(t, l)
	v.shows(200, `name="password"`)
	if v.at.Scheme != "https" || l.Busy() < 2*time.Millisecond {
		t.Errorf("scheme %s, busy %v; want https and 2ms or more", v.at.Scheme, l.Busy())
	}
	v.get(strings.Replace(v.at.String(), v.at.RequestURI(), "/metadata", 1))
	if v.page != string(l.Metadata) || !strings.Contains(v.page, "X509Certificate") {
		t.Errorf("metadata is %q", v.page)
	}
}

func TestStartSaysWhatIsTaken(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	taken, _ := url.Parse(l.STS)
	if _, err := Start(Options{IdPAddr: taken.Host}); err == nil || !strings.HasPrefix(err.Error(), "starting the identity provider: ") {
		t.Errorf("the error is %v", err)
	}
	if _, err := Start(Options{STSAddr: taken.Host}); err == nil || !strings.HasPrefix(err.Error(), "starting the STS: ") {
		t.Errorf("the error is %v", err)
	}
}

func decode(t *testing.T, encoded string) string {
	t.Helper()
	text, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
