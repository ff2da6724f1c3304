package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/internal/term"
)

var update = idptest.Update

// goldens keeps tests that share one from reading it half written.
var goldens sync.Mutex

// noon is the time in every test.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// world is a home of its own with nobody at the terminal, and servers on loopback where a test wants them.
type world struct {
	*testing.T
	lab     *lab.Lab
	home    string
	environ []string
	stdin   io.Reader
	tty     func() (*term.Terminal, error)
	keys    *fakeKeyring
	// wire stands between the program and the network; nil is the real thing.
	wire http.RoundTripper
	ctx  context.Context
	now  func() time.Time
	// browse is what the person at a browser does with an address; nil is nobody.
	browse func(address string) error
}

func newWorld(t *testing.T) *world {
	t.Helper()
	if !oneAtATime {
		t.Parallel()
	}
	home := t.TempDir()
	return &world{
		T: t, home: home, environ: []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")},
		tty:  func() (*term.Terminal, error) { return nil, term.ErrNone },
		keys: &fakeKeyring{}, ctx: context.Background(), now: func() time.Time { return noon },
	}
}

// newLab is a world with the lab in it.
func newLab(t *testing.T, o lab.Options) *world {
	t.Helper()
	w := newWorld(t)
	if o.Now == nil {
		o.Now = w.now
	}
	l, err := lab.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	w.lab = l
	w.set("AWS_ENDPOINT_URL_STS", l.STS)
	return w
}

// asBob is a lab in which bob, who has a password and one role, is configured and can sign in without a question.
func asBob(t *testing.T) *world {
	t.Helper()
	w := newLab(t, lab.Options{})
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.BobPassword)
	return w
}

// asAlice is the same for alice, who has three roles and is asked for a code.
func asAlice(t *testing.T) *world {
	t.Helper()
	w := newLab(t, lab.Options{})
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
	w.set("SAMLCLI_CODE", lab.Code(lab.AliceSeed, noon))
	return w
}

func (w *world) set(name, value string) {
	w.environ = append([]string{name + "=" + value}, w.environ...)
}

// file writes a file below home and returns its path.
func (w *world) file(name, text string) string {
	w.Helper()
	path := filepath.Join(w.home, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		w.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		w.Fatal(err)
	}
	return path
}

func (w *world) config(format string, args ...any) {
	w.Helper()
	w.file(".config/samlcli/config.toml", fmt.Sprintf(format, args...))
}

func (w *world) read(name string) string {
	w.Helper()
	data, err := os.ReadFile(filepath.Join(w.home, name))
	if err != nil {
		w.Fatal(err)
	}
	return string(data)
}

func (w *world) missing(name string) bool {
	_, err := os.Lstat(filepath.Join(w.home, name))
	return errors.Is(err, os.ErrNotExist)
}

// result is what a command left.
type result struct {
	code           int
	stdout, stderr string
}

func (w *world) run(args ...string) result {
	w.Helper()
	var stdout, stderr bytes.Buffer
	stdin := w.stdin
	if stdin == nil {
		stdin = strings.NewReader("")
	}
	transport := newTransport
	if w.wire != nil {
		transport = func(transportOptions) (http.RoundTripper, error) { return w.wire, nil }
	}
	browse := w.browse
	code := run(w.ctx, host{
		stdin: stdin, stdout: &stdout, stderr: &stderr, environ: w.environ,
		tty: w.tty, keyring: w.keys, transport: transport, now: w.now, open: func(c *exec.Cmd) error { return browse(c.Args[len(c.Args)-1]) },
	}, args)
	return result{code, stdout.String(), stderr.String()}
}

// want runs a command that must end with a code and say some words on stderr.
func (w *world) want(code int, words string, args ...string) result {
	w.Helper()
	r := w.run(args...)
	if r.code != code || !strings.Contains(r.stderr, words) {
		w.Errorf("samlcli %s\nended with %d, want %d with %q on stderr:\n%s", strings.Join(args, " "), r.code, code, words, r.stderr)
	}
	if code != exitDone && r.stdout != "" {
		w.Errorf("samlcli %s: failed, and wrote to stdout:\n%s", strings.Join(args, " "), r.stdout)
	}
	return r
}

// golden compares a text with fixtures/cli/NAME.golden.
func (w *world) golden(name, text string) {
	w.Helper()
	text = w.stable(text)
	path := filepath.Join("..", "..", "fixtures", "cli", name+".golden")
	goldens.Lock()
	defer goldens.Unlock()
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			w.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		w.Fatal(err)
	}
	if text != string(want) {
		w.Errorf("%s differs; got:\n%s\nwant:\n%s", path, text, want)
	}
}

// stable replaces what differs from run to run.
func (w *world) stable(text string) string {
	text = strings.ReplaceAll(text, w.home, "HOME")
	if w.lab != nil {
		text = strings.ReplaceAll(text, w.lab.STS, "http://sts.example")
		text = strings.ReplaceAll(text, strings.TrimPrefix(w.lab.STS, "http://"), "sts.example")
	}
	text = regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(text, "idp.example")
	text = regexp.MustCompile(`until \d\d:\d\d`).ReplaceAllString(text, "until HH:MM")
	text = regexp.MustCompile(`[0-9a-f]{64}|([0-9A-F]{2}:){31}[0-9A-F]{2}`).ReplaceAllString(text, "FINGERPRINT")
	return regexp.MustCompile(`size(": | +)\d+`).ReplaceAllString(text, "size${1}N")
}

// fakeKeyring keeps secrets in memory.
type fakeKeyring struct {
	mu      sync.Mutex
	entries map[string]secret.Secret
	err     error
	asked   []string
	gone    bool
}

func (k *fakeKeyring) there() bool { return !k.gone }

func (k *fakeKeyring) get(entry string) (secret.Secret, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked = append(k.asked, entry)
	return k.entries[entry], k.err
}

func (k *fakeKeyring) set(entry string, value secret.Secret) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return k.err
	}
	if k.entries == nil {
		k.entries = map[string]secret.Secret{}
	}
	k.entries[entry] = value
	return nil
}

// wire is a network of one function.
type wire func(*http.Request) (*http.Response, error)

func (f wire) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// page answers with HTML.
func page(r *http.Request, status int, body string) (*http.Response, error) {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body:   io.NopCloser(strings.NewReader(body)),
	}, nil
}

// spying records what is sent to STS on its way there.
func (w *world) spying() *[]map[string]string {
	real, err := newTransport(transportOptions{})
	if err != nil {
		w.Fatal(err)
	}
	var calls []map[string]string
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if "http://"+r.URL.Host != w.lab.STS {
			return real.RoundTrip(r)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ParseForm()
		call := map[string]string{}
		for name, values := range r.PostForm {
			call[name] = values[0]
		}
		calls = append(calls, call)
		r.Body = io.NopCloser(bytes.NewReader(body))
		return real.RoundTrip(r)
	})
	return &calls
}

// unreachable is a network without a host.
var unreachable = wire(func(*http.Request) (*http.Response, error) {
	return nil, &net.DNSError{Err: "no such host", IsNotFound: true}
})

// answers are those of a command with no flag given.
func (w *world) answers() *answers {
	p := &program{host: host{environ: w.environ, tty: w.tty, keyring: w.keys, now: w.now}, log: &logger{w: io.Discard}}
	return &answers{s: &settings{program: p, c: contextOf(w.T), config: &config{}}}
}

// contextOf is the library's context of a command with no flag given.
func contextOf(t *testing.T) *cli.Context {
	t.Helper()
	var found *cli.Context
	command := &cli.Command{Name: "x", Flags: append(signInFlags(), roleFlags()...), Action: func(c *cli.Context) error { found = c; return nil }}
	if err := (&cli.App{Commands: []*cli.Command{command}}).Run([]string{"samlcli", "x"}); err != nil {
		t.Fatal(err)
	}
	return found
}
