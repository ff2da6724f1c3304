package main

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/secret"
)

// witness is a network that remembers every value that must not be seen: cookies, hidden fields, the response, the keys.
type witness struct {
	next http.RoundTripper
	mu   sync.Mutex
	seen []string
}

func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range resp.Cookies() {
		w.seen = append(w.seen, c.Value)
	}
	w.seen = append(w.seen, between(string(body), `value="`, `"`)...)
	for _, key := range []string{"AccessKeyId", "SecretAccessKey", "SessionToken"} {
		w.seen = append(w.seen, between(string(body), "<"+key+">", "<")...)
	}
	return resp, err
}

// between returns the texts of some length between two marks.
func between(text, from, to string) []string {
	var found []string
	for _, part := range strings.Split(text, from)[1:] {
		if value, _, ok := strings.Cut(part, to); ok && len(value) > 8 {
			found = append(found, value)
		}
	}
	return found
}

// TestMistypedSecrets: what stands where no secret belongs is not said back.
func TestMistypedSecrets(t *testing.T) {
	for _, args := range [][]string{
		{"login", "--pasword", "planted-password"},
		{"login", "--password-stdin=planted-password"},
		{"login", "--password-stdin", "planted-password"},
		{"login", "planted-password"},
		{"login", "--url", "https://planted-user:planted-password@idp.example.com/"},
		{"login", "--proxy", "socks4://planted-user:planted-password@idp.example.com/"},
		{"login", "--sts-endpoint", "https://planted-user:planted-password@sts.example.com/"},
		{"configure", "https://planted-user:planted-password@idp.example.com/"},
	} {
		t.Run(strings.Join(args[:2], " "), func(t *testing.T) {
			if r := newWorld(t).want(2, "", args...); strings.Contains(r.stderr, "planted") {
				t.Errorf("said %s", r.stderr)
			}
		})
	}
}

func TestVerbose(t *testing.T) {
	w := asAlice(t)
	w.golden("verbose", w.want(0, "", "login", "-v", "--role", "Admin").stderr)
	w = &world{T: t, environ: w.environ, home: w.home, lab: w.lab, tty: w.tty, keys: w.keys, ctx: w.ctx, now: w.now}
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\nverbose = true\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.BobPassword)
	w.golden("verbose-json", w.want(0, "", "login", "--log-format", "json").stderr)
}

// TestCrash: a bug is said with its place, and without a value.
func TestCrash(t *testing.T) {
	w := newWorld(t)
	w.wire = wire(func(*http.Request) (*http.Response, error) { panic("planted-password") })
	r := w.want(1, "samlcli: this is a bug in samlcli "+version, "login", "--url", "https://idp.example.com/")
	if strings.Contains(r.stderr, "planted") {
		t.Errorf("said the value: %s", r.stderr)
	}
	if !strings.Contains(r.stderr, "TestCrash") || !strings.Contains(r.stderr, "hint: please report the lines above") {
		t.Errorf("said no place: %s", r.stderr)
	}
}

func TestChildEnvironment(t *testing.T) {
	t.Parallel()
	got := childEnvironment([]string{"A=1", "SAMLCLI_PASSWORD=x", "SAMLCLI_CODE=y", "SAMLCLI_CODE_COMMAND=z"})
	if want := "A=1 SAMLCLI_CODE_COMMAND=z"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

// TestSystemKeyring only where there is none: a person's own is not the tests' to touch.
func TestSystemKeyring(t *testing.T) {
	if runtime.GOOS != "linux" || (systemKeyring{}).there() {
		t.Skip("there is a keyring here")
	}
	if value, err := (systemKeyring{}).get("password:x:y"); !value.Empty() || err != nil {
		t.Errorf("get = %v, %v", value, err)
	}
	if err := (systemKeyring{}).set("password:x:y", secret.New("z")); err == nil {
		t.Error("set where there is no keyring")
	}
}

func TestSystemHost(t *testing.T) {
	t.Parallel()
	h := systemHost()
	if h.tty == nil || h.transport == nil || h.now == nil || h.env("PATH") == "" || h.env("SAMLCLI_NO_SUCH_VARIABLE") != "" {
		t.Error("something is missing")
	}
	_, err := patiently(canceled(), func() (int, error) { select {} })
	if err != context.Canceled {
		t.Errorf("patiently = %v", err)
	}
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
