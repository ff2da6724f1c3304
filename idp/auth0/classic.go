package auth0

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// blob reads what the Classic page's script is configured with: base64 of escaped JSON, in a call of atob.
func blob(p *web.Page) web.Value {
	_, after, found := strings.Cut(p.Find("script:not([src])").Text(), "atob(")
	if !found || len(after) < 2 || after[0] != '\'' && after[0] != '"' {
		return web.Value{}
	}
	encoded, _, _ := strings.Cut(after[1:], after[:1])
	data, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return web.Value{}
	}
	if text, err := url.PathUnescape(string(data)); err == nil {
		data = []byte(text)
	}
	return web.ReadJSON(data)
}

// configured finds a key of the blob, wherever a version has put it.
func configured(b web.Value, key string) string {
	for _, v := range []web.Value{b.At("extraParams"), b.At("internalOptions"), b} {
		if text := v.At(key).Text(); text != "" {
			return text
		}
	}
	return ""
}

func isClassic(p *web.Page) bool {
	return strings.HasPrefix(p.Path(), "/login") && configured(blob(p), "clientID") != ""
}

func isClassicError(p *web.Page) bool {
	return p.Path() == "/usernamepassword/login" && p.IsJSON() && p.Status >= 400
}

// Notes of a walk.
const (
	blobNote       = "auth0 configuration"
	originNote     = "auth0 origin"
	connectionNote = "auth0 connection"
)

// openClassic finds the connection that takes a password, and posts one.
func openClassic(ctx context.Context, s *idp.Session) error {
	b := blob(s.Page())
	if data, err := json.Marshal(b.Raw()); err == nil {
		s.Notes[blobNote] = string(data)
	}
	s.Notes[originNote] = s.Page().URL.Scheme + "://" + s.Page().URL.Host
	connection, err := chooseConnection(ctx, s, b)
	if err != nil {
		return err
	}
	s.Notes[connectionNote] = connection
	return postPassword(ctx, s, "")
}

// chooseConnection asks the client's configuration, which is a script that calls one function.
func chooseConnection(ctx context.Context, s *idp.Session, b web.Value) (string, error) {
	if wanted := s.Setting("connection"); wanted != "" {
		return wanted, nil
	}
	base := configured(b, "clientConfigurationBaseUrl")
	if base == "" {
		base = "https://cdn.auth0.com/"
	}
	answer, err := s.Fetch(ctx, web.Request{Method: http.MethodGet, URL: strings.TrimRight(base, "/") + "/client/" + url.PathEscape(configured(b, "clientID")) + ".js"})
	if err != nil {
		return "", err
	}
	_, call, _ := bytes.Cut(answer.Body, []byte("Auth0.setClient("))
	client := web.ReadJSON(call)
	if !client.Exists() {
		return "", s.Unknown("its connections cannot be read: name one with the setting connection")
	}
	var names []string
	c := idp.Choice{Title: "Which connection?"}
	for _, strategy := range client.At("strategies").List() {
		for _, connection := range strategy.At("connections").List() {
			if strategy.At("name").Text() == "auth0" {
				names = append(names, connection.At("name").Text())
				c.Options = append(c.Options, idp.Option{Label: connection.At("name").Text()})
			}
		}
	}
	if len(names) == 0 {
		return "", s.Refuse(idp.Blocked, "", "Auth0 has no connection here that takes a password: sign in at the provider that it hands over to")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return "", err
	}
	return names[i], nil
}

func postPassword(ctx context.Context, s *idp.Session, refused string) error {
	var raw any
	_ = json.Unmarshal([]byte(s.Notes[blobNote]), &raw) // what openClassic has written
	b := web.ValueOf(raw)
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: refused})
	if err != nil {
		return err
	}
	callback := configured(b, "callbackURL")
	if callback == "" {
		callback = idp.AWSConsumer
	}
	r := web.PostJSON(s.Notes[originNote]+"/usernamepassword/login", map[string]any{
		"client_id": configured(b, "clientID"), "connection": s.Notes[connectionNote], "username": name, "password": password,
		"tenant": configured(b, "auth0Tenant"), "protocol": "samlp", "redirect_uri": callback, "response_type": "code", "scope": "openid profile email",
		"sso": true, "popup_options": map[string]any{}, "state": configured(b, "state"), "_csrf": configured(b, "_csrf"), "_intstate": "deprecated",
	})
	r.Header.Set("Auth0-Client", base64.StdEncoding.EncodeToString([]byte(`{"name":"lock.js","version":"11.35.0"}`)))
	r.Header.Set("Origin", s.Notes[originNote])
	return s.Visit(ctx, r)
}

// classicAgain asks for another password where that could do.
func classicAgain(ctx context.Context, s *idp.Session) error {
	v := s.Page().JSON()
	code, words := v.At("code").Text(), v.At("description").Text()
	if words == "" {
		words = v.At("message").Text() + v.At("name").Text()
	}
	switch {
	case code == "invalid_user_password":
		return postPassword(ctx, s, words)
	case code == "too_many_attempts" || code == "password_leaked":
		return s.Refuse(idp.Locked, "", words)
	case code == "password_change_required":
		return s.Refuse(idp.PasswordExpired, "", words)
	case slices.Contains([]string{"requires_verification", "invalid_captcha"}, code):
		return s.Refuse(idp.CaptchaRefused, "", "Auth0 wants a captcha solved, which only a browser can show")
	}
	return s.Refuse(idp.NotAssigned, "", words)
}
