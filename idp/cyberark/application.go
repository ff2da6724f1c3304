package cyberark

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// openApplication clicks the application, which answers with the form for AWS.
func openApplication(ctx context.Context, s *idp.Session) error {
	s.Notes[doneNote] = "yes"
	u, _ := web.Resolve(nil, s.Account.URL) // start has read it
	body := map[string]any{}
	if c := s.Notes[elevatedNote]; c != "" {
		body["ChallengeStateId"] = c
	}
	r := request(s, "/uprest/handleAppClick?"+url.Values{"appkey": {cmp.Or(s.Setting("app_key"), appKey(u))}}.Encode(), body)
	if c := s.Notes[elevatedNote]; c != "" {
		r.Header.Set("X-CFY-CHALLENGEID", c)
	}
	return s.Visit(ctx, r)
}

// wantsMore knows where the application sends those who must prove more than they have.
func wantsMore(p *web.Page) bool {
	q := p.URL.Query()
	return q.Get("elevate") != "" && q.Get("challengeId") != "" && !p.Has("[name=SAMLResponse]")
}

// stepUp asks for the challenges of the application.
func stepUp(ctx context.Context, s *idp.Session) error {
	q := s.Page().URL.Query()
	s.Notes[elevatedNote] = q.Get("challengeId")
	return send(ctx, s, "/security/startchallenge", map[string]any{"Version": "1.0", "elevate": q.Get("elevate"), "ChallengeStateId": q.Get("challengeId")})
}

func isRefusedApp(p *web.Page) bool {
	return api(p, appClickPath) && !p.Has("[name=SAMLResponse]") && !wantsMore(p)
}

// refuseApp names the applications that there are: mostly the key is another one.
func refuseApp(ctx context.Context, s *idp.Session) error {
	words := "the application is not assigned, or its key is another one"
	page, err := s.Fetch(ctx, request(s, "/uprest/getupdata", map[string]any{}))
	if err != nil {
		return err
	}
	var names []string
	for _, app := range get(result(page), "Apps").List() {
		if name := get(app, "DisplayName").Text(); name != "" {
			names = append(names, name+" ("+get(app, "AppKey").Text()+")")
		}
	}
	if len(names) > 0 {
		words += "; there are " + strings.Join(names[:min(len(names), 10)], ", ")
	}
	return s.Refuse(idp.NotAssigned, "", words)
}
