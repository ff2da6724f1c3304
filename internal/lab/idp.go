package lab

import (
	"crypto/rand"
	"html/template"
	"net/http"
	"net/url"
	"sync"
	"time"
)

const (
	sessionCookie = "lab_session"
	walkCookie    = "lab_walk"
	sessionLife   = 8 * time.Hour
	codeTries     = 3
)

// An idp walks browsers from the start address to a signed response.
type idp struct {
	lab   *Lab
	pages *template.Template
	mux   *http.ServeMux

	mu       sync.Mutex
	walks    map[string]*walk   // sign-ins under way, by state
	sessions map[string]session // by cookie
	wrong    map[string]int     // wrong passwords in a row, by user
	used     map[string]int64   // period of the last code accepted, by user
	signIns  int
}

// A walk is one sign-in under way, bound to the browser that began it.
type walk struct {
	state, cookie, relay string
	token                string // what the page last shown must bring back, once
	user                 *User  // who said to be here
	proven               bool   // by the password
	wrongCodes           int
}

type session struct {
	user *User
	ends time.Time
}

func newIdP(l *Lab) *idp {
	p := &idp{
		lab:      l,
		pages:    template.Must(template.New("lab").Parse(pages)),
		mux:      http.NewServeMux(),
		walks:    map[string]*walk{},
		sessions: map[string]session{},
		wrong:    map[string]int{},
		used:     map[string]int64{},
	}
	p.mux.HandleFunc("GET /sso", p.sso)
	p.mux.HandleFunc("GET /logout", p.logout)
	p.mux.HandleFunc("GET /language", p.onWalk(p.language))
	p.mux.HandleFunc("GET /login", p.onWalk(p.showLogin))
	p.mux.HandleFunc("POST /login", p.onWalk(p.login))
	p.mux.HandleFunc("GET /password", p.onWalk(p.showPassword))
	p.mux.HandleFunc("POST /password", p.onWalk(p.password))
	p.mux.HandleFunc("GET /code", p.onWalk(p.showCode))
	p.mux.HandleFunc("POST /code", p.onWalk(p.code))
	p.mux.HandleFunc("GET /metadata", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/samlmetadata+xml")
		_, _ = w.Write(l.Metadata)
	})
	return p
}

// ServeHTTP answers one request at a time: a lab has few visitors.
func (p *idp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.Header().Set("Cache-Control", "no-store")
	p.mux.ServeHTTP(w, r)
}

// sso is the start address: a response for who has a session, else the way to the login page.
func (p *idp) sso(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("sp") != audience {
		p.notice(w, http.StatusNotFound, "Unknown application", "There is no such application here.")
		return
	}
	relay := r.URL.Query().Get("RelayState")
	if c, err := r.Cookie(sessionCookie); err == nil {
		if s, ok := p.sessions[c.Value]; ok && p.lab.options.Now().Before(s.ends) {
			p.release(w, s.user, relay)
			return
		}
	}
	k := &walk{state: rand.Text(), cookie: rand.Text(), relay: relay}
	p.walks[k.state] = k
	p.setCookie(w, walkCookie, k.cookie)
	http.Redirect(w, r, "/login?state="+k.state, http.StatusFound)
}

func (p *idp) release(w http.ResponseWriter, u *User, relay string) {
	text, err := p.lab.Sign(p.lab.assertion(u))
	if err != nil {
		p.notice(w, http.StatusInternalServerError, "Out of order", "The response could not be signed.")
		return
	}
	p.show(w, http.StatusOK, "release", view{Title: "Signing in to AWS", ACS: recipient, Response: text, Relay: relay})
}

func (p *idp) logout(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie(sessionCookie); err == nil {
		delete(p.sessions, c.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1})
	p.notice(w, http.StatusOK, "Signed out", "")
}

func (p *idp) language(w http.ResponseWriter, r *http.Request, k *walk) {
	http.Redirect(w, r, "/login?state="+k.state, http.StatusFound)
}

func (p *idp) showLogin(w http.ResponseWriter, _ *http.Request, k *walk) { p.askLogin(w, k, "", "") }

func (p *idp) askLogin(w http.ResponseWriter, k *walk, user, wrong string) {
	v := view{Title: "Sign in", Button: "sign-in", AskPassword: true, User: user, Wrong: wrong}
	if p.lab.options.UserNameFirst {
		v.Button, v.AskPassword = "next", false
	}
	p.ask(w, k, "login", v)
}

func (p *idp) login(w http.ResponseWriter, r *http.Request, k *walk) {
	if p.lab.options.UserNameFirst {
		if p.complete(w, r, k, "next", "username") {
			k.user = &User{Name: r.PostFormValue("username")}
			p.redirect(w, r, "/password", k)
		}
		return
	}
	if p.complete(w, r, k, "sign-in", "username", "password") {
		name := r.PostFormValue("username")
		p.prove(w, r, k, name, func(wrong string) { p.askLogin(w, k, name, wrong) })
	}
}

func (p *idp) showPassword(w http.ResponseWriter, _ *http.Request, k *walk) { p.askPassword(w, k, "") }

func (p *idp) askPassword(w http.ResponseWriter, k *walk, wrong string) {
	if k.user == nil {
		p.outOfStep(w)
		return
	}
	p.ask(w, k, "password", view{Title: "Enter your password", Button: "sign-in", User: k.user.Name, Wrong: wrong})
}

func (p *idp) password(w http.ResponseWriter, r *http.Request, k *walk) {
	if k.user == nil {
		p.outOfStep(w)
		return
	}
	if p.complete(w, r, k, "sign-in", "password") {
		p.prove(w, r, k, k.user.Name, func(wrong string) { p.askPassword(w, k, wrong) })
	}
}

// prove checks the password; what is wrong is said by again, on the page that asked.
func (p *idp) prove(w http.ResponseWriter, r *http.Request, k *walk, name string, again func(wrong string)) {
	u := p.lab.user(name)
	if u != nil && (u.Locked || p.wrong[name] >= p.lab.options.Tries) {
		delete(p.walks, k.state)
		p.notice(w, http.StatusForbidden, "Account locked", "This account is locked. Ask your administrator.")
		return
	}
	if u == nil || u.Password != r.PostFormValue("password") {
		p.wrong[name]++
		again("The user name or the password is wrong.")
		return
	}
	p.wrong[name] = 0
	k.user, k.proven = u, true
	if u.Seed != "" {
		p.redirect(w, r, "/code", k)
		return
	}
	p.finish(w, r, k)
}

func (p *idp) showCode(w http.ResponseWriter, _ *http.Request, k *walk) { p.askCode(w, k, "") }

func (p *idp) askCode(w http.ResponseWriter, k *walk, wrong string) {
	if !k.proven {
		p.outOfStep(w)
		return
	}
	p.ask(w, k, "code", view{Title: "Second step", Button: "verify", Wrong: wrong})
}

func (p *idp) code(w http.ResponseWriter, r *http.Request, k *walk) {
	if !k.proven {
		p.outOfStep(w)
		return
	}
	if !p.complete(w, r, k, "verify", "one-time-code") {
		return
	}
	step, ok := codeStep(k.user.Seed, r.PostFormValue("one-time-code"), p.lab.options.Now())
	if ok && step > p.used[k.user.Name] {
		p.used[k.user.Name] = step
		p.finish(w, r, k)
		return
	}
	if k.wrongCodes++; k.wrongCodes >= codeTries {
		delete(p.walks, k.state)
		p.notice(w, http.StatusForbidden, "Sign-in stopped", "Too many wrong codes. Start again.")
		return
	}
	p.askCode(w, k, "This code is wrong or was used before.")
}

// finish opens a session and sends the browser back to where it came from.
func (p *idp) finish(w http.ResponseWriter, r *http.Request, k *walk) {
	delete(p.walks, k.state)
	p.signIns++
	id := rand.Text()
	p.sessions[id] = session{user: k.user, ends: p.lab.options.Now().Add(sessionLife)}
	p.setCookie(w, sessionCookie, id)
	back := url.Values{"sp": {audience}}
	if k.relay != "" {
		back.Set("RelayState", k.relay)
	}
	http.Redirect(w, r, "/sso?"+back.Encode(), http.StatusSeeOther)
}
