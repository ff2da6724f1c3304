package forms_test

import "testing"

// Products whose pages are plain HTML, as they come out of the box.
func TestProducts(t *testing.T) {
	play(t, []stranger{
		{name: "CAS", serve: cas, badPassword: "bad_credentials: Invalid credentials.", badCode: "mfa_failed: Authentication attempt has failed."},
		{name: "LemonLDAP NG", serve: lemon, set: map[string]string{"form": "#lformLDAP"}, badPassword: "bad_credentials: wrong user name or password"},
		{name: "LemonLDAP NG, chosen", serve: lemon, takes: []string{"2_Demo"}, badPassword: "bad_credentials: wrong user name or password"},
		{name: "crewjam samlidp", serve: crewjam, badPassword: "bad_credentials: Invalid username or password"},
		{name: "OpenAM", serve: openam, badPassword: "bad_credentials: Authentication failed.", final: true, badCode: "mfa_failed: Authentication failed."},
		{name: "ASP.NET", serve: aspnet, badPassword: "bad_credentials: Your login attempt was not successful. Please try again."},
		{name: "WordPress", serve: wordpress, badPassword: "bad_credentials: Error: The password you entered for the username alice is incorrect. Lost your password?"},
		{name: "Spring Security", serve: spring, badPassword: "bad_credentials: Bad credentials"},
		{name: "Devise", serve: devise, badPassword: "bad_credentials: Invalid Email or password.", badCode: "mfa_failed: Invalid two-factor code."},
		{name: "Django", serve: django, badPassword: "bad_credentials: Please enter a correct username and password. Note that both fields may be case-sensitive."},
		{name: "django-two-factor-auth", serve: twoFactor, badPassword: "bad_credentials: Please enter a correct username and password. Note that both fields may be case-sensitive.", badCode: "mfa_failed: Invalid token. Please make sure you have entered it correctly."},
		{name: "RADIUS", serve: radius, badPassword: "bad_credentials: Access-Reject", badCode: "mfa_failed: Access-Reject"},
		{name: "Gluu oxAuth", serve: jsf, badPassword: "bad_credentials: Failed to authenticate."},
	})
}

// cas is Apereo CAS 6, with Google Authenticator.
func cas(v *visit) {
	login := func(status int, alert string) {
		v.answer(status, `<!doctype html><html lang="en"><head><title>Login - CAS</title></head><body><header><nav><button id="drawerButton" type="button">menu</button></nav></header>
		<main><div id="loginErrorsPanel" class="banner banner-danger">`+alert+`</div>
		<form method="post" id="fm1"><section><input class="mdc-text-field__input" id="username" size="25" type="text" accesskey="n" autocapitalize="none" spellcheck="false" autocomplete="username" required name="username" value=""/><label for="username"><span class="accesskey">U</span>sername:</label></section>
		<section><input class="pwd" type="password" id="password" size="25" accesskey="p" autocomplete="off" required name="password" value=""/><button class="reveal-password" tabindex="-1" type="button"><span class="sr-only">Toggle Password</span></button></section>
		<p><input type="checkbox" name="rememberMe" id="rememberMe" value="true"><label for="rememberMe">Remember Me</label></p>
		<input type="hidden" name="execution" value="{token}"/><input type="hidden" name="_eventId" value="submit"/><input type="hidden" name="geolocation"/>
		<button class="mdc-button" name="submitBtn" accesskey="l" type="submit" value="LOGIN"><span class="mdc-button__label">Login</span></button></form>
		<form method="get" action="https://social.example.com/oauth"><input type="hidden" name="client_name" value="Social"><button>Social</button></form></main>
		<a href="?locale=de">Deutsch</a><a href="/cas/forgot">Reset your password</a></body></html>`)
	}
	code := func(status int, alert string) {
		v.answer(status, `<title>Login - CAS</title><main>`+alert+`<h1>Authenticate</h1><form method="post" id="fm1"><input type="hidden" name="execution" value="{token}"><input type="hidden" name="_eventId" value="submit">
		<label for="token">Token:</label><input type="password" id="token" name="token" size="25" autocomplete="off" required><button name="login" type="submit" value="Login">Login</button>
		<button name="register" type="button">Register</button></form></main>`)
	}
	switch v.at {
	case "GET /aws":
		v.to("/cas/login?service=https%3A%2F%2Fidp%2Fcallback%3Fx%3D1")
	case "GET /cas/login":
		login(200, "")
	case "POST /cas/login":
		switch {
		case v.has("password") && v.sent("execution=TOKEN&_eventId=submit&token=CODE&login=Login"):
			v.to("/callback?ticket=ST-1")
		case v.has("password"):
			code(401, `<div class="banner banner-danger"><p>Authentication attempt has failed.</p></div>`)
		case v.sent("username=alice&password=PASSWORD&execution=TOKEN&_eventId=submit&geolocation=&submitBtn=LOGIN"):
			v.note("password")
			code(200, "")
		default:
			login(401, `<p>Invalid credentials.</p>`)
		}
	case "GET /callback":
		v.done()
	}
}

// lemon is LemonLDAP::NG 2, with two ways to sign in; scripts fill in the words for its numbers.
func lemon(v *visit) {
	login := func(trouble string) {
		form := func(id, kind string) string {
			return `<form id="lform` + id + `" action="#" method="post" class="login ` + id + `" role="form"><input type="hidden" name="url" value="aHR0cA=="><input type="hidden" name="token"><input type="hidden" name="skin" value="bootstrap">
			<div class="form"><input type="hidden" name="lmAuth" value="` + kind + `"><div class="input-group"><label for="userfield` + id + `" class="sr-only"><span trspan="login">login</span></label>
			<input id="userfield` + id + `" name="user" type="text" class="form-control" value="" trplaceholder="login" required aria-required="true" autocomplete="username"></div>
			<div><input id="passwordfield` + id + `" name="password" type="password" class="form-control" trplaceholder="password" required aria-hidden="false"></div>
			<input type="checkbox" id="checkLogins` + id + `" name="checkLogins" aria-describedby="x"><label for="checkLogins` + id + `"><span trspan="checkLastLogins"></span></label>
			<button type="submit" class="btn btn-success"><span class="fa fa-sign-in"></span><span trspan="connect">Connect</span></button></div></form>`
		}
		v.page(`<!DOCTYPE html><html><head><title trspan="authPortal">Authentication portal</title><script type="application/init">{"choicetab":"1_LDAP"}</script></head><body>` + trouble +
			`<div id="content"><ul><li><a href="#1">LDAP</a></li><li><a href="#2">Demo</a></li></ul>` + form("LDAP", "1_LDAP") + form("Demo", "2_Demo") +
			`<div id="actions"><a href="/resetpwd?skin=bootstrap">Reset my password</a><a href="/register">Create an account</a></div></div><div id="languages"></div></body></html>`)
	}
	switch v.at {
	case "GET /aws":
		login("")
	case "POST /aws":
		kind := "1_LDAP"
		if len(v.set) == 0 {
			kind = "2_Demo"
		}
		if v.sent("url=aHR0cA==&token=&skin=bootstrap&lmAuth=" + kind + "&user=alice&password=PASSWORD") {
			v.page(`<html><body><script type="custom" id="redirect">/saml/singleSignOn</script><p trspan="redirectionInProgress"></p></body></html>`)
			return
		}
		login(`<div class="message message-negative alert"><span trmsg="5"></span></div>`)
	case "GET /saml/singleSignOn":
		v.done()
	}
}

// crewjam is the identity provider of crewjam/saml: JSON after the password, and the address works from then on.
func crewjam(v *visit) {
	login := func(words string) {
		v.page(`<html>` + words + `<form method="post" action="/login"><input type="text" name="user" placeholder="user" value="" /><input type="password" name="password" placeholder="password" value="" />` +
			`<input type="hidden" name="SAMLRequest" value="" /><input type="hidden" name="RelayState" value="" /><input type="submit" value="Log In" /></form></html>`)
	}
	switch {
	case v.at == "GET /aws" && v.has("session"):
		if _, err := v.r.Cookie("session"); err != nil {
			v.fault("no cookie")
		}
		v.done()
	case v.at == "GET /aws":
		login("")
	case v.sent("user=alice&password=PASSWORD&SAMLRequest=&RelayState="):
		v.note("session")
		v.w.Header().Set("Set-Cookie", "session=s1; Path=/; HttpOnly; Secure; SameSite=None")
		v.w.Header().Set("Content-Type", "application/json")
		v.page(`{"ID":"s1","CreateTime":"2026-11-21T00:00:00Z","UserName":"alice"}`)
	default:
		login("<p>Invalid username or password</p>")
	}
}

// openam is OpenAM's old user interface; a wrong answer ends on a page without a form.
func openam(v *visit) {
	if v.at == "GET /aws" {
		v.to("/openam/UI/Login?realm=/&goto=%2Fsaml")
		return
	}
	if v.at == "GET /saml" {
		v.done()
		return
	}
	fields := func(inputs string) {
		v.page(`<!DOCTYPE HTML><html><head><title>OpenAM (Login)</title><script src="/js/auth.js"></script></head><body onload="placeCursorOnFirstElm();"><h1>Sign in to OpenAM</h1>
		<form name="Login" action="/openam/UI/Login?AMAuthCookie=x" method="post">` + inputs + `<input name="Login.Submit" type="submit" onclick="LoginSubmit('Log In'); return false;" value="Log In" class="button">
		<input name="IDButton" type="hidden" value="Log In"><input name="goto" type="hidden" value="{token}"><input type="hidden" name="encoded" value="true"><input type="hidden" name="gx_charset" value="UTF-8"></form></body></html>`)
	}
	rest := "&Login.Submit=Log In&IDButton=Log In&goto=TOKEN&encoded=true&gx_charset=UTF-8"
	switch {
	case v.at == "GET /openam/UI/Login":
		fields(`<label for="IDToken1">User Name:</label><input type="text" name="IDToken1" id="IDToken1" value="" class="textbox"><label for="IDToken2">Password:</label><input type="password" name="IDToken2" id="IDToken2" value="" autocomplete="off">`)
	case v.has("password") && v.sent("IDToken1=CODE"+rest):
		v.to("/saml")
	case !v.has("password") && v.sent("IDToken1=alice&IDToken2=PASSWORD"+rest):
		v.note("password")
		fields(`<label for="IDToken1">Enter OTP:</label><input type="password" name="IDToken1" id="IDToken1" value="">`)
	default:
		v.page(`<html><head><title>OpenAM (Authentication Failed)</title></head><body><div class="box message"><h3>Authentication failed.</h3><a href="/openam/UI/Login">Return to Login page</a></div></body></html>`)
	}
}

// aspnet is a WebForms page with its view state.
func aspnet(v *visit) {
	login := func(words string) {
		v.page(`<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>
			Extranet
		</title></head><body><form method="post" action="./aws?ReturnUrl=%2f" onsubmit="javascript:return WebForm_OnSubmit();" id="aspnetForm">
		<div class="aspNetHidden"><input type="hidden" name="__EVENTTARGET" id="__EVENTTARGET" value="" /><input type="hidden" name="__EVENTARGUMENT" id="__EVENTARGUMENT" value="" /><input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{token}" /></div>
		<script>function __doPostBack(eventTarget, eventArgument) { if (!theForm.onsubmit) { theForm.__EVENTTARGET.value = eventTarget; theForm.submit(); } }</script>
		<input name="ctl00$txtSearch" type="text" id="ctl00_txtSearch" /><input type="submit" name="ctl00$btnSearch" value="Search" id="ctl00_btnSearch" />
		<table><tr><td>Login</td><td><input name="ctl00$Main$txtUser" type="text" id="ctl00_Main_txtUser" /></td></tr>
		<tr><td>Password</td><td><input name="ctl00$Main$txtPwd" type="password" id="ctl00_Main_txtPwd" /></td></tr>
		<tr><td colspan="2"><input id="ctl00_Main_chkPersist" type="checkbox" name="ctl00$Main$chkPersist" /><label for="ctl00_Main_chkPersist">Remember me</label></td></tr></table>
		<span id="ctl00_Main_FailureText" style="color:Red;">` + words + `</span>
		<input type="submit" name="ctl00$Main$btnForgot" value="Forgot password" id="ctl00_Main_btnForgot" /><input type="submit" name="ctl00$Main$btnLogin" value="Log On" onclick="javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions())" id="ctl00_Main_btnLogin" />
		<input type="hidden" name="__EVENTVALIDATION" id="__EVENTVALIDATION" value="ev" /></form></body></html>`)
	}
	switch {
	case v.at == "GET /aws":
		login("")
	case v.sent("__EVENTTARGET=&__EVENTARGUMENT=&__VIEWSTATE=TOKEN&ctl00$txtSearch=&ctl00$Main$txtUser=alice&ctl00$Main$txtPwd=PASSWORD&ctl00$Main$btnLogin=Log On&__EVENTVALIDATION=ev"):
		v.done()
	default:
		login("Your login attempt was not successful. Please try again.")
	}
}

// jsf is a JavaServer Faces login: names with colons, the view state last.
func jsf(v *visit) {
	login := func(words string) {
		v.page(`<html><head><title>oxAuth - Login</title></head><body><form id="loginForm" name="loginForm" method="post" action="/aws" enctype="application/x-www-form-urlencoded"><input type="hidden" name="loginForm" value="loginForm" />
		<div id="messages">` + words + `</div><input id="loginForm:username" type="text" name="loginForm:username" autocomplete="off" placeholder="Username" /><input id="loginForm:password" type="password" name="loginForm:password" value="" autocomplete="off" />
		<input id="loginForm:platform" type="text" name="loginForm:platform" style="display:none" /><input type="submit" name="loginForm:loginButton" value="Login" class="login-btn" />
		<input type="hidden" name="javax.faces.ViewState" id="j_id1:javax.faces.ViewState:0" value="{token}" autocomplete="off" /></form></body></html>`)
	}
	switch {
	case v.at == "GET /aws":
		login("")
	case v.sent("loginForm=loginForm&loginForm:username=alice&loginForm:password=PASSWORD&loginForm:platform=&loginForm:loginButton=Login&javax.faces.ViewState=TOKEN"):
		v.done()
	default:
		login(`<ul><li class="text-center">Failed to authenticate.</li></ul>`)
	}
}

// wordpress tests for cookies and jumps back to where the sign-in began.
func wordpress(v *visit) {
	login := func(words string) {
		v.w.Header().Set("Set-Cookie", "wordpress_test_cookie=WP%20Cookie%20check; path=/")
		v.page(`<!DOCTYPE html><html lang="en-US"><head><title>Log In &lsaquo; Site &#8212; WordPress</title></head><body class="login no-js login-action-login wp-core-ui"><script>document.body.className = document.body.className.replace('no-js','js');</script>
		<div id="login"><h1><a href="https://wordpress.org/">Powered by WordPress</a></h1>` + words + `
		<form name="loginform" id="loginform" action="http://127.0.0.1:8080/wp-login.php" method="post"><p><label for="user_login">Username or Email Address</label><input type="text" name="log" id="user_login" class="input" value="" size="20" autocapitalize="off" autocomplete="username" required="required" /></p>
		<div class="user-pass-wrap"><label for="user_pass">Password</label><div class="wp-pwd"><input type="password" name="pwd" id="user_pass" class="input password-input" value="" size="20" autocomplete="current-password" spellcheck="false" required="required" /><button type="button" class="button wp-hide-pw hide-if-no-js" data-toggle="0" aria-label="Show password"><span class="dashicons dashicons-visibility" aria-hidden="true"></span></button></div></div>
		<p class="forgetmenot"><input name="rememberme" type="checkbox" id="rememberme" value="forever" /> <label for="rememberme">Remember Me</label></p>
		<p class="submit"><input type="submit" name="wp-submit" id="wp-submit" class="button button-primary button-large" value="Log In" /><input type="hidden" name="redirect_to" value="http://127.0.0.1:8080/aws" /><input type="hidden" name="testcookie" value="1" /></p></form>
		<p id="nav"><a href="/wp-login.php?action=lostpassword">Lost your password?</a></p></div>
		<div class="language-switcher"><form id="language-switcher" method="get"><label for="language-switcher-locales">Language</label><select name="wp_lang" id="language-switcher-locales"><option value="en_US" selected>English</option><option value="de_DE">Deutsch</option></select><input type="hidden" name="redirect_to" value="x"><input type="submit" class="button" value="Change"></form></div></body></html>`)
	}
	switch {
	case v.at == "GET /aws" && v.has("in"):
		v.done()
	case v.at == "GET /aws":
		v.to("/wp-login.php?redirect_to=http%3A%2F%2F127.0.0.1%3A8080%2Faws&reauth=1")
	case v.at == "GET /wp-login.php":
		login("")
	case v.sent("log=alice&pwd=PASSWORD&wp-submit=Log In&redirect_to=http://127.0.0.1:8080/aws&testcookie=1"):
		if _, err := v.r.Cookie("wordpress_test_cookie"); err != nil {
			v.fault("cookies are blocked")
		}
		v.note("in")
		v.to("http://127.0.0.1:8080/aws")
	default:
		login(`<div id="login_error" class="notice notice-error"><p><strong>Error:</strong> The password you entered for the username <strong>alice</strong> is incorrect. <a href="/wp-login.php?action=lostpassword">Lost your password?</a></p></div>`)
	}
}

// spring is Spring Security's generated page; a wrong password redirects to it.
func spring(v *visit) {
	login := func(words string) {
		v.page(`<!DOCTYPE html><html lang="en"><head><title>Please sign in</title></head><body><div class="container"><form class="form-signin" method="post" action="/login"><h2 class="form-signin-heading">Please sign in</h2>` + words + `
		<p><label for="username" class="sr-only">Username</label><input type="text" id="username" name="username" class="form-control" placeholder="Username" required autofocus></p>
		<p><label for="password" class="sr-only">Password</label><input type="password" id="password" name="password" class="form-control" placeholder="Password" required></p>
		<input name="_csrf" type="hidden" value="{token}" /><button class="btn btn-lg btn-primary btn-block" type="submit">Sign in</button></form>
		<h2>Login with OAuth 2.0</h2><table><tr><td><a href="/oauth2/authorization/git">Git</a></td></tr></table></div></body></html>`)
	}
	switch {
	case v.at == "GET /aws" && v.has("in"):
		v.done()
	case v.at == "GET /aws":
		v.to("/login")
	case v.at == "GET /login" && v.r.URL.RawQuery == "error":
		login(`<div class="alert alert-danger" role="alert">Bad credentials</div>`)
	case v.at == "GET /login":
		login("")
	case v.sent("username=alice&password=PASSWORD&_csrf=TOKEN"):
		v.note("in")
		v.to("/aws?continue")
	default:
		v.to("/login?error")
	}
}
