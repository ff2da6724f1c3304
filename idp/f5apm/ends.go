package f5apm

import (
	"cmp"
	"context"
	"strings"
	"unicode"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

func isWebtop(p *web.Page) bool { return strings.HasPrefix(p.Path(), "/vdesk/webtop.eui") }

// isInspection knows pages that wait for F5's own client.
func isInspection(p *web.Page) bool {
	if p.Form(logonForm) != nil || isWebtop(p) || leaves(p) {
		return false
	}
	return p.Has("script[src*='inspect'], #inspectionHostDIV") || strings.HasPrefix(p.Path(), "/my.report.na") ||
		strings.HasPrefix(p.Path(), "/vdesk/") || isPolicy(p) && (p.Has("object, embed, applet") || strings.Contains(p.Find("script").Text(), "externalWebHost"))
}

func isPolicy(p *web.Page) bool { return p.Path() == "/my.policy" }

func leaves(p *web.Page) bool {
	return strings.HasPrefix(p.Path(), "/my.logout.php3") || strings.HasPrefix(p.Path(), "/vdesk/hangup.php3")
}

// isDenied knows where the policy ends: it says so, and offers no way on.
func isDenied(p *web.Page) bool {
	return leaves(p) || isPolicy(p) && len(p.Forms()) == 0 && !isInspection(p) &&
		(p.Has("#sessionDIV, .sessionId") || sessionNumber(p) != "" || !p.Has("script, meta[http-equiv], iframe"))
}

// sessionNumber returns the eight hexadecimal digits by which an administrator finds the session.
func sessionNumber(p *web.Page) string {
	for _, word := range strings.FieldsFunc(p.Text("body"), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if len(word) == 8 && strings.Trim(word, "0123456789abcdefABCDEF") == "" && strings.ContainsAny(word, "0123456789") {
			return word
		}
	}
	return ""
}

// openResource goes on from the portal to the SAML resource.
func openResource(ctx context.Context, s *idp.Session) error {
	if s.Notes["f5apm resource"] != "" {
		return s.Refuse(idp.NotAssigned, "", "the portal shows itself instead of the SAML resource: it is not assigned, or has another id")
	}
	s.Notes["f5apm resource"] = "opened"
	return s.Open(ctx, resource(s))
}

func refuseOldPassword(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.PasswordExpired, header, "a new password is wanted")
}

func refuseInspection(_ context.Context, s *idp.Session) error {
	return s.Unknown("it wants to inspect this machine, which only F5's own client can do")
}

// refuseDenied names what an administrator finds the refusal by: the error's or the session's number.
func refuseDenied(_ context.Context, s *idp.Session) error {
	p := s.Page()
	message := p.Text("body")
	if code := p.URL.Query().Get("errorcode"); code != "" {
		message = "the access policy ended the session with error " + code + reference(p)
	} else if len(message) > 300 {
		message = p.Text("#sessionDIV, .sessionId, #main_table_info_cell, h1, h2") + reference(p)
	}
	return s.Refuse(idp.Blocked, "", cmp.Or(message, "the access policy ended the session"))
}

func reference(p *web.Page) string {
	if number := sessionNumber(p); number != "" {
		return ", session reference " + number
	}
	return ""
}
