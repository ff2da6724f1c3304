package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/idptest"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/internal/lab"
)

// recorded is the tape that the last record wrote.
func (w *world) recorded() *tape.Tape {
	w.Helper()
	t, err := tape.Parse(w.read("bug.tape"))
	if err != nil {
		w.Fatal(err)
	}
	return t
}

// replayed runs replay, which must end with a code and say some words, and returns what it printed.
func (w *world) replayed(code int, words string, args ...string) string {
	w.Helper()
	w.wire = unreachable
	r := w.run(append([]string{"replay", filepath.Join(w.home, "bug.tape")}, args...)...)
	if r.code != code || !strings.Contains(r.stderr, words) {
		w.Errorf("replay ended with %d, want %d with %q on stderr:\n%s%s", r.code, code, words, r.stderr, r.stdout)
	}
	if strings.Contains(r.stderr, "warning") {
		w.Errorf("replay warns:\n%s", r.stderr)
	}
	return r.stdout
}

// record runs record, which must end with a code and say some words.
func (w *world) record(code int, words string, args ...string) result {
	w.Helper()
	return w.want(code, words, append([]string{"record", "-o", filepath.Join(w.home, "bug.tape")}, args...)...)
}

// holdsNone fails for every secret that the tape holds.
func (w *world) holdsNone(secrets ...string) {
	w.Helper()
	text := w.read("bug.tape")
	for _, secret := range secrets {
		if secret != "" && strings.Contains(text, secret) {
			w.Errorf("the tape holds %q", secret)
		}
	}
}

func TestRecord(t *testing.T) {
	w := asAlice(t)
	real, err := newTransport(transportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	saw := &witness{next: real}
	w.wire = saw
	r := w.record(0, "bug.tape, the tape of a sign-in that ended so: signed in")
	for _, words := range []string{"read the tape before you share it", "samlcli replay " + filepath.Join(w.home, "bug.tape")} {
		if !strings.Contains(r.stderr, words) {
			t.Errorf("record does not say %q:\n%s", words, r.stderr)
		}
	}
	w.holdsNone(append(saw.seen, lab.AlicePassword, lab.Code(lab.AliceSeed, noon), "127.0.0.1")...)
	if info, err := os.Stat(filepath.Join(w.home, "bug.tape")); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the tape's file: %v, %v, want 0600", info, err)
	}
	w.golden("replay", w.replayed(0, ""))
	w.golden("replay-json", w.replayed(0, "", "--output", "json"))
}

// A sign-in that fails leaves its tape as well, which ends in the same way.
func TestRecordOfFailures(t *testing.T) {
	for _, test := range []struct {
		name, words string
		code        int
		args        []string
		password    string
	}{
		{"wrong password", "the password is wrong", 4, []string{"--password-stdin"}, ""},
		{"wrong code", "code", 4, []string{"--code", "135790"}, ""},
		{"locked", "locked", 4, []string{"--username", "carol"}, lab.CarolPassword},
		{"no role", "no AWS role", 6, []string{"--username", "dave"}, lab.DavePassword},
		{"nobody", "there is nobody to ask", 3, []string{"--username", "bob"}, "none"},
		{"unreachable", "reaching", 8, []string{"--url", "http://127.0.0.1:1/"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asAlice(t)
			if test.password != "" {
				w.set("SAMLCLI_PASSWORD", strings.TrimPrefix(test.password, "none"))
			}
			w.stdin = strings.NewReader("planted-password\n")
			w.record(test.code, test.words, test.args...)
			w.holdsNone("planted", "135790", lab.AlicePassword, "127.0.0.1", "carol")
			w.replayed(test.code, "")
		})
	}
}

// Only a tape may be overwritten, and that is said before anybody signs in.
func TestRecordOverFile(t *testing.T) {
	w := asBob(t)
	w.file("bug.tape", "[default]\n")
	w.record(2, "is there already and is no tape")
	if got := w.read("bug.tape"); got != "[default]\n" || w.lab.SignIns() > 0 {
		t.Errorf("the file is %q after %d sign-ins", got, w.lab.SignIns())
	}
	w.file("bug.tape", "source: x\nwant: signed in\n")
	w.record(0, "wrote ")
	w.record(0, "wrote ")
	w.replayed(0, "")
	w.want(2, "name it, as in samlcli record -o bug.tape", "record")
	w.want(2, "visits no pages", "record", "-o", "x", "--idp", "paste")
	w.want(2, "takes no --assertion", "record", "-o", "x", "--assertion", "y")
}

// TestRecordHint: who meets a page that is not understood is told the command that records it.
func TestRecordHint(t *testing.T) {
	w := newWorld(t)
	w.wire = wire(func(r *http.Request) (*http.Response, error) { return page(r, 200, "<p>Nothing to see.</p>") })
	w.config("[account.work]\nurl = \"https://idp.example.com/?secret=planted\"\n")
	w.want(5, "samlcli: hint: to report it, make a file that shows the sign-in without its secrets: samlcli record -o bug.tape --account work --username 'a b' --host x.example.com --no-input\n",
		"login", "--role", "x", "--username", "a b", "--host", "x.example.com", "--no-input", "-v")
	w.want(5, "samlcli record -o bug.tape --url URL\n", "roles", "--url", "https://idp.example.com/?secret=planted")
	w.stdin = strings.NewReader("PGE+")
	if r := w.run("roles", "--idp", "paste"); r.code != 5 || strings.Contains(r.stderr, "samlcli record") {
		t.Errorf("a pasted response ends with %d:\n%s", r.code, r.stderr)
	}
	w.record(5, "ended so: unknown page: ")
	if r := w.record(5, "page not understood"); strings.Contains(r.stderr, "to report it") {
		t.Errorf("record wants to be run again:\n%s", r.stderr)
	}
	if walk := w.replayed(5, "page not understood: idp.example.com/"); !strings.Contains(walk, "GET  idp.example.com/  200  → stops here\n") {
		t.Errorf("replay shows\n%s", walk)
	}
}

func TestReplayOfNoTape(t *testing.T) {
	w := newWorld(t)
	w.want(2, "replay takes the name of one tape", "replay")
	w.want(2, "reading "+w.home, "replay", w.home)
	w.want(2, "x is no tape: line 1", "replay", w.file("x", "nonsense"))
	w.want(2, "there is no adapter", "replay", w.file("x", "source: x\nwant: signed in\nidp: nobody\n"))
}

// A tape that another version of a step would answer otherwise is told from a refusal.
func TestReplayDiffers(t *testing.T) {
	w := asBob(t)
	w.record(0, "")
	w.file("bug.tape", strings.Replace(w.read("bug.tape"), "> action=sign-in", "> action=other", 1))
	w.replayed(1, "samlcli:   - action=other\nsamlcli:   + action=sign-in\n")
}

// TestRecordingDocs: what docs/recording.md says of the lab is so: its tape is a test of the adapter that it names, and its replay
// looks as it is shown.
func TestRecordingDocs(t *testing.T) {
	w := asAlice(t)
	w.record(0, "", "--url", w.lab.URL, "--username", "alice", "--code", lab.Code(lab.AliceSeed, noon))
	adapter, err := adapterNamed(w.recorded().Get("idp"))
	if err != nil || adapter.Name != "forms" {
		t.Fatalf("the tape names %q, %v", adapter.Name, err)
	}
	idptest.Play(t, filepath.Join(w.home, "bug.tape"), adapter, all.Adapters())
	const file = "../../docs/recording.md"
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, _ := strings.Cut(string(page), "<!-- replay -->\n")
	_, after, found := strings.Cut(rest, "<!-- /replay -->")
	want := before + "<!-- replay -->\n```\n" + w.replayed(0, "") + "```\n<!-- /replay -->" + after
	switch {
	case !found:
		t.Errorf("%s has no place for the replay", file)
	case *update:
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	case string(page) != want:
		t.Errorf("%s shows another replay: go test ./cmd/samlcli -update", file)
	}
}

// A sign-in that took too long, or that the person gave up, ends on its tape where it was given up.
func TestRecordGivenUp(t *testing.T) {
	for _, test := range []struct {
		name string
		code int
		args []string
		stop bool
	}{
		{"timed out", 8, []string{"--timeout", "50ms"}, false},
		{"interrupted", 130, nil, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			ctx, cancel := context.WithCancel(context.Background())
			t.Cleanup(cancel)
			w.ctx = ctx
			w.wire = wire(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodGet {
					return page(r, 200, `<form method="post"><input name="user"><input type="password" name="password"><button>Go</button></form>`)
				}
				if test.stop {
					cancel()
				}
				<-r.Context().Done()
				return nil, r.Context().Err()
			})
			w.set("SAMLCLI_PASSWORD", "planted-password")
			w.record(test.code, "ended so: "+test.name, append(test.args, "--url", "https://sso.corp-name.de/", "--username", "jsmith")...)
			w.holdsNone("planted", "corp-name", "jsmith")
			w.ctx = context.Background()
			if walk := w.replayed(test.code, ""); !strings.Contains(walk, "POST  idp.example.com/  no answer  → stops here") {
				t.Errorf("replay shows\n%s", walk)
			}
		})
	}
}
