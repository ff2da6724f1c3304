package lab

// The identity provider's pages. Each form wants all that it holds, the pressed button too.
// The oddities are copied from products: a language form before the login, an action of "?" alone, hidden fields and
// buttons without a name, a second button that leads away.
const pages = `
{{define "top"}}<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}} - Lab</title></head>
<body><h1>{{.Title}}</h1>
{{with .Wrong}}<div class="error-box" role="alert"><p>{{.}}</p></div>{{end}}{{end}}

{{define "hidden"}}<input type="hidden" value="unnamed">
<input type="hidden" name="state" value="{{.State}}"><input type="hidden" name="csrf" value="{{.Token}}">{{end}}

{{define "login"}}{{template "top" .}}
<form id="language-form" method="get" action="/language"><input type="hidden" name="state" value="{{.State}}">
<select name="lang"><option value="en" selected>English</option><option value="eo">Esperanto</option></select>
<input type="submit" value="Change"></form>
<form method="post" action="?">{{template "hidden" .}}
<label for="u">User name</label> <input id="u" type="text" name="username" value="{{.User}}" autocomplete="username" required>
{{if .AskPassword}}<label for="p">Password</label> <input id="p" type="password" name="password" required>{{end}}
<button type="submit" name="action" value="{{.Button}}">{{if .AskPassword}}Sign in{{else}}Next{{end}}</button></form>
</body></html>{{end}}

{{define "password"}}{{template "top" .}}
<form method="post" action="">{{template "hidden" .}}
<p>Signing in as {{.User}}.</p>
<label for="p">Password</label> <input id="p" type="password" name="password" autocomplete="current-password" required>
<button type="submit" name="action" value="{{.Button}}">Sign in</button></form>
</body></html>{{end}}

{{define "code"}}{{template "top" .}}
<form method="post" action="code#verify">{{template "hidden" .}}
<label for="c">The code that your authenticator app shows</label>
<input id="c" type="text" name="one-time-code" autocomplete="one-time-code" inputmode="numeric" maxlength="6" required>
<button type="submit" name="action" value="{{.Button}}">Verify</button>
<button type="submit" name="action" value="cancel" formnovalidate>Cancel</button></form>
</body></html>{{end}}

{{define "release"}}{{template "top" .}}
<form method="post" action="{{.ACS}}">
<noscript><p>Press the button to go on.</p><input type="submit" value="Continue"></noscript>
<input type="hidden" name="SAMLResponse" value="{{.Response}}">
<input type="hidden" name="RelayState" value="{{.Relay}}"></form>
<script>document.forms[0].submit()</script>
</body></html>{{end}}

{{define "notice"}}{{template "top" .}}
</body></html>{{end}}`

// view is what a page shows.
type view struct {
	Title, Wrong  string
	State, Token  string
	User, Button  string
	AskPassword   bool
	ACS, Response string
	Relay         string
}
