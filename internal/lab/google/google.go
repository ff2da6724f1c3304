// Package google is a stand-in for Google's sign-in, in the pages without scripts that programs get, of three generations. It
// issues what Google issues with every page (hidden values, cookies, the address to send to) and demands it back, the newest
// alone; what a browser would have done otherwise it notes as a complaint.
package google

import (
	"crypto/rand"
	"fmt"
	"html"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// The generations of pages.
const (
	Legacy = 'A' // form#gaia_loginform
	Glif   = 'B' // form#challenge, without scripts
	V3     = 'C' // /v3/signin
)

// Options say how a stand-in differs from the usual one. The zero value is ready to use.
type Options struct {
	Lab        *lab.Lab      // in whose name responses are signed; nil starts one
	Generation byte          // 0 is V3
	Captcha    bool          // the name is followed by one
	Pause      time.Duration // that two looks at a phone must be apart; 0 is two seconds
}

// Fake is a running stand-in. Its methods may be called at any time from any goroutine.
type Fake struct {
	URL string // the application's address

	lab        *lab.Lab
	own        bool // the lab is
	generation byte
	captcha    bool
	pause      time.Duration
	users      map[string]*user
	mux        *http.ServeMux
	server     *http.Server

	mu         sync.Mutex
	flows      map[string]*flow  // by the cookie __Host-GAPS
	sessions   map[string]string // user names, by the cookie SID
	trusted    map[string]bool   // devices, by user and the cookie __Host-GAPS
	tried      map[string]bool   // wrong passwords and codes, with their users
	message    string            // the last text message's code
	answered   string            // what the person has done on the phone
	complaints []string
}

// A user is somebody whom the Workspace knows.
type user struct {
	name, password string
	factors        []string // kinds of challenges, the first by default
	rejected       bool     // after the password
	unassigned     bool
	bump           string // the page after the sign-in that nags
}

func users() map[string]*user {
	all := map[string]*user{}
	for _, u := range []*user{
		{name: "alice", password: lab.AlicePassword, factors: []string{"totp", "dp", "ipp", "bc"}},
		{name: "bob", password: lab.BobPassword},
		{name: "carol", password: lab.CarolPassword, rejected: true},
		{name: "dave", password: lab.DavePassword, unassigned: true},
		{name: "erin", password: "bumped", bump: "passkeyenrollment"},
		{name: "frank", password: "changing", bump: "changepassword"},
		{name: "grace", password: "graceful", factors: []string{"dp"}},
		{name: "heidi", password: "texted", factors: []string{"ipp"}},
		{name: "ivan", password: "printed", factors: []string{"bc"}},
		{name: "judy", password: "keyed", factors: []string{"pk", "totp"}},
	} {
		u.name += "@example.com"
		all[u.name] = u
	}
	return all
}

const appPath = "/o/saml2/initsso?idpid=C01example&spid=123456789012&forceauthn=false"

// Start starts a stand-in on loopback. It runs until Close.
func Start(o Options) (*Fake, error) {
	f := &Fake{
		lab: o.Lab, generation: o.Generation, captcha: o.Captcha, pause: o.Pause, users: users(), mux: http.NewServeMux(),
		flows: map[string]*flow{}, sessions: map[string]string{}, trusted: map[string]bool{}, tried: map[string]bool{},
	}
	if f.generation == 0 {
		f.generation = V3
	}
	if f.pause == 0 {
		f.pause = 2 * time.Second
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

func (f *Fake) routes() {
	f.mux.HandleFunc("GET /o/saml2/initsso", f.openApp)
	f.mux.HandleFunc("GET /ServiceLogin", f.serviceLogin)
	f.mux.HandleFunc("GET /v3/signin/identifier", f.onFlow(func(w http.ResponseWriter, r *http.Request, k *flow) { f.askName(w, r, k, "") }))
	f.mux.HandleFunc("GET /Captcha", f.picture)
	f.mux.HandleFunc("GET /v3/signin/rejected", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<html><body><h1>Couldn't sign you in</h1><p>This browser or app may not be secure.</p></body></html>`)
	})
	f.mux.HandleFunc("GET /v3/signin/speedbump/{kind}", f.bump)
	for _, path := range []string{"/v3/signin/identifier", "/signin/v1/lookup"} {
		f.mux.HandleFunc("POST "+path, f.onFlow(f.takeName))
	}
	for _, path := range []string{"/v3/signin/challenge/pwd", "/signin/challenge/pwd/1", "/signin/challenge/sl/password"} {
		f.mux.HandleFunc("POST "+path, f.onFlow(f.takePassword))
	}
	f.mux.HandleFunc("POST /v3/signin/challenge/{kind}", f.onFlow(f.takeFactor))
	f.mux.HandleFunc("POST /signin/challenge/{kind}/{number}", f.onFlow(f.takeFactor))
	f.mux.HandleFunc("POST /signin/challenge/skip", f.onFlow(f.otherWay))
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
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if agent := r.UserAgent(); agent == "" || strings.Contains(agent, "Mozilla") {
			f.complain(r, "the browser calls itself %q", agent)
		}
		f.mux.ServeHTTP(w, r)
	})
}

// Complaints returns what Google would not have been asked by a browser.
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

// Answer is what the person does on the phone: the number chosen there, anything else to deny.
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
	gaps     string
	hidden   url.Values // that the page's form must bring back
	query    string     // of the page's address, which its form keeps
	place    string     // the page's address, which what comes back must name
	user     *user
	page     string // what may come back
	captchas int
	looks    int
	looked   time.Time
}

// openApp shows the application to who is signed in, and sends anybody else to the sign-in.
func (f *Fake) openApp(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Get("idpid") != "C01example" || r.URL.Query().Get("spid") == "" {
		http.Error(w, "<html><body>Error 400</body></html>", http.StatusBadRequest)
		return
	}
	c, err := r.Cookie("SID")
	u := (*user)(nil)
	if err == nil {
		u = f.users[f.sessions[c.Value]]
	}
	switch {
	case u == nil:
		http.Redirect(w, r, "/ServiceLogin?passive=1209600&continue="+url.QueryEscape(at(r, r.URL.RequestURI())), http.StatusFound)
	case u.unassigned:
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `<html><body><p>403. Error: app_not_enabled_for_user</p></body></html>`)
	default:
		f.samlPage(w, u)
	}
}

func (f *Fake) samlPage(w http.ResponseWriter, u *user) {
	name, _, _ := strings.Cut(u.name, "@")
	response, err := f.lab.Sign(f.lab.Assertion(name))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	fmt.Fprintf(w, `<html><body onload="document.forms[0].submit()"><form action="https://signin.aws.amazon.com/saml" id="saml-post-binding" method="post"><input type="hidden" name="SAMLResponse" value="%s"/><input type="hidden" name="RelayState" value=""/><noscript><input type="submit" value="Submit"/></noscript></form></body></html>`, html.EscapeString(response))
}

// serviceLogin begins a sign-in: with the first cookies, and the parameters that every address keeps.
func (f *Fake) serviceLogin(w http.ResponseWriter, r *http.Request) {
	k := &flow{gaps: "1:" + rand.Text()}
	if c, err := r.Cookie("__Host-GAPS"); err == nil {
		k.gaps = c.Value
	}
	f.flows[k.gaps] = k
	http.SetCookie(w, &http.Cookie{Name: "__Host-GAPS", Value: k.gaps, Path: "/", Secure: true, HttpOnly: true, MaxAge: 63072000})
	http.SetCookie(w, &http.Cookie{Name: "OTZ", Value: "1_2_3", Path: "/", Secure: true})
	k.query = url.Values{
		"continue": {r.URL.Query().Get("continue") + "&from_login=1&as=" + rand.Text()}, "dsh": {"S1:1"}, "ifkv": {rand.Text()},
		"flowName": {"WebLiteSignIn"}, "flowEntry": {"ServiceLogin"}, "passive": {"1209600"},
	}.Encode()
	if f.generation == V3 {
		http.Redirect(w, r, "/v3/signin/identifier?"+k.query, http.StatusFound)
		return
	}
	f.askName(w, r, k, "")
}

// onFlow finds the flow of a browser by its cookies.
func (f *Fake) onFlow(handle func(http.ResponseWriter, *http.Request, *flow)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var k *flow
		if c, err := r.Cookie("__Host-GAPS"); err == nil {
			k = f.flows[c.Value]
		}
		if _, err := r.Cookie("OTZ"); err != nil || k == nil {
			f.complain(r, "cookies are missing")
			http.Error(w, "<html><body>Error 400</body></html>", http.StatusBadRequest)
			return
		}
		handle(w, r, k)
	}
}

// signIn ends the sign-in with a session, and maybe a page that nags first.
func (f *Fake) signIn(w http.ResponseWriter, r *http.Request, k *flow) {
	sid := "g.a000" + rand.Text()
	f.sessions[sid] = k.user.name
	for _, name := range []string{"SID", "HSID", "LSID"} {
		http.SetCookie(w, &http.Cookie{Name: name, Value: sid, Path: "/", Secure: true, HttpOnly: true})
	}
	query, _ := url.ParseQuery(k.query) // the stand-in's own
	to := query.Get("continue")
	if k.user.bump != "" {
		to = at(r, "/v3/signin/speedbump/"+k.user.bump+"?"+k.query)
	}
	http.Redirect(w, r, to, http.StatusFound)
}

func (f *Fake) bump(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, `<html><body><h1>Before you go on</h1><p>Do something for your account.</p><script src="/_/js"></script></body></html>`)
}
