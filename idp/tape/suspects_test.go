package tape

import (
	"encoding/base64"
	"testing"
)

func TestInspect(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		// what a tape may hold
		{`<form action="https://idp.example.com/auth/realms/aws/login-actions/authenticate?session_code=token-1&amp;tab_id=token-2">`, ""},
		{`SAMLResponse=` + base64.StdEncoding.EncodeToString([]byte(`<samlp:Response Destination="https://signin.aws.amazon.com/saml"/>`)), ""},
		{`https://accounts.google.com/o/saml2/initsso?idpid=C01abcdef&spid=123456789012`, ""},
		{`data-x="00000000-0000-4000-8000-000000000012 _MASKED_ifkv_VALUE_ XXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"`, ""},
		{`ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789abcdef0123456789abcdef loginFormSubmitButtonElementHandler`, ""},
		{`urn:oasis:names:tc:SAML:2.0:nameid-format:unspecified http://schemas.xmlsoap.org/soap/envelope/`, ""},
		{`window.location.href = "/next"; api-xxxxxxxx.duosecurity.com logo@2x.png alice@example.com <img src="//cdn.example.com/a.png">`, ""},
		{`http://127.0.0.1:8769/probe http://localhost/ https://169.254.169.254/ https://eu-west-1.signin.aws.amazon.com/saml`, ""},
		{`<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">`, ""},
		{`continue=https%3A%2F%2Faccounts.google.com%2Fx`, ""},
		// what it may not
		{`sid=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b`, "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"},
		{`id: 3f2504e0-4f89-11d3-9a0c-0305e82c3301`, "3f2504e0-4f89-11d3-9a0c-0305e82c3301"},
		{`"AFoagUWhtXs5OmdKenUrLjSFuQG0jowDbg:1520434370879"`, "AFoagUWhtXs5OmdKenUrLjSFuQG0jowDbg"},
		{"-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----"},
		{`AKIA2J5QXW3YTNPL7CZD`, "AKIA2J5QXW3YTNPL7CZD"},
		{`mail bob.smith@corp-name.de now`, "bob.smith@corp-name.de"},
		{`https://sso.acme-inc.de/x`, "sso.acme-inc.de"},
		{`RelayState=https%3A%2F%2Fsso.acme-inc.de%2Fx`, "sso.acme-inc.de"},
		{`{"href":"https:\/\/tenant.okta.com\/x"}`, "tenant.okta.com"},
		{`{"host": "tenant.okta.com"}`, "tenant.okta.com"},
		{`< Set-Cookie: a=b; Domain=.acme-inc.de`, "acme-inc.de"},
		{`<a href="https&#58;//sso.acme-inc.de/">`, "sso.acme-inc.de"},
		{`{"u":"https:\u002f\u002fsso.acme-inc.de"}`, "sso.acme-inc.de"},
		{base64.StdEncoding.EncodeToString([]byte(`<a Destination="https://sso.acme-inc.de/"/>`)), "sso.acme-inc.de"},
	} {
		found := inspect(test.text)
		switch {
		case test.want == "" && len(found) > 0:
			t.Errorf("inspect(%q) = %q, want nothing", test.text, found)
		case test.want != "" && (len(found) != 1 || found[0].Text != test.want):
			t.Errorf("inspect(%q) = %q, want %q", test.text, found, test.want)
		}
	}
}

func TestSuspectHidesWhatItFound(t *testing.T) {
	t.Parallel()
	s := Suspect{Where: "response 3", Text: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", Reason: random}
	if got, want := s.String(), `response 3: "9f86d0… (40 characters)" looks random`; got != want {
		t.Errorf("String() = %s, want %s", got, want)
	}
}
