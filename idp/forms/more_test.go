package forms_test

import (
	"testing"

	"github.com/samlcli/samlcli/idp"
)

// A plain login is a product whose sign-in is one form: how the form looks, what it sends, and how it says no.
type plainLogin struct {
	name, form, sent string
	no               string // what stands above the form after a wrong password
	words            string // what is told of it
}

// Products in one form each.
func TestMoreProducts(t *testing.T) {
	var strangers []stranger
	for _, x := range []plainLogin{
		{"Jenkins", `<div class="app-sign-in-register"><main><h1>Sign in to Jenkins</h1>%<form method="post" name="login" action="j_spring_security_check"><label for="j_username">Username</label><input autocorrect="off" autocomplete="off" name="j_username" id="j_username" type="text" autofocus="autofocus" autocapitalize="off" aria-label="Username"><label for="j_password">Password</label><input name="j_password" id="j_password" type="password" aria-label="Password"><div class="jenkins-checkbox"><input type="checkbox" id="remember_me" name="remember_me"><label for="remember_me">Keep me signed in</label></div><input name="from" type="hidden" value="/aws"><button type="submit" name="Submit" class="jenkins-button">Sign in</button></form></main></div>`,
			"j_username=alice&j_password=PASSWORD&from=/aws&Submit=", `<div class="app-sign-in-register__error">Invalid username or password</div>`, "Invalid username or password"},
		{"Drupal", `<h1>Log in</h1>%<nav><a href="/user/login" class="is-active">Log in</a><a href="/user/password">Reset your password</a></nav><form class="user-login-form" action="/user/login" method="post" id="user-login-form" accept-charset="UTF-8"><label for="edit-name" class="js-form-required">Username</label><input type="text" id="edit-name" name="name" value="" size="60" maxlength="60" required="required" aria-required="true"><label for="edit-pass">Password</label><input type="password" id="edit-pass" name="pass" size="60" maxlength="128" required="required"><input data-drupal-selector="x" type="hidden" name="form_build_id" value="{token}"><input type="hidden" name="form_id" value="user_login_form"><div id="edit-actions"><input type="submit" id="edit-submit" name="op" value="Log in" class="button"></div></form><form action="/search/node" method="get" id="search-block-form"><input type="search" name="keys" value=""><input type="submit" value="Search"></form>`,
			"name=alice&pass=PASSWORD&form_build_id=TOKEN&form_id=user_login_form&op=Log in", `<div role="contentinfo" aria-label="Error message"><div role="alert"><h2 class="visually-hidden">Error message</h2>Unrecognized username or password. <a href="/user/password">Forgot your password?</a></div></div>`, "Error message Unrecognized username or password. Forgot your password?"},
		{"Joomla", `<form action="/login?task=user.login" method="post" class="mod-login"><input type="text" id="modlgn-username" name="username" class="form-control" autocomplete="username" placeholder="Username"><input id="modlgn-passwd" type="password" name="password" autocomplete="current-password" placeholder="Password"><button type="button" class="input-password-toggle"><span class="icon-eye"></span><span class="visually-hidden">Show Password</span></button><input type="checkbox" name="remember" value="yes"><button type="submit" name="Submit" class="btn">Log in</button><input type="hidden" name="option" value="com_users"><input type="hidden" name="return" value="aHR0"><input type="hidden" name="6f1ed002ab5595859014ebf0951522d9" value="1"></form>%`,
			"username=alice&password=PASSWORD&Submit=&option=com_users&return=aHR0&6f1ed002ab5595859014ebf0951522d9=1", `<joomla-alert type="warning"><div class="alert-message">Username and password do not match or you do not have an account yet.</div></joomla-alert>`, "Username and password do not match or you do not have an account yet."},
		{"Moodle", `<div class="loginform"><h1>Log in to Site</h1>%<form class="login-form" action="/login/index.php" method="post" id="login"><input type="hidden" name="logintoken" value="{token}"><label for="username" class="sr-only">Username</label><input type="text" name="username" id="username" class="form-control" value="" placeholder="Username" autocomplete="username"><label for="password" class="sr-only">Password</label><input type="password" name="password" id="password" value="" placeholder="Password" autocomplete="current-password"><button class="btn" type="submit" id="loginbtn">Log in</button></form><h2>Some courses may allow guest access</h2><form action="/login/index.php" method="post" id="guestlogin"><input type="hidden" name="logintoken" value="{token}"><input type="hidden" name="username" value="guest"><input type="hidden" name="password" value="guest"><button class="btn" type="submit" id="loginguestbtn">Access as a guest</button></form></div>`,
			"logintoken=TOKEN&username=alice&password=PASSWORD", `<div class="alert alert-danger" role="alert">Invalid login, please try again</div>`, "Invalid login, please try again"},
		{"Confluence", `<form name="loginform" method="POST" action="/dologin.action" class="aui login-form-container"><label id="u-label" for="os_username">Username</label><input type="text" name="os_username" id="os_username" class="text" data-focus="0"><label for="os_password">Password</label><input type="password" name="os_password" id="os_password" class="password" autocomplete="off"><input type="checkbox" name="os_cookie" id="os_cookie" value="true" checked><label for="os_cookie">Remember me</label><input id="loginButton" class="aui-button" name="login" type="submit" value="Log in"><a id="forgot" href="/forgotuserpassword.action">Forgot your password?</a><input type="hidden" name="os_destination" value="/aws"></form>%`,
			"os_username=alice&os_password=PASSWORD&os_cookie=true&login=Log in&os_destination=/aws", `<div class="aui-message aui-message-error">Sorry, your username and password are incorrect - please try again.</div>`, "Sorry, your username and password are incorrect - please try again."},
		{"Laravel", `<form method="POST" action="/login"><input type="hidden" name="_token" value="{token}" autocomplete="off"><label for="email">Email Address</label><input id="email" type="email" name="email" value="" required autocomplete="email" autofocus>%<label for="password">Password</label><input id="password" type="password" name="password" required autocomplete="current-password"><input type="checkbox" name="remember" id="remember"><label for="remember">Remember Me</label><button type="submit">Login</button></form>`,
			"_token=TOKEN&email=alice&password=PASSWORD", `<span class="invalid-feedback" role="alert"><strong>These credentials do not match our records.</strong></span>`, "These credentials do not match our records."},
		{"Symfony", `%<form method="post"><input type="text" value="" name="_username" id="inputUsername" required autofocus><input type="password" name="_password" id="inputPassword" required><input type="hidden" name="_csrf_token" value="{token}"><label><input type="checkbox" name="_remember_me"> Remember me</label><button class="btn" type="submit">Sign in</button></form>`,
			"_username=alice&_password=PASSWORD&_csrf_token=TOKEN", `<div class="alert alert-danger">Invalid credentials.</div>`, "Invalid credentials."},
		{"ASP.NET Core Identity", `<section><form id="account" method="post"><h2>Use a local account to log in.</h2><div class="text-danger validation-summary-valid" role="alert">%</div><input class="form-control" autocomplete="username" aria-required="true" type="email" data-val="true" id="Input_Email" name="Input.Email" value=""><input type="password" autocomplete="current-password" id="Input_Password" name="Input.Password"><label for="Input_RememberMe"><input class="form-check-input" type="checkbox" data-val="true" id="Input_RememberMe" name="Input.RememberMe" value="true">Remember me?</label><button id="login-submit" type="submit" class="w-100 btn">Log in</button><a id="forgot-password" href="/f">Forgot your password?</a><input name="__RequestVerificationToken" type="hidden" value="{token}"><input name="Input.RememberMe" type="hidden" value="false"></form></section><section><h3>Use another service to log in.</h3><form id="external-account" action="/ExternalLogin" method="post"><button type="submit" name="provider" value="Google">Google</button><input name="__RequestVerificationToken" type="hidden" value="x"></form></section>`,
			"Input.Email=alice&Input.Password=PASSWORD&__RequestVerificationToken=TOKEN&Input.RememberMe=false", `<ul><li>Invalid login attempt.</li></ul>`, "Invalid login attempt."},
		{"IdentityServer", `%<form action="/Account/Login" method="post"><input type="hidden" id="Input_ReturnUrl" name="Input.ReturnUrl" value="/aws"><label for="Input_Username">Username</label><input placeholder="Username" autofocus type="text" id="Input_Username" name="Input.Username" value=""><label>Password</label><input type="password" placeholder="Password" autocomplete="off" id="Input_Password" name="Input.Password"><button class="btn btn-primary" name="Input.Button" value="login">Login</button><button class="btn btn-secondary" name="Input.Button" value="cancel">Cancel</button></form>`,
			"Input.ReturnUrl=/aws&Input.Username=alice&Input.Password=PASSWORD&Input.Button=login", `<div class="alert alert-danger"><strong>Error</strong><div><ul><li>Invalid username or password</li></ul></div></div>`, "Error Invalid username or password"},
		{"WebSEAL", `<center>%<form method="POST" action="/pkmslogin.form?token=Unknown"><table><tr><td>Username:</td><td><input name="username" size="15"></td></tr><tr><td>Password:</td><td><input type="password" name="password" size="15"></td></tr></table><input type="hidden" name="login-form-type" value="pwd"><input type="submit" value="Login"></form></center>`,
			"username=alice&password=PASSWORD&login-form-type=pwd", `<b>HPDIA0200W   Authentication failed. You have used an invalid user name, password or client certificate.</b>`, "HPDIA0200W Authentication failed. You have used an invalid user name, password or client certificate."},
		{"SiteMinder", `<form name="Login" method="POST" action="/siteminderagent/forms/login.fcc"><input type="hidden" name="SMENC" value="ISO-8859-1"><input type="hidden" name="SMLOCALE" value="US-EN">%<table><tr><td>Username:<td><input type="text" name="USER" size="30"><tr><td>Password:<td><input type="password" name="PASSWORD" size="30"></table><input type="hidden" name="target" value="{token}"><input type="hidden" name="smauthreason" value="0"><input type="button" value="Login" onclick="submitForm();"><input type="reset"></form>`,
			"SMENC=ISO-8859-1&SMLOCALE=US-EN&USER=alice&PASSWORD=PASSWORD&target=TOKEN&smauthreason=0", `<font color=red>Invalid credentials</font>`, "Invalid credentials"},
		{"Pulse Secure", `<form name="frmLogin" action="login.cgi" method="POST" autocomplete="off" onsubmit="return Login(1)"><input id="tz_offset_5" type="hidden" name="tz_offset"><input id="win11" type="hidden" name="win11"><input id="clientMAC" type="hidden" name="clientMAC" value="">%<table><tr><td>Username<td><input id="username_5" type="text" name="username" size="20"><tr><td>Password<td><input id="password_5" type="password" name="password" size="20"><tr><td>Realm<td><select size="1" name="realm" id="realm_18"><option value="Staff" selected>Staff<option value="Guests">Guests</select><tr><td><input id="btnSubmit_6" type="submit" value="Sign In" name="btnSubmit"></table></form>`,
			"tz_offset=&win11=&clientMAC=&username=alice&password=PASSWORD&realm=Staff&btnSubmit=Sign In", `<p>Invalid username or password. Please re-enter your user information.</p>`, "Invalid username or password. Please re-enter your user information."},
		{"WSO2", `%<form class="ui large form" action="/commonauth" method="post" id="loginForm"><input type="text" id="usernameUserInput" value="" name="usernameUserInput" tabindex="1" placeholder="Username" required><input id="username" name="username" type="hidden" value=""><input type="password" id="password" name="password" value="" autocomplete="off" tabindex="2" placeholder="Password"><input tabindex="3" type="checkbox" id="chkRemember" name="chkRemember"><label>Remember me on this computer</label><input type="hidden" name="sessionDataKey" value="{token}"><button type="submit" class="ui primary large button" tabindex="4" role="button">Sign In</button></form>`,
			"usernameUserInput=alice&username=alice&password=PASSWORD&sessionDataKey=TOKEN", `<div class="ui visible negative message" id="error-msg">Login failed! Please check your username and password and try again.</div>`, "Login failed! Please check your username and password and try again."},
		{"Roundcube", `<h1 class="voice">Webmail Login</h1><form id="login-form" name="login-form" method="post" class="propform" action="./?_task=login"><input type="hidden" name="_token" value="{token}"><input type="hidden" name="_task" value="login"><input type="hidden" name="_action" value="login"><input type="hidden" name="_timezone" id="rcmlogintz" value="_default_"><input type="hidden" name="_url" id="rcmloginurl"><table><tr><td><label for="rcmloginuser">Username</label><td><input name="_user" id="rcmloginuser" required size="40" autocapitalize="off" autocomplete="off" value="" type="text"><tr><td><label for="rcmloginpwd">Password</label><td><input name="_pass" id="rcmloginpwd" required size="40" autocomplete="off" type="password"></table><p><button type="submit" id="rcmloginsubmit" class="button">Login</button></p>%</form>`,
			"_token=TOKEN&_task=login&_action=login&_timezone=_default_&_url=&_user=alice&_pass=PASSWORD", `<div id="messagestack"><div>Login failed.</div></div>`, "Login failed."},
		{"Keycloak under a theme of its own", `<div class="my-theme"><h3>Anmelden</h3>%<form id="my-login" onsubmit="login.disabled = true; return true;" action="/login-actions/authenticate?session_code=a&amp;execution=b&amp;client_id=c&amp;tab_id=d" method="post"><input tabindex="1" name="username" value="" type="text" autofocus autocomplete="off"><input tabindex="2" name="password" type="password" autocomplete="off"><input type="hidden" name="credentialId"><input tabindex="4" name="login" type="submit" value="Anmelden"></form><div id="my-social"><a href="/realms/x/broker/github/login?client_id=c">GitHub</a></div></div>`,
			"username=alice&password=PASSWORD&credentialId=&login=Anmelden", `<span class="my-error">Ungültiger Benutzername oder Passwort.</span>`, "Ungültiger Benutzername oder Passwort."},
		{"Shibboleth under a theme of its own", `<header><img src="logo.png"></header>%<form action="?execution=e1s1" method="post"><input type="hidden" name="csrf_token" value="{token}"><fieldset><legend>University login</legend><label for="u">Username</label><input id="u" name="j_username" type="text" value=""><label for="p">Password</label><input id="p" name="j_password" type="password" value=""><input type="checkbox" name="donotcache" value="1" id="donotcache"> <label for="donotcache">Don't Remember Login</label><input id="_shib_idp_revokeConsent" type="checkbox" name="_shib_idp_revokeConsent" value="true"><label for="_shib_idp_revokeConsent">Clear prior granting of permission for release of your information to this service.</label></fieldset><button type="submit" name="_eventId_proceed" onclick="this.childNodes[0].nodeValue='Logging in, please wait...'">Login</button><button type="submit" name="_eventId_authn/SPNEGO">Sign in with your workstation</button></form>`,
			"csrf_token=TOKEN&j_username=alice&j_password=PASSWORD&_eventId_proceed=", `<section><p class="form-element form-error">The password you entered was incorrect.</p></section>`, "The password you entered was incorrect."},
		{"autofill kept away", `%<form method="post" action="/in"><input name="user" readonly onfocus="this.removeAttribute('readonly');"><input type="password" name="pass" readonly onfocus="this.readOnly=false"><button>Go</button></form>`,
			"user=alice&pass=PASSWORD", `<p class="error">No.</p>`, "No."},
		{"button off until something is typed", `%<form method="post" action="/in"><input name="user"><input type="password" name="pass"><button type="submit" name="action" value="default" disabled>Continue</button></form>`,
			"user=alice&pass=PASSWORD&action=default", `<p class="error">No.</p>`, "No."},
	} {
		strangers = append(strangers, stranger{name: x.name, serve: x.serve, badPassword: "bad_credentials: " + x.words})
	}
	play(t, strangers)
}

func (x plainLogin) serve(v *visit) {
	switch {
	case v.once("start"):
		v.page(filled(x.form, ""))
	case v.sent(x.sent):
		v.done()
	default:
		v.page(filled(x.form, x.no))
	}
}

// Logins that want more than a name and a password.
func TestMoreFields(t *testing.T) {
	const bad = "bad_credentials: No."
	asking := func(name, form, sent string) stranger {
		return stranger{name: name, serve: oneForm(form, sent), badPassword: bad}
	}
	settled := func(x stranger, settings ...string) stranger {
		x.set = map[string]string{}
		for i := 0; i < len(settings); i += 2 {
			x.set[settings[i]] = settings[i+1]
		}
		return x
	}
	answered := func(x stranger, answer string) stranger {
		x.answers = map[idp.Kind]string{idp.Answer: answer}
		return x
	}
	ends := func(x stranger, how string) stranger {
		x.ends, x.badPassword = how, ""
		return x
	}
	final := func(x stranger) stranger {
		x.final = true
		return x
	}
	tenant := `<form method="post" action="/in"><input name="tenant" required placeholder="Company"><input name="username"><input type="password" name="pass"><button>Go</button></form>`
	token := `<form method="post" action="/in"><input name="login"><input type="password" name="passwd"><input type="password" name="passwd1"><button>Log On</button></form>`
	play(t, []stranger{
		answered(asking("a company that must be said", tenant, "tenant=ACME&username=alice&pass=PASSWORD"), "ACME"),
		ends(asking("a company that must be said, nobody there", tenant, ""), "nobody to ask"),
		settled(asking("Citrix Gateway with a token", token, "login=alice&passwd=PASSWORD&passwd1=CODE"), "password_field", "passwd", "code_field", "passwd1"),
		final(settled(asking("Citrix Gateway with a token, by its form", `<form action="/other"><input name="login"></form>`+token, "login=alice&passwd=PASSWORD&passwd1=CODE"), "form", "[action='/in']", "password_field", "passwd", "code_field", "passwd1")),
		ends(asking("Citrix Gateway with a token, not said", token, ""), "unknown: it is a form for a new account or a new password"),
	})
}
