package forms_test

import (
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
)

var long = strings.Repeat("All work and no play. ", 20_000)

const (
	simple = `<form method="post" action="/in"><input name="user"><input type="password" name="pass"><button>Sign in</button></form>`
	named  = "user=alice&pass=PASSWORD"
)

// Ways to the login page, and ways in which it says no.
func TestWays(t *testing.T) {
	const bad = "bad_credentials: No."
	play(t, []stranger{
		{name: "link", serve: behind(`<h1>Welcome</h1><p>This service needs you to sign in.</p><a href="/1">Sign in</a> <a href="/help">Help</a>`), badPassword: bad},
		{name: "two links", serve: behind(`<a href="/1">Log in</a><a href="/imprint">Imprint</a>`, `<a href="/2">Employees: log in with SSO</a>`), badPassword: bad},
		{name: "link in French", serve: behind(`<h1>Bienvenue</h1><nav><a href="/">Accueil</a><a href="/aide">Aide</a></nav><a class="btn btn-primary" href="/login/1">Connexion</a>`), badPassword: bad},
		{name: "only link", serve: behind(`<a href="/1">المتابعة</a>`), badPassword: bad},
		{name: "button", serve: behind(`<form action="/1"><button>Sign in with your company account</button></form>`), badPassword: bad},
		{name: "button by POST", serve: behind(`<form method="post" action="/1"><input type="hidden" name="k" value="v"><input type="submit" value="Login"></form><a href="/register">Register</a>`), badPassword: bad},
		{name: "languages before", serve: behind(`<form action="/lang"><button name="lang" value="de">Deutsch</button><button name="lang" value="fr">Français</button></form><a href="/1">Login</a>`), badPassword: bad},
		{name: "button of a script", serve: behind(`<h1>Welcome</h1><button type="button" onclick="window.location.href='/1'">Employee login</button><input type="button" value="Help" onclick="location='/help'">`), badPassword: bad},
		{name: "link of a script", serve: behind(`<h1>Welcome</h1><a href="javascript:void(0)" onclick="location.assign('/1'); return false">Sign in</a>`), badPassword: bad},
		{name: "newsletter before", serve: behind(`<form method="post" action="/n"><input type="email" name="email"><button>Subscribe</button></form><a href="/1">Log in</a>`), badPassword: bad},
		{name: "search before", serve: behind(`<form action="/find"><input name="wonach" placeholder="Suchen"><button>Los</button></form><a href="/1">Zum Login</a>`), badPassword: bad},
		{name: "two frames", serve: behind(`<frameset cols="20%,*"><frame name="menu" src="/menu"><frame name="main" src="/login/1"></frameset>`), badPassword: bad},
		{name: "picture to press", serve: behind(`<a href="/about"><img src="a.png" alt="About"></a><a href="/1"><img src="b.png" alt="Login"></a>`), badPassword: bad},
		{name: "doors", serve: behind(`<h1>Who are you?</h1><ul><li><a href="/login/0">Students</a></li><li><a href="/login/1">Staff</a></li></ul>`), badPassword: bad, takes: []string{"Staff"}},
		{name: "places of one kind", serve: behind(`<h1>Where are you from?</h1><ul><li><a href="/1?o=1">University A</a></li><li><a href="/1?o=2">University B</a></li></ul>`), badPassword: bad, takes: []string{"University B"}},
		{name: "places in a menu", serve: behind(`<form action="/1"><select name="entityID"><option value="a">University A</option><option value="b">University B</option></select><input type="submit" value="Select"></form>`), badPassword: bad, takes: []string{"University B"}},
		{name: "cookies", serve: cookieTest, badPassword: bad},
		{name: "frame", serve: behind(`<frameset rows="*"><frame src="/1"></frameset>`), badPassword: bad},
		{name: "inner frame", serve: behind(`<div><iframe src="/1" width="400"></iframe></div>`), badPassword: bad},
		{name: "script", serve: behind(`<script>window.location.href = "\/1";</script>`), badPassword: bad},
		{name: "getToContent", serve: behind(`<script>function getToContent(u,i){document.location=u;}</script><script>window.location.href='/1';</script><noscript>no</noscript>`), badPassword: bad},
		{name: "refresh header", serve: behind(`0;/1`), badPassword: bad},
		{name: "SPNEGO", serve: spnego, badPassword: bad},
		{name: "status 401", serve: status(401), badPassword: bad},
		{name: "status 403", serve: status(403), badPassword: bad},
		{name: "user name first", serve: nameFirst(`<form method="post" action="/name"><input name="user"><button>Next</button></form>`), badPassword: bad, badCode: "mfa_failed: No."},
		{name: "user name first, hidden password", serve: nameFirst(`<form method="post" action="/name"><input name="user"><input type="password" name="dummy" style="display:none"><button>Next</button></form>`), badPassword: bad, badCode: "mfa_failed: No."},
		{name: "user name first, no known name", serve: nameFirst(`<form method="post" action="/name"><label>Kundennummer<input name="knr"></label><button>Weiter</button></form>`), badPassword: bad, badCode: "mfa_failed: No."},
		{name: "password and code", serve: passwordAndCode(`required`), badPassword: bad, badCode: bad},
		{name: "password and code, not marked", serve: passwordAndCode(``), badPassword: bad, badCode: bad},
		{name: "password and code in two hidden fields", serve: passwordAndCode(`type="password"`), badPassword: bad, badCode: bad},
		{name: "error at another place", serve: refusing(func(v *visit) { v.to("/elsewhere?error=1") }), badPassword: bad},
		{name: "error with a captcha", serve: refusing(func(v *visit) {
			v.page(`<p role="alert">No.</p><form method="post" action="/in"><input name="user"><input type="password" name="pass"><img src="/captcha.png"><input name="captcha"><button>Sign in</button></form>`)
		}), badPassword: bad, final: true},
		{name: "error in JSON", serve: refusing(func(v *visit) {
			v.w.Header().Set("Content-Type", "application/json")
			v.answer(401, `{"error":"No."}`)
		}), badPassword: bad, final: true},
		{name: "error in JSON of a script", serve: refusing(func(v *visit) {
			v.w.Header().Set("Content-Type", "application/json")
			v.page(`{"success":false,"message":"No."}`)
		}), badPassword: bad, final: true},
		{name: "error in text", serve: refusing(func(v *visit) {
			v.w.Header().Set("Content-Type", "text/plain")
			v.answer(403, "No.")
		}), badPassword: bad, final: true},
		{name: "error without a form", serve: refusing(func(v *visit) { v.page(`<h1>Sorry</h1><p class="error">No.</p><a href="/aws">Try again</a>`) }), badPassword: bad, final: true},
		{name: "error without a form or mark", serve: refusing(func(v *visit) { v.page(`<title>x</title><p>No.</p><p><a href="/aws">Try again</a></p>`) }), badPassword: bad, final: true},
		{name: "locked", serve: refusing(func(v *visit) { v.answer(403, `<h1>Account locked</h1><p class="alert">No.</p>`) }), badPassword: bad, final: true},
		{name: "locked, in its own words", serve: refusing(func(v *visit) { v.answer(403, `<title>403</title><h1>No.</h1>`) }), badPassword: bad, final: true},
		{name: "error drawn by a script", serve: refusing(func(v *visit) { v.page(`<div id="msg" data-i18n="err.42"></div>` + simple) }), badPassword: "bad_credentials: wrong user name or password"},
		{name: "error that was there before", serve: func(v *visit) {
			if v.at == "POST /in" && v.sent(named) {
				v.done()
				return
			}
			v.page(`<p class="error">Your browser is old.</p><p>` + map[bool]string{true: "No."}[v.at == "POST /in"] + `</p>` + simple)
		}, badPassword: "bad_credentials: No."},
		{name: "captcha in a picture", serve: picture, badPassword: bad, answers: map[idp.Kind]string{idp.Captcha: "w8x4"}, final: true},
		{name: "one-use form", serve: oneUse, badPassword: bad},
		{name: "Latin 1", serve: latin, badPassword: bad},
	})
}

// behind shows pages one behind the other, each at its number, and then a login.
func behind(pages ...string) func(*visit) {
	return func(v *visit) {
		at := v.state["page"]
		step := v.r.URL.Path
		switch {
		case v.at == "POST /in" && v.sent(named):
			v.done()
		case v.at == "POST /in":
			v.page(`<p class="error">No.</p>` + simple)
		case v.at == "GET /aws" && at == 0, strings.HasSuffix(step, "/"+string(rune('0'+at))) && at < len(pages):
			v.note("page")
			if address, ok := strings.CutPrefix(pages[at], "0;"); ok {
				v.w.Header().Set("Refresh", "0; url="+address)
				v.page("<p>…</p>")
				return
			}
			v.page(pages[at])
		case strings.HasSuffix(step, "/"+string(rune('0'+at))):
			v.page(simple)
		default:
			v.fault("went to %s", v.at)
			v.answer(404, "not there")
		}
	}
}

func refusing(refuse func(*visit)) func(*visit) {
	return func(v *visit) {
		switch {
		case v.at == "POST /in" && v.sent(named):
			v.done()
		case v.at == "POST /in":
			refuse(v)
		case v.at == "GET /elsewhere":
			v.page(`<p role="alert">No.</p>` + simple)
		default:
			v.page(simple)
		}
	}
}

func status(n int) func(*visit) {
	return func(v *visit) {
		switch {
		case v.at == "POST /in" && v.sent(named):
			v.done()
		case v.at == "POST /in":
			v.answer(n, `<p class="error">No.</p>`+simple)
		default:
			v.answer(n, simple)
		}
	}
}

func spnego(v *visit) {
	switch {
	case v.at == "POST /in" && v.sent(named):
		v.done()
	case v.at == "POST /in":
		v.answer(401, `<p class="error">No.</p>`+simple)
	default:
		v.w.Header().Set("WWW-Authenticate", "Negotiate")
		v.answer(401, `<title>Unauthorized</title><p>Your browser did not sign in by itself.</p>`+simple)
	}
}

func cookieTest(v *visit) {
	cookie, _ := v.r.Cookie("probe")
	switch {
	case v.at == "POST /in" && v.sent(named):
		v.done()
	case v.at == "POST /in":
		v.page(`<p class="error">No.</p>` + simple)
	case v.at == "GET /aws" && cookie == nil && v.once("probe"):
		v.w.Header().Set("Set-Cookie", "probe=a b, c; Path=/; Secure; SameSite=None")
		v.to("/probe")
	case v.at == "GET /probe" && cookie != nil:
		v.to("/aws")
	case cookie != nil:
		v.page(simple)
	default:
		v.fault("the cookie does not come back")
		v.page("<p>Cookies are off</p>")
	}
}

// nameFirst asks for name, password and code on a page each.
func nameFirst(form string) func(*visit) {
	const password = `<form method="post" action="/in"><input type="hidden" name="user" value="alice"><input type="password" name="pass"><button>Sign in</button></form>`
	const code = `<form method="post" action="/code"><input type="text" name="code"><button>Verify</button></form>`
	return func(v *visit) {
		switch {
		case v.at == "GET /aws":
			v.page(form)
		case v.at == "POST /name":
			if !strings.Contains(v.form, "alice") {
				v.fault("no name: %s", v.form)
			}
			v.page(password)
		case v.at == "POST /in" && v.sent(named):
			v.page(code)
		case v.at == "POST /in":
			v.page(`<p class="error">No.</p>` + password)
		case v.sent("code=CODE"):
			v.done()
		default:
			v.page(`<p class="error">No.</p>` + code)
		}
	}
}

func passwordAndCode(mark string) func(*visit) {
	return func(v *visit) {
		form := `<form method="post" action="/in"><input name="user"><input type="password" name="pass"><label>Code<input name="otp" ` + mark + `></label><button>Go</button></form>`
		switch {
		case v.at == "GET /aws":
			v.page(form)
		case v.sent(named + "&otp=CODE"):
			v.done()
		default:
			v.page(`<p class="error">No.</p>` + form)
		}
	}
}

// picture wants a captcha read beside the password.
func picture(v *visit) {
	form := `<form method="post" action="/in"><input name="user"><input type="password" name="pass"><img id="captchaImage" src="/captcha.png?k=1"><input name="captcha" autocomplete="off"><button>Go</button></form>`
	switch {
	case v.at == "GET /captcha.png":
		v.w.Header().Set("Content-Type", "image/png")
		v.page("\x89PNG")
	case v.at == "GET /aws":
		v.page(form)
	case v.sent(named + "&captcha=w8x4"):
		v.done()
	default:
		v.page(`<p class="error">No.</p>` + form)
	}
}

// oneUse forgets a form that was sent: what is sent again without a new page is refused.
func oneUse(v *visit) {
	form := `<form method="post" action="/in"><input type="hidden" name="once" value="{token}"><input name="user"><input type="password" name="pass"><button>Go</button></form>`
	switch {
	case v.at == "GET /aws":
		v.page(form)
	case v.sent("once=TOKEN&" + named):
		v.done()
	default:
		v.page(`<p class="error">No.</p>` + form)
	}
}

// latin is a page in an old character set, with a button in it.
func latin(v *visit) {
	v.w.Header().Set("Content-Type", "text/html; charset=iso-8859-1")
	form := "<form method=post action=/in accept-charset=iso-8859-1><input name=user><input type=password name=pass><input type=submit name=b value='Best\xe4tigen'></form>"
	switch {
	case v.at == "GET /aws":
		v.page(form)
	case v.sent(named + "&b=Best\xe4tigen"):
		v.done()
	default:
		v.page("<p class=error>No.</p>" + form)
	}
}
