// Package okta is a stand-in for an Okta organisation, of either pipeline. It issues what Okta issues with every answer (state
// tokens, state handles, cookies, one-use session tokens) and demands it back, the newest alone; what a browser would have
// done otherwise it notes as a complaint.
package okta

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
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
