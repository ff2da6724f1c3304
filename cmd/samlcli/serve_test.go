package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/term"
)

// watch is a clock that a test sets.
type watch struct{ passed atomic.Int64 }

func (c *watch) now() time.Time         { return noon.Add(time.Duration(c.passed.Load())) }
func (c *watch) pass(d time.Duration)   { c.passed.Add(int64(d)) }
func (w *world) follow(c *watch) *world { w.now = c.now; return w }

// aServer is an endpoint that the command serve runs.
type aServer struct {
	*world
	url, token string
	end        func() (code int)
}

// serving runs serve until the test, or end, ends it. At its terminal nobody answers, but in the first moments.
func (w *world) serving(args ...string) *aServer {
	w.Helper()
	ctx, cancel := context.WithCancel(w.ctx)
	r, stdout := io.Pipe()
	ended := make(chan int, 1)
	h := host{stdin: w.stdin, stdout: stdout, stderr: io.Discard, environ: w.environ, tty: w.tty, keyring: w.keys, transport: newTransport, now: w.now}
	if w.wire != nil {
		h.transport = func(transportOptions) (http.RoundTripper, error) { return w.wire, nil }
	}
	go func() {
		ended <- run(ctx, h, append([]string{"serve", "--shell", "dotenv"}, args...))
		stdout.Close()
	}()
	s := &aServer{world: w, end: func() int { cancel(); return <-ended }}
	lines := bufio.NewScanner(r)
	for range 2 {
		lines.Scan()
		name, value, _ := strings.Cut(lines.Text(), "=")
		value = strings.Trim(value, `"'`)
		switch name {
		case "AWS_CONTAINER_CREDENTIALS_FULL_URI":
			s.url = value
		case "AWS_CONTAINER_AUTHORIZATION_TOKEN":
			s.token = value
		}
	}
	if s.url == "" || s.token == "" {
		w.Fatalf("serve ended with %d", s.end())
	}
	w.Cleanup(cancel)
	return s
}

// get asks as an SDK does, and returns the answer's status and body.
func (s *aServer) get(path string) (int, string) {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.Fatal(err)
	}
	r.Header.Set("Authorization", s.token)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(r)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		s.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func (s *aServer) wants(status int, words, path string) (body string) {
	s.Helper()
	got, body := s.get(path)
	if got != status || !strings.Contains(body, words) || strings.Contains(body, "ASIA") != (status == 200) {
		s.Errorf("GET /%s: %d %s, want %d with %q", path, got, body, status, words)
	}
	return body
}

// aliceAsked is alice with a password and a code for one sign-in.
func aliceAsked(t *testing.T, c *watch) *world {
	w := newLab(t, lab.Options{Now: c.now}).follow(c)
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
	w.set("SAMLCLI_CODE", lab.Code(lab.AliceSeed, noon))
	return w
}

// The endpoint refreshes itself from the remembered session, for each of its roles.
func TestServeRefreshes(t *testing.T) {
	c := &watch{}
	s := aliceAsked(t, c).serving("--role", "Admin")
	first := s.wants(200, "role/Admin", "")
	deploy := s.wants(200, "role/Deploy", "210987654321/Deploy")
	s.wants(404, "no credentials at this path", "123456789012/No")
	s.wants(404, "no credentials at this path", "/../etc/passwd")
	c.pass(40 * time.Minute)
	if s.wants(200, "", "") != first || s.wants(200, "", "210987654321/Deploy") != deploy {
		t.Error("others before it is time")
	}
	c.pass(10 * time.Minute)
	if s.wants(200, "role/Admin", "") == first || s.wants(200, "role/Deploy", "210987654321/Deploy") == deploy {
		t.Error("no others when it is time")
	}
	if s.lab.SignIns() != 1 {
		t.Errorf("%d sign-ins", s.lab.SignIns())
	}
	if code := s.end(); code != exitInterrupted {
		t.Errorf("it ended with %d", code)
	}
}

// untouched is a standard input and a terminal that are somebody else's.
func (w *world) untouched() {
	w.stdin = readerFunc(func([]byte) (int, error) { w.Error("it reads standard input"); return 0, io.EOF })
	w.tty = func() (*term.Terminal, error) { w.Error("it asks at the terminal"); return nil, term.ErrNone }
}

// When the provider wants a person nobody is asked: what there is serves until its end, whatever became of the files.
func TestServeNeverAsks(t *testing.T) {
	c := &watch{}
	w := aliceAsked(t, c)
	w.untouched()
	s := w.serving("--role", "Admin")
	for _, dir := range []string{".cache", ".local"} {
		if err := os.RemoveAll(filepath.Join(w.home, dir)); err != nil {
			t.Fatal(err)
		}
	}
	c.pass(59 * time.Minute)
	s.wants(200, "role/Admin", "") // the old ones
	c.pass(2 * time.Minute)
	s.wants(502, "asks for a code (totp), and there is nobody to ask", "")
	// The person signs in elsewhere, and it goes on.
	w.set("SAMLCLI_CODE", lab.Code(lab.AliceSeed, c.now()))
	w.want(0, "", "process", "--role", "Admin")
	c.pass(time.Minute)
	s.wants(200, "role/Admin", "")
}

// A stored password that the provider refuses is tried again when a while has passed, however often an SDK asks.
func TestServeLocksNoAccount(t *testing.T) {
	c := &watch{}
	w := newLab(t, lab.Options{Now: c.now}).follow(c)
	password := w.file("password", lab.BobPassword)
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\npassword_command = [\"cat\", %q]\nremember = \"off\"\n", w.lab.URL, password)
	s := w.serving()
	w.file("password", "an old one")
	c.pass(2 * time.Hour)
	before := w.count("idp POST /login")
	for range 10 {
		s.wants(502, "refused", "")
		s.wants(502, "refused", "123456789012/Admin")
		c.pass(time.Minute)
	}
	if got := w.count("idp POST /login") - before; got != 1 {
		t.Errorf("%d attempts in ten minutes", got)
	}
	w.file("password", lab.BobPassword)
	c.pass(10 * time.Minute)
	s.wants(200, "role/ReadOnly", "")
}

// What was read from standard input is not there a second time; what comes after it is the program's.
func TestExecServerAndStandardInput(t *testing.T) {
	c := &watch{}
	w := newLab(t, lab.Options{Now: c.now}).follow(c)
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n", w.lab.URL)
	w.stdin = strings.NewReader(lab.BobPassword + "\nfor the program\n")
	s := w.serving("--password-stdin")
	c.pass(50 * time.Minute)
	s.wants(200, "role/ReadOnly", "") // by the provider's session
	c.pass(10 * time.Hour)
	s.wants(502, "asks for the password, and there is nobody to ask", "")
	if rest, _ := io.ReadAll(w.stdin); string(rest) != "for the program\n" {
		t.Errorf("left of standard input: %q", rest)
	}
}

// A response that was brought serves until its credentials end.
func TestServeAssertion(t *testing.T) {
	c := &watch{}
	w := newLab(t, lab.Options{Now: c.now}).follow(c)
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.BobPassword)
	w.stdin = strings.NewReader(w.want(0, "", "assertion", "get").stdout)
	s := w.serving("--assertion", "-")
	before := w.count("sts POST /")
	s.wants(200, "role/ReadOnly", "")
	c.pass(58 * time.Minute)
	s.wants(200, "role/ReadOnly", "")
	c.pass(2 * time.Minute)
	s.wants(502, "", "")
	if got := w.count("sts POST /") - before; got != 0 {
		t.Errorf("%d calls of STS", got)
	}
}

// A path names a role of the sign-in, not one that the profile's chain leads to from there.
func TestServeChain(t *testing.T) {
	c := &watch{}
	w := aliceAsked(t, c)
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n[profile.far]\nrole = \"Admin\"\nchain = [{role = \"arn:aws:iam::222222222222:role/Far\"}]\n", w.lab.URL)
	w.assumes()
	s := w.serving("--profile", "far")
	s.wants(200, "222222222222:role/Far", "")
	s.wants(200, "role/Deploy", "210987654321/Deploy")
}

// The program gets an endpoint, and nothing else that gives credentials; from one sign-in, and one call of STS.
func TestExecServer(t *testing.T) {
	w := asAlice(t)
	w.set("AWS_ACCESS_KEY_ID", "AKIAOLD")
	w.set("AWS_PROFILE", "old")
	said := w.want(0, "", "exec", "--server", "--refresh", "--role", "Admin", "--", "env").stdout
	for _, name := range []string{"AWS_ACCESS_KEY_ID=", "AWS_SECRET_ACCESS_KEY=", "AWS_SESSION_TOKEN=", "AWS_PROFILE=", "SAMLCLI_PASSWORD="} {
		if strings.Contains(said, name) {
			t.Errorf("the program has %s", name)
		}
	}
	if !strings.Contains(said, "AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:") || !strings.Contains(said, "AWS_CONTAINER_AUTHORIZATION_TOKEN=") {
		t.Errorf("the program has no endpoint: %s", said)
	}
	if w.lab.SignIns() != 1 || w.count("sts POST /") != 1 {
		t.Errorf("%d sign-ins, %d calls of STS", w.lab.SignIns(), w.count("sts POST /"))
	}
}

// A program that would take other credentials than the endpoint's is not run.
func TestExecServerIsNotShadowed(t *testing.T) {
	w := asBob(t)
	exec := []string{"exec", "--server", "--", "true"}
	for file, texts := range map[string][]string{
		".aws/credentials": {"[default]\naws_access_key_id = AKIAOLD\naws_secret_access_key = x\n"},
		".aws/config":      {"[default]\ncredential_process = x\n", "[profile default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = y\n", "[default]\nsso_session = x\n"},
	} {
		for _, text := range texts {
			path := w.file(file, text)
			w.want(2, path+" has ", exec...)
			w.want(0, "", "exec", "--", "true")
			w.file(file, "[default]\nregion = eu-west-1\n[profile x]\nrole_arn = y\n[x]\naws_access_key_id = AKIA\n")
			w.want(0, "", exec...)
		}
	}
}

// Ctrl-C is the program's: while it tidies up it still has credentials.
func TestExecServerOutlivesSignals(t *testing.T) {
	w := asBob(t)
	ctx, cancel := context.WithCancel(t.Context())
	w.ctx = ctx
	ctrlC := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { cancel() }))
	t.Cleanup(ctrlC.Close)
	if r := w.run("exec", "--", "python3", "-c", "pass"); r.code == 127 {
		t.Skip("the program that asks is written in Python")
	}
	r := w.run("exec", "--server", "--", "python3", "-c", `import os, sys, urllib.request
urllib.request.urlopen(sys.argv[1]).read()
u, t = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
print(urllib.request.urlopen(urllib.request.Request(u, headers={"Authorization": t})).status)
`, ctrlC.URL)
	if r.stdout != "200\n" {
		t.Errorf("%q, %s", r.stdout, r.stderr)
	}
}
