package okta

import (
	"crypto/rand"
	"fmt"
	"html"
	"net/http"
	"strings"
)

// openApp shows the application to who is signed in, and the sign-in page to anybody else.
func (f *Fake) openApp(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie("sid"); err == nil && f.sessions[c.Value] != "" {
		u := f.users[f.sessions[c.Value]]
		switch {
		case u.unassigned:
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprint(w, `<html><body><div class="error-content"><h2>403</h2><p>User is not assigned to this application</p></div></body></html>`)
		case u.stepUp && !f.devices["stepped up "+c.Value]:
			f.signInPage(w, r, &flow{user: u, step: "MFA_REQUIRED"})
		default:
			f.appForm(w, r, u)
		}
		return
	}
	f.signInPage(w, r, &flow{})
}

// signInPage shows a page that is a script, whose state token is written as scripts are: with escapes.
func (f *Fake) signInPage(w http.ResponseWriter, r *http.Request, k *flow) {
	k.renew()
	id := rand.Text()
	f.flows[id] = k
	http.SetCookie(w, &http.Cookie{Name: "JSESSIONID", Value: id, Path: "/", Secure: true, HttpOnly: true})
	if _, err := r.Cookie("DT"); err != nil {
		http.SetCookie(w, &http.Cookie{Name: "DT", Value: "DI1" + rand.Text(), Path: "/", Secure: true, MaxAge: 63072000})
	}
	state := ""
	if f.engine || k.user != nil {
		state = "var stateToken = '" + strings.NewReplacer("-", `\x2D`, ".", `\x2E`).Replace(k.state) + "';"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!DOCTYPE html>
<html><head><title>Acme - Sign In</title></head><body><div id="okta-login-container"></div>
<script src="/js/okta-sign-in.min.js"></script><script>var baseUrl = '%s'; var fromURI = '%s'; %s</script></body></html>`,
		strings.ReplaceAll(at(r, ""), "/", `\x2F`), strings.ReplaceAll(appPath, "/", `\x2F`), state)
}

// appForm shows the form for AWS, its values written as Okta writes them.
func (f *Fake) appForm(w http.ResponseWriter, r *http.Request, u *user) {
	name, _, _ := strings.Cut(u.name, "@")
	response, err := f.lab.Sign(f.lab.Assertion(name))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	escape := strings.NewReplacer("+", "&#x2b;", "=", "&#x3d;", "/", "&#x2f;", ":", "&#x3a;")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<html><head><title>Acme - Signing in...</title></head><body><form id="appForm" action="%s" method="POST">
<input name="SAMLResponse" type="hidden" value="%s"/><input name="RelayState" type="hidden" value=""/></form>
<script>document.getElementById('appForm').submit()</script></body></html>`, escape.Replace("https://signin.aws.amazon.com/saml"), escape.Replace(html.EscapeString(response)))
}

// session signs a user in at the browser.
func (f *Fake) session(w http.ResponseWriter, u *user) {
	sid := "102" + rand.Text()
	f.sessions[sid] = u.name
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: sid, Path: "/", Secure: true, HttpOnly: true})
}

// takeToken turns a session token into a session, once.
func (f *Fake) takeToken(w http.ResponseWriter, r *http.Request) {
	token := r.URL.Query().Get("token")
	name, ok := f.tokens[token]
	delete(f.tokens, token)
	if !ok {
		f.complain(r, "a session token that is none, or was used")
		http.Redirect(w, r, appPath, http.StatusFound)
		return
	}
	f.session(w, f.users[name])
	to := r.URL.Query().Get("redirectUrl")
	if to != at(r, appPath) {
		f.complain(r, "redirectUrl is %q", to)
	}
	http.Redirect(w, r, to, http.StatusFound)
}
