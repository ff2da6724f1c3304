// Package netiq signs in with NetIQ (OpenText) Access Manager, whose pages are a shell into which a script loads the form.
package netiq

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
		Name: "netiq", Title: "NetIQ Access Manager",
		Settings: []idp.Setting{{Key: "contract", Help: "the contract to sign in with: its id, or a path as in /nidp/app/login?id=CONTRACT&sid=0&option=credential"}},
		Owns:     func(p *web.Page) bool { return content(p) != "" || login(p) != nil },
		Refusal:  "#xtierErrorMessage, .login-error",
		Steps: []idp.Step{
			{Name: "netiq content", On: isShell, Do: loadContent, Tries: 10},
			{Name: "netiq password", On: asks("Ecom_Password"), Do: fillPassword, Tries: 3},
			{Name: "netiq token", On: asks("Ecom_Token"), Do: fillToken, Tries: 3},
			{Name: "netiq other question", On: asks(""), Do: fillOther, Tries: 3},
			{Name: "netiq error", On: isError, Do: refuse},
		},
	}
}

func login(p *web.Page) *web.Form { return p.Form("form[name=IDPLogin]") }

func isShell(p *web.Page) bool { return content(p) != "" && login(p) == nil }

// asks knows the login form by the field that it wants; "" is any other.
func asks(field string) func(*web.Page) bool {
	return func(p *web.Page) bool {
		f := login(p)
		if f == nil || field != "" {
			return f != nil && f.Field(field) != nil
		}
		return f.Field("Ecom_Password") == nil && f.Field("Ecom_Token") == nil
	}
}

// content returns the path that the page's script calls getToContent with; the shell defines that function as well.
func content(p *web.Page) string {
	if paths := called(p, "getToContent("); len(paths) > 0 {
		return paths[0]
	}
	return ""
}

// called returns the quoted first arguments with which the page's scripts call a function.
func called(p *web.Page, function string) (arguments []string) {
	rest := p.Find("script").Text()
	for {
		_, after, found := strings.Cut(rest, function)
		if !found {
			return arguments
		}
		rest = after
		argument := strings.TrimLeft(after, " \t\r\n")
		if argument == "" || argument[0] != '\'' && argument[0] != '"' {
			continue
		}
		if text, _, closed := strings.Cut(argument[1:], argument[:1]); closed && text != "" {
			arguments = append(arguments, text)
		}
	}
}

// news returns what the page's script says that it did not say on the form's first page: why it is shown again.
func news(s *idp.Session) string {
	said := strings.Split(s.Notes["netiq said"], "\n")
	messages := called(s.Page(), "etGlobalMessage(") // setGlobalMessage, safeSetGlobalMessage
	if i := slices.IndexFunc(messages, func(m string) bool { return !slices.Contains(said, m) }); i >= 0 && s.Given() {
		return messages[i]
	}
	s.Notes["netiq said"] = strings.Join(messages, "\n")
	return ""
}

// destination asks for a fragment alone, as the shell's script does.
const destination = "uiDestination"

// loadContent gets what the script would put into the shell; the account may want another contract there.
func loadContent(ctx context.Context, s *idp.Session) error {
	path := content(s.Page())
	if contract := s.Setting("contract"); contract != "" && s.Notes["netiq contract"] == "" {
		path, s.Notes["netiq contract"] = contractPath(contract), "wanted"
	}
	u, err := s.Page().Resolve(path)
	if err != nil {
		return s.Unknown("its script loads an address that cannot be read")
	}
	return s.Open(ctx, fragment(u))
}

// contractPath is where a contract begins that is given by its id.
func contractPath(contract string) string {
	if strings.ContainsAny(contract, "/?") {
		return contract
	}
	return "/nidp/app/login?id=" + url.QueryEscape(contract) + "&sid=0&option=credential"
}

func fragment(u *url.URL) string {
	if !u.Query().Has(destination) {
		u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+destination+"=contentDiv", "&")
	}
	return u.String()
}

func fillPassword(ctx context.Context, s *idp.Session) error {
	return fill(ctx, s, "Ecom_Password", idp.Question{Kind: idp.Password})
}

func fillToken(ctx context.Context, s *idp.Session) error {
	return fill(ctx, s, "Ecom_Token", idp.Question{Kind: idp.Code, Factor: idp.Token, Label: "PIN followed by the token's code"})
}

// fillOther answers forms of one field, a next token code or a new PIN, and sends on those of none.
func fillOther(ctx context.Context, s *idp.Session) error {
	f := login(s.Page())
	var visible []*web.Field
	for _, x := range f.Fields {
		if x.Fillable() && x.Name != "Ecom_User_ID" {
			visible = append(visible, x)
		}
	}
	if !slices.ContainsFunc(f.Fields, (*web.Field).Visible) {
		return send(ctx, s, f)
	}
	if len(visible) != 1 {
		return s.Unknown("it is a form of NetIQ Advanced Authentication, which only a browser can show")
	}
	return fill(ctx, s, visible[0].Name, idp.Question{Kind: idp.Code, Factor: idp.Token, Label: visible[0].Label()})
}

// fill sends the login form with one answer.
func fill(ctx context.Context, s *idp.Session, field string, q idp.Question) error {
	f := login(s.Page())
	if user := f.Field("Ecom_User_ID"); user != nil && user.Fillable() {
		name, err := s.Username(ctx)
		if err != nil {
			return err
		}
		user.Set(name)
	}
	q.Refused = news(s)
	answer, err := s.Ask.Ask(ctx, q)
	if err != nil {
		return err
	}
	return send(ctx, s, f.Set(field, answer))
}

// send sends the login form. One that came as a fragment is answered by one.
func send(ctx context.Context, s *idp.Session, f *web.Form) error {
	r, err := f.Request()
	if err != nil {
		return err
	}
	if u, err := url.Parse(r.URL); err == nil && s.Page().URL.Query().Has(destination) {
		r.URL = fragment(u)
	}
	return s.Visit(ctx, r)
}

// isError knows the pages that name an error of Access Manager by its number.
func isError(p *web.Page) bool {
	return strings.HasPrefix(p.Path(), "/nidp/") && login(p) == nil && content(p) == "" && errorCode(p) != ""
}

func errorCode(p *web.Page) string {
	for _, word := range strings.FieldsFunc(p.Text("body"), func(r rune) bool { return r < '0' || r > '9' }) {
		if len(word) == 9 && strings.HasPrefix(word, "300") {
			return word
		}
	}
	return ""
}

func refuse(_ context.Context, s *idp.Session) error {
	if s.Page().Status == http.StatusNotFound {
		return s.Unknown("Access Manager has no such address: error " + errorCode(s.Page()))
	}
	return s.Refuse(idp.Blocked, "", "Access Manager says error "+errorCode(s.Page()))
}
