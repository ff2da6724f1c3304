package idp

import (
	"fmt"
	"strings"
)

// The kinds of refusals.
const (
	BadCredentials  = "bad_credentials"
	MFAFailed       = "mfa_failed"
	Locked          = "locked"
	PasswordExpired = "password_expired"
	NotAssigned     = "not_assigned"
	Blocked         = "blocked"
	CaptchaRefused  = "captcha"
)

// RefusedError says that the provider said no.
type RefusedError struct {
	Step    string // the step whose page it was; may be empty
	Kind    string // one of the kinds above
	Host    string
	Message string // the provider's own words as one safe line, or ours where it has none
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s refused the sign-in: %s", e.Host, e.Message)
}

// UnknownPageError describes a page that no step knows, without any value that was on it.
type UnknownPageError struct {
	Status     int // 0 where there was no answer
	Host, Path string
	Title      string
	Forms      []string // "login(user, password)": names of forms and fields
	Reason     string   // why it looks as if it could not be walked
}

func (e *UnknownPageError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "page not understood: %s%s", e.Host, e.Path)
	var about []string
	if e.Status != 0 && e.Status != 200 {
		about = append(about, fmt.Sprintf("status %d", e.Status))
	}
	if e.Title != "" {
		about = append(about, fmt.Sprintf("%q", e.Title))
	}
	if len(about) > 0 {
		fmt.Fprintf(&b, " (%s)", strings.Join(about, ", "))
	}
	fmt.Fprintf(&b, ": %s", e.Reason)
	if len(e.Forms) > 0 {
		fmt.Fprintf(&b, "; forms: %s", strings.Join(e.Forms, ", "))
	}
	return b.String()
}

// StepError wraps what went wrong while a step was at work: it names the step for messages about time limits.
type StepError struct {
	Step string
	Err  error
}

func (e *StepError) Error() string { return fmt.Sprintf("%s: %v", e.Step, e.Err) }
func (e *StepError) Unwrap() error { return e.Err }

// SettingError says that the account lacks a setting without which its adapter cannot start.
type SettingError struct{ Adapter, Key string }

func (e *SettingError) Error() string {
	return fmt.Sprintf("the adapter %q needs the setting %s", e.Adapter, e.Key)
}
