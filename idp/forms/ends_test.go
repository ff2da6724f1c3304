package forms_test

import "testing"

// Pages that cannot be walked without a script, and say so; nothing is sent to them.
func TestDeadEnds(t *testing.T) {
	dead := func(name, page, reason string) stranger {
		return stranger{name: name, ends: "unknown: " + reason, serve: func(v *visit) {
			if v.at != "GET /aws" {
				v.fault("went to %s", v.at)
			}
			v.page(page)
		}}
	}
	const fields = `<input name="user"><input type="password" name="pass"><button>Go</button>`
	play(t, []stranger{
		dead("application", `<div id="root"></div><script src="/static/js/main.js"></script><noscript>You need to enable JavaScript to run this app.</noscript>`, "it is a JavaScript application"),
		dead("application with links", `<app-root></app-root><script src="main.js"></script><footer><a href="/imprint">Imprint</a><a href="/privacy">Privacy</a></footer>`, "it is a JavaScript application"),
		dead("fields without names", `<form id="f"><input id="user"><input id="pass" type="password"><button>Go</button></form><script src="/login.js"></script>`, "a script reads its fields, which have no names"),
		dead("hashed by a handler", `<form method="post" onsubmit="this.pass.value = md5(this.pass.value)">`+fields+`</form>`, "a script changes the password before it is sent"),
		dead("encrypted by a library", `<script src="/js/jsencrypt.min.js"></script><form method="post">`+fields+`</form>`, "a script changes the password before it is sent"),
		dead("reCAPTCHA", `<form method="post">`+fields+`<div class="g-recaptcha" data-sitekey="x"></div></form>`, "it wants a captcha solved"),
		dead("hCaptcha", `<form method="post">`+fields+`<div class="h-captcha" data-sitekey="x"></div></form>`, "it wants a captcha solved"),
		dead("Turnstile", `<form method="post">`+fields+`<div class="cf-turnstile" data-sitekey="x"></div></form>`, "it wants a captcha solved"),
		dead("challenge", `<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>`, "it checks for a browser before it shows anything"),
		dead("registration", `<form method="post" action="/register"><input name="username"><input type="password" name="a"><input type="password" name="b"><button>Register</button></form>`, "it is a form for a new account or a new password"),
		dead("several numbers", `<form method="post" action="/x"><input name="a"><input name="b"><button>Go</button></form>`, "it asks for several things that have no known names"),
		dead("maintenance", `<h1>Down for maintenance</h1><p>Back at noon.</p>`, "there is nothing to fill in and nothing that leads on"),
		dead("maintenance with links", `<h1>Down for maintenance</h1><a href="/status">Status</a><a href="/contact">Contact</a>`, "there is nothing to fill in and nothing that leads on"),
		dead("newsletter alone", `<form method="post" action="/n"><input type="email" name="email"><button>Subscribe</button></form>`, "there is nothing to fill in and nothing that leads on"),
	})
}

// What is pressed where several buttons could be, and what a refusal says that is passed on the way back.
func TestButtons(t *testing.T) {
	factor := func(name, form, sent string) stranger {
		return stranger{name: name, serve: behindPassword(codeBy(form, sent)), badPassword: "bad_credentials: No.", badCode: "mfa_failed: That was wrong."}
	}
	passed := func(name, page string) stranger {
		return stranger{name: name, serve: refusing(func(v *visit) { v.page(page) }), badPassword: "bad_credentials: No.", final: true}
	}
	play(t, []stranger{
		factor("another method first", `<form method="post" action="/code"><button name="a" value="other" formnovalidate>Use SMS</button><input name="otp"><button name="a" value="go">Verify</button></form>`, "otp=CODE&a=go"),
		factor("another method behind", `<form method="post" action="/code"><input name="otp"><button name="a" value="other" formnovalidate>Andere Methode</button><button name="a" value="go">Prüfen</button></form>`, "otp=CODE&a=go"),
		factor("trust for some days", `<form method="post" action="/code"><input name="otp"><select name="days"><option value="0">Never</option><option value="30">30 days</option></select><button>Verify</button></form>`, "otp=CODE&days=0"),
		passed("try again by a button", `<p class="error">No.</p><form action="/aws"><button>Try again</button></form>`),
		passed("try again by a link", `<p class="error">No.</p><p>You may <a href="/aws">try again</a>.</p>`),
		passed("back to the login by a refresh", `<meta http-equiv="refresh" content="3;url=/aws"><p class="error">No.</p>`),
		{name: "consent in three", serve: behindPassword(func(v *visit) {
			if v.at == "POST /consent" && v.sent("share=once") {
				v.done()
			} else {
				v.page(`<h1>AWS wants to know who you are</h1><form method="post" action="/consent"><button name="share" value="never">Do not share</button><button name="share" value="once">Share once</button><button name="share" value="always">Share always</button></form>`)
			}
		})},
		{name: "password out of sight until the name is typed", badPassword: "bad_credentials: No.", serve: oneForm(`<form method="post" action="/in"><div id="one"><input name="username"><button type="button">Next</button></div><div id="two" style="display:none"><input type="password" name="password"><button type="submit">Sign in</button></div></form>`, "username=alice&password=PASSWORD")},
	})
}
