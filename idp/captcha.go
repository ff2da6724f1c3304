package idp

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/samlcli/samlcli/idp/web"
)

// Captcha has a person read off the image whose address, as it stands on the current page, is src.
func (s *Session) Captcha(ctx context.Context, src string) (string, error) {
	q := Question{Kind: Captcha, Label: "Type the text that the image shows"}
	if data, inline := strings.CutPrefix(src, "data:"); inline {
		_, encoded, _ := strings.Cut(data, ";base64,")
		q.Image, _ = base64.StdEncoding.DecodeString(encoded) // without an image, the person is told of none
		return s.Ask.Ask(ctx, q)
	}
	address, err := s.Page().Resolve(src)
	if err != nil || src == "" {
		return "", s.Unknown("its captcha has no address")
	}
	q.Detail = address.String()
	image, err := s.Fetch(ctx, web.Request{Method: http.MethodGet, URL: q.Detail})
	if err != nil {
		return "", err
	}
	if image.Status == http.StatusOK {
		q.Image = image.Body
	}
	return s.Ask.Ask(ctx, q)
}
