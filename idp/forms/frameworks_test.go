package forms_test

import "strings"

// devise is Rails with Devise and devise-two-factor; since Rails 7 a refusal is a 422.
func devise(v *visit) {
	head := `<!DOCTYPE html><html><head><title>Portal</title><meta name="csrf-param" content="authenticity_token"></head><body><form class="search" action="/search" accept-charset="UTF-8" method="get"><input type="text" name="q"><button>Search</button></form>`
	login := func(status int, flash string) {
		v.answer(status, head+flash+`<h2>Log in</h2><form class="new_user" id="new_user" action="/users/sign_in" accept-charset="UTF-8" method="post"><input type="hidden" name="authenticity_token" value="{token}" autocomplete="off" />
		<div class="field"><label for="user_email">Email</label><br /><input autofocus="autofocus" autocomplete="email" type="email" value="" name="user[email]" id="user_email" /></div>
		<div class="field"><label for="user_password">Password</label><br /><input autocomplete="current-password" type="password" name="user[password]" id="user_password" /></div>
		<div class="field"><input name="user[remember_me]" type="hidden" value="0" autocomplete="off" /><input type="checkbox" value="1" name="user[remember_me]" id="user_remember_me" /> <label for="user_remember_me">Remember me</label></div>
		<div class="actions"><input type="submit" name="commit" value="Log in" data-disable-with="Log in" /></div></form><a href="/users/sign_up">Sign up</a><br /><a href="/users/password/new">Forgot your password?</a></body></html>`)
	}
	code := func(status int, flash string) {
		v.answer(status, head+flash+`<form class="edit_user" action="/users/sign_in" accept-charset="UTF-8" method="post"><input type="hidden" name="_method" value="post"><input type="hidden" name="authenticity_token" value="{token}" />
		<label for="user_otp_attempt">Two-factor authentication code</label><input type="text" name="user[otp_attempt]" id="user_otp_attempt" required="required" autofocus autocomplete="off" />
		<p class="help">Enter the code from the two-factor app on your mobile device.</p><button name="button" type="submit" class="btn">Verify code</button></form></body></html>`)
	}
	switch {
	case v.at == "GET /aws" && v.has("in"):
		v.done()
	case v.at == "GET /aws":
		v.to("/users/sign_in")
	case v.at == "GET /users/sign_in":
		login(200, "")
	case v.has("password") && v.sent("_method=post&authenticity_token=TOKEN&user[otp_attempt]=CODE&button="):
		v.note("in")
		v.to("/aws")
	case v.has("password"):
		code(422, `<div class="flash flash-alert"><p>Invalid two-factor code.</p></div>`)
	case v.sent("authenticity_token=TOKEN&user[email]=alice&user[password]=PASSWORD&user[remember_me]=0&commit=Log in"):
		v.note("password")
		code(200, "")
	default:
		login(422, `<p class="alert">Invalid Email or password.</p>`)
	}
}

const djangoWrong = `<ul class="errorlist nonfield"><li>Please enter a correct username and password. Note that both fields may be case-sensitive.</li></ul>`

// forged is Django's check of where a form came from.
func (v *visit) forged() bool {
	cookie, err := v.r.Cookie("csrftoken")
	return err != nil || cookie.Value != "c1" || !strings.HasPrefix(v.r.Referer(), "http://127.0.0.1:8080/")
}

func django(v *visit) {
	login := func(words string) {
		v.w.Header().Set("Set-Cookie", "csrftoken=c1; Path=/; SameSite=Lax")
		v.page(`<!doctype html><title>Login</title><form method="post">` + words + `<input type="hidden" name="csrfmiddlewaretoken" value="{token}"><p><label for="id_username">Username:</label> <input type="text" name="username" autofocus autocapitalize="none" autocomplete="username" maxlength="150" required id="id_username"></p>
		<p><label for="id_password">Password:</label> <input type="password" name="password" autocomplete="current-password" required id="id_password"></p><input type="hidden" name="next" value="/aws"><button type="submit">Log in</button></form>`)
	}
	switch {
	case v.at == "GET /aws" && v.has("in"):
		v.done()
	case v.at == "GET /aws":
		v.to("/accounts/login/?next=/aws")
	case v.at == "GET /accounts/login/":
		login("")
	case v.forged():
		v.answer(403, "<h1>Forbidden</h1><p>CSRF verification failed. Request aborted.</p>")
	case v.sent("csrfmiddlewaretoken=TOKEN&username=alice&password=PASSWORD&next=/aws"):
		v.note("in")
		v.to("/aws")
	default:
		login(djangoWrong)
	}
}

// twoFactor is the wizard of django-two-factor-auth: one address, a hidden step, and buttons that go back.
func twoFactor(v *visit) {
	step := func(name, fields, words string) {
		v.w.Header().Set("Set-Cookie", "csrftoken=c1; Path=/; SameSite=Lax")
		v.page(`<!DOCTYPE html><html><head><title></title></head><body><nav><a href="/account/login/">Log in</a></nav><h1>Login</h1><p>Enter your credentials.</p><form action="" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="{token}">
		<input type="hidden" name="login_view-current_step" value="` + name + `" id="id_login_view-current_step"><table>` + words + fields + `</table><input type="submit" value="" hidden>
		<a href="/" class="float-right btn btn-link">Cancel</a><button name="wizard_goto_step" type="submit" value="auth" class="btn btn-secondary" ` + map[bool]string{true: "disabled"}[name == "auth"] + `>Back</button><button type="submit" class="btn btn-primary">Next</button></form></body></html>`)
	}
	auth := `<tr><th><label for="id_auth-username">Username:</label></th><td><input type="text" name="auth-username" autofocus autocapitalize="none" autocomplete="username" maxlength="150" class="form-control" required id="id_auth-username"></td></tr>
		<tr><th><label for="id_auth-password">Password:</label></th><td><input type="password" name="auth-password" autocomplete="current-password" class="form-control" required id="id_auth-password"></td></tr>`
	token := `<tr><th><label for="id_token-otp_token">Token:</label></th><td><input type="number" name="token-otp_token" min="1" max="999999" autofocus="autofocus" inputmode="numeric" autocomplete="one-time-code" class="form-control" required id="id_token-otp_token"></td></tr>
		<tr><th><label for="id_token-remember">Don't ask again on this device for a while</label></th><td><input type="checkbox" name="token-remember" id="id_token-remember"></td></tr>`
	switch {
	case v.at == "GET /aws" && v.has("in"):
		v.done()
	case v.at == "GET /aws":
		v.to("/account/login/?next=/aws")
	case v.at == "GET /account/login/":
		step("auth", auth, "")
	case v.forged():
		v.answer(403, "<h1>Forbidden</h1>")
	case v.has("password") && v.sent("csrfmiddlewaretoken=TOKEN&login_view-current_step=token&token-otp_token=CODE&token-remember=on"):
		v.note("in")
		v.to("/aws")
	case v.has("password"):
		step("token", token, `<tr><td colspan="2"><ul class="errorlist nonfield"><li>Invalid token. Please make sure you have entered it correctly.</li></ul></td></tr>`)
	case v.sent("csrfmiddlewaretoken=TOKEN&login_view-current_step=auth&auth-username=alice&auth-password=PASSWORD"):
		v.note("password")
		step("token", token, "")
	default:
		step("auth", auth, `<tr><td colspan="2">`+djangoWrong+`</td></tr>`)
	}
}

// radius is a front end of a RADIUS server: every challenge is a lone password field of the same name.
func radius(v *visit) {
	field := func(words, fields string) {
		v.page(`<html><head><title>Gateway</title></head><body><table><tr><td colspan=2>` + words + `</td></tr><form name="frm" method="POST" action="/auth.cgi">` + fields + `<input type=submit value="OK"></form></table></body></html>`)
	}
	both := `<tr><td>Name<td><input name="uname"><tr><td>Password<td><input type=password name="passwd">`
	lone := `<tr><td>Reply<td><input type=password name="passwd"><input type=hidden name=state value="{token}">`
	switch {
	case v.at == "GET /aws":
		field("", both)
	case v.has("password") && v.sent("passwd=CODE&state=TOKEN"):
		v.done()
	case v.has("password"):
		field("Access-Reject", lone)
	case v.sent("uname=alice&passwd=PASSWORD"):
		v.note("password")
		field("Enter your tokencode", lone)
	default:
		field("Access-Reject", both)
	}
}
