package duo

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// A way is one factor with one device, by Duo's own names.
type way struct {
	factor, device string
	key            string // the device's, where the prompt is a script
	option         idp.Option
}

// ways lists what the prompt offers, what the person prefers with Duo first.
func ways(p *web.Page, key bool) []way {
	f := promptForm(p)
	var first, rest []way
	add := func(w way) {
		if w.factor == f.Value("preferred_factor") && w.device == f.Value("preferred_device") {
			first = append(first, w)
			return
		}
		rest = append(rest, w)
	}
	devices := f.Field("device")
	if devices != nil {
		for _, d := range devices.Options {
			fieldset := p.Find(`fieldset[data-device-index="` + d.Value + `"] input[name=factor]`)
			if fieldset.Length() == 0 && !p.Has("fieldset[data-device-index]") { // the same for all
				fieldset = p.Find("input[name=factor]")
			}
			for i := range fieldset.Length() {
				if w, ok := wayOf(fieldset.Eq(i).AttrOr("value", ""), d.Value, d.Label); ok {
					add(w)
				}
			}
		}
	}
	keys := p.Find("select[name=webauthn] option, option[name=webauthn]")
	for i := range keys.Length() {
		if id := keys.Eq(i).AttrOr("value", ""); key && id != "" {
			add(way{factor: id, device: "None", option: idp.Option{Label: "security key " + web.Words(keys.Eq(i)), Factor: idp.WebAuthn}})
		}
	}
	return append(first, rest...)
}

func wayOf(factor, device, label string) (way, bool) {
	kinds := map[string]idp.Factor{"Duo Push": idp.Push, "Phone Call": idp.Call, "Passcode": idp.TOTP, "sms": idp.SMS}
	kind, ok := kinds[factor]
	return way{factor: factor, device: device, option: idp.Option{Label: factor + ": " + label, Factor: kind}}, ok
}

// choose has the person choose among the ways.
func choose(ctx context.Context, s *idp.Session, found []way) (way, error) {
	if len(found) == 0 {
		return way{}, s.Refuse(idp.MFAFailed, "", "none of the devices enrolled with Duo can be used without a browser")
	}
	choice := idp.Choice{Title: "How does Duo verify you?"}
	for _, w := range found {
		choice.Options = append(choice.Options, w.option)
	}
	i, err := s.Ask.Choose(ctx, choice)
	if err != nil {
		return way{}, err
	}
	return found[i], nil
}

// chooseFactor takes one of the ways and begins it.
func chooseFactor(ctx context.Context, s *idp.Session) error {
	w, err := choose(ctx, s, ways(s.Page(), s.Key != nil))
	if err != nil {
		return err
	}
	f := promptForm(s.Page())
	s.Notes[sidNote], s.Notes[xsrfNote], s.Notes[factorNote] = f.Value("sid"), f.Value("_xsrf"), w.factor
	fields := url.Values{"factor": {w.factor}, "device": {w.device}}
	if s.Notes[frameNote] != "" {
		fields.Set("dampen_choice", "true")
		s.Notes[deviceNote] = w.device
	} else {
		fields.Set("postAuthDestination", "OIDC_EXIT")
	}
	for _, x := range f.Fields {
		if x.Type == "hidden" && x.Name != "" && x.Name != "factor" && !strings.HasPrefix(x.Name, "phone-") && x.Name != "mobile-otpable" && x.Name != "next-passcode" {
			fields.Set(x.Name, x.Value)
		}
	}
	if w.factor == "Passcode" {
		if err := askPasscode(ctx, s, fields); err != nil {
			return err
		}
	}
	return post(ctx, s, "/frame/prompt", fields)
}

// askPasscode asks for a passcode, which belongs to no device but in the frame.
func askPasscode(ctx context.Context, s *idp.Session, fields url.Values) error {
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.TOTP, Label: "Duo passcode"})
	switch {
	case s.Notes[frameNote] != "":
		fields.Set("device", s.Notes[deviceNote])
	case s.Notes[scriptNote] != "":
		fields.Set("device", "null")
	default:
		fields.Set("device", "None")
	}
	fields.Set("passcode", code)
	return err
}

func post(ctx context.Context, s *idp.Session, path string, fields url.Values) error {
	r, err := request(s, path, fields)
	if err != nil {
		return err
	}
	return s.Visit(ctx, r)
}

// request is what the prompt sends: a form, and where the prompt is a script its token in a header.
func request(s *idp.Session, path string, fields url.Values) (web.Request, error) {
	u, err := s.Page().Resolve(path)
	if err != nil {
		return web.Request{}, s.Unknown("its address cannot be read")
	}
	r := web.PostForm(u.String(), fields)
	if s.Notes[scriptNote] != "" {
		for name, values := range tokenHeader(s.Notes[xsrfNote]) {
			r.Header[name] = values
		}
	}
	return r, nil
}

const (
	pollPause = time.Second
	lifetime  = 90 * time.Second
)

// paths returns where the prompt's requests go.
func paths(s *idp.Session) (p struct{ prompt, status string }) {
	p.prompt, p.status = "/frame/v4/prompt", "/frame/v4/status"
	if s.Notes[frameNote] != "" {
		p.prompt, p.status = "/frame/prompt", "/frame/status"
	}
	return p
}

// await looks until the factor has ended, and goes back to the provider with its word.
func await(ctx context.Context, s *idp.Session) error {
	txid := answer(s.Page()).At("txid").Text()
	var last web.Value
	told, good := false, false
	answered, err := s.Await(ctx, idp.Wait{
		Message: message(s.Notes[factorNote]), Every: pollPause, For: lifetime,
		Check: func(ctx context.Context) (bool, error) {
			r, err := request(s, paths(s).status, url.Values{"txid": {txid}, "sid": {s.Notes[sidNote]}})
			if err != nil {
				return false, err
			}
			page, err := s.Fetch(ctx, r)
			if err != nil {
				return false, err
			}
			last = answer(page)
			if sid := last.At("sid").Text(); sid != "" {
				s.Notes[sidNote] = sid
			}
			if number := last.At("risk_based_factor_selection_data", "step_up_code").Text(); number != "" && !told {
				s.Ask.Tell(ctx, "Type "+number+" in Duo Mobile.")
				told = true
			}
			status := last.At("status_code").Text()
			open, ok := verdict(status, last.At("result").Text())
			good = ok
			return !last.Exists() || !open || status == "webauthn_sent" || status == "sent", nil
		},
	})
	switch {
	case err != nil:
		return err
	case !answered:
		return s.Refuse(idp.MFAFailed, "", "nobody answered Duo in time")
	case good && s.Notes[frameNote] != "":
		return leaveFrame(ctx, s, last)
	case good:
		return exit(ctx, s, txid)
	case last.At("status_code").Text() == "webauthn_sent":
		return sign(ctx, s, last.At("webauthn_credential_request_options"))
	case last.At("status_code").Text() == "sent":
		return passcodeAfterSMS(ctx, s)
	case s.Notes[factorNote] == "Passcode":
		return passcodeAgain(ctx, s)
	}
	return s.Refuse(idp.MFAFailed, "", denial(last))
}

func message(factor string) string {
	switch factor {
	case "Duo Push":
		return "Approve the push in Duo Mobile."
	case "Phone Call":
		return "Answer Duo's call and press a key."
	}
	return ""
}

func denial(last web.Value) string {
	if words := last.At("status").Text(); words != "" {
		return words
	}
	return "Duo refused: " + last.At("status_code").Text()
}

// passcodeAgain asks for another passcode: the question itself ends the sign-in where there is nobody to ask.
func passcodeAgain(ctx context.Context, s *idp.Session) error {
	fields := url.Values{"sid": {s.Notes[sidNote]}, "factor": {"Passcode"}, "postAuthDestination": {"OIDC_EXIT"}}
	if s.Notes[scriptNote] != "" {
		fields.Set("browser_features", features)
	}
	if err := askPasscode(ctx, s, fields); err != nil {
		return err
	}
	return post(ctx, s, paths(s).prompt, fields)
}

func passcodeAfterSMS(ctx context.Context, s *idp.Session) error {
	s.Notes[factorNote] = "Passcode"
	return passcodeAgain(ctx, s)
}

// exit takes Duo's word back to the provider; this device is remembered.
func exit(ctx context.Context, s *idp.Session, txid string) error {
	return post(ctx, s, "/frame/v4/oidc/exit", url.Values{
		"txid": {txid}, "sid": {s.Notes[sidNote]}, "factor": {s.Notes[factorNote]}, "_xsrf": {s.Notes[xsrfNote]}, "device_key": {s.Notes[deviceNote]}, "dampen_choice": {"true"},
	})
}

// sign has the security key answer, and begins the factor anew with that.
func sign(ctx context.Context, s *idp.Session, options web.Value) error {
	if s.Key == nil {
		return s.Refuse(idp.MFAFailed, "", "Duo asks for a security key, and there is none here: choose another factor with --mfa")
	}
	r, err := idp.ReadKeyRequest(options)
	if err != nil {
		return s.Unknown("its challenge for the security key cannot be read")
	}
	signed, err := s.SignChallenge(ctx, r)
	if err != nil {
		return err
	}
	id := web.EncodeBase64(signed.ID)
	data, err := json.Marshal(map[string]any{
		"sessionId": options.At("sessionId").Raw(), "id": id, "rawId": id, "type": "public-key",
		"authenticatorData": web.EncodeBase64(signed.AuthenticatorData),
		"clientDataJSON":    web.EncodeBase64(signed.ClientData),
		"signature":         hex.EncodeToString(signed.Signature),
		"extensionResults":  map[string]any{},
	})
	if err != nil {
		return err
	}
	return post(ctx, s, paths(s).prompt, url.Values{"sid": {s.Notes[sidNote]}, "device": {"webauthn_credential"}, "factor": {"webauthn_finish"}, "response_data": {string(data)}})
}
