package main

import (
	"time"

	"github.com/samlcli/samlcli/idp"
)

// usageError is the person's mistake in flags or config.
type usageError struct{ message, hint string }

func (e *usageError) Error() string { return e.message }

// questionError is a question that nothing and nobody answered.
type questionError struct {
	message      string
	step, host   string // where it was asked; may be empty
	lines, hints []string
}

func (e *questionError) Error() string { return e.message }

// Is makes every questionError an idp.ErrNoAnswer.
func (e *questionError) Is(target error) bool { return target == idp.ErrNoAnswer }

// timeLimitError says that --timeout ran out, and what was cut short.
type timeLimitError struct {
	limit time.Duration // 0 where it is not known any more
	step  string        // where err names none
	err   error
}

func (e *timeLimitError) Error() string {
	if e.limit == 0 {
		return "the time limit ran out"
	}
	return "the time limit of " + span(e.limit) + " ran out"
}

func (e *timeLimitError) Unwrap() error { return e.err }

// differsError says that a tape cannot be played: what is sent now is not what was sent then.
type differsError struct {
	message string
	lines   []string
}

func (e *differsError) Error() string { return e.message }

// roleError says that the sign-in offers no role that was asked for.
type roleError struct {
	message, hint string
	lines         []string
}

func (e *roleError) Error() string { return e.message }
