package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/tape"
)

// TestNothingOfATapeIsSaid: every recorded login of every adapter at -v, with secrets planted in it: as it is, and with a
// provider that from the first secret on repeats, in every place that may be shown, whatever it is sent.
func TestNothingOfATapeIsSaid(t *testing.T) {
	t.Parallel()
	var played, asRecorded atomic.Int32
	c := contextOf(t)
	t.Run("all", func(t *testing.T) {
		for _, a := range all.Adapters() {
			t.Run(a.Name, func(t *testing.T) {
				t.Parallel()
				for i, file := range tapesOf(a.Name) {
					recorded, planted := plantedTape(t, file)
					if walkTape(t, c, file, a, recorded, planted, nil) == recorded.Get("want") {
						asRecorded.Add(1)
					}
					played.Add(1)
					walkTape(t, c, file, a, recorded, planted, repeaters[i%len(repeaters)])
				}
			})
		}
	})
	if n, of := asRecorded.Load(), played.Load(); n < of*3/4 {
		t.Errorf("only %d of %d tapes end as they did before anything was planted in them", n, of)
	}
}

// tapesOf returns the tapes of an adapter, and those that begin with it and end with another.
func tapesOf(adapter string) []string {
	own, _ := filepath.Glob(filepath.Join("../../fixtures", adapter, "*.txt")) // the patterns are right
	handovers, _ := filepath.Glob(filepath.Join("../../fixtures/handover", adapter+"-to-*.txt"))
	return append(own, handovers...)
}

// plantedTape makes every secret of a tape one that chance does not write.
func plantedTape(t *testing.T, file string) (*tape.Tape, canaries) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	original, err := tape.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	planted, with := canaries{}, map[string]string{"123456789012": "123456789012"} // an account's number is no code
	plant := func(kind, value, canary string) {
		if with[value] == "" && !strings.Contains(text, "//"+value+".") && !strings.Contains(original.Get("want"), value) {
			with[value] = canary
			planted[fmt.Sprint(kind, " ", len(with))] = canary
		}
	}
	for i, password := range original.All("password") {
		plant("password", password, fmt.Sprintf("Canary-Passw0rd%d!", i))
	}
	for i, code := range original.All("code") {
		plant("code", code, fmt.Sprintf("7351926%d", i))
	}
	for _, kind := range []struct{ name, pattern string }{
		{"cookie", `(?m)^< Set-Cookie: [^=]+=([\w.-]{4,})`},
		{"hidden", `type="hidden"[^>]* value="([\w-]{6,})"`},
		{"token", `"[\w]*[tT]oken": ?"([\w.-]{4,})"`},
		{"session in a path", `;jsessionid=([\w.-]+)`},
	} {
		for _, match := range regexp.MustCompile(kind.pattern).FindAllStringSubmatch(text, -1) {
			if strings.ContainsAny(match[1], "0123456789") && !methodName.MatchString(match[1]) {
				plant(kind.name, match[1], match[1]+"-canary-9f3a7b2e")
			}
		}
	}
	for _, match := range regexp.MustCompile(`(?:SAMLResponse|SAMLRequest)"[^>]* value="([^"]{40,})"`).FindAllStringSubmatch(text, -1) {
		planted["SAML"] = match[1]
	}
	recorded, err := tape.Parse(replaced(text, with))
	if err != nil {
		t.Fatal(err)
	}
	return recorded, planted
}

// methodName is of ways to sign in, which are told.
var methodName = regexp.MustCompile(`Authentication|^\d_`)

// replaced replaces the longest first.
func replaced(text string, with map[string]string) string {
	var values, pairs []string
	for value := range with {
		values = append(values, value)
	}
	slices.SortFunc(values, func(a, b string) int { return len(b) - len(a) })
	for _, value := range values {
		pairs = append(pairs, value, with[value])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// walkTape signs in as login does, and looks at what was said.
func walkTape(t *testing.T, c *cli.Context, file string, a idp.Adapter, recorded *tape.Tape, planted canaries, echo repeater) (outcome string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute-5*time.Millisecond)
		defer cancel()
		var said bytes.Buffer
		log := &logger{w: &said, verbose: true}
		s := &settings{program: &program{host: host{environ: []string{"SAMLCLI_REMEMBER=off"}, now: time.Now}, log: log}, c: c, config: &config{}}
		w := &walk{s: s, adapters: all.Adapters(), adapter: a, account: recorded.Account(), answers: &answers{s: s}, ask: loud{tape.NewAsker(recorded), log}}
		w.transport = &deck{player: tape.NewPlayer(recorded), planted: planted, echo: echo}
		_, err := w.signIn(ctx, nil)
		report(ctx, log, err)
		log.json = true
		report(ctx, log, err)
		if found := planted.in(said.String()); found != nil {
			t.Errorf("%s says %q:\n%s", file, found, said.String())
		}
		outcome = tape.Outcome(err)
	})
	return outcome
}

// loud is a tape's asker that says what a program with nobody at its terminal says.
type loud struct {
	*tape.Asker
	log *logger
}

func (l loud) Ask(ctx context.Context, q idp.Question) (string, error) {
	l.log.info("%s %s %s", q.Host, q.Label, q.Refused)
	return l.Asker.Ask(ctx, q)
}

func (l loud) Choose(ctx context.Context, c idp.Choice) (int, error) {
	l.log.info("%s %s %v", c.Host, c.Title, c.Options)
	return l.Asker.Choose(ctx, c)
}

func (l loud) Tell(_ context.Context, message string) { l.log.info("%s", message) }

// deck plays a tape, and repeats the first request that has a secret, where it is to, from there on.
type deck struct {
	player  *tape.Player
	planted canaries
	echo    repeater
	repeats string // what it repeats
}

func (d *deck) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(sent))
	decoded, _ := url.QueryUnescape(string(sent))
	if d.repeats == "" && d.echo != nil && len(d.planted.in(decoded)) > 0 {
		d.repeats = fmt.Sprintf("%s %s %s %s", r.URL, r.Header["Cookie"], decoded, sent)
	}
	if d.repeats != "" {
		return d.echo(r, d.repeats)
	}
	resp, err := d.player.RoundTrip(r)
	if err != nil { // its words have both requests in them
		return nil, io.ErrUnexpectedEOF
	}
	return resp, nil
}

// A repeater answers a request with what it was sent.
type repeater func(r *http.Request, sent string) (*http.Response, error)

var repeaters = []repeater{
	func(r *http.Request, sent string) (*http.Response, error) { return page(r, 200, echoPage(sent, true)) },
	func(r *http.Request, sent string) (*http.Response, error) { return page(r, 403, echoPage(sent, false)) },
	func(r *http.Request, sent string) (*http.Response, error) { return page(r, 500, echoPage(sent, false)) },
	func(r *http.Request, sent string) (*http.Response, error) {
		resp, err := page(r, 302, "")
		resp.Header.Set("Location", "/"+url.PathEscape(sent)+";jsessionid="+url.PathEscape(sent)+"?q="+url.QueryEscape(sent))
		return resp, err
	},
	func(r *http.Request, sent string) (*http.Response, error) {
		resp, err := page(r, 400, fmt.Sprintf(`{"message": %q, "error": %q, "errorSummary": %q, "status": %q}`, sent, sent, sent, sent))
		resp.Header.Set("Content-Type", "application/json")
		return resp, err
	},
	func(_ *http.Request, sent string) (*http.Response, error) { return nil, errors.New("broken: " + sent) },
}

// echoPage has a text wherever a page is looked at for words, and perhaps asks for a password again.
func echoPage(sent string, again bool) string {
	text := strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&#34;").Replace(sent)
	form := ""
	if again {
		form = `<form method=post action="/` + url.PathEscape(sent) + `"><input name=username><input type=password name=password><input type=hidden name=x value="` + text + `"></form>`
	}
	return `<title>` + text + `</title><h1>` + text + `</h1><p class=error>` + text + `</p><div role=alert>wrong: '` + text + `'</div>` + form +
		`<form id="` + text + `" action="/x"><input type=text name="` + text + `"></form>`
}
