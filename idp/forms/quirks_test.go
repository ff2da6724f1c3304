package forms_test

import "testing"

// Pages that are written in every way that HTML allows.
func TestQuirks(t *testing.T) {
	const bad = "bad_credentials: No."
	login := func(name, form, sent string) stranger {
		return stranger{name: name, serve: oneForm(form, sent), badPassword: bad}
	}
	settled := func(x stranger, settings ...string) stranger {
		x.set = map[string]string{}
		for i := 0; i < len(settings); i += 2 {
			x.set[settings[i]] = settings[i+1]
		}
		return x
	}
	taking := func(x stranger, label string) stranger {
		x.takes = []string{label}
		return x
	}
	const fields = `<input name="user"><input type="password" name="pass">`
	const in = "user=alice&pass=PASSWORD"
	play(t, []stranger{
		login("action missing", `<form method="post">`+fields+`<button>Go</button></form>`, in),
		login("action #", `<form method="post" action="#">`+fields+`<button>Go</button></form>`, in),
		login("action ?", `<form method="post" action="?">`+fields+`<button>Go</button></form>`, in),
		login("action ?a=b", `<form method="post" action="?a=b">`+fields+`<button>Go</button></form>`, in),
		login("action of another path", `<base href="/deep/down/"><form method="post" action="../../in">`+fields+`<button>Go</button></form>`, in),
		login("formaction", `<form method="get" action="/wrong">`+fields+`<button formaction="/in" formmethod="post" name="b">Go</button></form>`, in+"&b="),
		login("by GET", `<form action="/in?dropped=1">`+fields+`<input type="hidden" name="k" value="{token}"><button>Go</button></form>`, in+"&k=TOKEN"),
		login("table between form and fields", `<table><form method="post" action="/in"><tr><td>Name<td><input name="user"></tr><tr><td>Password<td><input type="password" name="pass"></tr></form></table>`, in),
		login("button outside", `<form method="post" action="/in" id="f">`+fields+`</form><footer><button form="f" name="go" value="1">Go</button></footer>`, in+"&go=1"),
		login("fields outside", `<form method="post" action="/in" id="f"></form><input form="f" name="user"><input form="f" type="password" name="pass"><button form="f">Go</button>`, in),
		login("image button", `<form method="post" action="/in">`+fields+`<input type="image" src="go.png" name="go" alt="Log in"></form>`, in+"&go.x=0&go.y=0"),
		login("button without type", `<form method="post" action="/in">`+fields+`<button name="go" value="x">→</button></form>`, in+"&go=x"),
		login("no button", `<form method="post" action="/in">`+fields+`</form>`, in),
		login("button of a script", `<form method="post" action="/in" name="f">`+fields+`<a href="javascript:document.f.submit()">Log in</a></form>`, in),
		login("the button is not the first", `<form method="post" action="/in">`+fields+`<button name="b" value="cancel">Cancel</button><button name="b" value="help">Help</button><button name="b" value="enter">Enter</button></form>`, in+"&b=enter"),
		login("upper case", `<FORM METHOD=POST ACTION=/in><INPUT NAME=user><INPUT TYPE=PASSWORD NAME=pass><INPUT TYPE=SUBMIT VALUE=Go></FORM>`, in),
		login("multipart", `<form method="post" action="/in" enctype="multipart/form-data">`+fields+`<input type="hidden" name="k" value="{token}"></form>`, in+"&k=TOKEN"),
		login("values that are missing", `<form method="post" action="/in">`+fields+`<input type="hidden" name="a"><input type="hidden" value="no name"><select name="s"><option>One</option></select><textarea name="t"></textarea><input type="checkbox" name="c" checked><input type="checkbox" name="d"></form>`, in+"&a=&s=One&t=&c=on"),
		login("honeypots", `<form method="post" action="/in"><input name="email" style="display: none"><div hidden><input name="website"></div><div aria-hidden="true"><input name="username"></div><input name="phone" tabindex="-1" autocomplete="off">`+fields+`<button>Go</button></form>`, "email=&website=&username=&phone=&"+in),
		login("honeypot off the screen", `<form method="post" action="/in"><div style="position:absolute; left:-9999px"><input name="username"></div>`+fields+`<button>Go</button></form>`, "username=&"+in),
		login("honeypot of password type", `<form method="post" action="/in"><input type="text" style="display:none" name="fakeuser"><input type="password" style="display:none" name="fakepass">`+fields+`<button>Go</button></form>`, "fakeuser=&fakepass=&"+in),
		login("decoys", `<form action="/search" role="search"><input name="q"><button>Search</button></form><form action="/lang"><select name="lang"><option>en<option>de</select><button>Change</button></form>
			<form method="post" action="/in">`+fields+`<button>Sign in</button></form><form method="post" action="/forgot"><input name="email"><button>Send</button></form>
			<form method="post" action="/news"><input type="email" name="email"><button>Subscribe</button></form><form method="post" action="/register"><input name="username"><input type="password" name="password"><input type="password" name="password2"><button>Register</button></form>`, in),
		login("a registration with one password first", `<form method="post" action="/signup"><input name="username"><input name="email"><input type="password" name="password"><button>Create account</button></form><form method="post" action="/in">`+fields+`<button>Sign in</button></form>`, in),
		login("register in the same words", `<form method="post" action="/a"><h2>New here?</h2><input name="username"><input type="email" name="email"><input type="password" name="password" autocomplete="new-password"><button>Join</button></form><form method="post" action="/in"><input name="username"><input type="password" name="password" autocomplete="current-password"><button>Enter</button></form>`, "username=alice&password=PASSWORD"),
		login("newsletter before a login of strange names", `<form method="post" action="/n"><input type="email" name="email"><button>Subscribe</button></form><form method="post" action="/in"><input name="a"><input type="password" name="b"><button>ok</button></form>`, "a=alice&b=PASSWORD"),
		login("comments", `<!-- <form action="/old"><input type="password" name="old"></form> <div class="alert alert-danger">Old news</div> --><form method="post" action="/in">`+fields+`<button>Go</button></form>`, in),
		login("meaningless names", `<form method="post" action="/in"><input name="x7"><input type="password" name="x8"><input type="submit" name="x9" value="☞"></form>`, "x7=alice&x8=PASSWORD&x9=☞"),
		login("domain before the name", `<form method="post" action="/in"><select name="domain"><option value="A" selected>A<option value="B">B</select>`+fields+`<button>Go</button></form>`, "domain=A&"+in),
		settled(login("company before the name", `<form method="post" action="/in"><input name="company" placeholder="Company"><input name="username"><input type="password" name="pass"><button>Go</button></form>`, "company=ACME&username=alice&pass=PASSWORD"), "fields", "company=ACME"),
		settled(login("company code", `<form method="post" action="/in"><input name="companycode" required><input name="username"><input type="password" name="pass"><button>Go</button></form>`, "companycode=ACME&username=alice&pass=PASSWORD"), "fields", "companycode=ACME"),
		settled(login("domain to choose", `<form method="post" action="/in"><select name="domain" required><option value="">Choose…<option value="A">Staff<option value="B">Students</select>`+fields+`<button>Go</button></form>`, "domain=B&"+in), "fields", "domain=B"),
		taking(login("domain to ask for", `<form method="post" action="/in"><select name="domain" required><option value="">Choose…<option value="A">Staff<option value="B">Students</select>`+fields+`<button>Go</button></form>`, "domain=B&"+in), "Students"),
		login("Japanese", `<form method="post" action="/in"><label for="a">ユーザー名</label><input id="a" name="feld1"><label for="b">パスワード</label><input id="b" type="password" name="feld2"><button name="k" value="0">キャンセル</button><button name="k" value="1">ログイン</button></form>`, "feld1=alice&feld2=PASSWORD&k=1"),
		login("Arabic", `<html dir="rtl"><form method="post" action="/in"><label>اسم المستخدم<input name="f1"></label><label>كلمة المرور<input type="password" name="f2"></label><input type="submit" name="s" value="دخول"></form>`, "f1=alice&f2=PASSWORD&s=دخول"),
		login("German", `<form method="post" action="/in"><label>Kennung<input name="kennung"></label><label>Kennwort<input type="password" name="kennwort"></label><button name="b" value="z">Zurück</button><button name="b" value="a">Anmelden</button></form>`, "kennung=alice&kennwort=PASSWORD&b=a"),
		login("buttons beside the form", `<form method="post" action="/o/google"><button>Sign in with Google</button></form><form method="post" action="/in">`+fields+`<button>Sign in</button></form><form method="post" action="/o/sso"><input type="hidden" name="x" value="1"><button>Continue with SSO</button></form>`, in),
		login("buttons in the form", `<form method="post" action="/in">`+fields+`<button name="via" value="google">Continue with Google</button><button name="via" value="password">Log in</button><button name="via" value="passkey">Sign in with a passkey</button></form>`, in+"&via=password"),
		login("remembered name", `<form method="post" action="/in"><input type="hidden" name="user" value="alice"><p>alice</p><input type="password" name="pass"><button>Go</button></form>`, in),
		login("name to read only", `<form method="post" action="/in"><input name="user" value="alice" readonly><input type="password" name="pass"><button>Go</button></form>`, in),
		login("name typed hidden", `<form method="post" action="/in"><input name="user" type="text" autocomplete="off"><input type="password" name="token_password"><button>Go</button></form>`, "user=alice&token_password=PASSWORD"),
		login("password called a code", `<form method="post" action="/in"><label>Member<input name="member"></label><label>Access code<input type="password" name="accesscode"></label><button>Go</button></form>`, "member=alice&accesscode=PASSWORD"),
		login("password called a PIN", `<form method="post" action="/in"><input name="card"><input type="password" name="pin"><button>Go</button></form>`, "card=alice&pin=PASSWORD"),
		login("long page", `<p>`+long+`</p><form method="post" action="/in">`+fields+`<button>Go</button></form><p>`+long+`</p>`, in),
		login("script that logs out in an hour", `<script>setTimeout(function(){ window.location = "/logout"; }, 3600000);</script><meta http-equiv="refresh" content="1800;url=/timeout"><form method="post" action="/in">`+fields+`<button>Go</button></form>`, in),
		login("noscript", `<noscript><meta http-equiv="refresh" content="0;url=/enable"><p class="error">Enable JavaScript</p></noscript><form method="post" action="/in">`+fields+`<button>Go</button></form>`, in),
		login("frame busting", `<script>if (top != self) { top.location = self.location; }</script><form method="post" action="/in">`+fields+`<button>Go</button></form>`, in),
		login("show password", `<form method="post" action="/in">`+fields+`<input type="checkbox" id="show"><button type="button">Show</button><button type="reset">Clear</button><button>Go</button></form>`, in),
	})
}

// oneForm shows a login form until it is sent as it should be, wherever to.
func oneForm(form, sent string) func(*visit) {
	return func(v *visit) {
		switch {
		case v.once("start"):
			v.page(`<!doctype html><title>Sign in</title>` + form)
		case v.r.URL.Path != "/in" && v.r.URL.Path != "/aws":
			v.fault("went to %s", v.at)
			v.answer(404, "not there")
		case v.sent(sent):
			v.done()
		default:
			v.page(`<!doctype html><title>Sign in</title><p role="alert">No.</p>` + form)
		}
	}
}
