// Package adfs is a stand-in for Active Directory Federation Services, in the pages of its several versions. It issues what AD FS
// issues with every page (contexts, cookies, the address to send to) and demands it back, the newest alone; what a browser
// would have done otherwise it notes as a complaint.
package adfs

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

// The pages that a stand-in shows.
const (
	Theme2008 = "2.0"     // ASP.NET, with a view state
	Theme2012 = "2012 R2" // errors in a label
	Theme2019 = "2019"    // paginated, errors in a span
)

// Options say how a stand-in differs from the usual one. The zero value is ready to use.
type Options struct {
	Lab     *lab.Lab      // in whose name responses are signed; nil starts one
	Theme   string        // "" is Theme2019
	Methods bool          // show the list of primary methods first
	Realms  bool          // ask for the home realm first
	Off     bool          // the page for sign-ins that begin here is switched off
	Windows bool          // take Windows sign-on alone, by NTLM
	Pause   time.Duration // that two looks at a phone must be apart; 0 is a second
}

// Fake is a running stand-in. Its methods may be called at any time from any goroutine.
type Fake struct {
	URL string // where a sign-in to AWS starts

	o      Options
	own    bool // the lab is
	users  map[string]*user
	mux    *http.ServeMux
	server *http.Server

	mu         sync.Mutex
	flows      map[string]*flow  // by the cookie MSISContext
	sessions   map[string]string // user names, by the cookie MSISAuth
	tried      map[string]bool   // wrong passwords, with their users
	challenged map[string]bool   // connections on which NTLM has begun
	answered   string            // what the person has done on the phone
	complaints []string
}

const signOnPath = "/adfs/ls/IdpInitiatedSignOn.aspx"

// A user is somebody whom the directory knows.
type user struct {
	name, password string
	factor         string // the value of AuthMethod
	ends           string // what follows a good password: not authorised, expired, locked
}

func users() map[string]*user {
	all := map[string]*user{}
	for _, u := range []*user{
		{name: "alice", password: lab.AlicePassword, factor: azureCode},
		{name: "bob", password: lab.BobPassword},
		{name: "carol", password: lab.CarolPassword, ends: "locked"},
		{name: "dave", password: lab.DavePassword, ends: "not authorised"},
		{name: "erin", password: "expired", ends: "expired"},
		{name: "grace", password: "graceful", factor: azure},
		{name: "heidi", password: "securid", factor: "SecurIDAuthentication"},
		{name: "ivan", password: "securid2", factor: "SecurIDv2Authentication"},
		{name: "judy", password: "vip", factor: "VIPAuthenticationProviderUPN"},
		{name: "mallory", password: "unregistered", ends: "no factor"},
	} {
		u.name += "@example.com"
		all[u.name] = u
	}
	return all
}

// Start starts a stand-in on loopback. It runs until Close.
func Start(o Options) (*Fake, error) {
	f := &Fake{o: o, users: users(), mux: http.NewServeMux(), flows: map[string]*flow{}, sessions: map[string]string{}, tried: map[string]bool{}, challenged: map[string]bool{}}
	if f.o.Pause == 0 {
		f.o.Pause = time.Second
	}
	if f.o.Theme == "" {
		f.o.Theme = Theme2019
	}
	if f.o.Lab == nil {
		l, err := lab.Start(lab.Options{})
		if err != nil {
			return nil, err
		}
		f.o.Lab, f.own = l, true
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the stand-in: %w", err)
	}
	f.URL = "http://" + listener.Addr().String() + signOnPath + "?loginToRp=urn%3Aamazon%3Awebservices"
	f.mux.HandleFunc("GET "+signOnPath, f.open)
	f.mux.HandleFunc("POST "+signOnPath, f.post)
	f.mux.HandleFunc("GET /adfs/ls/wia", f.windows)
	f.mux.HandleFunc("GET /adfs/portal/updatepassword/", f.updatePassword)
	f.server = &http.Server{Handler: f.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = f.server.Serve(listener) }()
	return f, nil
}

// Close stops it at once.
func (f *Fake) Close() {
	_ = f.server.Close()
	if f.own {
		f.o.Lab.Close()
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

// Complaints returns what AD FS would not have been asked by a browser.
func (f *Fake) Complaints() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.complaints)
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

// A flow is one sign-in of one browser.
type flow struct {
	request string // client-request-id, which every address keeps
	page    string // that was shown last: what may come back
	view    string // the view state of 2.0
	context string // of the second factor: the newest
	user    *user
	looks   int
	looked  time.Time
}

// open begins a sign-in, or ends one at once where there is a session.
func (f *Fake) open(w http.ResponseWriter, r *http.Request) {
	if c, err := r.Cookie("MSISAuth"); err == nil && f.sessions[c.Value] != "" {
		f.samlPage(w, f.users[f.sessions[c.Value]])
		return
	}
	query := url.Values{}
	for name, values := range r.URL.Query() {
		query[strings.ToLower(name)] = values
	}
	switch {
	case f.o.Off:
		f.fail(w, "The resource you are trying to access is not available. Contact your administrator for more information.")
		return
	case query.Get("logintorp") != "urn:amazon:webservices":
		f.fail(w, "MSIS7012: An error occurred while processing the request.")
		return
	case f.o.Windows:
		http.Redirect(w, r, "/adfs/ls/wia?"+r.URL.RawQuery, http.StatusFound)
		return
	}
	k := &flow{request: rand.Text()}
	id := rand.Text()
	f.flows[id] = k
	http.SetCookie(w, &http.Cookie{Name: "MSISContext", Value: id, Path: "/adfs", Secure: true, HttpOnly: true})
	http.SetCookie(w, &http.Cookie{Name: "MSISLoopDetectionCookie", Value: "MjAyNi0xMS0yMQ==", Path: "/adfs", Secure: true, HttpOnly: true})
	switch {
	case f.o.Realms:
		f.realms(w, k)
	case f.o.Methods:
		f.methods(w, k)
	default:
		f.login(w, k, "")
	}
}

// post takes whatever page was shown last.
func (f *Fake) post(w http.ResponseWriter, r *http.Request) {
	var k *flow
	if c, err := r.Cookie("MSISContext"); err == nil {
		k = f.flows[c.Value]
	}
	_, err := r.Cookie("MSISLoopDetectionCookie")
	if k == nil || err != nil || r.ParseForm() != nil {
		f.complain(r, "cookies are missing")
		f.fail(w, "An error occurred")
		return
	}
	if r.URL.Query().Get("client-request-id") != k.request {
		f.complain(r, "the address is not that of the form")
	}
	switch k.page {
	case "realms":
		f.want(r, map[string]string{"HomeRealmSelection": "AD AUTHORITY"})
		f.login(w, k, "")
	case "methods":
		f.want(r, map[string]string{"AuthMethod": "FormsAuthentication"})
		f.login(w, k, "")
	case "login":
		f.password(w, r, k)
	default:
		f.factor(w, r, k)
	}
}

// want checks that a form has these fields, and no others but those that may be empty.
func (f *Fake) want(r *http.Request, fields map[string]string) bool {
	good := true
	for name, value := range fields {
		if got := r.PostForm[name]; len(got) != 1 || got[0] != value {
			f.complain(r, "%s is %q, not %q", name, got, value)
			good = false
		}
	}
	for name, values := range r.PostForm {
		if _, known := fields[name]; !known && strings.Join(values, "") != "" {
			f.complain(r, "%s is not of the form", name)
			good = false
		}
	}
	return good
}

// password takes the sign-in form of whatever theme.
func (f *Fake) password(w http.ResponseWriter, r *http.Request, k *flow) {
	name, password := r.PostFormValue("UserName"), r.PostFormValue("Password")
	fields := map[string]string{"UserName": name, "Password": password, "AuthMethod": "FormsAuthentication", "Kmsi": "true"}
	if f.o.Theme == Theme2008 {
		name, password = r.PostFormValue(aspNet+"UsernameTextBox"), r.PostFormValue(aspNet+"PasswordTextBox")
		fields = map[string]string{aspNet + "UsernameTextBox": name, aspNet + "PasswordTextBox": password, aspNet + "SubmitButton": "Sign In", "__VIEWSTATE": k.view, "__EVENTVALIDATION": "valid-" + k.view, "__db": "15"}
	}
	f.want(r, fields)
	u := f.users[name]
	if f.tried[name+password] {
		f.complain(r, "the same wrong password again")
	}
	switch {
	case !strings.ContainsAny(name, `@\`):
		f.login(w, k, "Enter your user ID in the format domain\\user or user@domain.")
	case u == nil || u.password != password || u.ends == "locked":
		f.tried[name+password] = true
		f.login(w, k, "Incorrect user ID or password. Type the correct user ID and password, and try again.")
	case u.ends == "expired":
		http.Redirect(w, r, "/adfs/portal/updatepassword/?username="+url.QueryEscape(name), http.StatusFound)
	case u.ends == "not authorised":
		f.fail(w, "You are not authorized to access this site.")
	case u.ends == "no factor":
		f.fail(w, "The selected authentication method is not available for this user.")
	case u.factor != "":
		k.user = u
		f.askFactor(w, k, "")
	default:
		f.signIn(w, u)
	}
}

// signIn ends the sign-in with a session in two cookies.
func (f *Fake) signIn(w http.ResponseWriter, u *user) {
	id := rand.Text()
	f.sessions[id] = u.name
	http.SetCookie(w, &http.Cookie{Name: "MSISAuth", Value: id, Path: "/adfs", Secure: true, HttpOnly: true})
	http.SetCookie(w, &http.Cookie{Name: "MSISAuth1", Value: rand.Text(), Path: "/adfs", Secure: true, HttpOnly: true})
	f.samlPage(w, u)
}

// samlPage shows the form for AWS, whose address names the port.
func (f *Fake) samlPage(w http.ResponseWriter, u *user) {
	name, _, _ := strings.Cut(u.name, "@")
	response, err := f.o.Lab.Sign(f.o.Lab.Assertion(name))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="https://signin.aws.amazon.com:443/saml"><input type="hidden" name="SAMLResponse" value="%s" /><noscript><p>Script is disabled. Click Submit to continue.</p><input type="submit" value="Submit" /></noscript></form><script language="javascript">window.setTimeout('document.forms[0].submit()', 0);</script></body></html>`, html.EscapeString(response))
}
