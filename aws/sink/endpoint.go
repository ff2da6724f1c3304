package sink

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

// Endpoint answers SDKs as the container credentials provider does ("Container credential provider", AWS SDKs Reference Guide):
// to those on this machine who have the token, and to no page of a browser.
type Endpoint struct {
	Host  string        // as the address names it, with the port: a request must be for it
	Token secret.Secret // what the header Authorization must be
	// Get returns the credentials that a path names, "" being the usual ones. ErrNoSuchPath is that it names none.
	Get func(ctx context.Context, path string) (aws.Credentials, error)
}

// ErrNoSuchPath says that a path of an Endpoint names no credentials.
var ErrNoSuchPath = errors.New("there are no credentials at this path")

// ServeHTTP answers one request.
func (e *Endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	right := subtle.ConstantTimeCompare([]byte(r.Header.Get("Authorization")), []byte(e.Token.Reveal())) == 1
	switch {
	case r.Host != e.Host || r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != "":
		refuse(w, http.StatusForbidden, "Forbidden", "this is not for browsers, nor for other names")
	case !right || e.Token.Empty():
		refuse(w, http.StatusUnauthorized, "Unauthorized", "the token is not the endpoint's")
	case r.Method != http.MethodGet:
		refuse(w, http.StatusMethodNotAllowed, "MethodNotAllowed", "credentials are got with GET")
	default:
		e.answer(w, r)
	}
}

func (e *Endpoint) answer(w http.ResponseWriter, r *http.Request) {
	c, err := e.Get(r.Context(), r.URL.Path[1:])
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
