package openid

import (
	"crypto/rand"
	"crypto/sha256"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// A grant is a code that a client may trade for tokens, once.
type grant struct{ redirect, challenge, nonce string }

// authorize sends the person back at once.
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Scheme != "http" || back.Hostname() != "127.0.0.1" || back.Port() == "" || q.Get("client_id") != p.options.ClientID {
		http.Error(w, "unknown client, or an address that is not registered", http.StatusBadRequest)
		return
	}
	answer := url.Values{"state": {q.Get("state")}}
	switch {
	case p.options.Denies:
		answer.Set("error", "access_denied")
		answer.Set("error_description", "The person said no.")
	case q.Get("response_type") != "code" || !strings.Contains(" "+q.Get("scope")+" ", " openid ") || q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43:
		answer.Set("error", "invalid_request")
	default:
		code := rand.Text()
		p.codes[code] = &grant{q.Get("redirect_uri"), q.Get("code_challenge"), q.Get("nonce")}
		answer.Set("code", code)
	}
	back.RawQuery = answer.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	q := r.PostForm
	if !p.client(r) {
		refuse(w, http.StatusUnauthorized, "invalid_client", "")
		return
	}
	switch q.Get("grant_type") {
	case "authorization_code":
		g := p.codes[q.Get("code")]
		delete(p.codes, q.Get("code"))
		sum := sha256.Sum256([]byte(q.Get("code_verifier")))
		if g == nil || g.redirect != q.Get("redirect_uri") || g.challenge != encode(sum[:]) {
			refuse(w, http.StatusBadRequest, "invalid_grant", "Code not valid")
			return
		}
		p.give(w, g.nonce)
	case "refresh_token":
		if old := q.Get("refresh_token"); !p.refresh[old] {
			refuse(w, http.StatusBadRequest, "invalid_grant", "Token is not active")
			return
		}
		delete(p.refresh, q.Get("refresh_token"))
		p.give(w, "")
	case "urn:ietf:params:oauth:grant-type:device_code":
		p.pollDevice(w, q.Get("device_code"))
	default:
		refuse(w, http.StatusBadRequest, "unsupported_grant_type", "")
	}
}

// client reports whether the request is of the client.
func (p *Provider) client(r *http.Request) bool {
	id, secret, ok := r.BasicAuth()
	if !ok {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	return id == p.options.ClientID && secret == p.options.Secret
}

// give hands tokens out.
func (p *Provider) give(w http.ResponseWriter, nonce string) {
	refresh := rand.Text() + rand.Text()
	p.refresh[refresh] = true
	own := map[string]any{}
	if _, planted := p.options.Claims["nonce"]; nonce != "" && !planted {
		own["nonce"] = nonce
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": rand.Text(), "token_type": "Bearer", "expires_in": int(p.options.Lasts / time.Second),
		"id_token": p.Token(own), "refresh_token": refresh,
	})
}

func (p *Provider) revoke(w http.ResponseWriter, r *http.Request) {
	if !p.client(r) {
		refuse(w, http.StatusUnauthorized, "invalid_client", "")
		return
	}
	delete(p.refresh, r.PostForm.Get("token"))
}

// Live returns how many refresh tokens are good.
func (p *Provider) Live() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.refresh)
}

// End makes all refresh tokens worthless, as the end of the person's session does.
func (p *Provider) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.refresh)
}

func refuse(w http.ResponseWriter, status int, code, description string) {
	writeJSON(w, status, map[string]string{"error": code, "error_description": description})
}
