package lab

import (
	"bytes"
	"crypto/rand"
	"net/http"
)

// onWalk finds the sign-in that a request belongs to by its state and its cookie.
func (p *idp) onWalk(next func(http.ResponseWriter, *http.Request, *walk)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		k := p.walks[r.FormValue("state")]
		c, err := r.Cookie(walkCookie)
		if k == nil || err != nil || c.Value != k.cookie {
			p.outOfStep(w)
			return
		}
		next(w, r, k)
	}
}

// complete tells whether a form came back as the page would have sent it: its token, the button, every field. If not, it has answered.
func (p *idp) complete(w http.ResponseWriter, r *http.Request, k *walk, button string, fields ...string) bool {
	token := k.token
	k.token = ""
	ok := token != "" && r.PostFormValue("csrf") == token && r.PostFormValue("action") == button
	for _, name := range append(fields, "state", "csrf", "action") {
		ok = ok && len(r.PostForm[name]) == 1
	}
	if ok = ok && len(r.PostForm) == len(fields)+3; !ok {
		p.notice(w, http.StatusBadRequest, "Bad request", "This is not what the form would have sent.")
	}
	return ok
}

func (p *idp) ask(w http.ResponseWriter, k *walk, page string, v view) {
	k.token = rand.Text()
	v.State, v.Token = k.state, k.token
	p.show(w, http.StatusOK, page, v)
}

func (p *idp) outOfStep(w http.ResponseWriter) {
	p.notice(w, http.StatusBadRequest, "Bad request", "This sign-in is unknown or over. Start again.")
}

func (p *idp) notice(w http.ResponseWriter, status int, title, words string) {
	p.show(w, status, "notice", view{Title: title, Wrong: words})
}

func (p *idp) show(w http.ResponseWriter, status int, page string, v view) {
	var body bytes.Buffer
	if err := p.pages.ExecuteTemplate(&body, page, v); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

func (p *idp) redirect(w http.ResponseWriter, r *http.Request, path string, k *walk) {
	http.Redirect(w, r, path+"?state="+k.state, http.StatusSeeOther)
}

func (p *idp) setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true,
		Secure: p.lab.options.TLS != nil, SameSite: http.SameSiteLaxMode})
}
