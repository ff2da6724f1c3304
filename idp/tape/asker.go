package tape

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
)

// What a tape may want that is the end of the person's patience.
const (
	timedOut    = "timed out"
	interrupted = "interrupted"
)

// An Asker is an idp.Asker that gives the answers of a tape's head in turn, one a question, and keeps what it is told.
// Where the tape has no answer left it returns idp.ErrNoAnswer, or the end of the context that the tape wants.
type Asker struct {
	answers map[string][]string
	told    []string
	end     error
}

// NewAsker returns the asker of a tape.
func NewAsker(t *Tape) *Asker {
	a := &Asker{answers: map[string][]string{}, end: cmp.Or(t.end(), idp.ErrNoAnswer)}
	for _, line := range t.Head {
		a.answers[line.Key] = append(a.answers[line.Key], line.Value)
	}
	return a
}

// Ask returns the tape's next answer to a question of that kind.
func (a *Asker) Ask(_ context.Context, q idp.Question) (string, error) { return a.take(string(q.Kind)) }

// Choose returns the option with the label that the tape chooses next.
func (a *Asker) Choose(_ context.Context, c idp.Choice) (int, error) {
	label, err := a.take("choose")
	if err != nil {
		return 0, err
	}
	index := slices.IndexFunc(c.Options, func(o idp.Option) bool { return strings.TrimSpace(o.Label) == label })
	if index < 0 {
		return 0, fmt.Errorf("the tape chooses %q, which is not among %q", label, labels(c.Options))
	}
	return index, nil
}

// Tell keeps the message.
func (a *Asker) Tell(_ context.Context, message string) { a.told = append(a.told, message) }

// Told returns every message so far.
func (a *Asker) Told() []string { return slices.Clone(a.told) }

func (a *Asker) take(key string) (string, error) {
	left := a.answers[key]
	if len(left) == 0 {
		return "", a.end
	}
	a.answers[key] = left[1:]
	return left[0], nil
}

func labels(options []idp.Option) []string {
	var all []string
	for _, o := range options {
		all = append(all, o.Label)
	}
	return all
}

// Outcome says how a sign-in ended, in the words of a tape's `want:` line.
func Outcome(err error) string {
	var (
		refused     *idp.RefusedError
		unknown     *idp.UnknownPageError
		unreachable *web.UnreachableError
	)
	switch {
	case err == nil:
		return "signed in"
	case errors.As(err, &refused):
		return "refused " + refused.Kind + ": " + refused.Message
	case errors.As(err, &unknown):
		return "unknown page: " + unknown.Reason
	case errors.Is(err, idp.ErrNoAnswer):
		return "no answer"
	case errors.As(err, &unreachable):
		return "unreachable"
	case errors.Is(err, context.DeadlineExceeded):
		return timedOut
	case errors.Is(err, context.Canceled):
		return interrupted
	}
	return "error: " + err.Error()
}
