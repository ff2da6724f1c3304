package idp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/samlcli/samlcli/internal/plain"
)

// An Asker answers what a login asks: from flags, commands, a keyring, or a person.
type Asker interface {
	// Ask returns the answer to one question, or ErrNoAnswer.
	Ask(context.Context, Question) (string, error)
	// Choose returns the index of the option taken, or ErrNoAnswer.
	Choose(context.Context, Choice) (int, error)
	// Tell shows one line: "Choose 42 in the app."
	Tell(ctx context.Context, message string)
}

// Kind is what a question is about.
type Kind string

// The kinds of questions.
const (
	Username Kind = "username"
	Password Kind = "password"
	Code     Kind = "code"
	Answer   Kind = "answer" // to a security question
	Captcha  Kind = "captcha"
	Response Kind = "response" // a SAML response, which the person has from elsewhere
)

// elsewhere is what is asked where nothing is typed: a choice of factor, a push, a key.
const elsewhere Kind = "elsewhere"

// secret reports whether the answer is for agreed hosts only.
func (k Kind) secret() bool { return k == Password || k == Code || k == Answer }

// A Question is asked when a page needs an answer that only the person can give.
type Question struct {
	Kind   Kind
	Factor Factor // of a Code
	Host   string // who asks
	Label  string // what the page calls it, as one safe line; may be empty
	Detail string // a captcha's address; may be empty
	// Optional marks a field that the page may take empty: an empty answer, and ErrNoAnswer, leave it so.
	Optional bool
	Image    []byte // a captcha's image; may be empty

	// Attempt counts from 1. From 2 on the answer before was refused, in the words of Refused: a stored answer is used up.
	// A step gives the words where the page is none that has them in elements.
	Attempt int
	Refused string
}

// A Choice is asked when a page offers several ways.
type Choice struct {
	Title   string
	Host    string
	Options []Option
}

// An Option is one way of a Choice, by the provider's label.
type Option struct {
	Label  string
	Factor Factor // empty where it is no second factor
	Usual  bool   // what the provider takes unless the person wants another
}

// ErrNoAnswer means that a question could not be answered: nothing stored, and nobody to ask.
var ErrNoAnswer = errors.New("nobody to ask")

// HostError says that a host that was not agreed to asks for a secret. It is an ErrNoAnswer.
type HostError struct {
	Host string // who asks
	Kind Kind   // for what
}

func (e *HostError) Error() string {
	return fmt.Sprintf("%s asks for the %s, and nobody agreed that it may have it", e.Host, e.Kind)
}

// Is makes every HostError an ErrNoAnswer.
func (e *HostError) Is(target error) bool { return target == ErrNoAnswer }

// referee stands between the steps and the Asker. It keeps secrets from hosts that were not agreed to, counts attempts,
// turns an exhausted answer into a refusal, and settles choices that the account's `mfa` settles.
type referee struct {
	asker Asker
	walk  *walk
	asked map[place]int // questions of one kind from one host
}

type place struct {
	kind Kind
	host string
}

// Ask answers a question about the current page.
func (r *referee) Ask(ctx context.Context, q Question) (string, error) {
	w := r.walk
	q.Host = w.host()
	if q.Kind.secret() {
		if err := w.agree(ctx, q.Host, q.Kind); err != nil {
			return "", err
		}
	}
	at := place{q.Kind, q.Host}
	r.asked[at]++
	q.Attempt = r.asked[at]
	if q.Attempt == 1 {
		q.Refused = ""
	} else {
		q.Refused = plain.Short(q.Refused, 300)
		if q.Refused == "" {
			q.Refused = w.refusal()
		}
		if w.restarted && q.Kind != Captcha {
			return "", w.leadsNowhere()
		}
	}
	q.Label, q.Refused = w.mask.Text(q.Label), w.mask.Text(q.Refused)
	answer, err := r.asker.Ask(ctx, q)
	if errors.Is(err, ErrNoAnswer) && q.Optional {
		r.asked[at]--
		return "", nil
	}
	switch {
	case errors.Is(err, ErrNoAnswer) && q.Kind == Captcha:
		return "", w.unknown("it wants a captcha solved, and there is nobody to look at it")
	case errors.Is(err, ErrNoAnswer) && q.Attempt > 1:
		refused := w.refused(w.atFault(q.Kind))
		refused.Message = cmp.Or(q.Refused, refused.Message)
		return "", refused
	}
	if err != nil {
		return "", err
	}
	w.note(q.Kind, answer)
	return answer, nil
}

// note remembers an answer. What is asked for beside a password is not told from it when it is refused.
func (w *walk) note(kind Kind, answer string) {
	w.asked, w.heard, w.handed = kind, "", nil
	if !kind.secret() {
		return
	}
	if !w.guard.open || w.last != Password {
		w.last = kind
	}
	w.asked = w.last
	w.hold(answer)
}

// atFault returns which answer was refused where a question comes back: a code, where its refusal leads back to the
// password.
func (w *walk) atFault(asked Kind) Kind {
	if asked == Password && w.last.secret() {
		return w.last
	}
	return asked
}

// Choose takes the only option there is, the one that the account prefers, the provider's usual one, or what the Asker says.
func (r *referee) Choose(ctx context.Context, c Choice) (int, error) {
	if c.Host == "" {
		c.Host = r.walk.host()
	}
	index, err := r.choose(ctx, c)
	if err == nil && c.Options[index].Factor != "" {
		r.walk.s.chosen, r.walk.asked = c.Options[index].Factor, elsewhere
	}
	return index, err
}

func (r *referee) choose(ctx context.Context, c Choice) (int, error) {
	if len(c.Options) == 1 {
		return 0, nil
	}
	for _, factor := range r.walk.s.Account.MFA {
		if i := slices.IndexFunc(c.Options, func(o Option) bool { return o.Factor == factor }); i >= 0 {
			return i, nil
		}
	}
	if i := slices.IndexFunc(c.Options, func(o Option) bool { return o.Usual }); i >= 0 {
		return i, nil
	}
	c.Title, c.Options = r.walk.mask.Text(c.Title), slices.Clone(c.Options)
	for i := range c.Options {
		c.Options[i].Label = r.walk.mask.Text(c.Options[i].Label)
	}
	return r.asker.Choose(ctx, c)
}

// Tell passes a message on.
func (r *referee) Tell(ctx context.Context, message string) {
	r.asker.Tell(ctx, r.walk.mask.Text(message))
}

// Wait shows a wait where the Asker can.
func (r *referee) Wait(ctx context.Context, left time.Duration) func() {
	if shows, ok := r.asker.(Waiter); ok {
		return shows.Wait(ctx, left)
	}
	return func() {}
}
