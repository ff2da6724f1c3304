package forms_test

import (
	"strings"
	"testing"

	"github.com/samlcli/samlcli/idp"
)

// What comes behind the password.
func TestFactors(t *testing.T) {
	wrong := "mfa_failed: That was wrong."
	factor := func(name string, pages func(*visit)) stranger {
		return stranger{name: name, serve: behindPassword(pages), mfa: []idp.Factor{idp.TOTP}, badPassword: "bad_credentials: No.", badCode: wrong}
	}
	with := func(x stranger, change func(*stranger)) stranger {
		change(&x)
		return x
	}
	play(t, []stranger{
		factor("code", codeBy(`<form method="post" action="/code"><input type="hidden" name="k" value="{token}"><label>Code <input name="otp"></label><button>Go</button></form>`, "k=TOKEN&otp=CODE")),
		factor("field without a known name", codeBy(`<form method="post" action="/code"><input type="hidden" name="k" value="{token}"><label>Zugangszahl <input name="feld3"></label><button>Los</button></form>`, "k=TOKEN&feld3=CODE")),
		factor("hidden field", codeBy(`<form method="post" action="/code"><input type="password" name="pin2"><button>Go</button></form>`, "pin2=CODE")),
		factor("named as the password", codeBy(`<form method="post" action="/code"><p>Enter PASSCODE</p><input type="password" name="password"><button>Go</button></form>`, "password=CODE")),
		factor("a gateway's challenge", codeBy(`<form id="auth_form" name="e1" method="post" action="/code" autocomplete="off"><table><tr><td colspan=2>Enter your next tokencode</td></tr>
			<tr><td>Tokencode</td><td><input type='password' name='answer_challenge_1' value='' id='input_1' autocomplete='off' autocapitalize='off'></td></tr>
			<tr><td><input type='submit' value='Logon'></td></tr></table><input type=hidden name=vhost value='standard'></form>`, "answer_challenge_1=CODE&vhost=standard")),
		factor("by GET", codeBy(`<form action="/code"><input type="hidden" name="k" value="{token}"><input name="token" inputmode="numeric" maxlength="6"><button name="go" value="1">Go</button></form>`, "k=TOKEN&token=CODE&go=1")),
		factor("six boxes", codeBy(`<form method="post" action="/code">`+strings.Repeat(`<input name="d" maxlength="1" inputmode="numeric" autocomplete="off">`, 6)+`<button type="submit">Go</button></form>`, "d=1&d=2&d=3&d=4&d=5&d=6", "d=6&d=5&d=4&d=3&d=2&d=1")),
		factor("six boxes of a script", codeBy(`<form method="post" action="/code">`+strings.Repeat(`<input class="box" maxlength="1" inputmode="numeric">`, 6)+`<input type="hidden" name="otp"><button type="submit">Go</button></form>`, "otp=CODE")),
		factor("resend beside it", codeBy(`<form method="post" action="/resend"><input type="hidden" name="k" value="x"><button>Send a new code</button></form><form method="post" action="/code"><input name="verification_code"><button name="a" value="resend">Resend code</button><button name="a" value="verify">Verify</button></form>`, "verification_code=CODE&a=verify")),
		factor("the name again", codeBy(`<form method="post" action="/code"><input name="username" value="alice" readonly><input name="otp" autocomplete="one-time-code"><button>Go</button></form>`, "username=alice&otp=CODE")),
		factor("fieldset and textarea", codeBy(`<form method="post" action="/code"><fieldset disabled><input name="gone" value="1"></fieldset><textarea name="note" hidden></textarea><input type="tel" name="f" pattern="[0-9]*" maxlength="8"><button>OK</button></form>`, "note=&f=CODE")),
		factor("SMS on request", ask(`<form method="post" action="/ask"><p>We text a code to ***-1234.</p><button name="send" value="sms">Send me a code</button></form>`, "send=sms")),
		factor("radio buttons", ask(`<form method="post" action="/ask"><input type="radio" name="m" value="sms" id="s" checked><label for="s">Text message</label><input type="radio" name="m" value="totp" id="t"><label for="t">Authenticator app</label><button>Next</button></form>`, "m=totp")),
		factor("menu", ask(`<form method="post" action="/ask"><select name="m"><option value="">Choose…</option><option value="1">SMS to ***-1234</option><option value="2">Authenticator app</option></select><input type="submit" value="Next"></form>`, "m=2")),
		factor("buttons of one name", ask(`<form method="post" action="/ask"><h1>Verify</h1><button name="m" value="push">Send me a push</button><button name="m" value="otp">Enter a one-time passcode</button><button name="m" value="cancel">Cancel</button></form>`, "m=otp")),
		factor("forms", ask(`<form method="post" action="/ask"><input type="hidden" name="m" value="1"><button>Call me</button></form><form method="post" action="/ask"><input type="hidden" name="m" value="2"><button>Authenticator app</button></form>`, "m=2")),
		factor("links", func(v *visit) {
			if v.at == "GET /ask" {
				v.note("asked")
			}
			byCode := ask(`<ul><li><a href="/ask?m=sms">Text message (SMS)</a></li><li><a href="/ask?m=totp">Authenticator app</a></li></ul><a href="/help">Help</a>`, "")
			byCode(v)
		}),
		with(factor("radio buttons that need somebody", ask(`<form method="post" action="/ask"><input type="radio" name="m" value="1" id="s"><label for="s">Petit</label><input type="radio" name="m" value="2" id="t"><label for="t">Grand</label><button>Suivant</button></form>`, "m=2")),
			func(x *stranger) { x.takes = []string{"Grand"} }),
		with(factor("wrong code ends on a page", func(v *visit) {
			if v.at == "POST /code" {
				if v.sent("otp=CODE") {
					v.done()
				} else {
					v.page(`<title>Fehler</title><body><p>That was wrong.</p></body>`)
				}
				return
			}
			v.page(`<form method="post" action="/code"><input name="otp"><button>Go</button></form>`)
		}), func(x *stranger) { x.final = true }),
		with(factor("wrong code is a 401", func(v *visit) {
			if v.at == "POST /code" && v.sent("otp=CODE") {
				v.done()
			} else if v.at == "POST /code" {
				v.answer(401, `{"error":"bad otp"}`)
			} else {
				v.page(`<form method="post" action="/code"><input name="otp"><button>Go</button></form>`)
			}
		}), func(x *stranger) { x.final, x.badCode = true, "mfa_failed: the code was not accepted" }),
		with(factor("wrong code goes back to the password", func(v *visit) {
			if v.at == "POST /code" && v.sent("otp=CODE") {
				v.done()
			} else if v.at == "POST /code" {
				v.state["password"] = 0
				v.to("/aws?e=1")
			} else {
				v.page(`<form method="post" action="/code"><input name="otp"><button>Go</button></form>`)
			}
		}), func(x *stranger) { x.badCode = "mfa_failed: No." }),
		with(factor("security question", func(v *visit) {
			if v.at == "POST /ask" && v.sent("k=1&reply=rover") {
				v.done()
			} else {
				v.page(`<form method="post" action="/ask"><input type="hidden" name="k" value="1"><label for="r">What was your first pet's name?</label><input id="r" name="reply"><button>Submit</button></form>`)
			}
		}), func(x *stranger) { x.badCode, x.answers = "", map[idp.Kind]string{idp.Answer: "rover"} }),
		with(factor("security question, hidden", func(v *visit) {
			if v.at == "POST /ask" && v.sent("answer=rover") {
				v.done()
			} else {
				v.page(`<form method="post" action="/ask"><h1>Security question</h1><label for="r">What was your first pet's name?</label><input type="password" id="r" name="answer"><button>Submit</button></form>`)
			}
		}), func(x *stranger) { x.badCode, x.answers = "", map[idp.Kind]string{idp.Answer: "rover"} }),
		with(factor("push", func(v *visit) {
			if v.note("look"); v.state["look"] > 4 {
				v.done()
			} else {
				v.page(`<title>Waiting</title><meta http-equiv="refresh" content="3"><p>Approve the request on your phone.</p>`)
			}
		}), func(x *stranger) { x.badCode = "" }),
		with(factor("push, with a way out", func(v *visit) {
			if v.note("look"); v.state["look"] > 4 {
				v.done()
			} else {
				v.page(`<title>Waiting</title><meta http-equiv="refresh" content="3;url=/aws"><p>Approve the request on your phone.</p><form method="post" action="/cancel"><button name="cancel" value="1">Cancel</button></form>`)
			}
		}), func(x *stranger) { x.badCode = "" }),
		with(factor("push, asked again by hand", func(v *visit) {
			if v.at == "POST /ask" && v.sent("k=TOKEN&check=1") && v.once("press") {
				v.done()
			} else {
				v.page(`<title>Waiting</title><p>Approve the request on your phone, then continue.</p><form method="post" action="/ask"><input type="hidden" name="k" value="{token}"><button name="check" value="1">Continue</button></form>`)
			}
		}), func(x *stranger) { x.badCode = "" }),
	})
}

// behindPassword shows the pages once the password is right.
func behindPassword(pages func(*visit)) func(*visit) {
	return func(v *visit) {
		login := func(words string) {
			v.page(words + `<form method="post" action="/in"><input name="user"><input type="password" name="password"><button>Sign in</button></form>`)
		}
		switch {
		case v.at == "POST /in" && v.sent("user=alice&password=PASSWORD"):
			v.note("password")
			pages(v)
		case v.at == "POST /in" || v.at == "GET /aws" && v.r.URL.RawQuery == "e=1":
			login(`<p class="error">No.</p>`)
		case v.has("password"):
			pages(v)
		default:
			login("")
		}
	}
}

// codeBy shows a form for a code until it is right; a code in boxes has its right spelling, and a wrong one.
func codeBy(form, sent string, wrong ...string) func(*visit) {
	return func(v *visit) {
		switch {
		case !strings.HasSuffix(v.at, " /code"):
			v.page(form)
		case !(len(wrong) > 0 && v.form == wrong[0]) && v.sent(sent):
			v.done()
		default:
			v.page(`<div class="alert"><b>That</b> was wrong.</div>` + form)
		}
	}
}

// ask shows a page that is answered first, and then one for the code.
func ask(form, sent string) func(*visit) {
	code := codeBy(`<form method="post" action="/code"><input name="otp" maxlength="6"><button>Go</button></form>`, "otp=CODE")
	return func(v *visit) {
		switch {
		case v.at == "POST /ask" && v.sent(sent):
			v.note("asked")
			code(v)
		case v.has("asked"):
			code(v)
		default:
			v.page(form)
		}
	}
}
