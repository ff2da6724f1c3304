package pingfed

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

const (
	pushPause    = 3 * time.Second
	pushLifetime = 90 * time.Second
)

func isDevices(p *web.Page) bool { return p.Has("form[name=device-form]") && p.Has("li[data-id]") }

// isPush knows the page that waits for the phone; the misspelling is PingID's.
func isPush(p *web.Page) bool { return p.Has("form#form1") && p.Has("form#reponseView") }

// denyKey says that this browser knows no security keys, so that PingID offers something else.
func denyKey(ctx context.Context, s *idp.Session) error {
	return s.Submit(ctx, s.Page().Form("#start-form").Set("isWebAuthnSupportedByBrowser", "false"))
}

// chooseDevice offers the devices by their names; those of one name are told by a number.
func chooseDevice(ctx context.Context, s *idp.Session) error {
	items := s.Page().Find("li[data-id]")
	seen := map[string]int{}
	c := idp.Choice{Title: "Which PingID device?"}
	for i := range items.Length() {
		name := web.Words(items.Eq(i).Find(".device-name"))
		if seen[name]++; seen[name] > 1 {
			name += " " + strconv.Itoa(seen[name])
		}
		c.Options = append(c.Options, idp.Option{Label: name})
	}
	i, err := s.Ask.Choose(ctx, c)
	if err != nil {
		return err
	}
	return s.Submit(ctx, s.Page().Form("[name=device-form]").Set("deviceId", items.Eq(i).AttrOr("data-id", "")))
}

// fillCode sends a code. A cookie of the host has the newer token against forgery, where there is one.
func fillCode(ctx context.Context, s *idp.Session) error {
	f := s.Page().Form("#otp-form")
	code, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Code, Factor: idp.TOTP, Label: "PingID code"})
	if err != nil {
		return err
	}
	if action, err := f.Action(); err == nil && f.Field("csrfToken") != nil {
		if token, ok := s.Cookie(action, ".csrf"); ok {
			f.Set("csrfToken", token)
		}
	}
	return s.Submit(ctx, f.Set("otp", code))
}

// awaitPush asks again and again whether the phone has answered, and takes the answer back; a code instead where that is
// preferred and allowed.
func awaitPush(ctx context.Context, s *idp.Session) error {
	p := s.Page()
	if address := p.Attr("#useCodeUrl", "value"); s.Prefers(idp.Push) && address != "" && p.Attr("#isUseCodeAllowed", "value") != "false" {
		return s.Open(ctx, address)
	}
	status, err := pushStatus(ctx, s)
	if err != nil {
		return err
	}
	switch status {
	case "OK":
	case "DEVICE_CLAIM_TIMEOUT", "TIMEOUT", "ASYNC_AUTH_WAIT":
		return s.Refuse(idp.MFAFailed, "", "nobody answered PingID in time")
	default:
		return s.Refuse(idp.MFAFailed, "", "PingID says that the sign-in was denied: "+status)
	}
	return s.Submit(ctx, p.Form("#reponseView").Set("status", status))
}

func pushStatus(ctx context.Context, s *idp.Session) (status string, err error) {
	p := s.Page()
	f := p.Form("#form1")
	u, err := f.Action()
	if err != nil {
		return "", s.Unknown("its address cannot be read")
	}
	query := u.Query()
	query.Set("csrfToken", f.Value("csrfToken"))
	u.RawQuery = query.Encode()
	message := "Answer PingID on your device."
	if number := p.Text("div.numbermatching, .numbermatching"); number != "" {
		message = "Choose " + number + " in PingID."
	}
	status = "ASYNC_AUTH_WAIT"
	_, err = s.Await(ctx, idp.Wait{
		Message: message, Every: pushPause, For: pushLifetime,
		Check: func(ctx context.Context) (bool, error) {
			answer, err := s.Fetch(ctx, web.Request{Method: http.MethodGet, URL: u.String(), Header: http.Header{"Accept": {"application/json"}}})
			if err != nil {
				return false, err
			}
			status = answer.JSON().At("status").Text()
			return status != "ASYNC_AUTH_WAIT", nil
		},
	})
	return status, err
}
