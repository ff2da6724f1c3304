package entra

import (
	"context"
	"net/http"
	"net/url"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// call posts JSON to the API; the answer is the next page.
func call(ctx context.Context, s *idp.Session, address string, body any) error {
	u, err := endpoint(s, address)
	if err != nil {
		return err
	}
	return s.Visit(ctx, request(s, u, body))
}

// endpoint resolves an address that the state names.
func endpoint(s *idp.Session, address string) (*url.URL, error) {
	u, err := s.Page().Resolve(address)
	if err != nil || address == "" {
		return nil, s.Unknown("an address of its API cannot be read")
	}
	return u, nil
}

// request is a call of the API, as the page's script makes it.
func request(s *idp.Session, u *url.URL, body any) web.Request {
	r := web.PostJSON(u.String(), body)
	r.Header.Set("Content-Type", "application/json; charset=UTF-8")
	sign(s, r.Header)
	return r
}

// sign adds to a call of the API what only the page knows.
func sign(s *idp.Session, h http.Header) {
	c := kept(s)
	for header, key := range map[string]string{"canary": "apiCanary", "client-request-id": "correlationId", "hpgact": "hpgact", "hpgid": "hpgid", "hpgrequestid": "sessionId"} {
		if value := c.At(key).Text(); value != "" {
			h.Set(header, value)
		}
	}
	h.Set("Referer", s.Notes[placeNote])
}

// post sends a form of the page that was kept.
func post(ctx context.Context, s *idp.Session, address string, fields url.Values) error {
	u, err := endpoint(s, address)
	if err != nil {
		return err
	}
	r := web.PostForm(u.String(), fields)
	if place, err := url.Parse(s.Notes[placeNote]); err == nil && place.Host == u.Host { // another host is not told so much
		r.Header.Set("Referer", place.String())
	}
	return s.Visit(ctx, r)
}
