package entra

import (
	"bytes"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// config reads the object $Config of a page; none of a page that has none. What follows it in its script does not count.
func config(p *web.Page) web.Value {
	_, after, found := bytes.Cut(p.Body, []byte("$Config="))
	if !found || p.IsJSON() {
		return web.Value{}
	}
	return web.ReadJSON(after[max(0, bytes.IndexByte(after, '{')):])
}

// pageID returns what kind of page it is; "" of another provider's.
func pageID(p *web.Page) string {
	c := config(p)
	if !c.Exists() {
		return ""
	}
	if id := c.At("pgid").Text(); id != "" {
		return id
	}
	return p.Attr("meta[name=PageID]", "content")
}

// The pages of which Entra's own id says too little.
const (
	signInPage  = "sign-in"
	pickerPage  = "account picker"
	refusedPage = "password refused"
	captchaPage = "captcha"
	keyPage     = "security key"
	overPage    = "session over"
	refusalPage = "refusal"
	otherPage   = "other"
)

const (
	signInID      = "ConvergedSignIn"
	serviceErrors = "#service_exception_message" // on pages of errors that have no $Config
)

func is(state string) func(*web.Page) bool {
	return func(p *web.Page) bool { return stateOf(p) == state }
}

// stateOf returns which page of Entra's it is: its id where a step knows that, else one of the above; "" of nobody's.
func stateOf(p *web.Page) string {
	c, id, code := config(p), pageID(p), code(p)
	switch {
	case id == "" && p.Has(serviceErrors):
		return refusalPage
	case id == "":
		return ""
	case code == sessionOver:
		return overPage
	case blocks(code):
		return refusalPage
	case id == signInID && wantsCaptcha(c):
		return captchaPage
	case id == signInID && code == wrongPassword:
		return refusedPage
	case id == signInID && code == "" && len(c.At("arrSessions").List()) > 0:
		return pickerPage
	case id == signInID && code == "":
		return signInPage
	}
	switch id {
	case "BssoInterrupt", "ConvergedTFA", "ConvergedProofUpRedirect", "KmsiInterrupt", "CmsiInterrupt", "ConvergedChangePassword", "ConvergedConsent":
		return id
	case signInID, "ConvergedError", "ConvergedConditionalAccess":
		return refusalPage
	}
	switch {
	case code != "":
		return refusalPage
	case atKeyHost(p) || c.At("sFidoChallenge").Exists():
		return keyPage
	}
	return otherPage
}

// wantsCaptcha knows a sign-in page with a challenge for people.
func wantsCaptcha(c web.Value) bool {
	state, _ := c.Raw().(map[string]any)
	for key := range state {
		if strings.HasPrefix(key, "fHIP") && c.At(key).Text() == "true" {
			return true
		}
	}
	return c.At("sHipChallengeUrl").Text() != ""
}

// answers knows the answers of one call of the API by its path.
func answers(call string) func(*web.Page) bool {
	return func(p *web.Page) bool {
		_, object := p.JSON().Raw().(map[string]any)
		return object && p.Status < 400 && strings.HasSuffix(p.Path(), call)
	}
}
