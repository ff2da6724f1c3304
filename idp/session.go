package idp

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/plain"
)

// A Session is one walk: the browser, the account, and who answers. SignIn makes its Ask one that guards secrets.
type Session struct {
	*web.Browser
	Account Account
	Ask     Asker
	Key     SecurityKey // nil where there is none
	Now     func() time.Time
	// Command runs the account's own program and returns the SAML response that it prints, as base64.
	Command func(context.Context) (string, error)
	// Trace, if set, hears the name of every step before it is taken; "relay" and "start again" are the engine's own.
	Trace func(step string, page *web.Page)

	// Notes is what steps remember for the length of the walk; SignIn makes it.
	Notes map[string]string

	walk   *walk
	chosen Factor
	result *Result
}

// Username returns the account's user name, or asks for it once.
func (s *Session) Username(ctx context.Context) (string, error) {
	if s.Account.Username != "" {
		return s.Account.Username, nil
	}
	name, err := s.Ask.Ask(ctx, Question{Kind: Username})
	if err == nil {
		s.Account.Username = name
	}
	return name, err
}

// Setting returns what the account sets for a key of the adapter whose page it is, else the setting's default.
func (s *Session) Setting(key string) string {
	if value, ok := s.Account.Settings[key]; ok {
		return value
	}
	for _, setting := range s.walk.adapter.Settings {
		if setting.Key == key {
			return setting.Default
		}
	}
	return ""
}

// Prefers reports whether the account's first choice of factor is another one than this, and has not been put to the
// provider yet: time to look for "another way".
func (s *Session) Prefers(other Factor) bool {
	mfa := s.Account.MFA
	return s.chosen == "" && len(mfa) > 0 && !slices.Contains(mfa[:1], other)
}

// OpenAddress opens the account's address; a host alone is completed with where the provider's sign-ins for AWS start.
func (s *Session) OpenAddress(ctx context.Context, path string, query url.Values) error {
	u, err := web.Resolve(nil, s.Account.URL)
	if err != nil || strings.Trim(u.Path, "/") != "" {
		return s.Open(ctx, s.Account.URL)
	}
	u.Path, u.RawQuery = path, query.Encode()
	return s.Open(ctx, u.String())
}

// StartAgain opens the account's address again with the cookies that there are. The second time it is an error: the
// page leads nowhere.
func (s *Session) StartAgain(ctx context.Context) error {
	if s.walk.restarted {
		return s.walk.unknown("it leads nowhere, even from the start address")
	}
	return s.walk.startAgain(ctx)
}

// Given reports whether a secret was handed out in this walk: a page behind it is not the first of the login.
func (s *Session) Given() bool { return s.walk.last != "" }

// Refuse returns the refusal in the current page's own words, which the selector finds; message, perhaps of an answer that
// is no HTML, stands in where it finds none.
func (s *Session) Refuse(kind, selector, message string) error {
	if s.Page() != nil && s.Page().Text(selector) != "" {
		message = s.Page().Text(selector)
	}
	return &RefusedError{Step: s.walk.step, Kind: kind, Host: s.walk.host(), Message: plain.Short(message, 300)}
}

// Unknown returns the error for a page that a step recognises but cannot walk.
func (s *Session) Unknown(reason string) error { return s.walk.unknown(plain.Short(reason, 300)) }

// Finish ends the walk with a response that was found elsewhere than on a page.
func (s *Session) Finish(r Result) { s.result = &r }
