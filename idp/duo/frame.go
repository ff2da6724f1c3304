package duo

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// The traditional prompt stands in a frame of the provider's page, which gets Duo's word back in a field of a form (Duo Web
// SDK 2). Duo itself has switched it off; what is left of it stands on companies' own servers.

// A frame is what the provider's page says of it.
type frame struct {
	host, signature string // TX|…:APP|…
	action          string // where the word goes
	fields          url.Values
	argument        string // the field of the word
}

func isFrame(p *web.Page) bool { return readFrame(p).signature != "" }

// readFrame finds the frame in a page's element, in hidden fields, in the call of Duo's script, or in Okta's answer.
func readFrame(p *web.Page) frame {
	f := frame{argument: cmp.Or(p.Attr("#duo_iframe", "data-post-argument"), "sig_response"), action: p.Attr("#duo_iframe", "data-post-action")}
	f.host, f.signature = p.Attr("#duo_iframe", "data-host"), p.Attr("#duo_iframe", "data-sig-request")
	if f.signature == "" {
		f.host, f.signature = p.Attr("#duo_host", "value"), p.Attr("#duo_sig_request", "value")
	}
	if f.signature == "" && strings.Contains(string(p.Body), "Duo.init") {
		f.host, f.signature = inScript(p, "host"), inScript(p, "sig_request")
		f.action = cmp.Or(f.action, inScript(p, "post_action"))
	}
	f.fields = url.Values{}
	form := p.Form("form#duo_form")
	if form == nil && f.action == "" {
		form = p.Form("form:has(input[name=Context]), form:has(input[name=AuthMethod])")
	}
	if form != nil {
		for _, e := range form.Entries() {
			f.fields.Add(e.Name, e.Value)
		}
		if u, err := form.Action(); err == nil && f.action == "" {
			f.action = u.String()
		}
	}
	if v := p.JSON().At("_embedded", "factor", "_embedded", "verification"); v.At("signature").Text() != "" {
		f.host, f.signature, f.action = v.At("host").Text(), v.At("signature").Text(), v.At("_links", "complete", "href").Text()
		f.fields = url.Values{"id": {p.JSON().At("_embedded", "factor", "id").Text()}, "stateToken": {p.JSON().At("stateToken").Text()}}
	}
	if !strings.HasPrefix(f.signature, "TX|") || !strings.Contains(f.signature, ":APP|") || f.host == "" {
		return frame{}
	}
	return f
}

// inScript finds the text that a script gives a name: 'host': 'api-1.duosecurity.com'.
func inScript(p *web.Page, name string) string {
	for _, quote := range []string{"'", `"`} {
		if _, rest, found := strings.Cut(string(p.Body), quote+name+quote); found {
			rest = strings.TrimLeft(rest, " \t\r\n:")
			if rest != "" && (rest[0] == '\'' || rest[0] == '"') {
				text, _, _ := strings.Cut(rest[1:], rest[:1])
				return text
			}
		}
	}
	return ""
}

const (
	frameNote  = "duo frame" // the part of the signature that goes back
	actionNote = "duo action"
	fieldsNote = "duo fields"
	wordNote   = "duo argument"
	txNote     = "duo tx"
	parentNote = "duo parent"
)

// openFrame opens what the frame shows.
func openFrame(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	f := readFrame(p)
	action, err := p.Resolve(f.action)
	if err != nil {
		return s.Unknown("the address that Duo's word goes to cannot be read")
	}
	tx, app, _ := strings.Cut(f.signature, ":")
	s.Notes[txNote], s.Notes[frameNote], s.Notes[actionNote] = tx, app, action.String()
	s.Notes[fieldsNote], s.Notes[wordNote], s.Notes[parentNote] = f.fields.Encode(), f.argument, p.URL.String()
	return authFrame(ctx, s, p.URL.Scheme+"://"+f.host, nil)
}

// authFrame introduces the browser, which says nothing of itself.
func authFrame(ctx context.Context, s *idp.Session, base string, more url.Values) error {
	query := url.Values{"tx": {s.Notes[txNote]}, "parent": {s.Notes[parentNote]}, "v": {"2.8"}}
	fields := url.Values{"tx": {s.Notes[txNote]}, "parent": {s.Notes[parentNote]}}
	for _, name := range []string{"java_version", "flash_version", "screen_resolution_width", "screen_resolution_height", "color_depth", "react_support"} {
		fields.Set(name, "")
	}
	for _, name := range []string{"is_cef_browser", "is_ipad_os"} {
		fields.Set(name, "false")
	}
	for name, values := range more {
		fields[name] = values
	}
	return s.Visit(ctx, web.PostForm(base+"/frame/web/v1/auth?"+query.Encode(), fields))
}

func base(p *web.Page) string { return p.URL.Scheme + "://" + p.URL.Host }

const authPath = "/frame/web/v1/auth"

func isIntroduced(p *web.Page) bool {
	return p.Path() == authPath && answer(p).At("sid").Exists()
}

// introduceAgain goes on without the certificate that a page asks an agent on the machine for.
func introduceAgain(ctx context.Context, s *idp.Session) error {
	v := answer(s.Page())
	return authFrame(ctx, s, base(s.Page()), url.Values{"sid": {v.At("sid").Text()}, "certs_url": {v.At("certs_url").Text()}})
}

func isCertificate(p *web.Page) bool { return p.Has("form#client_cert_form input[name=certs_url]") }

func passCertificate(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form("#client_cert_form")
	return authFrame(ctx, s, base(s.Page()), url.Values{"sid": {f.Value("sid")}, "certs_url": {f.Value("certs_url")}})
}

func isEndpointHealth(p *web.Page) bool { return p.Has("form#endpoint-health-form") }

func passEndpointHealth(ctx context.Context, s *idp.Session) error {
	return s.Submit(ctx, s.Page().Form("#endpoint-health-form"))
}

func isKnownDevice(p *web.Page) bool { return p.Has("input[name=js_cookie]:not([value=''])") }

// knownDevice goes back at once: this device is remembered.
func knownDevice(ctx context.Context, s *idp.Session) error {
	return goBack(ctx, s, s.Page().Attr("input[name=js_cookie]", "value"))
}

// goBack takes Duo's word to the provider.
func goBack(ctx context.Context, s *idp.Session, word string) error {
	if s.Notes[frameNote] == "" || word == "" {
		return s.Unknown("Duo says nothing for the provider")
	}
	fields, err := url.ParseQuery(s.Notes[fieldsNote])
	if err != nil {
		return err
	}
	fields.Set(s.Notes[wordNote], word+":"+s.Notes[frameNote])
	delete(s.Notes, frameNote)
	return s.Visit(ctx, web.PostForm(s.Notes[actionNote], fields))
}

// leaveFrame fetches Duo's word after a factor that was good.
func leaveFrame(ctx context.Context, s *idp.Session, last web.Value) error {
	word := last.At("cookie").Text()
	if address := last.At("result_url").Text(); word == "" && address != "" {
		u, err := s.Page().Resolve(address)
		if err != nil {
			return s.Unknown("its address cannot be read")
		}
		page, err := s.Fetch(ctx, web.PostForm(u.String(), url.Values{"sid": {s.Notes[sidNote]}}))
		if err != nil {
			return err
		}
		word = answer(page).At("cookie").Text()
	}
	return goBack(ctx, s, word)
}
