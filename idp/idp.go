// Package idp signs in at SAML identity providers: it says what an adapter is and walks a login page by page, whatever
// order the provider chooses, to its SAML response.
package idp

import (
	"context"
	"net/url"

	"github.com/samlcli/samlcli/idp/web"
)

// An Adapter is what is known about one provider: where its walk starts and the steps of its pages.
type Adapter struct {
	Name, Title string    // "okta", "Okta"
	Settings    []Setting // what an account may set for it; flags, configure, checks and docs come from this list

	// Owns reports whether a page is one that only this provider shows: configure names the adapter by it. It may be nil.
	Owns func(*web.Page) bool
	// Claims reports whether an address is one at which only this adapter's Start does: where nobody names an adapter, it is
	// taken. It may be nil.
	Claims func(*url.URL) bool
	// Start opens the first page. Nil opens the account's address.
	Start func(context.Context, *Session) error
	Steps []Step
	// SignOut ends the person's session at the provider where the account's address is: the browser has its cookies. Nil where
	// no way is known.
	SignOut func(ctx context.Context, b *web.Browser, start *url.URL) error

	// Hosts are vendor-wide hosts that may be given a password for this adapter's pages: exact names, never a tenant wildcard.
	Hosts []string
	// Refusal is a selector of the words in which this provider says no.
	Refusal string
	// Generic marks steps that are tried only on pages that suit no other adapter's.
	Generic bool
	// NoAddress says that an account may do without an address: the response comes from elsewhere than from pages.
	NoAddress bool
}

// A Setting is one key that an account may set for an adapter, with --set or in the account's section of the config.
type Setting struct {
	Key, Help, Default string
}

// A Step knows one page of a login.
type Step struct {
	Name string // "okta password", "duo push": appears in errors, -v and tapes
	On   func(*web.Page) bool
	Do   func(context.Context, *Session) error // must leave the browser on another page, or say why not
	// Tries is how often the page may come, at one place, before that means "refused". Zero is once.
	Tries int
}

// An Account is what the person configured about one sign-in.
type Account struct {
	URL      string // where the walk starts
	Username string
	Hosts    []string // that may be given the password, beside the start's host
	Target   string   // an address that the SAML response may be for, beside AWS's own
	MFA      []Factor // in order of preference
	Settings map[string]string
}

// A Factor is a kind of second factor, as `mfa` and --mfa spell it.
type Factor string

// The factors that a person can prefer.
const (
	TOTP     Factor = "totp"
	Push     Factor = "push"
	SMS      Factor = "sms"
	Call     Factor = "call"
	Email    Factor = "email"
	WebAuthn Factor = "webauthn"
	Security Factor = "question"
	Backup   Factor = "backup"
	Token    Factor = "token" // a code of an RSA, VIP or YubiKey token
)

// Factors returns all factors, in the order in which they are documented.
func Factors() []Factor {
	return []Factor{TOTP, Push, SMS, Call, Email, WebAuthn, Security, Backup, Token}
}

// Result is the end of a walk.
type Result struct {
	Response    string // the SAMLResponse field, exactly as received
	Destination string // where the page would have sent it
	RelayState  string
}
