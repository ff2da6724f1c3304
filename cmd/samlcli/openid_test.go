package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/internal/lab/openid"
	"github.com/samlcli/samlcli/internal/term"
)

// asPerson is a world with an OpenID provider that an account signs in at, and a person at a browser who follows every address.
func asPerson(t *testing.T, o openid.Options) (*world, *openid.Provider) {
	t.Helper()
	w, p := withOpenID(t, o)
	w.config("[account.op]\nsource = \"web-identity\"\nissuer = %q\nclient_id = \"samlcli\"\n[profile.deploy]\nrole = %q\n", p.URL, deploy)
	w.set("SAMLCLI_BROWSER_CMD", "sh -c true") // there is one
	w.browse = follow
	w.tty = somebody
	return w, p
}

// nobody is at the terminal.
func nobody() (*term.Terminal, error) { return nil, term.ErrNone }

// somebody is at the terminal, and is not asked there.
func somebody() (*term.Terminal, error) { return &term.Terminal{}, nil }

// follow is a browser: it opens an address and goes where it is sent.
func follow(address string) error {
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err == nil {
		resp.Body.Close()
	}
	return nil // what the page says is no trouble of the browser
}

// back returns where the provider would send a browser.
func back(t *testing.T, address string) *url.URL {
	t.Helper()
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(must(http.NewRequest("GET", address, nil)))
	if err != nil {
		t.Error(err)
		return &url.URL{}
	}
	resp.Body.Close()
	to, err := resp.Location()
	if err != nil {
		t.Error(err)
		return &url.URL{}
	}
	return to
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func (w *world) cachedCredentials() []string {
	files, _ := filepath.Glob(w.home + "/.cache/samlcli/credentials/[^.]*")
	return files
}

func TestOpenIDSignIn(t *testing.T) {
	w, p := asPerson(t, openid.Options{})
	r := w.want(0, "AWS read in the token: subject 248289761001", "process", "--profile", "deploy", "-v")
	first := answered(t, r)
	if !strings.Contains(r.stderr, "opening "+p.URL+"/auth with sh\n") {
		t.Errorf("it is not said what was opened: %s", r.stderr)
	}
	if strings.Contains(r.stderr, "code=") || strings.Contains(r.stderr, "eyJ") || strings.Contains(r.stderr, "state=") {
		t.Errorf("something secret is said: %s", r.stderr)
	}
	w.browse = func(string) error { t.Error("a browser was opened"); return nil }
	if got := answered(t, w.want(0, "", "process", "--profile", "deploy", "--no-input")); got != first {
		t.Error("the cache was not asked")
	}
	answered(t, w.want(0, "the last sign-in's token is good", "process", "--profile", "deploy", "--region", "eu-west-1", "--no-input", "-v"))
	w.now = func() time.Time { return noon.Add(59*time.Minute + 30*time.Second) } // the token's last minute
	answered(t, w.want(0, "", "process", "--profile", "deploy", "--region", "eu-west-2", "--no-input"))
	answered(t, w.want(0, "", "process", "--profile", "deploy", "--refresh", "--no-input"))
	want := "POST /token authorization_code, POST /token refresh_token, POST /token refresh_token"
	if got := tokenRequests(p); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	sealed := w.read(filepath.Join(".local/state/samlcli/accounts", filepath.Base(must(filepath.Glob(w.home + "/.local/state/samlcli/accounts/*"))[0]), "tokens"))
	if strings.Contains(sealed, "eyJ") || strings.Contains(sealed, "Refresh") {
		t.Error("the tokens lie open")
	}
	w.want(0, `signed out of account "op"`, "logout")
	if p.Live() != 0 || len(w.cachedCredentials()) > 0 {
		t.Errorf("%d refresh tokens are good, cached %v", p.Live(), w.cachedCredentials())
	}
	w.want(0, `no session of account "op" is remembered`, "logout")
	w.want(3, "wants somebody to sign in with a browser, and there is nobody to ask", "process", "--profile", "deploy", "--no-input")
	w.tty = nobody
	w.want(3, "wants somebody to sign in with a browser, and there is nobody to ask", "process", "--profile", "deploy")
}

func tokenRequests(p *openid.Provider) string {
	var asked []string
	for _, line := range p.Requests() {
		if strings.Contains(line, "/token ") {
			asked = append(asked, line)
		}
	}
	return strings.Join(asked, ", ")
}

// TestOpenIDSessionOver: a refresh token that is worth nothing leads to another sign-in.
func TestOpenIDSessionOver(t *testing.T) {
	w, p := asPerson(t, openid.Options{})
	answered(t, w.want(0, "", "process", "--profile", "deploy"))
	p.End()
	answered(t, w.want(0, "the remembered session is over", "process", "--profile", "deploy", "--refresh", "-v"))
	p.End()
	w.want(3, "nobody to ask", "process", "--profile", "deploy", "--refresh", "--no-input")
}

func TestOpenIDDevice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options openid.Options
		code    int
		words   string
		args    []string
	}{
		"asked for":   {openid.Options{}, 0, "and enter the code WDJB-MJHT there", []string{"--device"}},
		"no browser":  {openid.Options{}, 0, "open https://op.example.com/activate on any machine", []string{"--browser-cmd", "samlcli-no-such-browser"}},
		"denied":      {openid.Options{Denies: true}, 4, "op.example.com refused the sign-in: The person said no. (access_denied)", []string{"--device"}},
		"no time":     {openid.Options{}, 8, `the time limit of 7s ran out in step "device sign-in"`, []string{"--device", "--timeout", "7s"}},
		"no such way": {openid.Options{NoDevice: true}, 2, "does not let devices sign in", []string{"--device"}},
		"nobody":      {openid.Options{}, 3, "nobody to ask", []string{"--device", "--no-input"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			test.options.Now = time.Now
			p, err := openid.New("https://op.example.com", test.options)
			if err != nil {
				t.Fatal(err)
			}
			w := &world{T: t, home: t.TempDir(), keys: &fakeKeyring{}, ctx: t.Context(), now: time.Now, tty: somebody}
			w.environ = []string{"HOME=" + w.home, "SAMLCLI_REMEMBER=off"}
			w.wire = wire(func(r *http.Request) (*http.Response, error) {
				if r.URL.Host == "op.example.com" {
					return inProcess(p, r)
				}
				return page(r, 200, webIdentityAnswer(time.Now()))
			})
			w.config("[account.op]\nsource = \"web-identity\"\nissuer = \"https://op.example.com\"\nclient_id = \"samlcli\"\n")
			r := w.want(test.code, test.words, append([]string{"process", "--role", deploy}, test.args...)...)
			if test.code == 0 {
				accessKey(t, r.stdout)
			} else if len(w.cachedCredentials()) > 0 {
				t.Errorf("%s: something was written", name)
			}
		})
	}
}

// inProcess has a handler answer a request without a network.
func inProcess(h http.Handler, r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result(), nil
}

func webIdentityAnswer(now time.Time) string {
	return fmt.Sprintf(`<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/Deploy/s</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`, now.Add(time.Hour).UTC().Format(time.RFC3339))
}

// TestOpenIDRefused: whatever goes wrong at the browser, nothing is written.
func TestOpenIDRefused(t *testing.T) {
	for name, test := range map[string]struct {
		options openid.Options
		browse  func(*testing.T, string) error
		code    int
		words   string
	}{
		"denied":         {openid.Options{Denies: true}, nil, 4, "refused the sign-in: The person said no. (access_denied)"},
		"another person": {openid.Options{Claims: map[string]any{"nonce": "x"}}, nil, 4, "its nonce is of another sign-in"},
		"wrong audience": {openid.Options{Claims: map[string]any{"aud": "x"}}, nil, 4, "it is for x, not for samlcli"},
		"expired":        {openid.Options{Claims: map[string]any{"exp": noon.Unix()}}, nil, 4, "it expired at"},
		"forged":         {openid.Options{Forges: true}, nil, 4, "it is not signed by any key of 127.0.0.1"},
		"another state": {openid.Options{}, func(t *testing.T, address string) error {
			to := back(t, address)
			q := to.Query()
			q.Set("state", "another")
			to.RawQuery = q.Encode()
			return follow(to.String())
		}, 4, "what came back to this machine belongs to another sign-in"},
		"no code": {openid.Options{}, func(t *testing.T, address string) error {
			to := back(t, address)
			q := to.Query()
			q.Del("code")
			to.RawQuery = q.Encode()
			return follow(to.String())
		}, 5, "without a code"},
		"browser that fails": {openid.Options{NoDevice: true}, func(*testing.T, string) error { return errors.New("exit status 3") }, 2, "opening the browser with sh: exit status 3"},
		"another host first": {openid.Options{}, func(t *testing.T, address string) error {
			to := back(t, address)
			r := must(http.NewRequest("GET", to.String(), nil))
			r.Host = "evil.example.com"
			if resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r); err != nil || resp.StatusCode != 421 {
				t.Errorf("%v %v", resp, err)
			}
			return follow(to.String())
		}, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w, _ := asPerson(t, test.options)
			if test.browse != nil {
				w.browse = func(address string) error { return test.browse(t, address) }
			}
			w.want(test.code, test.words, "login", "--profile", "deploy")
			if test.code != 0 && (len(w.cachedCredentials()) > 0 || !w.missing(".aws/credentials")) {
				t.Error("something was written")
			}
		})
	}
}

// TestOpenIDGivenUp: the browser was closed, or the person presses Ctrl-C.
func TestOpenIDGivenUp(t *testing.T) {
	w, _ := asPerson(t, openid.Options{})
	w.browse = func(string) error { return nil }
	w.want(8, "the time limit of 50ms ran out", "login", "--profile", "deploy", "--timeout", "50ms")
	ctx, cancel := context.WithCancel(t.Context())
	w.ctx = ctx
	w.browse = func(string) error { cancel(); return nil }
	w.want(130, "interrupted", "login", "--profile", "deploy")
	if len(w.cachedCredentials()) > 0 || !w.missing(".aws/credentials") {
		t.Error("something was written")
	}
}

func TestOpenIDNowhere(t *testing.T) {
	w, _ := asPerson(t, openid.Options{NoDevice: true})
	w.tty = nobody
	w.want(3, "there is none that can be opened here, and nobody to ask", "login", "--profile", "deploy", "--browser-cmd", "samlcli-no-such-browser")
}

func TestOpenIDMistakes(t *testing.T) {
	w, p := asPerson(t, openid.Options{Secret: "s3cret"})
	w.want(4, "invalid_client", "process", "--profile", "deploy")
	w.config("[account.op]\nsource = \"web-identity\"\nissuer = %q\nclient_id = \"samlcli\"\nclient_secret_command = [\"echo\", \"s3cret\"]\nscopes = [\"openid\", \"profile\"]\n", p.URL)
	answered(t, w.want(0, "", "process", "--role", deploy))
	w.config("[account.op]\nsource = \"web-identity\"\nissuer = \"http://op.example.com\"\nclient_id = \"samlcli\"\n")
	w.want(2, "the issuer must be an https address", "process", "--role", deploy)
	w.config("[account.op]\nsource = \"web-identity\"\nissuer = %q\n", p.URL)
	w.want(2, "an issuer needs a client_id", "process", "--role", deploy)
	w.config("[account.op]\nsource = \"web-identity\"\nissuer = %q\nclient_id = \"samlcli\"\n", p.URL+"/realm")
	w.want(5, "hint: is the issuer right?", "process", "--role", deploy)
	p.Close()
	w.want(8, "reaching 127.0.0.1", "process", "--role", deploy)
}
