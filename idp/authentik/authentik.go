// Package authentik signs in with authentik, whose pages are a shell for a script that asks the flow executor what comes
// next. It is asked here; every challenge is a page of the walk.
package authentik

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "authentik", Title: "authentik",
		Settings: []idp.Setting{{Key: "source", Help: "name of the other provider to go on to, where the sign-in offers some"}},
		Owns:     isShell,
		Steps: []idp.Step{
			{Name: "authentik shell", On: isShell, Do: openFlow, Tries: 6},
			{Name: "authentik identification", On: is("ak-stage-identification"), Do: identify, Tries: 3},
			{Name: "authentik password", On: is("ak-stage-password"), Do: fillPassword, Tries: 3},
			{Name: "authentik second factor", On: is("ak-stage-authenticator-validate"), Do: validate, Tries: 5},
			{Name: "authentik stay signed in", On: is("ak-stage-user-login"), Do: answer(map[string]any{"remember_me": true})},
			{Name: "authentik consent", On: is("ak-stage-consent"), Do: consent, Tries: 2},
			{Name: "authentik prompt", On: is("ak-stage-prompt"), Do: fillPrompt, Tries: 3},
			{Name: "authentik nothing to do", On: is("ak-stage-dummy"), Do: answer(map[string]any{})},
			{Name: "authentik onwards", On: is("xak-flow-redirect"), Do: goOn, Tries: 6},
			{Name: "authentik response", On: is("ak-stage-autosubmit"), Do: finish, Tries: 3},
			{Name: "authentik denied", On: is("ak-stage-access-denied"), Do: refuseAccess},
			{Name: "authentik flow error", On: is("ak-stage-flow-error"), Do: refuseFlow},
			{Name: "authentik other stage", On: isOther, Do: refuseOther},
		},
	}
}

const executor = "/api/v3/flows/executor/"

// isShell knows the page of the script by its path, below whatever path authentik is served at. It has no form.
func isShell(p *web.Page) bool {
	_, flow, found := strings.Cut(p.Path(), "/if/flow/")
	return found && flow != "" && !p.IsJSON() && len(p.Forms()) == 0
}

// component names what a challenge is about.
func component(p *web.Page) string {
	if !strings.Contains(p.Path(), executor) {
		return ""
	}
	v := p.JSON()
	if name := v.At("component").Text(); name != "" {
		return name
	}
	if v.At("type").Text() == "redirect" && v.At("to").Text() != "" {
		return "xak-flow-redirect"
	}
	return ""
}

func is(name string) func(*web.Page) bool {
	return func(p *web.Page) bool { return component(p) == name }
}

func isOther(p *web.Page) bool {
	return component(p) != "" && !slices.Contains([]string{"ak-stage-identification", "ak-stage-password", "ak-stage-authenticator-validate", "ak-stage-user-login",
		"ak-stage-consent", "ak-stage-prompt", "ak-stage-dummy", "xak-flow-redirect", "ak-stage-autosubmit", "ak-stage-access-denied", "ak-stage-flow-error"}, component(p))
}

// placeNote is the note of the shell's address, from which the script would ask.
const placeNote = "authentik shell"

// openFlow asks the executor for the flow's first challenge. The shell's query goes along, escaped once more.
func openFlow(ctx context.Context, s *idp.Session) error {
	u := *s.Page().URL
	s.Notes[placeNote] = u.String()
	before, flow, _ := strings.Cut(u.Path, "/if/flow/")
	flow, _, _ = strings.Cut(flow, "/")
	query := url.Values{"query": {u.RawQuery}}
	u.Path, u.RawPath, u.RawQuery, u.Fragment = before+executor+flow+"/", "", query.Encode(), ""
	return s.Visit(ctx, web.Request{Method: http.MethodGet, URL: u.String(), Header: http.Header{"Accept": {"application/json"}, "Referer": {s.Notes[placeNote]}}})
}

// send answers a challenge: the component's name goes along, and the value of a cookie against forgery.
func send(ctx context.Context, s *idp.Session, body map[string]any) error {
	p := s.Page()
	body["component"] = component(p)
	r := web.PostJSON(p.URL.String(), body)
	if token, ok := s.Cookie(p.URL, "authentik_csrf"); ok {
		r.Header.Set("X-authentik-CSRF", token)
	}
	if place := s.Notes[placeNote]; place != "" {
		r.Header.Set("Referer", place)
	}
	return s.Visit(ctx, r)
}

func answer(body map[string]any) func(context.Context, *idp.Session) error {
	return func(ctx context.Context, s *idp.Session) error {
		sent := map[string]any{}
		for key, value := range body {
			sent[key] = value
		}
		return send(ctx, s, sent)
	}
}

// complaint is what a challenge that came back says about the answer before.
func complaint(p *web.Page) string {
	errors, _ := p.JSON().At("response_errors").Raw().(map[string]any)
	for _, field := range []string{"password", "code", "uid_field", "non_field_errors", "duo", "webauthn"} {
		if _, ok := errors[field]; ok {
			return p.JSON().At("response_errors", field, "0", "string").Text()
		}
	}
	return ""
}

func identify(ctx context.Context, s *idp.Session) error {
	v := s.Page().JSON()
	if wanted := s.Setting("source"); wanted != "" || len(v.At("user_fields").List()) == 0 {
		return goToSource(ctx, s, v, wanted)
	}
	if v.At("captcha_stage").Exists() {
		return s.Refuse(idp.CaptchaRefused, "", "authentik wants a captcha solved, which only a browser can show")
	}
	if words := complaint(s.Page()); words != "" && v.At("password_fields").Text() != "true" {
		return s.Refuse(idp.BadCredentials, "", words)
	}
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	body := map[string]any{"uid_field": name}
	if v.At("password_fields").Text() == "true" {
		if body["password"], err = s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: complaint(s.Page())}); err != nil {
			return err
		}
	}
	return send(ctx, s, body)
}

// goToSource goes on to another provider: the one that is wanted, or one that is chosen.
func goToSource(ctx context.Context, s *idp.Session, v web.Value, wanted string) error {
	c := idp.Choice{Title: "Sign in with which provider?"}
	var addresses []string
	for _, source := range v.At("sources").List() {
		to, name := source.At("challenge", "to").Text(), source.At("name").Text()
		if to == "" || wanted != "" && name != wanted {
			continue
		}
		addresses = append(addresses, to)
		c.Options = append(c.Options, idp.Option{Label: name})
	}
	if len(addresses) == 0 {
		return s.Refuse(idp.Blocked, "", "authentik offers no way to sign in that can be taken here")
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	return s.Open(ctx, addresses[i])
}

func fillPassword(ctx context.Context, s *idp.Session) error {
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password, Refused: complaint(s.Page())})
	if err != nil {
		return err
	}
	return send(ctx, s, map[string]any{"password": password})
}

// consent lets the provider tell AWS; the challenge's token goes back with it.
func consent(ctx context.Context, s *idp.Session) error {
	s.Ask.Tell(ctx, s.Page().Host()+" releases your attributes to AWS, as the sign-in needs")
	body := map[string]any{}
	if token := s.Page().JSON().At("token"); token.Exists() {
		body["token"] = token.Raw()
	}
	return send(ctx, s, body)
}

// fillPrompt answers what an administrator asks for.
func fillPrompt(ctx context.Context, s *idp.Session) error {
	body := map[string]any{}
	for _, f := range s.Page().JSON().At("fields").List() {
		key := f.At("field_key").Text()
		switch f.At("type").Text() {
		case "hidden", "static", "separator":
			body[key] = f.At("initial_value").Raw()
		case "username", "email":
			name, err := s.Username(ctx)
			if err != nil {
				return err
			}
			body[key] = name
		case "text", "password", "text_read_only", "number":
			value, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Answer, Label: f.At("label").Text(), Refused: complaint(s.Page())})
			if err != nil {
				return err
			}
			body[key] = value
		default:
			return s.Refuse(idp.Blocked, "", "authentik asks for something that only a browser can show: "+f.At("label").Text())
		}
	}
	return send(ctx, s, body)
}

func goOn(ctx context.Context, s *idp.Session) error {
	return s.Open(ctx, s.Page().JSON().At("to").Text())
}

// finish takes the response out of the last challenge, or hands a request on to another provider.
func finish(ctx context.Context, s *idp.Session) error {
	v := s.Page().JSON()
	attrs := v.At("attrs")
	if response := attrs.At("SAMLResponse").Text(); response != "" {
		s.Finish(idp.Result{Response: response, Destination: v.At("url").Text(), RelayState: attrs.At("RelayState").Text()})
		return nil
	}
	fields := url.Values{}
	names, _ := attrs.Raw().(map[string]any)
	for name := range names {
		fields.Set(name, attrs.At(name).Text())
	}
	u, err := s.Page().Resolve(v.At("url").Text())
	if err != nil || len(fields) == 0 {
		return s.Unknown("its last form is empty")
	}
	return s.Visit(ctx, web.PostForm(u.String(), fields))
}

func refuseAccess(_ context.Context, s *idp.Session) error {
	words := s.Page().JSON().At("error_message").Text()
	if words == "" {
		words = "authentik denies the access"
	}
	kind := idp.Blocked
	if s.Given() {
		kind = idp.NotAssigned
	}
	return s.Refuse(kind, "", words)
}

func refuseFlow(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.Blocked, "", "authentik has an error of its own: request "+s.Page().JSON().At("request_id").Text())
}

func refuseOther(_ context.Context, s *idp.Session) error {
	name := component(s.Page())
	switch {
	case strings.HasPrefix(name, "ak-stage-authenticator-"):
		return s.Refuse(idp.MFAFailed, "", "a second factor must be enrolled first: sign in once with a browser")
	case name == "ak-stage-captcha":
		return s.Refuse(idp.CaptchaRefused, "", "authentik wants a captcha solved, which only a browser can show")
	}
	return s.Unknown("it is authentik's stage " + name + ", which only a browser can show")
}
