package google

import (
	"strings"

	"github.com/PuerkitoBio/goquery"

	"github.com/samlcli/samlcli/idp/web"
)

func at(name string) func(*web.Page) bool {
	return func(p *web.Page) bool { return state(p) == name }
}

// state names what a page of Google's wants, "" for a page of somebody else. Paths, form actions and field names decide,
// never words: Google speaks the account's language, whatever is asked for.
func state(p *web.Page) string {
	path, f := strings.ToLower(p.Path()), mainForm(p)
	if p.Status >= 500 || f == nil && !ours(p, path) {
		return ""
	}
	kind := challenge(path)
	if f != nil {
		kind = formKind(f, kind)
	}
	if failure := failure(p, path, kind); failure != "" {
		return failure
	}
	switch {
	case f != nil && captchaField(f) != nil && p.Attr(captchaImage, "src") != "":
		return "captcha"
	case f != nil && isPassword(f, kind):
		return "password"
	case f != nil && identifierField(f) != nil:
		return "identifier"
	case selects(p, path, f, kind):
		return "selection"
	case kind != "" && f != nil:
		return factorState(p, f, kind)
	}
	if _, drivable := factorOf(kind); kind != "" && !drivable {
		return "undrivable"
	}
	return elsewhere(p, path, f)
}

// elsewhere names the pages around a login that ask for nothing.
func elsewhere(p *web.Page, path string, f *web.Form) string {
	switch {
	case strings.HasSuffix(path, "/accountchooser"), strings.HasSuffix(path, "/signin/v2/chooser"):
		return "chooser"
	case strings.Contains(path, "/speedbump/"), isReminder(p, path):
		return "reminder"
	case f == nil && p.Status < 400 && isScript(p):
		return "javascript"
	}
	return ""
}

// ours reports whether a path is Google's; others have a /signin/ too.
func ours(p *web.Page, path string) bool {
	for _, prefix := range [...]string{"/v3/signin/", "/signin/challenge", "/signin/selectchallenge", "/signin/rejected", "/signin/v1/", "/signin/v2/",
		"/o/saml2/", "/servicelogin", "/accountchooser"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return isReminder(p, path) || p.Has("form[data-challengeentry]")
}

// isReminder knows the host that asks for recovery addresses and the like once the login is over.
func isReminder(p *web.Page, path string) bool {
	known := p.Host() == "gds.google.com" || web.Loopback(p.URL)
	return known && (strings.HasPrefix(path, "/web/landing") || strings.HasPrefix(path, "/web/recoveryoptions"))
}

// isScript reports whether a page is the JavaScript application: it has no form that could be sent without one.
func isScript(p *web.Page) bool {
	if p.URL.Query().Get("flowName") == scriptedFlow {
		return true
	}
	scripts := p.Find("script")
	return scripts.Length() > 0 && !p.Has("form, meta[http-equiv]") && !strings.Contains(scripts.Text(), "location")
}

const (
	scriptedFlow = "GlifWebSignIn"
	plainFlow    = "WebLiteSignIn"
)

// mainForm returns a copy of the form that a page is about: not the one for help, for another way, for a new prompt, or
// one that only a script can send. Nil on pages of others.
func mainForm(p *web.Page) *web.Form {
	ours := ours(p, strings.ToLower(p.Path()))
	for _, f := range p.Forms() {
		if f.Method() == "POST" && isMain(f, ours) {
			return f.Copy()
		}
	}
	return nil
}

func isMain(f *web.Form, ours bool) bool {
	if f.Is("#gaia_loginform") {
		return true
	}
	if !ours && !strings.Contains(f.Attr("action"), "/signin/challenge/") && !strings.Contains(f.Attr("action"), "/v3/signin/") || f.Is("[data-challengeentry]") {
		return false
	}
	action, err := f.Action()
	if err != nil || action.Query().Get("flowName") == scriptedFlow {
		return false
	}
	kind := challenge(action.Path)
	return kind != "" && kind != "skip" || strings.HasPrefix(action.Path, "/v3/signin/")
}

// challenge returns the kind in a path such as /signin/challenge/totp/2 or /v3/signin/challenge/totp.
func challenge(path string) string {
	_, rest, _ := strings.Cut(path, "/signin/challenge/")
	kind, rest, _ := strings.Cut(rest, "/")
	if kind == "ipp" && strings.HasPrefix(rest, "qrcode") {
		return "qrcode"
	}
	return kind
}

// formKind returns the kind in a form's action, or otherwise where that has none.
func formKind(f *web.Form, otherwise string) string {
	if action, err := f.Action(); err == nil && challenge(action.Path) != "" {
		return challenge(action.Path)
	}
	return otherwise
}

// isPassword tells a password page from a user name page, which may hold a password field for password managers.
func isPassword(f *web.Form, kind string) bool {
	field := f.Field("Passwd")
	if field == nil || field.Type != "password" {
		return false
	}
	name := identifierField(f)
	return kind == "pwd" || kind == "sl" || name == nil || !name.Fillable()
}

// identifierField returns the user name's field: identifier in generation C, Email before.
func identifierField(f *web.Form) *web.Field {
	if field := f.Field("identifier"); field != nil {
		return field
	}
	return f.Field("Email")
}

// selects reports whether a page lists the ways to verify. A prompt's page has an entry too, to send it again.
func selects(p *web.Page, path string, f *web.Form, kind string) bool {
	if kind == "selection" || strings.HasSuffix(path, "/selectchallenge") || strings.HasSuffix(path, "/challenge/selection") {
		return f == nil || codeField(f) == nil
	}
	return f == nil && p.Has("form[data-challengeentry]")
}

// factorState names the page of a second factor by its kind and fields.
func factorState(p *web.Page, f *web.Form, kind string) string {
	typed := codeField(f) != nil
	switch kind {
	case "totp", "bc", "skotp", "ootp", "ipp", "iap":
		if typed {
			return kind
		}
		if kind == "ipp" || kind == "iap" {
			return kind + " send"
		}
	case "az", "dp":
		if p.Has("[data-tx-id]") {
			return "az"
		}
		return "dp"
	}
	return "undrivable"
}

// codeField returns the field for a code: Pin, pin where the phone number was typed, totpPin on some.
func codeField(f *web.Form) *web.Field {
	for _, name := range [...]string{"Pin", "totpPin"} {
		if field := f.Field(name); field != nil && field.Type != "hidden" {
			return field
		}
	}
	return nil
}

// complaints are the places for what is wrong with an answer: #errorMsg in generation B, .error-msg in A, the others in C.
const complaints = `#errorMsg, .error-msg, #passwordError, [jsname=B34EJ], [jsname=h9d3hd], [jsname=JIbuQc], [aria-live=assertive], .Qx8Abe`

const captchaBox = `[data-auto-init=CaptchaInput], #identifier-captcha, .captcha-container, [id*=captcha]`

// complaint returns what a page says about an answer, other than that to a captcha.
func complaint(p *web.Page) string {
	var words string
	p.Find(complaints).EachWithBreak(func(_ int, node *goquery.Selection) bool {
		if node.Closest(captchaBox).Length() == 0 {
			words = web.Words(node)
		}
		return words == ""
	})
	return words
}
