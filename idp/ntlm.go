package idp

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	ntlmssp "github.com/Azure/go-ntlmssp"

	"github.com/samlcli/samlcli/idp/web"
)

// WantsNTLM reports whether a page is one that a server shows to whom it does not know, offering to know them by NTLM:
// the header that it sends names that, or Negotiate, within which NTLM may be spoken.
func WantsNTLM(p *web.Page) bool { return p.Status == http.StatusUnauthorized && ntlmScheme(p) != "" }

func ntlmScheme(p *web.Page) string {
	for _, scheme := range []string{"NTLM", "Negotiate"} {
		if _, ok := challenge(p, scheme); ok {
			return scheme
		}
	}
	return ""
}

// challenge returns what a page's header says in a scheme.
func challenge(p *web.Page, scheme string) (token string, ok bool) {
	for _, header := range p.Header.Values("WWW-Authenticate") {
		name, token, _ := strings.Cut(strings.TrimSpace(header), " ")
		if strings.EqualFold(name, scheme) {
			return strings.TrimSpace(token), true
		}
	}
	return "", false
}

// NTLM opens the current page's address again as somebody whom the server knows by user name (DOMAIN\user or user@domain)
// and password. It is three messages on one connection ([MS-NLMP] 1.3.1.1); the password itself is never sent.
func (s *Session) NTLM(ctx context.Context) error {
	page := s.Page()
	scheme := ntlmScheme(page)
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	password, err := s.Ask.Ask(ctx, Question{Kind: Password})
	if err != nil {
		return err
	}
	say := func(message []byte) web.Request {
		return web.Request{Method: http.MethodGet, URL: page.URL.String(), Header: http.Header{
			"Authorization": {scheme + " " + base64.StdEncoding.EncodeToString(message)},
		}}
	}
	negotiate, err := ntlmssp.NewNegotiateMessage("", "")
	if err != nil {
		return err
	}
	answer, err := s.Fetch(ctx, say(negotiate))
	if err != nil {
		return err
	}
	token, _ := challenge(answer, scheme)
	challenged, err := base64.StdEncoding.DecodeString(token)
	if err != nil || len(challenged) == 0 {
		return s.Unknown("it offers NTLM, and does not speak it")
	}
	authenticate, err := ntlmssp.NewAuthenticateMessage(challenged, name, password, nil)
	if err != nil {
		return s.Unknown("it offers NTLM, and does not speak it")
	}
	return s.Visit(ctx, say(authenticate))
}
