package tape_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
)

// opaque is a random-looking value, always the same.
func opaque(of string) string {
	sum := sha256.Sum256([]byte(of))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

const uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"

// provider shows what Keycloak and SimpleSAMLphp show: secrets in cookies, addresses, hidden fields, scripts and JSON, in
// every encoding.
func provider() http.Handler {
	mux := http.NewServeMux()
	session := opaque("session code")
	mux.HandleFunc("GET /start", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "AUTH_SESSION", Value: opaque("session") + ".node", Path: "/", HttpOnly: true})
		http.SetCookie(w, &http.Cookie{Name: "GONE", Path: "/", MaxAge: -1})
		http.Redirect(w, r, "/login?session_code="+session+"&execution="+uuid+"&back="+url.QueryEscape("http://127.0.0.1:8080/x?y="+session), http.StatusFound)
	})
	mux.HandleFunc("GET /login", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
		fmt.Fprintf(w, "<p>Gr\xfc\xdfe, mail admin@corp-name.de or see http://help.corp-name.de</p>\r\n"+
			`<form method="post" action="http://127.0.0.1:8080/login?session_code=%s&amp;execution=%s">`+
			`<input name="username"><input name="password" type="password">`+
			`<input type="hidden" name="AuthState" value="_%s:http://127.0.0.1:8081/next"></form>`+
			`<script>poll("https:\/\/127.0.0.1:8080\/?c=%s")</script>`, session, uuid, opaque("state"), session)
	})
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if r.FormValue("password") != "tr0ub4dor&3" {
			fmt.Fprint(w, `<p class=error>no</p>`)
			return
		}
		fmt.Fprintf(w, `<p>Hello jsmith@corp-name.de</p><form method="post" action="http://127.0.0.1:8081/code"><input name="code"></form>`)
	})
	mux.HandleFunc("POST /code", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		response := base64.StdEncoding.EncodeToString([]byte(`<Response ID="` + opaque("id") + `" Destination="https://signin.aws.amazon.com/saml">??>>jsmith</Response>`))
		escaped := strings.NewReplacer("+", "&#43;", "=", "&#x3D;").Replace(html.EscapeString(response))
		fmt.Fprintf(w, `<form method="post" action="https://signin.aws.amazon.com/saml"><input type="hidden" name="SAMLResponse" value="%s"></form>`, escaped)
	})
	return mux
}

// served answers requests from a handler, without a network.
type served struct{ http.Handler }

func (s served) RoundTrip(req *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	in := req.Clone(req.Context())
	s.ServeHTTP(w, in)
	resp := w.Result()
	resp.Request = req
	return resp, nil
}

// person answers as one would.
type person struct{ password string }

func (p person) Ask(_ context.Context, q idp.Question) (string, error) {
	return map[idp.Kind]string{idp.Password: p.password, idp.Code: "824913"}[q.Kind], nil
}
func (person) Choose(_ context.Context, c idp.Choice) (int, error) { return len(c.Options) - 1, nil }
func (person) Tell(context.Context, string)                        {}

func steps() idp.Adapter {
	fill := func(ctx context.Context, s *idp.Session, kind idp.Kind, field string) error {
		form := s.Page().Form("[name=" + field + "]")
		if form.Field("username") != nil {
			name, err := s.Username(ctx)
			if err != nil {
				return err
			}
			form.Set("username", name)
		}
		answer, err := s.Ask.Ask(ctx, idp.Question{Kind: kind})
		if err != nil {
			return err
		}
		return s.Submit(ctx, form.Set(field, answer))
	}
	return idp.Adapter{Name: "toy", Steps: []idp.Step{
		{Name: "password", On: func(p *web.Page) bool { return p.Has("[name=password]") },
			Do: func(ctx context.Context, s *idp.Session) error { return fill(ctx, s, idp.Password, "password") }},
		{Name: "code", On: func(p *web.Page) bool { return p.Has("[name=code]") },
			Do: func(ctx context.Context, s *idp.Session) error { return fill(ctx, s, idp.Code, "code") }},
	}}
}

func signIn(t *testing.T, transport http.RoundTripper, asker idp.Asker, account idp.Account) error {
	t.Helper()
	_, err := idp.SignIn(t.Context(), steps(), nil, &idp.Session{
		Browser: web.New(web.Options{Transport: transport}), Account: account, Ask: asker,
	})
	return err
}

func record(t *testing.T, password string) *tape.Tape {
	t.Helper()
	account := idp.Account{URL: "http://127.0.0.1:8080/start", Username: "jsmith@corp-name.de", MFA: []idp.Factor{idp.TOTP}, Settings: map[string]string{"b": "2", "a": "1"}}
	recorder := tape.NewRecorder(served{provider()})
	ended := signIn(t, recorder, recorder.Asker(person{password}), account)
	recorded, err := recorder.Tape("recorded from this test", "toy", account, ended)
	if err != nil {
		t.Fatalf("Tape: %v\n%s", err, tape.Write(recorded))
	}
	return recorded
}

func TestRecordedTapeHoldsNoSecret(t *testing.T) {
	t.Parallel()
	text := tape.Write(record(t, "tr0ub4dor&3"))
	for _, secret := range []string{opaque("session code"), opaque("session"), opaque("state"), opaque("id"), uuid, "jsmith", "corp-name", "tr0ub4dor", "824913", "127.0.0.1", "8080", "\r"} {
		if strings.Contains(text, secret) {
			t.Errorf("the tape holds %q", secret)
		}
	}
	for _, kept := range []string{"Grüße", "> password=pass-word-1", "> code=123456", "username: alice@example.com", "https://idp.example.com:8443/code",
		"set: a=1\nset: b=2", "want: signed in", "< Set-Cookie: GONE=; Path=/; Max-Age=0"} {
		if !strings.Contains(text, kept) {
			t.Errorf("the tape lacks %q", kept)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

func TestRecordedTapePlays(t *testing.T) {
	t.Parallel()
	for _, password := range []string{"tr0ub4dor&3", "password"} {
		recorded := record(t, password)
		read, err := tape.Parse(tape.Write(recorded))
		if err != nil {
			t.Fatal(err)
		}
		player := tape.NewPlayer(read)
		ended := signIn(t, player, tape.NewAsker(read), read.Account())
		if got, want := tape.Outcome(ended), read.Get("want"); got != want || player.Err() != nil || len(player.Left()) > 0 {
			t.Errorf("played: %s, want %s; difference %v, %d left\n%s", got, want, player.Err(), len(player.Left()), tape.Write(read))
		}
	}
}

func TestRecordingIsStable(t *testing.T) {
	t.Parallel()
	if a, b := tape.Write(record(t, "tr0ub4dor&3")), tape.Write(record(t, "tr0ub4dor&3")); a != b {
		t.Error("two recordings of one login differ")
	}
}

// Quotes of a cookie, which some values get and others do not, leave its request and its response alike.
func TestRecordedCookieHasNoQuotes(t *testing.T) {
	t.Parallel()
	recorder := tape.NewRecorder(served{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", `hash="a/b="; Path=/`)
	})})
	req := httptest.NewRequest("GET", "http://127.0.0.1/", nil)
	req.Header.Set("Cookie", `hash="a/b="`)
	if _, err := recorder.RoundTrip(req); err != nil {
		t.Fatal(err)
	}
	recorded, err := recorder.Tape("recorded from this test", "toy", idp.Account{URL: "http://127.0.0.1/"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := recorded.Exchanges[0]
	if got, want := e.Request.Cookies[0].Value+" "+e.Response.Header[0].Value, "cookie-1 hash=cookie-1; Path=/"; got != want {
		t.Errorf("recorded %q, want %q", got, want)
	}
}

func TestRecorderPassesBodiesOn(t *testing.T) {
	t.Parallel()
	recorder := tape.NewRecorder(served{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	})})
	req := httptest.NewRequest("POST", "http://127.0.0.1/", strings.NewReader("a\r\nb"))
	resp, err := recorder.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if body, _ := io.ReadAll(resp.Body); string(body) != "a\r\nb" {
		t.Errorf("body = %q, want it unchanged", body)
	}
}
