// Package adfs signs in with Microsoft AD FS, of 2008 R2 to 2022, and with the second factors that its pages carry.
package adfs

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "adfs", Title: "Microsoft AD FS",
		Settings: []idp.Setting{
			{Key: "relying_party", Help: "identifier of AWS as a relying party, where the address is the host alone", Default: idp.AWSIssuer},
			{Key: "domain", Help: `domain to put before a user name that has neither @ nor \`},
			{Key: "home_realm", Help: "the authority to sign in with, by its identifier or label, where AD FS asks for one"},
		},
		Owns:    func(p *web.Page) bool { return isAt(p) && (isPassword(p) || isMethods(p) || isError(p)) },
		SignOut: idp.SignOutAt("/adfs/ls/?wa=wsignout1.0"),
		Start:   start,
		Refusal: "#errorText, #errorMessage, [id$=ErrorTextLabel]",
		Steps: []idp.Step{
			{Name: "adfs windows sign-on", On: func(p *web.Page) bool { return isAt(p) && idp.WantsNTLM(p) }, Do: signOn, Tries: 3},
			{Name: "adfs password", On: isPassword, Do: fillPassword, Tries: 3},
			{Name: "adfs methods", On: isMethods, Do: chooseForms},
			{Name: "adfs home realm", On: isHomeRealm, Do: chooseRealm},
			{Name: "adfs second factor", On: isFactor, Do: answerFactor, Tries: 4},
			{Name: "adfs new password wanted", On: isNewPassword, Do: refuseOldPassword},
			{Name: "adfs no relying party", On: isPartyChoice, Do: refuseParty},
			{Name: "adfs error", On: isError, Do: refuseError},
		},
	}
}

func start(ctx context.Context, s *idp.Session) error {
	return s.OpenAddress(ctx, "/adfs/ls/IdpInitiatedSignOn.aspx", url.Values{"loginToRp": {s.Setting("relying_party")}})
}

func isAt(p *web.Page) bool { return strings.HasPrefix(strings.ToLower(p.Path()), "/adfs/") }

// hasContext reports whether a page is one of a running second factor.
func hasContext(p *web.Page) bool {
	return p.Attr("input[name=Context]", "value") != "" && p.Attr("input[name=AuthMethod]", "value") != ""
}

func isPassword(p *web.Page) bool {
	return isAt(p) && !hasContext(p) && !isNewPassword(p) && p.Form("input[type=password]") != nil
}

// isMethods knows the choice between passwords, certificates and the like, before anything is typed.
func isMethods(p *web.Page) bool {
	return isAt(p) && !hasContext(p) && p.Has("form#options #FormsAuthentication, form#options [id$=Authentication]") && !p.Has("input[type=password]")
}

func isHomeRealm(p *web.Page) bool {
	return isAt(p) && !p.Has("input[type=password]") && p.Has("form#hrd, #hrdArea") && p.Form("[name=HomeRealmSelection]") != nil
}

func isFactor(p *web.Page) bool { return isAt(p) && hasContext(p) }

func isNewPassword(p *web.Page) bool { return isAt(p) && p.Has("#oldPasswordInput, #newPasswordInput") }

func isPartyChoice(p *web.Page) bool { return isAt(p) && p.Has("form#idpForm") }

func isError(p *web.Page) bool {
	return isAt(p) && !hasContext(p) && p.Has("#errorArea, #openingMessage, #errorMessage") && !p.Has("input[type=password]") && !isPartyChoice(p) && !isMethods(p) && !isHomeRealm(p)
}

// signOn signs in as Windows would. A server that asks a second time does not take the password.
func signOn(ctx context.Context, s *idp.Session) error { return s.NTLM(ctx) }

func fillPassword(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form("input[type=password]")
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	if domain := s.Setting("domain"); domain != "" && !strings.ContainsAny(name, `@\`) {
		name = domain + `\` + name
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password})
	if err != nil {
		return err
	}
	for _, x := range f.Fields {
		switch lower := strings.ToLower(x.Name); {
		case x.Type == "password":
			x.Set(password)
		case x.Fillable() && (strings.Contains(lower, "user") || strings.Contains(lower, "email") || strings.Contains(lower, "login")):
			x.Set(name)
		case lower == "kmsi" && x.Type == "checkbox" && x.Visible():
			x.On = true
		}
	}
	return s.Submit(ctx, pressed(f))
}

// pressed presses the form's button, if it has one that is sent.
func pressed(f *web.Form) *web.Form {
	if buttons := f.Buttons(); len(buttons) > 0 {
		f.Press(buttons[0])
	}
	return f
}

// chooseForms takes the password, of all that may come first.
func chooseForms(ctx context.Context, s *idp.Session) error {
	if !s.Page().Has("#FormsAuthentication") {
		return s.Refuse(idp.Blocked, "", "AD FS offers no password here, only what a browser on a managed machine has")
	}
	f := s.Page().Form("#optionSelection")
	if f == nil {
		return s.Unknown("its choice of methods has no form")
	}
	return s.Submit(ctx, f.Set("AuthMethod", "FormsAuthentication"))
}

// ownRealm is the server's own directory, as a realm.
const ownRealm = "AD AUTHORITY"

// chooseRealm picks the authority that the account names, AD FS's own where there is only that to pick, or asks.
func chooseRealm(ctx context.Context, s *idp.Session) error {
	type realm struct{ id, label string }
	var realms []realm
	items := s.Page().Find("[onclick*='HRD.selection']")
	for i := range items.Length() {
		item := items.Eq(i)
		_, after, _ := strings.Cut(item.AttrOr("onclick", ""), "HRD.selection('")
		if id, _, ok := strings.Cut(after, "'"); ok {
			realms = append(realms, realm{id, web.Words(item)})
		}
	}
	f := s.Page().Form("[name=HomeRealmSelection]")
	if len(realms) == 0 {
		return s.Submit(ctx, f.Set("HomeRealmSelection", ownRealm))
	}
	c := idp.Choice{Title: "Who has your account?"}
	for _, r := range realms {
		if wanted := s.Setting("home_realm"); wanted != "" && (r.id == wanted || r.label == wanted) {
			return s.Submit(ctx, f.Set("HomeRealmSelection", r.id))
		}
		c.Options = append(c.Options, idp.Option{Label: r.label})
	}
	i, err := s.Ask.Choose(ctx, c)
	if own := slices.IndexFunc(realms, func(r realm) bool { return r.id == ownRealm }); errors.Is(err, idp.ErrNoAnswer) && own >= 0 {
		i, err = own, nil // nobody is there to choose: the server's own directory
	}
	if err != nil {
		return err
	}
	return s.Submit(ctx, f.Set("HomeRealmSelection", realms[i].id))
}

func refuseOldPassword(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.PasswordExpired, "#errorText", "a new password must be set at https://"+s.Page().Host()+"/adfs/portal/updatepassword/")
}

func refuseParty(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.NotAssigned, "", "AD FS does not know the relying party that the address names with loginToRp")
}

// refuseError ends with AD FS's words. Before anything was typed it is the page itself that is switched off, most likely.
func refuseError(_ context.Context, s *idp.Session) error {
	p := s.Page()
	message := p.Text("#errorMessage")
	if message == "" {
		message = p.Text("#openingMessage, #errorArea")
	}
	switch {
	case !s.Given():
		return s.Refuse(idp.Blocked, "", strings.TrimRight(message, ".")+"; IdP-initiated sign-on may be switched off there (EnableIdPInitiatedSignonPage), or the relying party is not known")
	case s.Notes[factorNote] != "":
		return s.Refuse(idp.MFAFailed, "", message)
	}
	return s.Refuse(idp.NotAssigned, "", message)
}
