package tape

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

const canonical = `# A story.
source: written for this test
url: https://idp.example.com/start?a=1
username: alice@example.com
password: pass-word-1
password: pass-word-2
choose: Get a code by text
mfa: push totp
host: login.example.com
set: realm=aws=1
# How it ends.
want: refused bad_credentials: Wrong: try again

# The first page.
> GET https://idp.example.com/start?a=1
< 302
< Location: /login
< Set-Cookie: b=2; Path=/
< Set-Cookie: a=1; Path=/

> POST https://idp.example.com/login
> Cookie: a=1; b=x\\y\nz
> Header X-Requested-With: XMLHttpRequest
> user=alice@example.com
> note=one\ntwo \\n three
> empty=
< 200
< Content-Type: text/html

    <p>one

      two</p>

> POST https://idp.example.com/soap
> Body: <a>
> Body: </a>
< 500

# The end.
`

func TestParseWrite(t *testing.T) {
	t.Parallel()
	parsed, err := Parse(canonical)
	if err != nil {
		t.Fatal(err)
	}
	if got := Write(parsed); got != canonical {
		t.Errorf("Write(Parse(x)):\n%s", diff(strings.Split(canonical, "\n"), strings.Split(got, "\n")))
	}
	messy, err := Parse(strings.ReplaceAll(strings.ReplaceAll(canonical, "\n\n", "\n\n\n"), "\n", "\r\n"))
	if err != nil || !reflect.DeepEqual(messy.Exchanges[0], parsed.Exchanges[0]) || !reflect.DeepEqual(messy.Head, parsed.Head) {
		t.Errorf("line ends and empty lines make another tape: %v", err)
	}
	login := parsed.Exchanges[1]
	if got, want := login.Request.Form, []Pair{{"user", "alice@example.com"}, {"note", "one\ntwo \\n three"}, {"empty", ""}}; !reflect.DeepEqual(got, want) {
		t.Errorf("Form = %q, want %q", got, want)
	}
	if got, want := login.Response.Body, "<p>one\n\n  two</p>"; got != want {
		t.Errorf("Body = %q, want %q", got, want)
	}
	account := idp.Account{URL: "https://idp.example.com/start?a=1", Username: "alice@example.com", Hosts: []string{"login.example.com"},
		MFA: []idp.Factor{idp.Push, idp.TOTP}, Settings: map[string]string{"realm": "aws=1"}}
	if got := parsed.Account(); !reflect.DeepEqual(got, account) {
		t.Errorf("Account = %v, want %v", got, account)
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	head := "source: x\nwant: signed in\n\n"
	for _, test := range []struct{ text, want string }{
		{"want: signed in\n", `the head has no "source:" line`},
		{"source: x\n", `the head has no "want:" line`},
		{"source: x\npasword: y\n", `line 2: "pasword" is no head line`},
		{"source: x\nnonsense\n", `line 2: "nonsense" is no head line`},
		{head + "> GET /relative\n< 200\n", `line 4: expected "> METHOD https://…"`},
		{head + "> GET https://a.example.com/\n> nonsense\n< 200\n", `line 5: expected "> name=value"`},
		{head + "> GET https://a.example.com/\n> Header X\n< 200\n", `line 5: expected "> Header NAME: value"`},
		{head + "> GET https://a.example.com/\n> a=b\n> Body: c\n< 200\n", "either form fields or a body"},
		{head + "> GET https://a.example.com/\n\n", `expected "< STATUS"`},
		{head + "> GET https://a.example.com/\n< OK\n", "line 5: expected a status"},
		{head + "> GET https://a.example.com/\n< 200\n< nonsense\n", `line 6: expected "< Name: value"`},
		{head + "> GET https://a.example.com/\n< 200\n\n  <p>\n", "line 7: expected"},
	} {
		if _, err := Parse(test.text); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Parse(%q) = %v, want %q", test.text, err, test.want)
		}
	}
}

func TestPlayerCompares(t *testing.T) {
	t.Parallel()
	const form, text, json = "application/x-www-form-urlencoded", "text/plain", "application/json"
	multipart := "multipart/form-data; boundary=xyz"
	for _, test := range []struct{ name, tape, address, kind, body, cookie, header, want string }{
		{name: "same", tape: "> POST https://a.example.com/?x=1&y=2\n> Cookie: a=1; b=2\n> u=ä b\n> p=1",
			address: "https://a.example.com?y=2&x=1#f", kind: form, body: "p=1&u=%C3%A4+b", cookie: "b=2; a=1"},
		{name: "field", tape: "> POST https://a.example.com/\n> u=1", address: "https://a.example.com/", kind: form, body: "u=2", want: "- u=1\n+ u=2"},
		{name: "query", tape: "> POST https://a.example.com/?u=1", address: "https://a.example.com/?u=2", want: "- ?u=1\n+ ?u=2"},
		{name: "cookie", tape: "> POST https://a.example.com/", address: "https://a.example.com/", cookie: "a=1", want: "+ Cookie: a=1"},
		{name: "JSON", tape: "> POST https://a.example.com/\n> Body: {\"a\":1,\"b\":\"\\\"\"}", address: "https://a.example.com/", kind: json, body: `{ "b": "\"", "a": 1 }`},
		{name: "other JSON", tape: "> POST https://a.example.com/\n> Body: {\"a\":1}", address: "https://a.example.com/", kind: json, body: `{"a":2}`, want: "-   \"a\": 1\n+   \"a\": 2"},
		{name: "text", tape: "> POST https://a.example.com/\n> Body: <a>\n> Body: </a>", address: "https://a.example.com/", kind: text, body: "<a>\r\n</a>"},
		{name: "multipart", tape: "> POST https://a.example.com/\n> u=1", address: "https://a.example.com/", kind: multipart,
			body: "--xyz\r\nContent-Disposition: form-data; name=\"u\"\r\n\r\n1\r\n--xyz--\r\n"},
		{name: "header", tape: "> POST https://a.example.com/\n> Header x-csrf: 1", address: "https://a.example.com/", header: "1"},
		{name: "other header", tape: "> POST https://a.example.com/\n> Header x-csrf: 1", address: "https://a.example.com/", header: "2", want: "- Header X-Csrf=1\n+ Header X-Csrf=2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			played, err := Parse("source: x\nwant: signed in\n\n" + test.tape + "\n< 200\n< X-A: b\n\n    hello\n")
			if err != nil {
				t.Fatal(err)
			}
			req, err := http.NewRequestWithContext(t.Context(), "POST", test.address, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			for name, value := range map[string]string{"Content-Type": test.kind, "Cookie": test.cookie, "X-Csrf": test.header} {
				if value != "" {
					req.Header.Set(name, value)
				}
			}
			player := NewPlayer(played)
			resp, err := player.RoundTrip(req)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) || player.Err() == nil {
					t.Errorf("RoundTrip = %v, Err = %v; want %q", err, player.Err(), test.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if body, _ := io.ReadAll(resp.Body); string(body) != "hello" || resp.Header.Get("X-A") != "b" || len(player.Left()) != 0 {
				t.Errorf("response = %q, %v; %d left", body, resp.Header, len(player.Left()))
			}
		})
	}
}

func TestPlayerAtTheEnd(t *testing.T) {
	t.Parallel()
	player := NewPlayer(&Tape{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := player.RoundTrip(httptest.NewRequest("GET", "https://a.example.com/", nil).WithContext(ctx)); !errors.Is(err, context.Canceled) || player.Err() != nil {
		t.Errorf("RoundTrip after the context's end = %v, Err = %v", err, player.Err())
	}
	for range 2 {
		if _, err := player.RoundTrip(httptest.NewRequest("GET", "https://a.example.com/", nil)); err == nil || !strings.Contains(err.Error(), "the tape has ended") {
			t.Errorf("RoundTrip = %v, want the end", err)
		}
	}
}

func TestAsker(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	a := NewAsker(&Tape{Head: []Line{{"password", "one"}, {"password", "two"}, {"choose", "B"}, {"choose", "C"}}})
	for _, want := range []string{"one", "two", ""} {
		if got, err := a.Ask(ctx, idp.Question{Kind: idp.Password}); got != want || (want == "") != errors.Is(err, idp.ErrNoAnswer) {
			t.Errorf("Ask = %q, %v, want %q", got, err, want)
		}
	}
	options := idp.Choice{Options: []idp.Option{{Label: "A"}, {Label: " B "}}}
	if got, err := a.Choose(ctx, options); got != 1 || err != nil {
		t.Errorf("Choose = %d, %v, want 1", got, err)
	}
	if _, err := a.Choose(ctx, options); err == nil || !strings.Contains(err.Error(), `"C", which is not among ["A" " B "]`) {
		t.Errorf("Choose of what is not offered = %v", err)
	}
	if _, err := a.Choose(ctx, options); !errors.Is(err, idp.ErrNoAnswer) {
		t.Errorf("Choose at the end = %v, want ErrNoAnswer", err)
	}
	a.Tell(ctx, "hello")
	if got := a.Told(); len(got) != 1 || got[0] != "hello" {
		t.Errorf("Told = %q", got)
	}
}

func TestOutcome(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want string
	}{
		{nil, "signed in"},
		{fmt.Errorf("x: %w", &idp.RefusedError{Kind: idp.Locked, Message: "too often"}), "refused locked: too often"},
		{&idp.UnknownPageError{Reason: "it is empty"}, "unknown page: it is empty"},
		{&idp.HostError{}, "no answer"},
		{&idp.StepError{Err: &web.UnreachableError{Err: io.EOF}}, "unreachable"},
		{&idp.StepError{Err: context.DeadlineExceeded}, "timed out"},
		{io.EOF, "error: EOF"},
	} {
		if got := Outcome(test.err); got != test.want {
			t.Errorf("Outcome(%v) = %q, want %q", test.err, got, test.want)
		}
	}
}
