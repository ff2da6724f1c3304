package aws

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Longest asks for sessions of these durations in turn, the longest first, and returns the first that STS grants and its
// duration. Only a duration that is too long for the role leads to the next one.
func (e *Exchange) Longest(ctx context.Context, durations []time.Duration) (Credentials, time.Duration, error) {
	return Longest(durations, func(d time.Duration) (Credentials, error) {
		one := *e
		one.Duration = d
		return one.Credentials(ctx)
	})
}

// Longest does the same with any call.
func Longest(durations []time.Duration, ask func(time.Duration) (Credentials, error)) (Credentials, time.Duration, error) {
	var err error
	for _, d := range durations {
		var c Credentials
		if c, err = ask(d); err == nil {
			return c, d, nil
		}
		if !tooLong(err) {
			break
		}
	}
	return Credentials{}, 0, err
}

// tooLong knows the refusal of a DurationSeconds beyond the role's MaxSessionDuration, or beyond what chaining allows:
// STS says ValidationError, and the name of the parameter in its message.
func tooLong(err error) bool {
	var refused *RefusedError
	return errors.As(err, &refused) && refused.Code == "ValidationError" && strings.Contains(strings.ToLower(refused.Message), "durationseconds")
}
