package idptest

import (
	"context"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
)

// toy is an adapter of two pages: a password, and a code that is polled for.
func toy() idp.Adapter {
	return idp.Adapter{Name: "toy", Title: "Toy", Refusal: ".no", Steps: []idp.Step{
		{Name: "toy password", Tries: 2, Do: fill("password", idp.Password), On: func(p *web.Page) bool { return p.Has("[name=password]") }},
		{Name: "toy code", Do: fill("code", idp.Code), On: func(p *web.Page) bool { return p.Has("[name=code]") }},
	}}
}

func fill(field string, kind idp.Kind) func(context.Context, *idp.Session) error {
	return func(ctx context.Context, s *idp.Session) error {
		s.Ask.Tell(ctx, "Asking for the "+field+".")
		answer, err := s.Ask.Ask(ctx, idp.Question{Kind: kind})
		if err != nil {
			return err
		}
		form := s.Page().Form("[name=" + field + "]")
		form.Set(field, answer)
		return s.Submit(ctx, form)
	}
}

const toyTape = `source: written for this test
url: https://idp.example.com/start
username: alice@example.com
password: pass-word-1
code: 123456
tell: Asking for the password.
tell: Asking for the code.
want: signed in

> GET https://idp.example.com/start
< 302
< Location: /login?x=1
< Set-Cookie: sid=cookie-1; Path=/

> GET https://idp.example.com/login?x=1
> Cookie: sid=cookie-1
< 200
< Content-Type: text/html

    <form method="post" action="/login">
    <input name="password" type="password">
    </form>

> POST https://idp.example.com/login
> Cookie: sid=cookie-1
> password=pass-word-1
< 200
< Content-Type: text/html

    <form method="post" action="/code"><input name="code"></form>

> POST https://idp.example.com/code
> Cookie: sid=cookie-1
> code=123456
< 200
< Content-Type: text/html

    <form method="post" action="https://signin.aws.amazon.com/saml">
    <input type="hidden" name="SAMLResponse" value="c3RhbmQtaW4=">
    </form>
`

func TestCheck(t *testing.T) {
	t.Parallel()
	greedy := idp.Adapter{Name: "greedy", Steps: []idp.Step{{Name: "greedy code", On: func(p *web.Page) bool { return p.Has("[name=code]") }}}}
	generic := greedy
	generic.Generic = true
	for _, test := range []struct {
		name     string
		from, to string // what is changed on the tape
		others   []idp.Adapter
		want     string // part of the one error; "" for none
	}{
		{name: "as it should be"},
		{name: "outcome", from: "want: signed in", to: "want: no answer", want: "outcome:\n got signed in\nwant no answer"},
		{name: "two steps", others: []idp.Adapter{greedy}, want: `/login suits several steps: ["toy code" "greedy code"]`},
		{name: "a generic step does not count", others: []idp.Adapter{generic}},
		{name: "told", from: "tell: Asking for the code.\n", want: "told:"},
		{name: "live secret", from: "c3RhbmQtaW4=", to: "dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", want: "looks like a live secret: "},
		{name: "left over", from: "", to: "\n> GET https://idp.example.com/more\n< 200\n", want: "never requested: GET https://idp.example.com/more"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			text := toyTape + test.to
			if test.from != "" {
				text = strings.Replace(toyTape, test.from, test.to, 1)
			}
			wrong := play(t, text, test.others)
			switch {
			case test.want == "" && len(wrong) > 0:
				t.Errorf("check = %v, want nothing", wrong)
			case test.want != "" && (len(wrong) != 1 || !strings.Contains(wrong[0].Error(), test.want)):
				t.Errorf("check = %v, want one error with %q", wrong, test.want)
			}
		})
	}
}

func TestCheckRequestDiffers(t *testing.T) {
	t.Parallel()
	wrong := play(t, strings.Replace(toyTape, "> code=123456", "> code=654321\n> extra=1", 1), nil)
	want := `request 4 differs (- tape, + sent)
  POST https://idp.example.com/code
  Cookie: sid=cookie-1
- code=654321
- extra=1
+ code=123456`
	if len(wrong) != 2 || wrong[1].Error() != want {
		t.Errorf("check = %v, want an outcome and\n%s", wrong, want)
	}
}

func TestUntold(t *testing.T) {
	t.Parallel()
	if got := untold(toy(), []string{"relay", "toy password"}); len(got) != 1 || got[0] != "toy code" {
		t.Errorf("untold = %q, want the code", got)
	}
}

func play(t *testing.T, text string, others []idp.Adapter) []error {
	t.Helper()
	recorded, err := tape.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	_, wrong := check(t.Context(), recorded, toy(), others)
	return wrong
}
