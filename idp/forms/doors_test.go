package forms_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp"
)

// Pages that offer several ways of which one is meant, and pages that want something set up.
func TestDoors(t *testing.T) {
	const bad = "bad_credentials: No."
	behindIt := func(name, page, sent string) stranger {
		return stranger{name: name, badPassword: bad, serve: behindPassword(func(v *visit) {
			switch {
			case v.r.URL.Path == "/on" && v.sent(sent):
				v.done()
			case v.at == "POST /in" || v.at == "GET /aws":
				v.page(page)
			default:
				v.fault("went to %s", v.at)
				v.answer(404, "not there")
			}
		})}
	}
	refused := func(x stranger, how string) stranger {
		x.ends, x.badPassword = how, ""
		return x
	}
	const code = `<form method="post" action="/on"><input name="otp" inputmode="numeric" maxlength="6"><button>Verify</button></form>`
	play(t, []stranger{
		behindIt("portal with AWS in it", `<h1>Your applications</h1><a href="/mail">Mail</a><a href="/on">AWS Console</a><a href="/wiki">Wiki</a><a href="/logout">Log out</a>`, "="),
		behindIt("portal of tiles", `<h1>Your applications</h1><a href="/launch?app=1"><img src="m.png" alt="Mail"></a><a href="/on?app=2"><img src="a.png" alt="Amazon Web Services"></a>`, "app=2"),
		behindIt("portal of like links", `<h1>Your applications</h1><a href="/on?app=1">Mail</a><a href="/on?app=2">AWS</a><a href="/on?app=3">Wiki</a>`, "app=2"),
		behindIt("portal of forms", `<form method="post" action="/other"><input type="hidden" name="app" value="1"><button>Mail</button></form><form method="post" action="/on"><input type="hidden" name="app" value="2"><button>AWS production</button></form>`, "app=2"),
		behindIt("which account", `<h1>Choose an account</h1><form method="post" action="/on"><button name="who" value="alice">alice</button><button name="who" value="bob">bob</button><button name="who" value="">Use another account</button></form>`, "who=alice"),
		behindIt("which account, by links", `<h1>Choose an account</h1><a href="/on?u=1">alice</a><a href="/on?u=2">Use another account</a>`, "u=1"),
		{name: "organisation that is set", set: map[string]string{"fields": "org=2"}, badPassword: bad, serve: behind(`<form action="/1"><select name="org"><option value="1">A<option value="2">B</select><button>Next</button></form>`)},
		{name: "organisation that is set, by radio buttons", set: map[string]string{"fields": "org=2"}, badPassword: bad, serve: behind(`<form action="/1"><label><input type="radio" name="org" value="1">A</label><label><input type="radio" name="org" value="2">B</label><button>Next</button></form>`)},
		{name: "captcha called a code", answers: map[idp.Kind]string{idp.Captcha: "w8x4"}, badPassword: bad, final: true, serve: func(v *visit) {
			form := `<form method="post" action="/in"><input name="user"><input type="password" name="pass"><input name="verifycode" maxlength="4"><img src="/verifycode.jpg?t=1"><button>登录</button></form>`
			switch {
			case v.at == "GET /verifycode.jpg":
				v.page("picture")
			case v.at == "POST /in" && v.sent("user=alice&pass=PASSWORD&verifycode=w8x4"):
				v.done()
			case v.at == "POST /in":
				v.page(`<p class="error">No.</p>` + form)
			default:
				v.page(form)
			}
		}},
		refused(behindIt("an authenticator to set up", `<h1>Set up your authenticator</h1><img src="/qr.png" alt="QR code">`+code, ""), "blocked: Set up your authenticator"),
		refused(behindIt("an authenticator to set up, by a link", `<h1>Set up your authenticator</h1><a href="otpauth://totp/x?secret=ABC">Open the app</a>`+code, ""), "blocked: Set up your authenticator"),
		behindIt("an authenticator to set up later", `<h1>Set up your authenticator</h1><img src="/qr.png">`+code+`<a href="/on">Remind me later</a>`, "="),
		{name: "broker", badPassword: bad, hosts: []string{"127.0.0.1:8081"}, serve: broker},
	})
}

// broker sends people to another provider, and takes its response.
func broker(v *visit) {
	const far = "http://127.0.0.1:8081"
	login := `<form method="post" action="` + far + `/in">` + simple[len(`<form method="post" action="/in">`):]
	switch {
	case v.at == "GET /aws":
		v.page(`<body onload="document.forms[0].submit()"><form method="post" action="` + far + `/sso"><input type="hidden" name="SAMLRequest" value="PEE+"><input type="hidden" name="RelayState" value="r"><noscript><button>Continue</button></noscript></form>`)
	case v.at == "POST /sso" && v.sent("SAMLRequest=PEE+&RelayState=r"):
		v.page(login)
	case v.at == "POST /in" && v.sent(named):
		v.page(`<form method="post" action="http://127.0.0.1:8080/acs"><input type="hidden" name="SAMLResponse" value="PEI+"><input type="hidden" name="RelayState" value="r"><button>Continue</button></form>`)
	case v.at == "POST /in":
		v.page(`<p class="error">No.</p>` + login)
	case v.at == "POST /acs" && v.sent("SAMLResponse=PEI+&RelayState=r"):
		v.done()
	default:
		v.fault("went to %s", v.at)
	}
}
