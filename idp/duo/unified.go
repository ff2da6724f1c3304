package duo

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// The prompt of 2026 is an application, which asks an API below /prompt/AKEY.

const (
	baseNote  = "duo base"
	keyNote   = "duo authkey"
	pageNote  = "duo page"
	groupNote = "duo group"
	backNote  = "duo way back"
	features  = `{"touch_supported":false,"platform_authenticator_status":"unavailable","webauthn_supported":true,"screen_resolution_height":1080,` +
		`"screen_resolution_width":1920,"screen_color_depth":24,"is_uvpa_available":false,"client_capabilities_uvpa":false}`
)

// openApplication introduces itself as the application does, and asks for the factors.
func openApplication(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	base, err := p.Resolve("/prompt/" + url.PathEscape(p.Attr("[data-akey]", "data-akey")))
	if err != nil {
		return s.Unknown("its address cannot be read")
	}
	s.Notes[baseNote], s.Notes[keyNote], s.Notes[pageNote] = base.String(), p.Attr("[data-authkey]", "data-authkey"), p.URL.String()
	if s.Notes[groupNote] = p.Attr("[data-req-trace-group]", "data-req-trace-group"); s.Notes[groupNote] == "" {
		s.Notes[groupNote] = p.URL.Query().Get("req_trace_group")
	}
	if _, err := s.Fetch(ctx, get(s, "/pre_authn/initialization", url.Values{"is_ipad": {"false"}})); err != nil {
		return err
	}
	page, err := s.Fetch(ctx, get(s, "/pre_authn/evaluation", url.Values{"browser_features": {features}, "local_trust_choice": {"undecided"}}))
	if err != nil {
		return err
	}
	if v := answer(page); v.At("result", "status").Text() == "success" || v.At("auth_result", "authn_evaluation", "is_allowed").Text() == "true" { // this device is remembered
		return s.Visit(ctx, get(s, "/auth/finalize_auth", url.Values{}))
	}
	return s.Visit(ctx, get(s, "/auth/payload", url.Values{"browser_features": {features}}))
}

// get is a request to the API; every one names the transaction.
func get(s *idp.Session, path string, query url.Values) web.Request {
	query.Set("authkey", s.Notes[keyNote])
	return web.Request{Method: http.MethodGet, URL: s.Notes[baseNote] + path + "?" + query.Encode(), Header: header(s)}
}

func header(s *idp.Session) http.Header {
	h := http.Header{"Accept": {"application/json"}, "X-Requested-With": {"XMLHttpRequest"}}
	h.Set("X-Duo-Req-Trace-Group", s.Notes[groupNote])
	h.Set("Referer", s.Notes[pageNote])
	return h
}

// call posts to the API.
func call(ctx context.Context, s *idp.Session, path string, body map[string]any) (*web.Page, error) {
	body["authkey"] = s.Notes[keyNote]
	r := web.PostJSON(s.Notes[baseNote]+path, body)
	for name, values := range header(s) {
		r.Header[name] = values
	}
	return s.Fetch(ctx, r)
}

// send is a call that must be answered well.
func send(ctx context.Context, s *idp.Session, path string, body map[string]any) (web.Value, error) {
	page, err := call(ctx, s, path, body)
	if err != nil {
		return web.Value{}, err
	}
	v := answer(page)
	if !v.Exists() {
		return v, s.Refuse(idp.MFAFailed, "", orElse(page.JSON().At("message").Text(), "Duo refuses the factor"))
	}
	return v, nil
}

func orElse(text, otherwise string) string {
	if text != "" {
		return text
	}
	return otherwise
}

// chooseUnified takes one of the factors, carries it out, and asks for the way back.
func chooseUnified(ctx context.Context, s *idp.Session) error {
	kinds := map[string]idp.Factor{"push": idp.Push, "phone_call": idp.Call, "mobile_otp": idp.TOTP, "passkey": idp.WebAuthn, "security_key": idp.WebAuthn}
	choice := idp.Choice{Title: "How does Duo verify you?"}
	var factors []web.Value
	for _, f := range answer(s.Page()).At("auth_factors_context", "available_unified_auth_factors", "factors").List() {
		kind := kinds[f.At("factor_type").Text()]
		if kind == "" || kind == idp.WebAuthn && s.Key == nil {
			continue
		}
		d := deviceOf(f)
		factors = append(factors, f)
		choice.Options = append(choice.Options, idp.Option{Label: orElse(d.At("name").Text(), string(kind)) + " " + d.At("end_of_number").Text(), Factor: kind})
	}
	if len(factors) == 0 {
		return s.Refuse(idp.MFAFailed, "", "none of the devices enrolled with Duo can be used without a browser")
	}
	i, err := s.Ask.Choose(ctx, choice)
	if err != nil {
		return err
	}
	key := deviceOf(factors[i]).At("pkey").Text()
	switch choice.Options[i].Factor {
	case idp.Push:
		err = unifiedPush(ctx, s, key)
	case idp.Call:
		err = unifiedCall(ctx, s, key)
	case idp.TOTP:
		err = unifiedCode(ctx, s)
	default:
		err = unifiedKey(ctx, s)
	}
	if err != nil {
		return err
	}
	if _, err := call(ctx, s, "/auth/remember_me", map[string]any{"remember_me": true}); err != nil { // whatever it answers
		return err
	}
	if s.Notes[backNote] != "" {
		return s.Open(ctx, s.Notes[backNote])
	}
	return s.Visit(ctx, get(s, "/auth/finalize_auth", url.Values{}))
}

func deviceOf(f web.Value) web.Value {
	for _, key := range []string{"device_info", "phone_info"} {
		if d := f.At(key); d.Exists() {
			return d
		}
	}
	return f
}

func unifiedPush(ctx context.Context, s *idp.Session, key string) error {
	begun, err := send(ctx, s, "/auth/factors/push/auth", map[string]any{"pkey": key})
	if err != nil {
		return err
	}
	message := "Approve the push in Duo Mobile."
	if number := begun.At("step_up_code").Text(); number != "" {
		message = "Type " + number + " in Duo Mobile."
	}
	return unifiedWait(ctx, s, message, func() web.Request {
		return get(s, "/auth/factors/push/status", url.Values{"push_txid": {begun.At("push_txid").Text()}, "saw_good_news": {"false"}})
	})
}

func unifiedCall(ctx context.Context, s *idp.Session, key string) error {
	begun, err := send(ctx, s, "/auth/factors/phone_call", map[string]any{"pkey": key})
	if err != nil {
		return err
	}
	return unifiedWait(ctx, s, "Answer Duo's call and press a key.", func() web.Request {
		return get(s, "/auth/factors/phone_call/poll", url.Values{"txid": {begun.At("txid").Text()}})
	})
}

// unifiedWait looks until the factor has ended.
func unifiedWait(ctx context.Context, s *idp.Session, message string, look func() web.Request) error {
	good, words := false, ""
	answered, err := s.Await(ctx, idp.Wait{
		Message: message, Every: pollPause, For: lifetime,
		Check: func(ctx context.Context) (bool, error) {
			page, err := s.Fetch(ctx, look())
			if err != nil {
				return false, err
			}
			last := answer(page)
			result := last.At("result")
			status := orElse(result.At("status_code").Text(), last.At("status_code").Text())
			open, ok := verdict(status, orElse(result.Text(), result.At("result").Text()))
			if address := orElse(result.At("result_url").Text(), last.At("result_url").Text()); ok && address != "" {
				s.Notes[backNote] = address
			}
			good, words = ok, orElse(result.At("status").Text(), status)
			return !last.Exists() || !open, nil
		},
	})
	switch {
	case err != nil:
		return err
	case !answered:
		return s.Refuse(idp.MFAFailed, "", "nobody answered Duo in time")
	case !good:
		return s.Refuse(idp.MFAFailed, "", "Duo refused: "+orElse(words, "no reason is given"))
	}
	return nil
}

// unifiedCode asks for a passcode, and for another one where Duo does not take it.
func unifiedCode(ctx context.Context, s *idp.Session) error {
	for refused := ""; ; {
		code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.TOTP, Label: "Duo passcode", Refused: refused})
		if err != nil {
			return err
		}
		page, err := call(ctx, s, "/auth/factors/mobile_otp", map[string]any{"mobile_otp": code})
		if err != nil || answer(page).Exists() || page.JSON().At("stat").Text() == "OK" {
			return err
		}
		refused = orElse(page.JSON().At("message").Text(), "the passcode was not accepted")
	}
}

func unifiedKey(ctx context.Context, s *idp.Session) error {
	page, err := s.Fetch(ctx, get(s, "/auth/factors/passkey/initialization", url.Values{"browser_features": {features}, "auth_method_type": {"cross_platform"}}))
	if err != nil {
		return err
	}
	begun := answer(page)
	r, err := idp.ReadKeyRequest(begun.At("credential_request_options"))
	if err != nil {
		return s.Unknown("its challenge for the security key cannot be read")
	}
	signed, err := s.SignChallenge(ctx, r)
	if err != nil {
		return err
	}
	_, err = send(ctx, s, "/auth/factors/passkey", map[string]any{
		"auth_method_type": "cross_platform", "session_id": begun.At("session_id").Raw(), "saw_good_news": false,
		"result": map[string]any{"public_key_credential": map[string]any{
			"id": web.EncodeBase64(signed.ID), "type": "public-key", "authenticatorAttachment": "cross-platform", "extensionResults": json.RawMessage("{}"),
			"response": map[string]string{
				"authenticatorData": base64.StdEncoding.EncodeToString(signed.AuthenticatorData),
				"clientDataJSON":    base64.StdEncoding.EncodeToString(signed.ClientData),
				"signature":         base64.StdEncoding.EncodeToString(signed.Signature),
			},
		}},
	})
	return err
}

// finish follows the way back to the provider.
func finish(ctx context.Context, s *idp.Session) error {
	address := answer(s.Page()).At("url").Text()
	if address == "" {
		return s.Unknown("Duo names no way back to the provider")
	}
	return s.Open(ctx, address)
}
