package tape

import (
	"net/http"
	"strings"
	"testing"
)

// Secrets and names are found where products put them beyond their forms.
func TestScrubPlaces(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ body, want string }{
		{`<script>push([1,"{\"csrf\":\"falcon-bramble-cobalt\",\"at\":\"https://accounts.google.com/x\"}"])</script>`, `<script>push([1,"{\"csrf\":\"token-1\",\"at\":\"https://accounts.google.com/x\"}"])</script>`},
		{`<code>QRPQ OEFJ XQVC JQYT</code> 65775-19050 91:a8:fd:c6:6b:1a, 2025-2026`, `<code>token-1</code> token-2 token-3, 2025-2026`},
		{`dn=CN=Siobhan Quispe,OU=Staff; Ciao Aiko!`, `dn=CN=carol,OU=Staff; Ciao bob!`},
		{`<input type="hidden" name="e" value="&#90;&#72;&#90;&#107;&#54;&#105;&#98;&#88;&#114;&#70;">`, `<input type="hidden" name="e" value="` + inEntities("&#%d;", "hidden-1") + `">`},
		{"404 Not Found, Not Jane? Dear Customer, Hi There", "404 Not Found, Not bob? Dear Customer, Hi There"},
		{`<a href="/x?client_id=urn%3Aamazon%3Awebservices">`, `<a href="/x?client_id=urn%3Aamazon%3Awebservices">`},
		{`<textarea>PKRBGTJKQWZAOERIUTYAOSID</textarea>`, `<textarea>hidden-1</textarea>`},
		{`<i>velvet&amp;#32;harbor%252B12</i>`, `<i>answer-1</i>`},
		{`<script nonce="l8cqDOCqDhtSixVtGIJs7g==">x</script>`, `<script nonce="token-1">x</script>`},
		{`<!-- token=vswcvyjxtf, state: pepper-copper-lagoon, code: sign-in -->`, `<!-- token=token-1, state: token-2, code: sign-in -->`},
		{`<b>trace 60289450853462200646</b>`, `<b>trace 12345678901234567890</b>`},
		{`<img src="data:image/png;base64,qqZlajNrrU63RLrGxDhhyrFnkjuP90b52wZ8U0mMonzsq+WHMp/01/qSshzjoVEf">`, `<img src="data:image/png;base64,token-1">`},
		{`<a href="/s/blfcczacxr/login;sid=OiZxDWWJVi">x</a>`, `<a href="/s/token-1/login;sid=token-2">x</a>`},
		{`Velvet HARBOR 12, wrong`, `answer-1, wrong`},
		{`sent to ***-***-8506, or m****@corp-name.de`, `sent to ***-***-1234, or m****@example.com`},
		{`on raven70.corp.corp-name.de`, `on host-1.example.com`},
		{`<span>Gunnar Zielinska (CORP\u433391)</span> Gunnar`, `<span>bob (EXAMPLE\alice)</span> bob`},
		{`User CORP\u433391 (Siobhan Quispe) is not assigned`, `User EXAMPLE\alice (bob) is not assigned`},
		{`Employee: 4210438 (Kowalczyk, Priya)`, `Employee: 1234567 (bob)`},
		{`Jane's iPhone, Mareks MacBook`, `bob's iPhone, carols MacBook`},
		{`<person><cn>Priya Abernathy</cn></person>`, `<person><cn>bob</cn></person>`},
	} {
		raw := &Tape{Head: []Line{{"url", "http://127.0.0.1:8080/"}, {"username", `CORP\u433391`}, {"answer", "velvet harbor 12"}}, Exchanges: []Exchange{page(test.body)}}
		clean, err := scrub(raw)
		if got := clean.Exchanges[0].Response.Body; err != nil || got != test.want {
			t.Errorf("scrub(%q), %v\n got %q\nwant %q", test.body, err, got, test.want)
		}
	}
}

// What is random in an address goes, whatever its spelling; the words of its path stay, or the tape would lead elsewhere.
func TestScrubAddresses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ address, want string }{
		{"/oamfed/idp/initiatesso/674627221257749050720451?a=b", "/oamfed/idp/initiatesso/123456789012345678901234?a=b"},
		{"/oamfed/idp/initiatesso/7d1c2f0e-6f0b-4c43-9a5e-0f3b8d2f9c11", "/oamfed/idp/initiatesso/00000000-0000-4000-8000-000000000001"},
		{"/saml/done/PKRBGTJKQWZAOERIUTYAOSID", "/saml/done/token-1"},
		{"/go?d=dwiPPo8ZD%2BSK48/NKn6B1ti8l/Nv/RkE", "/go?d=token-1"},
		{"/go?login_hint=siobhan.quispe%40corp-name.de", "/go?login_hint=bob@example.com"},
		{"/go?access_token=javmiifgon&token_type=bearerToken&d=6556285557", "/go?access_token=token-1&token_type=bearerToken&d=1234567892"},
		{"/logon/LogonPoint/index.html", "/logon/LogonPoint/index.html"},
	} {
		e := page("")
		e.Request.URL += strings.TrimPrefix(test.address, "/")
		e.Response.Header = []Pair{{"Location", test.address}}
		clean, err := scrub(&Tape{Head: []Line{{"url", "http://127.0.0.1:8080/"}, {"username", "zoe@corp-name.de"}}, Exchanges: []Exchange{e}})
		if err != nil {
			t.Errorf("scrub(%q): %v", test.address, err)
		}
		sent, led := clean.Exchanges[0].Request.URL, clean.Exchanges[0].Response.Header[0].Value
		if sent != "https://idp.example.com"+test.want || led != test.want {
			t.Errorf("scrub(%q) = %q and %q, want %q", test.address, sent, led, test.want)
		}
	}
}

// What only a look at the whole tape finds keeps the words of its path too; in base64, a slash divides nothing.
func TestStrangeParts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, want string }{
		{"/saml/done/PKRBGTJKQWZAOERIUTYAOSID", "PKRBGTJKQWZAOERIUTYAOSID"},
		{"/oamfed/idp/initiatesso/umber-marble-juniper", "umber-marble-juniper"},
		{"qqZlajNrrU63RLrGxDhhyrFnkjuP90b52wZ8U0mMonzsq+WHMp/01/qSshzjoVEf", "qqZlajNrrU63RLrGxDhhyrFnkjuP90b52wZ8U0mMonzsq+WHMp/01/qSshzjoVEf"},
	} {
		if got := strings.Join(strangeParts(test.text), " "); got != test.want {
			t.Errorf("strangeParts(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

// The name of a field may be made anew for every sign-in, in part; a password may begin and end with a space.
func TestScrubForm(t *testing.T) {
	t.Parallel()
	raw := &Tape{Head: []Line{{"password", " velvet harbor "}}, Exchanges: []Exchange{{
		Request:  Request{Method: "POST", URL: "https://sso.corp-name.de/", Form: []Pair{{"csrf_9babc6143a59b2fdc01506c0", "1"}, {"pw", " velvet harbor "}}},
		Response: Response{Status: 200, Body: `<input name="csrf_9babc6143a59b2fdc01506c0" value="1">`},
	}}}
	clean, err := scrub(raw)
	want := `password: pass-word-1

> POST https://idp.example.com/
> csrf_part-1=1
> pw=pass-word-1
< 200

    <input name="csrf_part-1" value="1">
`
	if got := Write(clean); err != nil || got != want {
		t.Errorf("scrub: %v\n%s", err, diff(strings.Split(want, "\n"), strings.Split(got, "\n")))
	}
}

// A server may call a cookie as it calls nothing else.
func TestScrubCookieNames(t *testing.T) {
	t.Parallel()
	e := page("")
	e.Response.Header = []Pair{{"Set-Cookie", ".AspNetCore.Antiforgery.mm41t7B-a0eM-2c3fm3M=true; Path=/"}}
	clean, err := scrub(&Tape{Exchanges: []Exchange{e}})
	if got := clean.Exchanges[0].Response.Header[0].Value; err != nil || got != ".AspNetCore.Antiforgery.cookie-1=true; Path=/" {
		t.Errorf("scrub = %q, %v", got, err)
	}
}

// A cookie for somebody else's domain is not kept by a browser; on a tape, whose domains are others, it might be.
func TestForeignCookie(t *testing.T) {
	t.Parallel()
	sent := http.Header{"Set-Cookie": {"a=1; Domain=.corp-name.de", "b=2; Domain=SSO.corp-name.de", "c=3; Domain=other.org", "d=4"}}
	var got []string
	for _, pair := range responseOf("sso.corp-name.de", &http.Response{Header: sent}, nil).Header {
		got = append(got, pair.Value[:3])
	}
	if strings.Join(got, " ") != "a=1 b=2 d=4" {
		t.Errorf("responseOf keeps %q", got)
	}
}
