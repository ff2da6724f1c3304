package duo

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// The frameless prompt of 2025 is a script, which asks for the methods, and names a token of its page in every request.

func isScriptPrompt(p *web.Page) bool {
	return p.Path() == "/frame/v4/auth/prompt" && !p.IsJSON() && !isPrompt(p)
}

func hasMethods(p *web.Page) bool {
	return p.Path() == "/frame/v4/auth/prompt/data" && answer(p).Exists()
}

// xsrf finds the token in a page's JSON, else in a field of a form.
func xsrf(p *web.Page) string {
	if _, rest, found := strings.Cut(string(p.Body), `"xsrf_token"`); found {
		if _, value, quoted := strings.Cut(rest, `"`); quoted {
			token, _, _ := strings.Cut(value, `"`)
			return token
		}
	}
	return p.Attr("input[name=_xsrf]", "value")
}

func tokenHeader(token string) http.Header {
	if token == "" {
		return http.Header{}
	}
	return http.Header{"X-Xsrftoken": {token}}
}

func askMethods(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	s.Notes[sidNote], s.Notes[scriptNote] = p.URL.Query().Get("sid"), "yes"
	s.Notes[xsrfNote] = xsrf(p)
	if cookie, ok := s.Cookie(p.URL, "_xsrf"); s.Notes[xsrfNote] == "" && ok {
		s.Notes[xsrfNote] = cookie
	}
	query := url.Values{"post_auth_action": {"OIDC_EXIT"}, "browser_features": {features}, "sid": {s.Notes[sidNote]}}
	u, err := p.Resolve("/frame/v4/auth/prompt/data?" + query.Encode())
	if err != nil {
		return s.Unknown("its address cannot be read")
	}
	r := web.Request{Method: http.MethodGet, URL: u.String(), Header: tokenHeader(s.Notes[xsrfNote])}
	r.Header.Set("Accept", "application/json")
	return s.Visit(ctx, r)
}

// methods lists what the answer offers, in Duo's order; a passcode once, since any device's will do.
func methods(v web.Value, key bool) []way {
	var all []way
	passcode := false
	for _, m := range v.At("auth_method_order").List() {
		factor, device := m.At("factor").Text(), m.At("deviceKey").Text()
		index, name := device, ""
		for _, phone := range v.At("phones").List() {
			if phone.At("key").Text() == device {
				index, name = phone.At("index").Text(), phone.At("name").Text()
			}
		}
		switch {
		case strings.HasPrefix(factor, "WebAuthn") && key:
			all = append(all, way{factor: factor, device: "None", key: device, option: idp.Option{Label: "security key", Factor: idp.WebAuthn}})
		case factor == "Duo Push", factor == "Phone Call":
			w, _ := wayOf(factor, index, name)
			w.key = device
			all = append(all, w)
		case strings.HasPrefix(strings.ToLower(factor), "sms"):
			all = append(all, way{factor: factor, device: index, key: device, option: idp.Option{Label: "text message: " + name, Factor: idp.SMS}})
		case (strings.Contains(factor, "Passcode") || strings.Contains(factor, "Token")) && !passcode:
			passcode = true
			all = append(all, way{factor: "Passcode", device: "null", option: idp.Option{Label: "Passcode", Factor: idp.TOTP}})
		}
	}
	return all
}

func chooseMethod(ctx context.Context, s *idp.Session) error {
	w, err := choose(ctx, s, methods(answer(s.Page()), s.Key != nil))
	if err != nil {
		return err
	}
	s.Notes[factorNote], s.Notes[deviceNote] = w.factor, w.key
	fields := url.Values{"sid": {s.Notes[sidNote]}, "factor": {w.factor}, "device": {w.device}, "postAuthDestination": {"OIDC_EXIT"}, "browser_features": {features}}
	if w.factor == "Passcode" {
		if err := askPasscode(ctx, s, fields); err != nil {
			return err
		}
	}
	return post(ctx, s, "/frame/v4/prompt", fields)
}
