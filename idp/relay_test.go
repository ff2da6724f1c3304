package idp

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp/web"
)

func htmlPage(t testing.TB, body string) *web.Page {
	t.Helper()
	u, err := url.Parse("https://idp.example.com/sso/login?x=1")
	if err != nil {
		t.Fatal(err)
	}
	return &web.Page{URL: u, Status: 200, Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}}, Body: []byte(body)}
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	const self = "https://idp.example.com/sso/login?x=1"
	for _, c := range []struct {
		value, want string
		after       time.Duration
	}{
		{"0;url=/next", "/next", 0}, {"5; URL = '/next' x", "/next", 0}, {`0;url="/a;b"`, "/a;b", 0}, {"0,/next", "/next", 0}, {"0 url=/next", "/next", 0},
		{" 1.5 ; /next ", "/next", 0}, {"0;url=/a,b;c", "/a,b;c", 0}, {"0;urls", "urls", 0}, {"0; url='/open", "/open", 0}, {"900;url=/next", "/next", 0},
		{"5", self, 5 * time.Second}, {"5;", self, 5 * time.Second}, {"5; url=", self, 5 * time.Second}, {"2;url=?x=1", "?x=1", 2 * time.Second},
		{"0", "", 0}, {"1800", "", 0}, {"", "", 0}, {"url=/next", "", 0}, {"5x;url=/next", "", 0}, {"-1;url=/next", "", 0},
		{"900;url=/Session/Timeout", "", 0}, {"0;url=/logout?next=/x", "", 0}, {"0;url=/x?next=/logout", "/x?next=/logout", 0},
	} {
		if got := metaRefresh(htmlPage(t, `<meta http-equiv=Refresh content="`+strings.ReplaceAll(c.value, `"`, "&quot;")+`">`), false); got != (turn{c.want, c.after}) {
			t.Errorf("meta refresh %q leads to %v, want %q", c.value, got, c.want)
		}
		page := htmlPage(t, "")
		page.Header.Set("Refresh", c.value)
		if got := refresh(page); got != (turn{c.want, c.after}) {
			t.Errorf("header Refresh %q leads to %v, want %q", c.value, got, c.want)
		}
	}
}

func TestScriptRedirect(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ script, want string }{
		{`window.location = "/next"`, "/next"},
		{`window.location='/next';`, "/next"},
		{`location.href = '/next?a=1;b';`, "/next?a=1;b"},
		{`document.location.href="/next"`, "/next"},
		{`top.location.replace("/next");`, "/next"},
		{`self.location.assign( '/next' ) ;`, "/next"},
		{`window.top.location="/next"`, "/next"},
		{`parent.location = "\/a\x2fb\u002fc"`, "/a/b/c"},
		{"<!-- don't show\nlocation = '/next'\n//-->", "/next"},
		{`/* it's "here" */ location = '/next' // go`, "/next"},
		{"var a = 'location = \"/no\";';\nlocation = '/next'", "/next"},
		{"var a = `\nlocation = '/no'\n`; location = '/next'", "/next"},
		{`window.onload = function () { window.location = "/next"; };`, "/next"},
		{`(function(){ "use strict"; location.replace('/next') })()`, "/next"},
		{`document.addEventListener("DOMContentLoaded", function () { location = '/next' })`, "/next"},
		{"if (x) {\n} \nlocation = '/next'", "/next"},

		{`window.location = "/next?s=" + state`, ""},
		{`window.location = next`, ""},
		{"location = `/next`", ""},
		{`location.reload()`, ""},
		{`location.replace(next)`, ""},
		{`function go() { location = "/next" }`, ""},
		{`a.onclick = function () { location = "/next" }`, ""},
		{`$("#x").click(function() { location = "/next"; });`, ""},
		{`if (top != self) top.location = "/next"`, ""},
		{"if (top != self)\n  top.location.href = '/next'\n", ""},
		{"if (top != self) {\n  top.location.href = '/next'\n}", ""},
		{"if (a)\n  b()\nelse\n  location = '/next'", ""},
		{`if (top != self) top.location = self.location`, ""},
		{`window.onload = function () { if (x) { location = "/next" } }`, ""},
		{`setTimeout("location.href='/next'", 900000)`, ""},
		{`setTimeout(function () { location = "/next" }, 900000)`, ""},
		{`location = "/logout"`, ""},
		{`location = "/session/timeout.html"`, ""},
		{`location = "#top"`, ""},
		{`location = ""`, ""},
		{`location = "javascript:go()"`, ""},
		{`if (location == "/next") x()`, ""},
		{`var location = "/next"`, ""},
		{`/* location = "/next"`, ""},
		{`location = "/next`, ""},
		{`}}} ; { location = "/next" }`, ""},
	} {
		if got := scriptRedirect(htmlPage(t, "<script>"+c.script+"</script>")); got != c.want {
			t.Errorf("script %q leads to %q, want %q", c.script, got, c.want)
		}
	}
	for body, want := range map[string]string{
		`<body onload="javascript:location='/next'">`:                            "/next",
		`<script type=custom id=redirect> https://a.example/n </script>`:         "https://a.example/n",
		`<script type=text/template>location = "/next"</script>`:                 "",
		`<script type="Text/JavaScript">location = "/next"</script>`:             "/next",
		`<script src=x.js>location = "/next"</script>`:                           "",
		`<script>var a</script><script>location = "/next"</script>`:              "/next",
		`<script>` + strings.Repeat("if (", 1) + strings.Repeat("\n", 1_000_000): "",
		`<script>` + strings.Repeat("(function(){;", 300_000):                    "",
	} {
		if got := scriptRedirect(htmlPage(t, body)); got != want {
			t.Errorf("page %.80q leads to %q, want %q", body, got, want)
		}
	}
}

// What a page does by itself, told by the request that follows.
func TestRelay(t *testing.T) {
	t.Parallel()
	const hidden = `<form id=h method=post action=/form><input type=hidden name=a value=1></form>`
	for _, c := range []struct{ name, body, want string }{
		{"hidden form", hidden, "POST /form"},
		{"hidden form with a button for people without scripts", `<form method=post action=/form><input type=hidden name=a><noscript><input type=submit></noscript></form>`, "POST /form"},
		{"hidden form and a redirect", hidden + `<script>location="/next"</script>`, "GET /next"},
		{"hidden form, a redirect, and a script that submits", hidden + `<script>document.forms[0].submit();location="/next"</script>`, "POST /form"},
		{"refresh beats a form", hidden + `<meta http-equiv=refresh content="0;url=/next">`, "GET /next"},
		{"the form that the script names", `<form action=/logout id=out><input type=hidden name=a></form>` + hidden + `<script>document.getElementById("h").submit()</script>`, "POST /form"},
		{"the first where the script names none", hidden + `<form action=/b><input type=hidden name=b></form><script>document.forms[0].submit()</script>`, "POST /form"},
		{"two hidden forms and no script", hidden + hidden, ""},
		{"visible button, submitted at once", `<body onload="document.forms[0].submit()"><form method=post action=/form><input type=submit></form>`, "POST /form"},
		{"visible button, submitted by a function", `<body onload="go()"><script>function go() { document.forms[0].submit() }</script><form method=post action=/form><input type=submit></form>`, "POST /form"},
		{"visible button, submitted in the script", `<form method=post action=/form><input type=hidden name=a><button>Go</button></form><script>document.forms[0].submit()</script>`, "POST /form"},
		{"visible button, submitted on a click", `<form method=post action=/form><input type=hidden name=a><button>Go</button></form><script>function f() { document.forms[0].submit() }</script>`, ""},
		{"post.js", `<form method=post action=/form><button>Go</button></form><form method=post action=/f><input type=hidden name=a></form><script src="/a/post.js?tag=1"></script>`, "POST /f"},
		{"something to type", hidden + `<form><input name=q></form><script>location="/next"</script>`, ""},
		{"refresh without scripts, and a form", `<noscript><meta http-equiv=refresh content="0;url=/nojs"></noscript><form><button>Go</button></form>`, ""},
		{"refresh without scripts, and a redirect", `<noscript><meta http-equiv=refresh content="0;url=/nojs"></noscript><script>location="/next"</script>`, "GET /next"},
		{"refresh without scripts", `<noscript><meta http-equiv=refresh content="0;url=/nojs"></noscript>`, "GET /nojs"},
		{"base", `<base href="/b/"><script>location="next"</script>`, "GET /b/next"},
		{"frame", `<iframe src="/frame"></iframe>`, "GET /frame"},
		{"frameset", `<frameset><frame src="frame"></frameset>`, "GET /sso/frame"},
		{"two frames", `<iframe src="/a"></iframe><iframe src="/b"></iframe>`, ""},
		{"frame of another host", `<iframe src="https://b.example/"></iframe>`, ""},
		{"frame with nothing", `<iframe src="about:blank"></iframe><iframe src="javascript:0"></iframe>`, ""},
		{"frame and a form", `<iframe src="/a"></iframe><form><button>Go</button></form>`, ""},
		{"nothing", `<p>Welcome</p>`, ""},
	} {
		var next string
		s := &Session{Browser: web.New(web.Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			next = r.Method + " " + r.URL.Path
			return answer(200, c.body), nil
		})})}
		if err := s.Open(t.Context(), "https://idp.example.com/sso/login"); err != nil {
			t.Fatal(err)
		}
		next = ""
		if hop := relay(s.Page()); hop != nil {
			if err := hop(t.Context(), s); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if next != c.want {
			t.Errorf("%s: leads to %q, want %q", c.name, next, c.want)
		}
	}
}

func TestSAMLRelay(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		`<form><input type=hidden name=SAMLRequest value=x></form>`:                           true,
		`<form><INPUT TYPE=HIDDEN NAME=samlresponse VALUE=x><input type=submit></form>`:       true,
		`<form><input type=hidden name=wresult value=x></form>`:                               true,
		`<form><input type=hidden name=SAMLRequest></form>`:                                   false,
		`<form><input type=hidden name=SAMLRequest value=x><input type=password></form>`:      false,
		`<form><input type=hidden name=SAMLRequest value=x><select name=idp></select></form>`: false,
	} {
		if got := samlRelay(htmlPage(t, body)) != nil; got != want {
			t.Errorf("samlRelay of %s = %t, want %t", body, got, want)
		}
	}
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	table := []Adapter{
		{Name: "a", Steps: []Step{{Name: "a password", On: has("[name=p]")}, {Name: "a any", On: has("input")}}},
		{Name: "g", Generic: true, Steps: []Step{{Name: "generic", On: has("form")}}},
	}
	for body, want := range map[string][]string{
		`<form action="https://signin.aws.amazon.com/saml"><input name=SAMLResponse value=x></form>`:             {"end"},
		`<form action="https://sp.example.com/"><input type=hidden name=SAMLResponse value=x></form>`:            {"relay"},
		`<form action="https://sp.example.com/"><input type=hidden name=SAMLResponse value=` + awsResponse + `>`: {"end"},
		`<form><input name=p></form>`:     {"a password", "a any"},
		`<form><button>x</button></form>`: {"generic"},
		`<script>location="/x"</script>`:  {"relay"},
		`<p>`:                             nil,
	} {
		if got := Recognise(htmlPage(t, body), table); !slices.Equal(got, want) {
			t.Errorf("Recognise(%.60s) = %q, want %q", body, got, want)
		}
	}
}
