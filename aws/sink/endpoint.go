package sink

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/netutil"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

// Endpoint answers SDKs as the container credentials provider does ("Container credential provider", AWS SDKs Reference Guide):
// to those on this machine who have the token, and to no page of a browser. What it got it keeps in memory, and gets others
// before their end.
type Endpoint struct {
	Host  string        // as the address names it, with the port: a request must be for it
	Token secret.Secret // what the header Authorization must be
	// Get returns the credentials that a path names, "" being the usual ones. ErrNoSuchPath is that it names none.
	Get   func(ctx context.Context, path string) (aws.Credentials, error)
	Early time.Duration    // before the end of credentials others are got
	Now   func() time.Time // must be there

	mu   sync.Mutex
	kept map[string]*kept // by path
}

// ErrNoSuchPath says that a path of an Endpoint names no credentials.
var ErrNoSuchPath = errors.New("there are no credentials at this path")

// What a process of somebody else may take that opens connections and asks for nothing: SDKs ask at once.
const (
	connections = 1024
	headTime    = time.Second
	requestTime = 2 * time.Second
)

// Serve answers at the listener until ctx ends. Each connection serves one request: nothing is left for what follows a refusal.
func (e *Endpoint) Serve(ctx context.Context, l net.Listener) {
	server := &http.Server{
		Handler:           http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { e.serve(ctx, w, r) }),
		ReadHeaderTimeout: headTime, ReadTimeout: requestTime, MaxHeaderBytes: 16 << 10,
		DisableGeneralOptionsHandler: true,
	}
	server.SetKeepAlivesEnabled(false)
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	_ = server.Serve(netutil.LimitListener(patient{l}, connections)) // it ends when ctx does
}

// patient is a listener that waits where the system has no room for another connection just now. The library would say so on
// standard error, which is for the program that exec runs.
type patient struct{ net.Listener }

func (l patient) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err == nil || errors.Is(err, net.ErrClosed) {
			return c, err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// serve answers one request. What it starts goes on when the caller has given up: SDKs do so after a second or two, sooner
// than a sign-in ends, and come again.
func (e *Endpoint) serve(ctx context.Context, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	right := subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(e.Token.Reveal())) == 1
	switch {
	case r.Host != e.Host || r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "":
		refuse(w, http.StatusForbidden, "Forbidden", "this is not for browsers, nor for other names")
	case !right || e.Token.Empty():
		refuse(w, http.StatusUnauthorized, "Unauthorized", "the token is not the endpoint's")
	case r.Method != http.MethodGet:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed", "credentials are got with GET")
	default:
		e.answer(ctx, w, strings.TrimPrefix(r.URL.Path, "/"))
	}
}

func (e *Endpoint) answer(ctx context.Context, w http.ResponseWriter, path string) {
	c, err := e.credentials(ctx, path)
	switch {
	case errors.Is(err, ErrNoSuchPath):
		refuse(w, http.StatusNotFound, "NotFound", err.Error())
	case err != nil:
		refuse(w, http.StatusBadGateway, "NoCredentials", err.Error())
	default:
		_ = json.NewEncoder(w).Encode(struct { // whoever has gone needs no answer
			AccessKeyId, SecretAccessKey, Token, Expiration, RoleArn string
		}{c.AccessKeyID, c.SecretAccessKey.Reveal(), c.SessionToken.Reveal(), stamp(c.Expires), c.Role})
	}
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"code": code, "message": message})
}
