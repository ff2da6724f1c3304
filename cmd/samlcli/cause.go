package main

import (
	"errors"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/saml"
)

// causeError is a refusal of STS, and what is known to be wrong with the response that was sent.
type causeError struct {
	error
	problems []saml.Problem
}

func (e *causeError) Unwrap() error { return e.error }

// explained finds out what in the response made STS refuse it for a role. AWS's clock counts, where its answer says the time.
func (l *responses) explained(r *saml.Response, role string, err error) error {
	var refused *aws.RefusedError
	if !errors.As(err, &refused) {
		return err
	}
	l.mu.Lock()
	now, ahead := l.s.now(), l.s.ahead
	l.mu.Unlock()
	if !refused.At.IsZero() && ahead != 0 {
		ahead -= refused.At.Sub(now)
	}
	if !refused.At.IsZero() {
		now = refused.At
	}
	return &causeError{err, causes(refused, role, r.Problems(now, ahead))}
}

// causes are the problems that may be behind the refusal, told apart by its code and by the role that was asked for.
func causes(refused *aws.RefusedError, role string, problems []saml.Problem) (found []saml.Problem) {
	for _, p := range problems {
		ofTime := p.Code == "expired" || p.Code == "not_yet_valid"
		ofAnother := strings.HasPrefix(p.Code, "role_") && !strings.Contains(p.What, role)
		switch refused.Code {
		case "ExpiredTokenException":
			if ofTime {
				found = append(found, p)
			}
		case "InvalidIdentityToken", "IDPRejectedClaim", "AccessDenied", "ValidationError":
			if !ofAnother && !saysItself(refused.Message) || p.Code == "unsigned" {
				found = append(found, p)
			}
		}
	}
	return found
}

// saysItself reports whether AWS's words name the one cause: whatever else is wrong with the response comes later.
func saysItself(message string) bool {
	return slices.ContainsFunc([]string{"MaxSessionDuration", "signature invalid", "Issuer not present"}, func(words string) bool { return strings.Contains(message, words) })
}

// hints say the causes and what is to be done about them.
func (e *causeError) hints() (hints []string) {
	const enough = 3
	for _, p := range e.problems[:min(enough, len(e.problems))] {
		certainty := "the cause: "
		if p.Doubtful {
			certainty = "perhaps the cause: "
		}
		hints = append(hints, certainty+p.What, p.Fix)
	}
	return hints
}
