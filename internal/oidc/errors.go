package oidc

import (
	"fmt"

	"github.com/samlcli/samlcli/internal/plain"
)

// TokenError says why a token is not handed on: it is no token, has expired, is for somebody else, or cannot be trusted.
type TokenError struct{ Reason string }

// Error says the reason. It holds nothing of the token that anybody could use.
func (e *TokenError) Error() string { return "the token cannot be used: " + e.Reason }

func unusable(format string, args ...any) error { return &TokenError{fmt.Sprintf(format, args...)} }

// RefusedError is a provider's no.
type RefusedError struct {
	Host    string
	Code    string // of RFC 6749 and its kin: access_denied, invalid_grant
	Message string // the provider's own words; may be empty
}

// Error says what the provider said.
func (e *RefusedError) Error() string {
	said := plain.Short(e.Code, 100)
	if e.Message != "" {
		said = fmt.Sprintf("%s (%s)", plain.Short(e.Message, 300), said)
	}
	return fmt.Sprintf("%s refused the sign-in: %s", e.Host, said)
}

// AnswerError says that a provider's answer is not understood.
type AnswerError struct{ Host, Reason string }

// Error says what is odd about it.
func (e *AnswerError) Error() string { return e.Host + " " + e.Reason }

// UnreachableError says that no answer of a provider came through.
type UnreachableError struct {
	Host string
	Err  error
}

// Error names the host and the reason.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("reaching %s: %s", e.Host, plain.Short(e.Err.Error(), 300))
}

// Unwrap returns the reason.
func (e *UnreachableError) Unwrap() error { return e.Err }
