package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/secret"
)

// asked says how a command is run with secrets planted everywhere, how it ends where nothing is in its way, and which of them it
// is asked to print.
type asked struct {
	ends  int
	args  []string
	shows []string
}

// askedOf says so of every command that there is: TestNothingSecretIsSaid walks the tree of them.
func askedOf(w *canaryWorld) map[string][]asked {
	keys := []string{"access key", "secret key", "session token"}
	admin := []string{"--role", "Admin"}
	own := []string{"--role", "arn:aws:iam::123456789012:role/Admin"}
	inherited := append(keys, "proxy's password") // as any program inherits it
	environment := []string{"--", "sh", "-c", "cat /proc/self/environ /proc/$PPID/cmdline 2>/dev/null || env"}
	command := func(shows []string, args ...string) asked { return asked{0, args, shows} }
	ends := func(code int, shows []string, args ...string) asked { return asked{code, args, shows} }
	return map[string][]asked{
		"login":            {command(nil, append(admin, "--output", "json")...), command(nil, "--all"), ends(6, nil, "--role", "no-such-role"), ends(3, nil)},
		"roles":            {command(nil)},
		"assertion get":    {command([]string{"response"})},
		"assertion show":   {command(nil)},
		"assertion verify": {command(nil)},
		"process":          {command(keys, admin...)},
		"env":              {command(keys, admin...)},
		"exec":             {command(inherited, append(admin, environment...)...)},
		"status":           {command(nil)},
		"logout":           {command(nil), command(nil, "--all")},
		"profiles write":   {command(nil, "--all")},
		"whoami":           {command(nil, admin...)},
		"console":          {command([]string{"sign-in token"}, append(admin, "--link")...), command([]string{"sign-in token"}, append(admin, "--browser-cmd", "echo")...)},
		"serve":            {ends(130, []string{"endpoint's token"}, admin...)},
		"assume":           {command(keys, append(own, "--to", "process")...), command(nil, own...)},
		"session":          {command(inherited, environment...)},
		"federate":         {command(keys, "--name", "guest", "--to", "env")},
		"configure":        {command(nil, "https://idp.example.com/start", "--account", "new", "--username", "alice", "--password-stdin"), command(nil, "--from", "saml2aws")},
		"adapters":         {command(nil), command(nil, "okta")},
		"version":          {command(nil)},
		"doctor":           {command(nil), command(nil, "--output", "json")},
		"record":           {command(nil, "-o", filepath.Join(w.home, "bug.tape"))},
		"replay":           {command(nil, filepath.Join(w.home, "given.tape"))},
	}
}

// leaves returns the names of all commands that do something.
func leaves(commands []*cli.Command, above string) (names []string) {
	for _, c := range commands {
		if below := leaves(c.Subcommands, above+c.Name+" "); below != nil {
			names = append(names, below...)
			continue
		}
		names = append(names, above+c.Name)
	}
	return names
}

// A mishap is what a command meets on its way; one that commands meet alike is for some of them.
type mishap struct {
	name  string
	meets func(*canaryWorld)
	some  bool
}

func mishaps() []mishap {
	all := []mishap{
		{"nothing", func(*canaryWorld) {}, false},
		{"a wrong password", func(w *canaryWorld) { w.set("SAMLCLI_PASSWORD", w.plant("wrong password", "Wr0ng-Canary&\"9f3a")) }, false},
		{"a wrong code", func(w *canaryWorld) { w.set("SAMLCLI_CODE", w.plant("wrong code", "73519264")) }, true},
		{"nobody to ask", func(w *canaryWorld) { w.set("SAMLCLI_PASSWORD", "") }, true},
		{"a password command", func(w *canaryWorld) {
			w.set("SAMLCLI_PASSWORD", "")
			w.set("SAMLCLI_PASSWORD_COMMAND", "printf %s '"+w.planted["password"]+"'")
			w.set("SAMLCLI_CODE_COMMAND", "sh -c 'echo "+w.planted["code"]+"; exit 1'")
		}, true},
		{"no home", func(w *canaryWorld) { w.set("HOME", w.file("no-directory", "")) }, true},
		{"no time", func(w *canaryWorld) { w.ctx = canceled() }, true},
		{"a provider that panics", func(w *canaryWorld) { w.repeats = panics }, true},
		{"an STS that panics", func(w *canaryWorld) { w.sts = panics }, true},
		{"an STS that repeats", func(w *canaryWorld) { w.sts = refusing }, false},
		{"an STS that breaks", func(w *canaryWorld) { w.sts = repeaters[len(repeaters)-1] }, true},
		{"an STS without sense", func(w *canaryWorld) { w.sts = repeaters[0] }, true},
	}
	for i, repeats := range repeaters {
		all = append(all, mishap{fmt.Sprint("a provider that repeats, ", i), func(w *canaryWorld) { w.repeats = repeats }, i > 0})
	}
	return all
}

func panics(_ *http.Request, sent string) (*http.Response, error) { panic("planted: " + sent) }

// refusing is an STS that repeats the whole request, as refusals of signatures do.
func refusing(r *http.Request, sent string) (*http.Response, error) {
	var text bytes.Buffer
	_ = json.NewEncoder(&text).Encode(sent)
	resp, err := page(r, 403, "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>"+strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(text.String())+"</Message></Error></ErrorResponse>")
	resp.Header.Set("Content-Type", "text/xml")
	return resp, err
}

// TestNothingSecretIsSaid: every command, in every mishap, at -v and in both formats: not on stdout but where that is what it is
// asked for, not on stderr, in no name of a file, and in no file but those that are for it.
func TestNothingSecretIsSaid(t *testing.T) {
	known := askedOf(&canaryWorld{world: &world{}})
	for _, name := range leaves(newApp(host{}, &logger{}, nil).Commands, "") {
		if known[name] == nil {
			t.Errorf("askedOf does not say how %q is run with secrets planted", name)
		}
		for i, mishap := range mishaps() {
			for j := range known[name] {
				if mishap.some && name != "login" && name != "assume" && name != "record" {
					continue
				}
				t.Run(fmt.Sprintf("%s %d, %s", name, j, mishap.name), func(t *testing.T) {
					w := newCanaryWorld(t)
					mishap.meets(w)
					one := askedOf(w)[name][j]
					w.set("SAMLCLI_LOG_FORMAT", []string{"text", "json"}[i%2])
					w.set("SAMLCLI_VERBOSE", "true")
					r := w.say(append(strings.Fields(name), one.args...))
					w.check(one, r)
					if i == 0 && r.code != one.ends {
						t.Errorf("ended with %d, want %d: %s", r.code, one.ends, r.stderr)
					}
				})
			}
		}
	}
}

// canaryWorld is a lab with secrets planted in it, whose provider and STS may be made to repeat what they are sent.
type canaryWorld struct {
	*world
	one          sync.Mutex // of login --all's requests at a time
	planted      canaries
	repeats, sts repeater
	real         http.RoundTripper
}

func newCanaryWorld(t *testing.T) *canaryWorld {
	t.Helper()
	const password, seed = "Canary-Pa55&\"word", "KNSWKZC7MNQW4YLSPFPTCMRT"
	user := lab.Users()[0]
	user.Password, user.Seed = password, seed
	real, err := newTransport(transportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	w := &canaryWorld{world: newLab(t, lab.Options{Users: []lab.User{user}}), real: real}
	w.planted = canaries{"password": password, "seed": seed, "code": lab.Code(seed, noon)}
	w.wire = w
	w.config("[account.lab]\nurl = \"http://127.0.0.1:1/start\"\nusername = \"alice\"\nhosts = [%q]\n[profile.x]\naccount = \"lab\"\nrole = \"Admin\"\n",
		strings.TrimPrefix(strings.Split(w.lab.URL, "/sso")[0], "http://"))
	w.set("SAMLCLI_PASSWORD", password)
	w.keys.entries = map[string]secret.Secret{"totp:lab:alice": secret.New(seed)}
	w.keys.gone = true // so that the key is a file
	w.set("SAMLCLI_CODE", w.planted["code"])
	w.set("SAMLCLI_PROXY", "http://somebody:"+w.plant("proxy's password", "Canary-Pr0xy-41")+"@127.0.0.1:1")
	w.set("AWS_ACCESS_KEY_ID", w.plant("own access key", "AKIACANARY9B8C7D6E5F"))
	w.set("AWS_SECRET_ACCESS_KEY", w.plant("own secret key", "0wnCanary/Secret+Key/9b8c7d6e5f"))
	recorded, err := os.ReadFile("../../fixtures/keycloak/password.txt")
	if err != nil {
		t.Fatal(err)
	}
	w.file("given.tape", strings.ReplaceAll(string(recorded), "pass-word-1", password))
	w.file("given.ini", "[default]\nurl = https://idp.example.com\nusername = alice\nprovider = KeyCloak\npassword = "+w.plant("another tool's", "Canary-0ther-51")+"\n")
	w.set("SAML2AWS_CONFIGFILE", filepath.Join(w.home, "given.ini"))
	w.stdin = strings.NewReader(password + "\n")
	return w
}

func (w *canaryWorld) plant(name, value string) string {
	w.planted[name] = value
	return value
}

// RoundTrip is the way to a broker, that asks the lab, to the lab, and to AWS; all that comes back is planted.
func (w *canaryWorld) RoundTrip(r *http.Request) (*http.Response, error) {
	w.one.Lock()
	defer w.one.Unlock()
	sent := ""
	if r.Body != nil {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		decoded, _ := url.QueryUnescape(string(body))
		sent = fmt.Sprintf("%s %v %s %s", r.URL, r.Header, decoded, body)
	}
	isSTS := "http://"+r.URL.Host == w.lab.STS
	switch {
	case isSTS && w.sts != nil:
		return w.sts(r, sent)
	case !isSTS && w.repeats != nil && len(w.planted.in(sent)) > 0 && r.Method == http.MethodPost:
		return w.repeats(r, sent)
	}
	resp, err := w.answer(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	w.note(resp, string(body))
	return resp, err
}

func (w *canaryWorld) answer(r *http.Request) (*http.Response, error) {
	switch r.URL.Host {
	case "127.0.0.1:1":
		return page(r, 200, `<form method=post action="`+strings.ReplaceAll(w.lab.URL, "&", "&amp;")+`"><input type=hidden name=SAMLRequest value="`+w.plant("SAML request", "Q2FuYXJ5UmVxdWVzdDliOGM3ZDZl")+
			`"></form><script>document.forms[0].submit()</script>`)
	case "idp.example.com":
		return page(r, 200, `<form method=post action="/login"><input name=username><input type=password name=password></form>`)
	case "signin.aws.amazon.com":
		return page(r, 200, `{"SigninToken":"`+w.plant("sign-in token", "Canary-SigninT0ken-9f3a")+`"}`)
	}
	if own := ownAnswer(r); own != "" {
		return page(r, 200, own)
	}
	if strings.HasPrefix(r.URL.Path, "/sso") && r.Method == http.MethodPost {
		r = r.Clone(r.Context())
		r.Method, r.Body, r.ContentLength = http.MethodGet, nil, 0
	}
	if !strings.HasPrefix(r.URL.Host, "127.0.0.1:") {
		return nil, errors.New("there is no such host")
	}
	return w.real.RoundTrip(r)
}

// ownAnswer is what STS gives for keys of one's own, which the lab does not.
func ownAnswer(r *http.Request) string {
	if r.Body == nil {
		return ""
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	user := map[string]string{
		"AssumeRole":         "<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/Admin/samlcli</Arn><AssumedRoleId>AROA:samlcli</AssumedRoleId></AssumedRoleUser>",
		"GetFederationToken": "<FederatedUser><Arn>arn:aws:sts::123456789012:federated-user/guest</Arn><FederatedUserId>123456789012:guest</FederatedUserId></FederatedUser>",
		"GetSessionToken":    " ",
		"GetCallerIdentity":  "<Arn>arn:aws:iam::123456789012:user/alice</Arn><UserId>AIDA</UserId><Account>123456789012</Account>",
	}[form.Get("Action")]
	if user == "" || !strings.Contains(r.Header.Get("Authorization"), "AKIACANARY") {
		return ""
	}
	return fmt.Sprintf("<%[1]sResponse><%[1]sResult>%[2]s<Credentials><AccessKeyId>ASIAOWN9B8C7D6E5F</AccessKeyId><SecretAccessKey>CanarySecret/9b8c+7d6e5f</SecretAccessKey>"+
		"<SessionToken>CanarySession/9b8c+7d6e5f</SessionToken><Expiration>2026-11-20T13:00:00Z</Expiration></Credentials></%[1]sResult></%[1]sResponse>", form.Get("Action"), user)
}

// note plants what an answer brings.
func (w *canaryWorld) note(resp *http.Response, body string) {
	for _, c := range resp.Cookies() {
		w.planted[fmt.Sprint("cookie ", len(w.planted))] = c.Value
	}
	for _, part := range strings.Split(body, `name="SAMLResponse" value="`)[1:] {
		w.planted["response"], _, _ = strings.Cut(part, `"`)
	}
	for _, value := range between(body, `value="`, `"`) {
		if value != w.planted["response"] && value != "sign-in" && len(value) > 12 {
			w.planted[fmt.Sprint("hidden ", len(w.planted))] = value
		}
	}
	for tag, name := range map[string]string{"AccessKeyId": "access key", "SecretAccessKey": "secret key", "SessionToken": "session token"} {
		for _, value := range between(body, "<"+tag+">", "<") {
			w.planted[fmt.Sprint(name, " ", len(w.planted))] = value
		}
	}
}

// untilServed ends a context when an endpoint's address is written.
type untilServed struct {
	bytes.Buffer
	end context.CancelFunc
}

func (u *untilServed) Write(data []byte) (int, error) {
	if strings.Contains(string(data), "AWS_CONTAINER") {
		u.end()
	}
	return u.Buffer.Write(data)
}

// say runs a command, and serve until it serves.
func (w *canaryWorld) say(args []string) result {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	var stderr bytes.Buffer
	stdout := &untilServed{end: cancel}
	code := run(ctx, host{stdin: w.stdin, stdout: stdout, stderr: &stderr, environ: w.environ, tty: w.tty, keyring: w.keys, now: w.now,
		transport: func(transportOptions) (http.RoundTripper, error) { return w.wire, nil }}, args)
	for _, token := range between(stdout.String(), "AWS_CONTAINER_AUTHORIZATION_TOKEN='", "'") {
		w.planted["endpoint's token"] = token
	}
	return result{code, stdout.String(), stderr.String()}
}

// env is what the last setting of a variable says.
func (w *canaryWorld) env(name string) string { return host{environ: w.environ}.env(name) }

// objects checks that every line on stderr is a JSON object, and one of them the error, where there is one.
func (w *canaryWorld) objects(r result) {
	w.Helper()
	errors := 0
	for line := range strings.Lines(r.stderr) {
		var object struct{ Error, Level *string }
		if err := json.Unmarshal([]byte(line), &object); err != nil || (object.Error == nil) == (object.Level == nil) {
			w.Errorf("neither an error nor a message: %s", line)
		}
		if object.Error != nil {
			errors++
		}
	}
	if (errors == 1) != (r.code != exitDone) || errors > 1 {
		w.Errorf("ended with %d and said %d errors:\n%s", r.code, errors, r.stderr)
	}
}

// check looks at all that a command left.
func (w *canaryWorld) check(one asked, r result) {
	w.Helper()
	if key, err := os.ReadFile(filepath.Join(w.home, ".local/state/samlcli/key")); err == nil {
		w.planted["the key of what is sealed"] = hex.EncodeToString(key)
	}
	if w.env("SAMLCLI_LOG_FORMAT") == "json" {
		w.objects(r)
	}
	search := w.planted.search()
	if found := search(r.stderr); found != nil {
		w.Errorf("ended with %d and says %q:\n%s", r.code, found, r.stderr)
	}
	if found := w.planted.but(one.shows...).in(r.stdout); found != nil {
		w.Errorf("ended with %d and prints %q:\n%s", r.code, found, r.stdout)
	}
	err := filepath.WalkDir(w.home, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if found := search(strings.TrimPrefix(path, w.home)); found != nil {
			w.Errorf("the name of %s has %q", path, found)
		}
		if entry.IsDir() || strings.HasPrefix(entry.Name(), "given.") {
			return nil
		}
		held := search
		if where := filepath.ToSlash(path); strings.Contains(where, "/.aws/") || strings.Contains(where, "/samlcli/credentials/") {
			held = w.planted.but("access key", "secret key", "session token").search()
		} else if entry.Name() == "bug.tape" { // TestRecord looks for the lab's tokens in it
			held = w.planted.but("hidden", "cookie").search()
		}
		if found := held(w.read(strings.TrimPrefix(path, w.home))); found != nil {
			w.Errorf("%s holds %q", path, found)
		}
		return nil
	})
	if err != nil {
		w.Error(err)
	}
}
