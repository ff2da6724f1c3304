package forms

import (
	"context"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// readCaptchas has a person read the pictures beside a form's fields for them.
func readCaptchas(ctx context.Context, s *idp.Session, f *web.Form) error {
	for _, x := range typed(f) {
		if !looksLikeCaptcha(x) || x.Value != "" {
			continue
		}
		text, err := s.Captcha(ctx, s.Page().Attr(`img[src*=captcha i], img[id*=captcha i], img[alt*=captcha i], img[class*=captcha i], form img`, "src"))
		if err != nil {
			return err
		}
		x.Set(text)
	}
	return nil
}
