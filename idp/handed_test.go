package idp

import (
	"net/url"
	"testing"
)

// A refusal that the provider hands on to the service, by whatever way, is what the person hears.
func TestHandedOn(t *testing.T) {
	t.Parallel()
	const words = "AADSTS50105: not assigned\r\nTrace ID: 1"
	refusal := url.Values{"error": {"access_denied"}, "error_description": {words}}.Encode()
	form := `<form method=post action="https://portal.example.com/"><input type=hidden name=error value=access_denied>` +
		`<input type=hidden name=error_description value="` + words + `"></form><script>document.forms[0].submit()</script>`
	const no, portal = "refused blocked: AADSTS50105: not assigned Trace ID: 1", "<p>Welcome."
	for _, c := range []struct{ name, answer, portal, want string }{
		{"AWS", "302 https://signin.aws.amazon.com/saml?" + refusal, "", no},
		{"a portal", "302 https://portal.example.com/?" + refusal, portal, no},
		{"a portal, behind the address", "302 https://portal.example.com/#" + refusal, portal, no},
		{"a portal by a form", form, portal, no},
		{"a portal that leads on", "302 https://portal.example.com/?" + refusal, "302 https://idp.example.com/bye", no},
		{"a portal that needs a script", "302 https://portal.example.com/?" + refusal, "<script>1</script><div id=root></div>", no},
		{"nobody", "302 https://portal.example.com/?" + refusal, "500", no},
		{"a portal that asks again", "302 https://portal.example.com/?" + refusal, codePage, ""},
		{"no error", "302 https://portal.example.com/?error_description=", portal, "refused bad_credentials: Welcome."},
	} {
		p := &person{takes: "yes"}
		_, _, err := walked(t, map[string][]string{
			"idp.example.com/":         {passwordPage},
			"idp.example.com/password": {c.answer},
			"idp.example.com/bye":      {portal},
			"portal.example.com/":      {c.portal},
			"portal.example.com/code":  {donePage},
		}, p, Account{})
		if told(err) != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
