// Package okta is a stand-in for an Okta organisation, of either pipeline. It issues what Okta issues with every answer (state
// tokens, state handles, cookies, one-use session tokens) and demands it back, the newest alone; what a browser would have
// done otherwise it notes as a complaint.
package okta

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"html"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// Options say how a stand-in differs from the usual one. The zero value is ready to use.
type Options struct {
	Lab    *lab.Lab      // in whose name responses are signed; nil starts one
	Engine bool          // Identity Engine; else Classic
	Pause  time.Duration // that two looks at a phone must be apart; 0 is three seconds
}

// Fake is a running stand-in. Its methods may be called at any time from any goroutine.
type Fake struct {
	URL string // the application's embed link

	lab    *lab.Lab
	own    bool // the lab is
	engine bool
	pause  time.Duration
	users  map[string]*user
	mux    *http.ServeMux
	server *http.Server

	mu         sync.Mutex
	flows      map[string]*flow  // by the cookie JSESSIONID
	sessions   map[string]string // user names, by the cookie sid
	tokens     map[string]string // user names, by one-use session tokens
	devices    map[string]bool   // with which MFA was done and remembered, by user and the cookie DT
	tried      map[string]bool   // wrong passwords and codes, with their users
	message    string            // the last text message's code
	answered   string            // what the person has done on the phone
	complaints []string
}

const appPath = "/home/amazon_aws/0oa1exampleAPP/272"

// A user is somebody whom the organisation knows.
type user struct {
	name, password string
	factors        []string // the second factors
	status         string   // that the password leads to, where it is not a good one
	unassigned     bool
	stepUp         bool // the application asks for the factor, not the sign-in
}

func users() map[string]*user {
	all := map[string]*user{}
	for _, u := range []*user{
		{name: "alice", password: lab.AlicePassword, factors: []string{"push", "totp", "sms", "question"}},
		{name: "bob", password: lab.BobPassword},
		{name: "carol", password: lab.CarolPassword, status: "LOCKED_OUT"},
		{name: "dave", password: lab.DavePassword, unassigned: true},
		{name: "erin", password: "expired", status: "PASSWORD_EXPIRED"},
		{name: "frank", password: "warned", status: "PASSWORD_WARN"},
		{name: "grace", password: "graceful", factors: []string{"totp"}, stepUp: true},
		{name: "heidi", password: "enrolled", status: "MFA_ENROLL"},
	} {
		u.name += "@example.com"
		all[u.name] = u
	}
	return all
}

// Start starts a stand-in on loopback. It runs until Close.
func Start(o Options) (*Fake, error) {
	f := &Fake{
		lab: o.Lab, engine: o.Engine, pause: o.Pause, users: users(), mux: http.NewServeMux(), flows: map[string]*flow{},
		sessions: map[string]string{}, tokens: map[string]string{}, devices: map[string]bool{}, tried: map[string]bool{},
	}
	if f.pause == 0 {
		f.pause = 3 * time.Second
	}
	if f.lab == nil {
		l, err := lab.Start(lab.Options{})
		if err != nil {
			return nil, err
		}
		f.lab, f.own = l, true
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the stand-in: %w", err)
	}
	f.URL = "http://" + listener.Addr().String() + appPath
	f.routes()
	f.server = &http.Server{Handler: f.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = f.server.Serve(listener) }()
	return f, nil
}

// Close stops it at once.
func (f *Fake) Close() {
	_ = f.server.Close()
	if f.own {
		f.lab.Close()
	}
}

// Handler answers at whatever host name a request names: one request at a time, since it has few visitors.
func (f *Fake) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		r.Body = http.MaxBytesReader(w, r.Body, 1<<20)
		f.mux.ServeHTTP(w, r)
	})
}

func (f *Fake) routes() {
	f.mux.HandleFunc("GET "+appPath, f.openApp)
	f.mux.HandleFunc("GET /.well-known/okta-organization", f.organisation)
	f.mux.HandleFunc("GET /.well-known/webfinger", f.webfinger)
	f.mux.HandleFunc("GET /login/sessionCookieRedirect", f.takeToken)
	if f.engine {
		f.engineRoutes()
		return
	}
	f.classicRoutes()
}

// Complaints returns what Okta would not have been asked by a browser.
func (f *Fake) Complaints() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.complaints)
}

// Message returns the code of the last text message.
func (f *Fake) Message() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.message
}

// Answer is what the person does on the phone: the number chosen in the app, anything else to deny.
func (f *Fake) Answer(answer string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered = answer
}

func (f *Fake) complain(r *http.Request, format string, a ...any) {
	f.complaints = append(f.complaints, r.Method+" "+r.URL.Path+": "+fmt.Sprintf(format, a...))
}

// at returns an address at the host that was asked.
func at(r *http.Request, path string) string {
	if strings.HasPrefix(r.Host, "127.") {
		return "http://" + r.Host + path
	}
	return "https://" + r.Host + path
}

// A flow is one sign-in of one browser.
type flow struct {
	state  string // token or handle: the newest
	user   *user  // who has given a password
	step   string // what is due
	factor string
	looks  int
	looked time.Time
	passed bool // a factor has
}

func (k *flow) renew() { k.state = "02.id." + rand.Text() }

// flow returns a browser's flow by its cookies, which it must have by now.
func (f *Fake) flow(w http.ResponseWriter, r *http.Request) *flow {
	c, err := r.Cookie("JSESSIONID")
	_, err2 := r.Cookie("DT")
	if err != nil || err2 != nil || f.flows[c.Value] == nil {
		f.complain(r, "cookies are missing")
		refuse(w, http.StatusUnauthorized, "E0000011", "Invalid token provided")
		return nil
	}
	return f.flows[c.Value]
}

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

func (f *Fake) organisation(w http.ResponseWriter, _ *http.Request) {
	pipeline := "v1"
	if f.engine {
		pipeline = "idx"
	}
	answer(w, http.StatusOK, map[string]any{"id": "00o1example", "pipeline": pipeline})
}

func (f *Fake) webfinger(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("rel") != "okta:idp" || !strings.HasPrefix(r.URL.Query().Get("resource"), "okta:acct:") {
		f.complain(r, "asks %q", r.URL.RawQuery)
	}
	answer(w, http.StatusOK, map[string]any{"subject": r.URL.Query().Get("resource"), "links": []any{map[string]any{
		"rel": "okta:idp", "href": at(r, "/"), "properties": map[string]any{"okta:idp:type": "OKTA"}}}})
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

// rightPassword notes a second try with a password that was refused.
func (f *Fake) rightPassword(r *http.Request, name, password string) *user {
	u := f.users[name]
	if u != nil && u.password == password {
		return u
	}
	if f.tried[name+password] {
		f.complain(r, "the same wrong password again")
	}
	f.tried[name+password] = true
	return nil
}

func (f *Fake) rightCode(r *http.Request, factor, code string) bool {
	now := f.lab.Now()
	good := code != "" && map[string]bool{
		"totp":     code == lab.Code(lab.AliceSeed, now) || code == lab.Code(lab.AliceSeed, now.Add(-30*time.Second)),
		"sms":      code == f.message,
		"question": strings.EqualFold(code, "rex"),
	}[factor]
	if !good && f.tried[factor+code] {
		f.complain(r, "the same wrong code again")
	}
	f.tried[factor+code] = !good
	return good
}

// look answers whether the person has answered: "", WAITING, SUCCESS, REJECTED or TIMEOUT.
func (f *Fake) look(r *http.Request, k *flow) string {
	now := f.lab.Now()
	if k.looks++; k.looks > 1 && now.Sub(k.looked) < f.pause*9/10 {
		f.complain(r, "looks too soon")
	}
	k.looked = now
	switch {
	case f.answered == "42":
		return "SUCCESS"
	case f.answered != "":
		return "REJECTED"
	case k.looks > 20:
		return "TIMEOUT"
	}
	return "WAITING"
}

func answer(w http.ResponseWriter, status int, body map[string]any) {
	if w.Header().Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func refuse(w http.ResponseWriter, status int, code, summary string) {
	answer(w, status, map[string]any{"errorCode": code, "errorSummary": summary, "errorLink": code, "errorId": "oae1", "errorCauses": []any{map[string]any{"errorSummary": summary}}})
}

// body reads a call, which must be JSON.
func (f *Fake) body(r *http.Request) map[string]any {
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !strings.Contains(r.Header.Get("Content-Type"), "json") || !strings.Contains(r.Header.Get("Accept"), "json") {
		f.complain(r, "a call of type %q that accepts %q (%v)", r.Header.Get("Content-Type"), r.Header.Get("Accept"), err)
	}
	return body
}
