// Package keycloak signs in at Keycloak and the products built from it: realms of every theme and version, by the ids
// and field names that all of them share.
package keycloak

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "keycloak", Title: "Keycloak, Red Hat build of Keycloak",
		Settings: []idp.Setting{
			{Key: "broker", Help: "alias of the identity provider to go on to from the login page"},
			{Key: "otp_device", Help: "label of the authenticator to use, where several are enrolled"},
			{Key: "organization", Help: "alias of the organization to sign in with"},
		},
		Owns:    func(p *web.Page) bool { return kind(p) != other },
		SignOut: signOut,
		Refusal: ".kc-feedback-text, [id^=input-error]:not([id^=input-error-container])",
		Steps: []idp.Step{
			{Name: "keycloak error", On: is(errorPage), Do: refuseError},
			{Name: "keycloak required action", On: is(requiredAction), Do: refuseAction},
			{Name: "keycloak page expired", On: is(expired), Do: carryOn, Tries: 3},
			{Name: "keycloak kerberos offer", On: is(kerberos), Do: passKerberos},
			{Name: "keycloak security key", On: is(securityKey), Do: answerKey, Tries: 2},
			{Name: "keycloak code", On: is(code), Do: enterCode, Tries: 3},
			{Name: "keycloak recovery code", On: is(recovery), Do: enterRecovery, Tries: 3},
			{Name: "keycloak choice", On: is(choice), Do: choose, Tries: 2},
			{Name: "keycloak organization", On: is(organization), Do: chooseOrganization},
			{Name: "keycloak password", On: is(password), Do: enterPassword, Tries: 3},
			{Name: "keycloak user name", On: is(userName), Do: enterName},
			{Name: "keycloak message", On: is(message), Do: followMessage},
		},
	}
}

// page is what a Keycloak page wants.
type page int

const (
	other page = iota
	errorPage
	requiredAction
	expired
	kerberos
	securityKey
	code
	recovery
	choice
	organization
	password
	userName
	message
)

func is(k page) func(*web.Page) bool {
	return func(p *web.Page) bool { return kind(p) == k }
}

// kind tells the pages apart by what stands on them, most telling first.
func kind(p *web.Page) page {
	if !strings.Contains(p.Path(), "/realms/") {
		return other
	}
	for _, mark := range []struct {
		page     page
		selector string
	}{
		{errorPage, "#kc-error-message"},
		{requiredAction, "#kc-passwd-update-form, #kc-totp-settings-form, #kc-update-profile-form, #kc-accept, form#register"},
		{expired, "#loginContinueLink, #loginRestartLink"},
		{securityKey, "form#webauth, form#kc-error-credential-form"},
		{code, "input[name=otp], input[name=totp]"},
		{recovery, "input[name=recoveryCodeInput]"},
		{choice, "form#kc-select-credential-form, [name=authenticationExecution]"},
		{organization, "input[name='kc.org']"},
		{password, "form input[type=password][name=password]"},
		{userName, "form#kc-form-login input[name=username]"},
		{message, "#kc-info-message a[href]"},
	} {
		if p.Has(mark.selector) {
			return mark.page
		}
	}
	switch {
	case strings.HasSuffix(p.Path(), "/login-actions/required-action"):
		return requiredAction
	case p.Status == 401 && strings.EqualFold(p.Header.Get("WWW-Authenticate"), "Negotiate") && len(p.Forms()) == 1:
		return kerberos
	}
	return other
}

func refuseError(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.Blocked, "#kc-error-message .instruction, #kc-error-message", "Keycloak shows an error page without words")
}

// carryOn goes on with a login whose page was too old: where it stood, the second time from its start.
func carryOn(ctx context.Context, s *idp.Session) error {
	links := []string{"#loginContinueLink", "#loginRestartLink"}
	if s.Notes["keycloak expired"] != "" {
		slices.Reverse(links)
	}
	s.Notes["keycloak expired"] = "once"
	for _, link := range links {
		if href := s.Page().Attr(link, "href"); href != "" {
			return open(ctx, s, href)
		}
	}
	return s.Unknown("its links lead nowhere")
}

// passKerberos sends the empty form by which a client without a ticket asks for the password page.
func passKerberos(ctx context.Context, s *idp.Session) error {
	return s.Submit(ctx, s.Page().Forms()[0])
}

func enterName(ctx context.Context, s *idp.Session) error {
	if link := brokerLink(s); link != "" {
		return open(ctx, s, link)
	}
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	return send(ctx, s, s.Page().Form("input[name=username]").Set("username", name))
}

func enterPassword(ctx context.Context, s *idp.Session) error {
	if link := brokerLink(s); link != "" {
		return open(ctx, s, link)
	}
	f := s.Page().Form("input[type=password][name=password]")
	over := startsOver(s, f)
	if s.Given() && !over && s.Page().Has(alert) {
		return s.Refuse(idp.Locked, alert, "the account cannot sign in")
	}
	if f.Field("username") != nil && f.Field("username").Fillable() {
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		f.Set("username", name)
	}
	secret, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password})
	var refused *idp.RefusedError
	if over && errors.As(err, &refused) {
		return s.Refuse(idp.Blocked, alert, refused.Message)
	}
	if err != nil {
		return err
	}
	return send(ctx, s, f.Set("password", secret))
}

// alert is what newer themes say of the account or of the whole login; what they say of an answer stands beside its field.
const alert = ".pf-v5-c-alert.pf-m-danger"

// startsOver reports whether the login begins anew, as after a time out: the name that was sent is gone from its field.
func startsOver(s *idp.Session, f *web.Form) bool {
	name := f.Field("username")
	return s.Given() && s.Page().Has(alert) && name != nil && name.Value == ""
}

func enterCode(ctx context.Context, s *idp.Session) error {
	if s.Prefers(idp.TOTP) && s.Page().Has(anotherWay) {
		return lookElsewhere(ctx, s)
	}
	f := s.Page().Form("input[name=otp], input[name=totp]")
	device, err := chooseDevice(ctx, s)
	if err != nil {
		return err
	}
	if device != "" {
		f.Set("selectedCredentialId", device)
	}
	field := f.Field("otp")
	if field == nil {
		field = f.Field("totp")
	}
	answer, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.TOTP, Label: field.Label()})
	if err != nil {
		return err
	}
	field.Set(answer)
	return send(ctx, s, f)
}

// chooseDevice returns the id of the authenticator to use, once asked for; "" leaves Keycloak's own choice.
func chooseDevice(ctx context.Context, s *idp.Session) (string, error) {
	found := devices(s.Page())
	if len(found) < 2 {
		return "", nil
	}
	wanted := s.Setting("otp_device")
	if wanted == "" {
		wanted = s.Notes["keycloak device"]
	}
	c := idp.Choice{Title: "Which authenticator?"}
	for _, d := range found {
		if d.label == wanted {
			return d.id, nil
		}
		c.Options = append(c.Options, idp.Option{Label: d.label})
	}
	i, err := s.Ask.Choose(ctx, c)
	if errors.Is(err, idp.ErrNoAnswer) {
		s.Ask.Tell(ctx, "Several authenticators are enrolled; the code must be of the one that Keycloak has chosen. The setting otp_device names another.")
		return "", nil
	}
	if err != nil {
		return "", err
	}
	s.Notes["keycloak device"] = found[i].label
	return found[i].id, nil
}

// enterRecovery asks for the one code that Keycloak wants next; its number stands in the label.
func enterRecovery(ctx context.Context, s *idp.Session) error {
	if s.Prefers(idp.Backup) && s.Page().Has(anotherWay) {
		return lookElsewhere(ctx, s)
	}
	f := s.Page().Form("input[name=recoveryCodeInput]")
	answer, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.Backup, Label: f.Field("recoveryCodeInput").Label()})
	if err != nil {
		return err
	}
	return send(ctx, s, f.Set("recoveryCodeInput", answer))
}

// avoidKey leaves a page that wants a security key, which only a browser or a key at this machine can answer.
func avoidKey(ctx context.Context, s *idp.Session) error {
	if s.Page().Has(anotherWay) {
		return lookElsewhere(ctx, s)
	}
	return s.Refuse(idp.MFAFailed, "", "only a security key is enrolled; enrol an authenticator app or recovery codes as well")
}

const anotherWay = "form#kc-select-try-another-way-form"

func lookElsewhere(ctx context.Context, s *idp.Session) error {
	return s.Submit(ctx, s.Page().Form(anotherWay).Set("tryAnotherWay", "on"))
}

func followMessage(ctx context.Context, s *idp.Session) error {
	return open(ctx, s, s.Page().Attr("#kc-info-message a[href]", "href"))
}

// send submits a filled form by its login button; "cancel", which old pages have, would start again.
func send(ctx context.Context, s *idp.Session, f *web.Form) error {
	for _, button := range f.Buttons() {
		if button.Name != "cancel" {
			f.Press(button)
			break
		}
	}
	return s.Submit(ctx, f)
}

func open(ctx context.Context, s *idp.Session, reference string) error {
	address, err := s.Page().Resolve(reference)
	if err != nil {
		return s.Unknown("a link on it cannot be read")
	}
	return s.Open(ctx, address.String())
}
