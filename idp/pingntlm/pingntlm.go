// Package pingntlm signs in where a server knows people by NTLM alone: PingFederate's integrated Windows authentication, most
// likely. What comes behind it is known to package pingfed.
package pingntlm

import (
	"context"
	"net/url"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// New returns the adapter.
func New() idp.Adapter {
	return idp.Adapter{
		Name: "pingntlm", Title: "PingFederate behind NTLM",
		Settings: []idp.Setting{{Key: "partner", Help: "identifier of AWS as a partner, where the address is the host alone", Default: idp.AWSIssuer}},
		Start:    start,
		Steps:    []idp.Step{{Name: "ntlm", On: wants, Do: func(ctx context.Context, s *idp.Session) error { return s.NTLM(ctx) }, Tries: 3}},
	}
}

func start(ctx context.Context, s *idp.Session) error {
	return s.OpenAddress(ctx, "/idp/startSSO.ping", url.Values{"PartnerSpId": {s.Setting("partner")}})
}

// wants knows a page that offers NTLM and nothing to fill in or to load instead. AD FS's own are known to its adapter, and what only
// offers Negotiate, with a form to pass it by, to that form's.
func wants(p *web.Page) bool {
	return idp.WantsNTLM(p) && !strings.HasPrefix(strings.ToLower(p.Path()), "/adfs/") && len(p.Forms()) == 0 && !p.Has("script")
}
