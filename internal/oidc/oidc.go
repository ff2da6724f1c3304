// Package oidc gets ID tokens of OpenID Connect, and reads tokens that came from elsewhere.
package oidc

import "fmt"

// TokenError says why a token is not handed on: it is no token, has expired, is for somebody else, or cannot be trusted.
type TokenError struct{ Reason string }

// Error says the reason. It holds nothing of the token that anybody could use.
func (e *TokenError) Error() string { return "the token cannot be used: " + e.Reason }

func unusable(format string, args ...any) error { return &TokenError{fmt.Sprintf(format, args...)} }
