package tape

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
)

const password = `p/ss+w"rd=<1>&`

func page(body string) Exchange {
	return Exchange{Request: Request{Method: "GET", URL: "http://127.0.0.1:8080/"}, Response: Response{Status: 200, Body: body}}
}

func TestScrubEveryEncoding(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ body, want string }{
		{password, "pass-word-1"},
		{"q=" + url.QueryEscape(password), "q=pass-word-1"},
		{"q=" + url.QueryEscape(url.QueryEscape(password)), "q=pass-word-1"},
		{`p/ss+w&#34;rd=&lt;1&gt;&amp;`, "pass-word-1"},
		{`{"p":"p\/ss+w\"rd=\u003c1\u003e\u0026"}`, `{"p":"pass-word-1"}`},
		{base64.StdEncoding.EncodeToString([]byte(password)), "token-1"},
		{`<input type="hidden" name="t" value="Zx81kQ&#x2B;9/vB72mLq0Tn5&#x3D;&#x3D;">`, `<input type="hidden" name="t" value="hidden-1">`},
		{`<input type="hidden" name="t" value="Zx81kQ&#43;9/vB72mLq0Tn5&#61;&#61;">`, `<input type="hidden" name="t" value="hidden-1">`},
		{`{"stateToken":"00eL1hS274lCJnfPCifGwB","status":"MFA_REQUIRED"}`, `{"stateToken":"token-1","status":"MFA_REQUIRED"}`},
		{`{"expires":"1520434370879","n":15}`, `{"expires":"1234567890123","n":15}`},
		{`<a href="http://127.0.0.1:8081/x">http%3A%2F%2F127.0.0.1%3A8080%2F</a>`, `<a href="https://idp.example.com:8443/x">https%3A%2F%2Fidp.example.com%2F</a>`},
		{`https://accounts.google.com/x`, `https://accounts.google.com/x`},
		{"-----BEGIN PRIVATE KEY-----", "token-1"},
		{`<script>go({challenge : "4RSWW3wtRu6mhrydsnzMrg", then: "loginFormSubmitButton"})</script>`, `<script>go({challenge : "token-1", then: "loginFormSubmitButton"})</script>`},
		{`{"a":"Zx81kQ_9-vB72mLq0Tn5x","b":"Zx81kQ/9+vB72mLq0Tn5x="}`, `{"a":"token-1","b":"token-1"}`},
		{"var c = " + base64.StdEncoding.EncodeToString([]byte(`{"back":"https://sso.acme-inc.de/x"}`)), "var c = token-1"},
	} {
		raw := &Tape{Head: []Line{{"url", "http://127.0.0.1:8080/"}, {"password", password}}, Exchanges: []Exchange{
			page(test.body), {Request: Request{Method: "GET", URL: "http://127.0.0.1:8081/"}, Response: Response{Status: 200}},
		}}
		clean, err := scrub(raw)
		if err != nil {
			t.Errorf("scrub(%q): %v", test.body, err)
		}
		got := clean.Exchanges[0].Response.Body
		if got != test.want {
			t.Errorf("scrub(%q) = %q, want %q", test.body, got, test.want)
		}
	}
}

// A session's number may look like words, begin like a path or stand in quotes: it goes all the same, and the name of a
// language stays.
func TestScrubCookies(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ sent, want string }{
		{"PHPSESSID=5deod98uuln127dnklirbrvae0", "PHPSESSID=cookie-1"},
		{"PHPSESSID=rophjs9cokh0qnmntgics0be0j", "PHPSESSID=cookie-1"},
		{`HASH="/owner/ofThe/andGar/Xk81q/hedge"`, `HASH="cookie-1"`},
		{"LANG=en", "LANG=en"},
		{"source_choose=password", "source_choose=password"},
	} {
		e := page("")
		e.Response.Header = []Pair{{"Set-Cookie", test.sent + "; Path=/"}}
		name, value, _ := strings.Cut(test.sent, "=")
		e.Request.Cookies = []Pair{{name, value}}
		clean, err := scrub(&Tape{Exchanges: []Exchange{e}})
		if err != nil {
			t.Errorf("scrub(%q): %v", test.sent, err)
		}
		got, back := clean.Exchanges[0].Response.Header[0].Value, clean.Exchanges[0].Request.Cookies[0].Value
		if got != test.want+"; Path=/" || name+"="+back != test.want {
			t.Errorf("scrub(%q) = %q and %q, want %q", test.sent, got, back, test.want)
		}
	}
}

// Short tokens of a sign-in are told from words by where they stand or by how they break off.
func TestScrubShortTokens(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ address, want string }{
		{"http://127.0.0.1:8080/?tab_id=wonderful1", "https://idp.example.com/?tab_id=token-1"},
		{"http://127.0.0.1:8080/?x=LuDraLIgohU", "https://idp.example.com/?x=token-1"},
		{"http://127.0.0.1:8080/?x=chooseProvider", "https://idp.example.com/?x=chooseProvider"},
	} {
		e := page("")
		e.Request.URL = test.address
		clean, err := scrub(&Tape{Head: []Line{{"url", "http://127.0.0.1:8080/"}}, Exchanges: []Exchange{e}})
		if got := clean.Exchanges[0].Request.URL; err != nil || got != test.want {
			t.Errorf("scrub(%q) = %q, %v, want %q", test.address, got, err, test.want)
		}
	}
}

func TestScrubShortAnswers(t *testing.T) {
	t.Parallel()
	raw := &Tape{Head: []Line{{"username", "bob"}, {"password", "password"}, {"code", "12"}}, Exchanges: []Exchange{{
		Request:  Request{Method: "POST", URL: "https://sso.acme-inc.de/password/12", Form: []Pair{{"password", "password"}, {"otp", "12"}, {"user", "bob"}}},
		Response: Response{Status: 200, Body: `<input name="password" maxlength="12">`},
	}}}
	clean, err := scrub(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := `username: alice
password: pass-word-1
code: 12

> POST https://idp.example.com/password/12
> password=pass-word-1
> otp=12
> user=alice
< 200

    <input name="password" maxlength="12">
`
	if got := Write(clean); got != want {
		t.Errorf("scrub:\n%s", diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
	}
}

func TestScrubSAMLResponses(t *testing.T) {
	t.Parallel()
	response := func(destination string) string {
		return base64.StdEncoding.EncodeToString([]byte(`<Response ID="_9f86d081884c7d659a2feaa0c55ad015" Destination="` + destination + `">x</Response>`))
	}
	ours, brokers := response("https://eu-west-1.signin.aws.amazon.com/saml"), response("https://broker.acme-inc.de/acs")
	clean, err := scrub(&Tape{Exchanges: []Exchange{page(`<input name="SAMLResponse" value="` + ours + `"><input name="SAMLResponse" value="` + brokers + `"><p data-r="` + ours + `">`)}})
	if err != nil {
		t.Fatal(err)
	}
	aws := StandIn("https://eu-west-1.signin.aws.amazon.com/saml")
	want := `<input name="SAMLResponse" value="` + aws + `"><input name="SAMLResponse" value="` + StandIn("https://idp.example.com/broker") + `"><p data-r="` + aws + `">`
	if got := clean.Exchanges[0].Response.Body; got != want {
		t.Errorf("scrub = %s, want %s", got, want)
	}
	if text := unpack(aws); !strings.Contains(text, "<saml:Audience>urn:amazon:webservices<") {
		t.Errorf("StandIn = %s, want AWS as its audience", text)
	}
}

// Names go in every form that pages give them, words that pages are made of stay, and so do addresses in addresses.
func TestScrubPeople(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ user, password, body, want string }{
		{"j.smith@corp-name.de", "x", "Hello John SMITH (JSMITH, J.Smith), jsmith@corp-name.de of Corp-Name", "Hello bob (alice, alice), alice@example.com of example"},
		{`CORP\jsmith`, "x", `corp\\jsmith corp%5Cjsmith &quot;JSMITH&quot; CORPORATION`, `EXAMPLE\\alice EXAMPLE%5Calice &quot;alice&quot; CORPORATION`},
		{"ann", "x", `{"displayName":"Ann Bo","email":"a.b@corp-name.de","name":"Ann"} Anniversary`, `{"displayName":"carol","email":"bob@example.com","name":"alice"} Anniversary`},
		{"ann", "x", `{"displayName":"Okta Verify","id":"1"}`, `{"displayName":"Okta Verify","id":"1"}`},
		{"ann", "test", `<p>a test, the latest</p><input type="test" value='test'>`, `<p>a pass-word-1, the latest</p><input type="pass-word-1" value='pass-word-1'>`},
		{"ann", "password", `<label>password</label><input type="password" name="password">`, `<label>password</label><input type="password" name="password">`},
		{"ann", "bl\u00e5b\u00e6r-soup", `bl&aring;b&aelig;r-soup bl%E5b%E6r-soup bl%c3%a5b%C3%A6r-soup`, `pass-word-1 pass-word-1 pass-word-1`},
		{"ann", `a\/b"c`, `{"e":"a\\\/b\"c"} a\/b&quot;c`, `{"e":"pass-word-1"} pass-word-1`},
		{"alice@example.com", "x", `<a href="/x?u=alice%40example.com&amp;next=%2Fy%3Fa%3D1%26b%3D2">`, `<a href="/x?u=alice@example.com&amp;next=%2Fy%3Fa%3D1%26b%3D2">`},
		{"ann", "x", `{"t":"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r"}`, `{"t":"eyJhbGciOiJub25lIn0.eyJzdWIiOiJ0b2tlbi0xIn0.c2lnbmF0dXJl"}`},
		{"ann", "x", "Dear Zoe Quill, <input name=SAMLResponse value=" + base64.StdEncoding.EncodeToString([]byte(`<Response ID="_1"><Assertion><NameID>zoe.quill@corp-name.de</NameID><Attribute Name="urn:oid:displayName"><AttributeValue>Zoe Quill</AttributeValue></Attribute></Assertion>:role/</Response>`)) + ">",
			"Dear bob bob-example, <input name=SAMLResponse value=" + StandIn("https://idp.example.com/broker") + ">"},
		{"ann", "x", "from 10.1.2.3 and 2001:db9::8a2e:370:7334, call +44 7700 900123", "from 192.0.2.2 and 2001:db8::3, call token-1"},
	} {
		raw := &Tape{Head: []Line{{"url", "http://127.0.0.1:8080/"}, {"username", test.user}, {"password", test.password}}, Exchanges: []Exchange{page(test.body)}}
		clean, err := scrub(raw)
		if err != nil {
			t.Errorf("scrub(%q): %v", test.body, err)
		}
		if got := clean.Exchanges[0].Response.Body; got != test.want {
			t.Errorf("scrub(%q)\n got %q\nwant %q", test.body, got, test.want)
		}
	}
}

// A domain of the visited hosts stays one, so that their cookies do; a vendor's customer stays a customer of the vendor.
func TestScrubHosts(t *testing.T) {
	t.Parallel()
	var raw Tape
	for _, address := range []string{"https://sso.corp-name.de/", "https://login.corp-name.de/", "https://idp.other.co.uk/", "https://acme-inc.okta.com/", "https://api-1a2b3c4d.duosecurity.com/", "https://login.microsoftonline.com/"} {
		raw.Exchanges = append(raw.Exchanges, Exchange{Request: Request{Method: "GET", URL: address}, Response: Response{Status: 200, Header: []Pair{{"Set-Cookie", "a=b; Domain=.CORP-name.de"}}, Body: "Acme-Inc, corp-name"}})
	}
	clean, err := scrub(&raw)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range clean.Exchanges {
		got = append(got, strings.TrimPrefix(e.Request.URL, "https://"))
	}
	want := "idp.example.com/ idp2.example.com/ idp3.example.org/ example.okta.com/ api-example2.duosecurity.com/ login.microsoftonline.com/"
	if strings.Join(got, " ") != want {
		t.Errorf("hosts are %q, want %q", got, want)
	}
	if e := clean.Exchanges[0].Response; e.Header[0].Value != "a=b; Domain=.example.com" || e.Body != "example, example" {
		t.Errorf("the response is %+v", e)
	}
}

func TestStrangeness(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"loginFormSubmitButton", "rememberDeviceLifetimeInMinutes", "AzureMfaAuthentication", "pf.adapterId", "ctl00_ContentPlaceHolder1"} {
		if opaque(word) {
			t.Errorf("%q is taken for a machine's", word)
		}
	}
	for _, token := range []string{"qzxjvkbwpmfhgdtrlcns", "rophjs9cokh0qnmntgics0be0j", "Zx81kQ_9-vB72mLq0Tn5x", "7c9e6679f4b2de95", "LuDraLIgohU"} {
		if !opaque(token) {
			t.Errorf("%q is taken for words", token)
		}
	}
}
