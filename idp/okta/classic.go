package okta

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// A transaction is an answer of Classic's authentication API.
type transaction struct {
	Status, StateToken, SessionToken, FactorResult string
	ErrorCode, ErrorSummary                        string
	ErrorCauses                                    []struct{ ErrorSummary string }
	Embedded                                       struct {
		DeviceActivationStatus string // of a sign-in for another device
		Factors                []factor
		Factor                 factor
		Policy                 struct {
			AllowRememberDevice bool
			Expiration          struct{ PasswordExpireDays int }
		}
	} `json:"_embedded"`
	Links map[string]any `json:"_links"`
}

func read(p *web.Page) transaction {
	var t transaction
	if strings.HasPrefix(p.Path(), "/api/v1/") {
		p.Decode(&t)
	}
	return t
}

// link returns the address of a link, or of the first of several.
func (t transaction) link(name string) string {
	links := web.ValueOf(t.Links[name])
	if several := links.List(); len(several) > 0 {
		links = several[0]
	}
	return links.At("href").Text()
}

// status returns the status of an answer of Classic; "" of any other page.
func status(p *web.Page) string {
	t := read(p)
	if activation := t.Embedded.DeviceActivationStatus; activation != "" {
		return activation
	}
	if t.StateToken != "" || t.SessionToken != "" || t.Links != nil || t.Status == "LOCKED_OUT" {
		return t.Status
	}
	return ""
}

func is(statuses ...string) func(*web.Page) bool {
	return func(p *web.Page) bool { return slices.Contains(statuses, status(p)) && !isFrame(p) }
}

// isFrame knows the answer that Duo's pages take up.
func isFrame(p *web.Page) bool {
	return p.JSON().At("_embedded", "factor", "_embedded", "verification", "signature").Exists()
}

// isFrameDone knows the place to which Duo's word was brought.
func isFrameDone(p *web.Page) bool {
	return strings.HasSuffix(p.Path(), "/lifecycle/duoCallback") && status(p) == "" && p.Status < 400
}

// afterFrame looks what Okta says to Duo's word.
func afterFrame(ctx context.Context, s *idp.Session) error { return verify(ctx, s, "", "") }

func isOther(p *web.Page) bool {
	return status(p) != "" && !isFrame(p) && !is("UNAUTHENTICATED", "MFA_REQUIRED", "MFA_CHALLENGE", "MFA_ENROLL", "MFA_ENROLL_ACTIVATE", "PASSWORD_WARN",
		"PASSWORD_EXPIRED", "PASSWORD_RESET", "LOCKED_OUT", "SUCCESS")(p)
}

func failed(code string) func(*web.Page) bool {
	return func(p *web.Page) bool { return read(p).ErrorCode == code }
}

func isOtherError(p *web.Page) bool {
	code := read(p).ErrorCode
	return strings.HasPrefix(code, "E0") && !slices.Contains([]string{"E0000004", "E0000068", "E0000011"}, code)
}

// askPassword sends user name and password. Whoever signs in elsewhere is taken there.
func askPassword(ctx context.Context, s *idp.Session) error {
	name, err := s.Username(ctx)
	if err != nil {
		return err
	}
	if !s.Given() {
		address, err := elsewhere(ctx, s, name)
		if err != nil {
			return err
		}
		if address != "" {
			return s.Open(ctx, address)
		}
	}
	password, err := s.Ask.Ask(ctx, idp.Question{Kind: idp.Password})
	if err != nil {
		return err
	}
	body := map[string]any{"username": name, "password": password}
	t := read(s.Page())
	if token := cmp.Or(t.StateToken, s.Notes[stateNote]); token != "" {
		body["stateToken"], s.Notes[stateNote] = token, token
	} else {
		body["options"] = map[string]any{"multiOptionalFactorEnroll": false, "warnBeforePasswordExpired": true}
	}
	return post(ctx, s, cmp.Or(t.link("next"), "/api/v1/authn"), body)
}

// finish goes on with the session: to where a step-up came from, or to the app with the token that is good once.
func finish(ctx context.Context, s *idp.Session) error {
	t := read(s.Page())
	if t.SessionToken == "" {
		if next := t.link("next"); next != "" {
			return s.Open(ctx, next)
		}
		return s.Open(ctx, s.Notes[appAddress])
	}
	u, err := s.Page().Resolve("/login/sessionCookieRedirect")
	if err != nil {
		return err
	}
	query := u.Query()
	query.Set("checkAccountSetupComplete", "true")
	query.Set("token", t.SessionToken)
	query.Set("redirectUrl", cmp.Or(s.Notes[appAddress], s.Account.URL))
	u.RawQuery = query.Encode()
	return s.Open(ctx, u.String())
}

// skip passes what Okta would like and does not insist on.
func skip(kind, message string) func(context.Context, *idp.Session) error {
	return func(ctx context.Context, s *idp.Session) error {
		t := read(s.Page())
		address := t.link("skip")
		if address == "" {
			return s.Refuse(kind, "", message)
		}
		if days := t.Embedded.Policy.Expiration.PasswordExpireDays; t.Status == "PASSWORD_WARN" {
			s.Ask.Tell(ctx, fmt.Sprintf("Okta says that the password expires in %d days", days))
		}
		return post(ctx, s, address, map[string]any{"stateToken": t.StateToken})
	}
}

func refuse(kind, message string) func(context.Context, *idp.Session) error {
	return func(_ context.Context, s *idp.Session) error { return s.Refuse(kind, "", message) }
}

func refuseState(_ context.Context, s *idp.Session) error {
	return s.Refuse(idp.Blocked, "", "Okta wants something that only a browser can do: "+status(s.Page()))
}

func refuseError(_ context.Context, s *idp.Session) error {
	t := read(s.Page())
	kind := idp.Blocked
	switch t.ErrorCode {
	case "E0000069", "E0000109", "E0000113":
		kind = idp.MFAFailed
	case "E0000119":
		kind = idp.Locked
	}
	return s.Refuse(kind, "", cmp.Or(t.reason(), "Okta answers with error "+t.ErrorCode))
}

func (t transaction) reason() string {
	for _, cause := range t.ErrorCauses {
		if cause.ErrorSummary != "" {
			return cause.ErrorSummary
		}
	}
	return t.ErrorSummary
}
