// Package entra is a stand-in for Microsoft Entra ID. It issues what Entra issues with every page and answer (flow tokens,
// contexts, canaries, cookies) and demands it back, the newest alone; what a browser would have done otherwise it notes as a
// complaint. It answers at the true host names as well as on loopback, where all of them are one.
package entra

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/rand"
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
	Lab   *lab.Lab         // in whose name responses are signed; nil starts one
	Pause time.Duration    // that two looks at a phone must be apart; 0 is a second
	Key   *ecdsa.PublicKey // of alice's security key, whose credential is CredentialID; nil is none
}

// Fake is a running stand-in. Its methods may be called at any time from any goroutine.
type Fake struct {
	URL    string // the address of a linked sign-in, which leads to the application by way of My Apps
	Tenant string // the address to which a request for sign-in is sent

	lab    *lab.Lab
	own    bool // the lab is
	pause  time.Duration
	key    *ecdsa.PublicKey
	users  map[string]*user
	mux    *http.ServeMux
	server *http.Server

	mu         sync.Mutex
	flows      map[string]*flow  // sign-ins under way, by the cookie esctx
	sessions   map[string]string // user names, by the cookie ESTSAUTH
	tried      map[string]bool   // wrong passwords, with their users
	message    string            // the last text message's code
	answered   string            // what the person has done on the phone
	complaints []string
}

// The hosts of which Entra is made, and the one of the tenant's own AD FS.
const (
	login   = "login.microsoftonline.com"
	device  = "device.login.microsoftonline.com"
	keys    = "login.microsoft.com"
	apps    = "account.activedirectory.windowsazure.com"
	adfs    = "fs.example.com"
	tenant  = "/acme.example.com"
	appPath = "/applications/redirecttofederatedapplication.aspx?Operation=LinkedSignIn&applicationId=11111111-2222-3333-4444-555555555555"
)

// Start starts a stand-in on loopback. It runs until Close.
func Start(o Options) (*Fake, error) {
	f := &Fake{
		lab: o.Lab, pause: o.Pause, key: o.Key, users: users(), mux: http.NewServeMux(),
		flows: map[string]*flow{}, sessions: map[string]string{}, tried: map[string]bool{},
	}
	if f.pause == 0 {
		f.pause = time.Second
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
	base := "http://" + listener.Addr().String()
	f.URL, f.Tenant = base+appPath, base+tenant+"/saml2"
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
		w.Header().Set("Cache-Control", "no-store, no-cache")
		f.mux.ServeHTTP(w, r)
	})
}

func (f *Fake) routes() {
	for pattern, handle := range map[string]http.HandlerFunc{
		"GET /applications/redirecttofederatedapplication.aspx": f.openApp,
		"GET /common/oauth2/authorize":                          f.authorize,
		"POST /applications/":                                   f.landed,
		"GET " + tenant + "/saml2":                              f.saml,
		"POST " + tenant + "/saml2":                             f.saml,

		"POST /common/GetCredentialType":         f.onFlow(f.credentialType),
		"POST " + tenant + "/login":              f.onFlow(f.signIn),
		"POST /common/GetOneTimeCode":            f.onFlow(f.oneTimeCode),
		"POST /common/DeviceCodeStatus":          f.onFlow(f.deviceStatus),
		"GET /adfs/ls/":                          f.federated,
		"POST /adfs/ls/":                         f.proveElsewhere,
		"POST /login.srf":                        f.onFlow(f.comeBack),
		"POST /common/SAS/BeginAuth":             f.onFlow(f.beginAuth),
		"/common/SAS/EndAuth":                    f.onFlow(f.endAuth),
		"POST /common/SAS/ProcessAuth":           f.onFlow(f.processAuth),
		"GET " + tenant + "/reprocess":           f.onFlow(f.picked),
		"POST " + tenant + "/fido/get":           f.askKey,
		"GET " + tenant + "/skipmfaregistration": f.onFlow(f.skipRegistration),
		"POST /common/DeviceAuthTls":             f.deviceAuth,
		"POST /common/DeviceAuthTls/reprocess":   f.onFlow(f.afterDevice),
		"POST /appverify":                        f.onFlow(f.verifyApp),
		"POST /kmsi":                             f.onFlow(f.stay),
	} {
		f.mux.HandleFunc(pattern, handle)
	}
}

// Complaints returns what Entra would not have been asked by a browser.
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

// Answer is what the person does on the phone: the number chosen in the app, "#" in a call, anything else to deny.
func (f *Fake) Answer(answer string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answered = answer
}

func (f *Fake) complain(r *http.Request, format string, a ...any) {
	f.complaints = append(f.complaints, r.Method+" "+r.URL.Path+": "+fmt.Sprintf(format, a...))
}

// demand ends a sign-in unless a request is as a browser would have made it.
func (f *Fake) demand(w http.ResponseWriter, r *http.Request, k *flow, good bool, complaint string) bool {
	if !good {
		f.complain(r, "%s", complaint)
		f.fail(w, r, k, "9000411")
	}
	return good
}

// at returns an address at one of Entra's hosts: on loopback all are the one that was asked.
func at(r *http.Request, host, path string) string {
	if strings.HasPrefix(r.Host, "127.") || strings.HasPrefix(r.Host, "localhost") {
		return "http://" + r.Host + path
	}
	return "https://" + host + path
}

// Ids of pages that are spoken of more than once.
const (
	signInPage = "ConvergedSignIn"
	factorPage = "ConvergedTFA"
	keyPage    = "ConvergedFido"
)

// A flow is one sign-in of one browser.
type flow struct {
	ctx, token, canary, apiCanary, session, correlation string

	page      string   // that was shown last: what may come back
	kind      string   // its number
	place     string   // its address, which what comes back must name
	linked    bool     // to My Apps, not to the application itself
	user      *user    // who said to be here
	stages    []string // that are still to come
	factor    factor
	challenge string // for the security key
	phone     phone
}

// renew gives a flow new values, which its next page or answer must bring back.
func (k *flow) renew() { k.ctx, k.token = "ctx."+rand.Text(), "0.ft."+rand.Text() }

// onFlow finds the flow of a browser by its cookies.
func (f *Fake) onFlow(handle func(http.ResponseWriter, *http.Request, *flow)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var k *flow
		if c, err := r.Cookie("esctx"); err == nil {
			k = f.flows[c.Value]
		}
		_, err := r.Cookie("buid")
		if f.demand(w, r, cmp.Or(k, newFlow()), err == nil && k != nil, "cookies are missing") {
			handle(w, r, k)
		}
	}
}

func newFlow() *flow {
	k := &flow{session: rand.Text(), correlation: rand.Text()}
	k.renew()
	return k
}
