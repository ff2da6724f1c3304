package forms_test

import "testing"

// Pages between the password and the response, each with the one thing that may be done with it.
func TestBetween(t *testing.T) {
	between := func(name, page, sent string) stranger {
		return stranger{name: name, serve: behindPassword(func(v *visit) {
			switch {
			case v.at == "POST /on" || v.at == "GET /on":
				if v.sent(sent) && v.once("on") {
					v.done()
				}
			case v.at == "POST /in" || v.at == "GET /aws" && v.once("again"):
				v.page(page)
			default:
				v.fault("went to %s", v.at)
				v.answer(404, "not there")
			}
		})}
	}
	agreeing := func(x stranger, label string) stranger {
		x.takes = []string{label}
		return x
	}
	refused := func(x stranger, ends string) stranger {
		x.ends = ends
		return x
	}
	terms := `<h1>Acceptable use policy</h1><form method="post" action="/on"><p>…</p><input type="checkbox" name="agree" value="yes" id="a"><label for="a">I accept</label><button name="go" value="1">Submit</button></form>`
	expiring := `<h1>Your password expires in 3 days</h1>`
	play(t, []stranger{
		between("consent of Shibboleth", `<!DOCTYPE html><html><head><title>Information Release</title></head><body><form action="/on" method="post" style="padding:10px"><input type="hidden" name="csrf_token" value="{token}"/>
			<p>You are about to access the service: AWS</p><table><thead><tr><th colspan="2">Information to be Provided to Service</th></tr></thead><tbody><tr><td><label for="email">mail</label></td><td><label for="email">alice@example.edu</label></td><td><input id="email" type="hidden" name="_shib_idp_consentIds" value="email"/></td></tr></tbody></table>
			<p>Select an information release consent duration:</p><ul><li><input id="_shib_idp_doNotRememberConsent" type="radio" name="_shib_idp_consentOptions" value="_shib_idp_doNotRememberConsent"/><label for="_shib_idp_doNotRememberConsent">Ask me again at next login</label></li>
			<li><input id="_shib_idp_rememberConsent" type="radio" name="_shib_idp_consentOptions" value="_shib_idp_rememberConsent" checked="checked"/><label for="_shib_idp_rememberConsent">Ask me again if information to be provided to this service changes</label></li></ul>
			<p style="text-align:center"><input type="submit" name="_eventId_AttributeReleaseRejected" value="Reject" style="margin-right:30px"/><input type="submit" name="_eventId_proceed" value="Accept"/></p></form></body></html>`,
			"csrf_token=TOKEN&_shib_idp_consentIds=email&_shib_idp_consentOptions=_shib_idp_rememberConsent&_eventId_proceed=Accept"),
		between("consent by two forms", `<h1>Consent about releasing personal information</h1><form id="consent_no" action="/no"><input type="hidden" name="StateId" value="{token}"><button type="submit" name="no">No, cancel</button></form><form id="consent_yes" action="/on"><input type="hidden" name="StateId" value="{token}"><input type="checkbox" name="saveconsent" value="1"> Remember<button type="submit" name="yes" id="yesbutton">Yes, continue</button></form>`, "StateId=TOKEN&yes="),
		between("consent by two forms, yes first", `<form action="/on" method="get"><input type="hidden" name="StateId" value="{token}"><input type="submit" name="yes" value="Ja, weiter"></form><form action="/no" method="get"><input type="submit" name="no" value="Nein"></form>`, "StateId=TOKEN&yes=Ja, weiter"),
		between("consent by two buttons", `<form method="post" action="/on"><p>Share your profile with AWS?</p><button name="c" value="deny">Deny</button><button name="c" value="allow">Allow</button></form>`, "c=allow"),
		between("consent without words", `<form method="post" action="/on"><button name="c" value="no">✗</button><button name="c" value="yes">✓</button></form>`, "c=yes"),
		between("consent in Polish", `<h1>Udostępnianie danych</h1><form method="post" action="/on"><button name="cancel">Odrzuć</button><button name="accept">Zgadzam się</button></form>`, "accept="),
		between("stay signed in", `<h1>Stay signed in?</h1><form method="post" action="/on"><input type="hidden" name="k" value="{token}"><input type="submit" name="r" value="No"><input type="submit" name="r" value="Yes"></form>`, "k=TOKEN&r=Yes"),
		between("last sign-in", `<h1>Welcome back</h1><p>Your last sign-in was yesterday.</p><form method="post" action="/on"><input type="hidden" name="k" value="{token}"><input type="submit" value="OK"></form>`, "k=TOKEN"),
		between("a button alone", `<p>Weiter geht es hier</p><form method="post" action="/on"><button>Zur Anwendung</button></form><form method="post" action="/logout"><button>Abmelden</button></form>`, "="),
		between("expires, change or continue", expiring+`<form method="post" action="/on"><button name="a" value="change">Change now</button><button name="a" value="later">Continue</button></form>`, "a=later"),
		between("expires, change first", expiring+`<form method="post" action="/change"><button>Change password</button></form><form method="post" action="/on"><button>Remind me later</button></form>`, "="),
		between("expires, by links", expiring+`<a href="/change">Change password</a> <a href="/on">Continue</a>`, "="),
		between("expires, with the fields to change it", expiring+`<form method="post" action="/change"><input type="password" name="old"><input type="password" name="new"><input type="password" name="again"><button>Change</button></form><form method="post" action="/on"><button name="skip" value="1">Not now</button></form>`, "skip=1"),
		between("expires, fields and skip in one form", expiring+`<form method="post" action="/on"><input type="password" name="new"><input type="password" name="again"><button name="a" value="change">Change</button><button name="a" value="skip" formnovalidate>Skip</button></form>`, "new=&again=&a=skip"),
		between("enrol, skip", `<h1>Set up your authenticator</h1><form method="post" action="/on"><button name="a" value="setup">Set up now</button><button name="a" value="skip">Skip for now</button></form>`, "a=skip"),
		between("enrol, skip by a link", `<h1>Protect your account</h1><form method="post" action="/enrol"><button>Set up a passkey</button></form><a href="/on">Not now</a>`, "="),
		between("add a phone, skip", `<h1>Add a phone number</h1><form method="post" action="/enrol"><input type="tel" name="phone"><button>Add</button></form><form method="post" action="/on"><button>Skip</button></form>`, "="),
		agreeing(between("tenant by menu", `<form method="post" action="/on"><label for="o">Organisation</label><select id="o" name="org"><option value="1">Example A<option value="2">Example B</select><button>Select</button></form>`, "org=2"), "Example B"),
		agreeing(between("tenant by links", `<h1>Choose an account</h1><ul><li><a href="/on?t=1">Example A</a></li><li><a href="/on?t=2">Example B</a></li></ul>`, "t=2"), "Example B"),
		agreeing(between("tenant by buttons", `<h1>Choose an account</h1><form method="post" action="/on"><button name="t" value="1">Example A</button><button name="t" value="2">Example B</button></form>`, "t=2"), "Example B"),
		agreeing(between("terms", terms, "agree=yes&go=1"), "yes, I agree"),
		refused(between("terms, nobody there", terms, ""), "nobody to ask"),
		agreeing(between("terms of Shibboleth", `<title>Terms of Use</title><form action="/on" method="post"><input type="hidden" name="csrf_token" value="{token}"/><h1>Terms</h1><input id="accept" type="checkbox" name="_shib_idp_consentIds" value="tou1" required><label for="accept">I accept the terms of use</label><input type="submit" name="_eventId_TermsRejected" value="Refuse" formnovalidate><input type="submit" name="_eventId_proceed" value="Submit"></form>`,
			"csrf_token=TOKEN&_shib_idp_consentIds=tou1&_eventId_proceed=Submit"), "yes, I agree"),
		refused(between("expired", `<h1>Your password has expired</h1><form method="post" action="/change"><input type="password" name="old"><input type="password" name="new"><input type="password" name="again"><button>Change</button></form>`, ""), "password_expired: Your password has expired"),
		refused(between("expired, two fields", `<h2>Kennwort abgelaufen</h2><form method="post" action="/change"><input type="password" name="new"><input type="password" name="again"><button>Change</button></form>`, ""), "password_expired: Kennwort abgelaufen"),
		{name: "portal", serve: portal(`<h1>Your applications</h1><ul><li><a href="/mail">Mail</a></li><li><a href="/wiki">Wiki</a></li></ul><a href="/logout">Log out</a>`)},
		{name: "portal with a search box", serve: portal(`<h1>Hello Alice</h1><form action="/search"><input name="q"><button>Go</button></form>`)},
		{name: "portal with a search box of no known name", serve: portal(`<h1>Hello Alice</h1><form action="/find"><input name="wonach" placeholder="Suchen"><button>Los</button></form>`)},
		{name: "portal with a way out", serve: portal(`<h1>Hello Alice</h1><form method="post" action="/logout"><input type="hidden" name="k" value="1"><button>Log out</button></form>`)},
		{name: "portal with one button", serve: portal(`<p>Hello</p><form method="post" action="/logout"><button><img src="x.png" alt="Logout"></button></form>`)},
		{name: "script and nothing else", serve: portal(`<div id="root"></div><script src="/app.js"></script>`)},
		{name: "portal without end", ends: "unknown: there is nothing to fill in and nothing that leads on", serve: behindPassword(func(v *visit) {
			if v.note("look"); v.state["look"] > 2 {
				v.fault("the start is opened again and again")
			}
			v.page("<h1>Hello Alice</h1>")
		})},
	})
}

// portal shows a page behind the password; only the start address, opened once more, leads on.
func portal(page string) func(*visit) {
	return behindPassword(func(v *visit) {
		switch {
		case v.at == "POST /in":
			v.to("/portal")
		case v.at == "GET /portal":
			v.page(page)
		case v.at == "GET /aws" && v.once("again"):
			v.done()
		default:
			v.fault("went to %s", v.at)
			v.answer(404, "not there")
		}
	})
}
