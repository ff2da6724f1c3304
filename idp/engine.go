package idp

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/samlcli/samlcli/idp/web"
)

const (
	maxPages  = 200
	maxRelays = 30 // one after the other, with nothing asked in between
)

// SignIn walks from the adapter's start to the SAML response. All adapters' steps are on the table: the page decides.
// Errors are *RefusedError, *UnknownPageError, ErrNoAnswer, *web.UnreachableError or the context's, the last two perhaps
// in a *StepError. What was sent to the provider is hidden in them, should its words repeat it.
func SignIn(ctx context.Context, a Adapter, others []Adapter, s *Session) (Result, error) {
	w := newWalk(a, others, s)
	if err := w.open(ctx); err != nil {
		return Result{}, w.hide(w.explain(err))
	}
	for range maxPages {
		if s.result != nil {
			return *s.result, nil
		}
		result, done, err := w.next(ctx)
		if done || err != nil {
			return result, w.hide(w.explain(err))
		}
	}
	return Result{}, w.hide(w.unknown("the walk has no end: 200 pages"))
}

// walk is the state of one SignIn.
type walk struct {
	s         *Session
	start     func(context.Context, *Session) error
	adapters  []Adapter // the account's own first
	times     map[string]int
	said      map[string][]string // what the last page of a step said, on its host
	news      []string            // what the current page says beyond that
	relays    int                 // since the last step
	step      string              // the step at work
	adapter   Adapter
	last      Kind // of the last secret that was given
	asked     Kind // of the last question that was answered
	restarted bool
	words     string // of the page that led nowhere, in which it says no
	parting   string // all that it said
	heard     string // words that look like a refusal, on pages since the last answer
	shell     error  // describes that page, where only a script could go on from it
	handed    error  // the refusal that went on to the service since the last answer
	guard
}

func newWalk(a Adapter, others []Adapter, s *Session) *walk {
	w := &walk{s: s, start: a.Start, adapters: []Adapter{a}, adapter: a, times: map[string]int{}, said: map[string][]string{}, step: "start"}
	for _, other := range others {
		if other.Name != a.Name {
			w.adapters = append(w.adapters, other)
		}
	}
	if s.Now == nil {
		s.Now = func() time.Time { return time.Time{} }
	}
	w.guard = newGuard(w)
	s.walk, s.Notes = w, map[string]string{}
	s.Ask = &referee{asker: s.Ask, walk: w, asked: map[place]int{}}
	s.Browser.Allow(w.allow)
	return w
}

func (w *walk) open(ctx context.Context) error {
	if w.start != nil {
		return w.start(ctx, w.s)
	}
	return w.s.Open(ctx, w.s.Account.URL)
}

// next takes one page: the end, a relay, a step, or nothing that can be walked.
func (w *walk) next(ctx context.Context) (Result, bool, error) {
	page := w.s.Page()
	if page == nil {
		return Result{}, false, errors.New("nothing was opened")
	}
	if page.Err() != nil {
		return Result{}, false, page.Err()
	}
	if result, ok, err := w.end(page); ok || err != nil {
		return result, ok, err
	}
	w.guard.turn()
	w.news = nil
	w.hear(page)
	switch move := w.move(page); {
	case move != nil:
		return Result{}, false, move(ctx)
	case page.Status >= 500:
		return Result{}, false, &web.UnreachableError{Host: page.Host(), Err: fmt.Errorf("it answers with status %d", page.Status)}
	case page.Status == 401 || page.Status == 403 || page.Status == 429:
		return Result{}, false, w.denied(page)
	case w.last != "" && !w.restarted && w.handed == nil && page.Status < 400:
		return Result{}, false, w.startAgain(ctx)
	case w.restarted && w.words != "":
		return Result{}, false, w.refused(w.last)
	}
	return Result{}, false, w.unknown(reason(page))
}

// move finds what to do with a page, in the order of certainty: a SAML form on its way to somebody else, a step that
// knows the page, a page that only leads on, and last a generic step.
func (w *walk) move(page *web.Page) func(context.Context) error {
	if form := samlRelay(page); form != nil {
		return w.relay(func(ctx context.Context) error { return w.s.Submit(ctx, form) })
	}
	if step, adapter, ok := find(w.adapters, page, false); ok {
		return func(ctx context.Context) error { return w.take(ctx, step, adapter) }
	}
	if page.Status >= 500 || page.Status == 429 || page.Status == 404 {
		return nil
	}
	if hop := relay(page); hop != nil {
		return w.relay(func(ctx context.Context) error { return hop(ctx, w.s) })
	}
	if step, adapter, ok := find(w.adapters, page, true); ok {
		return func(ctx context.Context) error { return w.take(ctx, step, adapter) }
	}
	return nil
}

// take runs a step. Its page coming back to the same place too often is the provider's refusal.
func (w *walk) take(ctx context.Context, step Step, adapter Adapter) error {
	page := w.s.Page()
	w.adapter, w.relays = adapter, 0
	w.trace(step.Name)
	w.listen(step.Name+" "+page.Host(), page)
	at := step.Name + " " + whereTo(page)
	w.times[at]++
	if w.times[at] > max(step.Tries, 1) {
		return w.refused(w.asked)
	}
	err := step.Do(ctx, w.s)
	if err == nil && w.s.Page() == page && w.s.result == nil {
		return fmt.Errorf("step %q stays on its page", step.Name)
	}
	return err
}

// whereTo tells one place of a login from another that shows the same page: a broker's two realms, say.
func whereTo(page *web.Page) string {
	for _, form := range page.Forms() {
		if action, err := form.Action(); err == nil && form.Method() == "POST" {
			return web.Place(action)
		}
	}
	return web.Place(page.URL)
}

// relay follows a page that only leads on.
func (w *walk) relay(hop func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		w.trace("relay")
		if w.relays++; w.relays > maxRelays {
			return w.unknown("it leads on without end")
		}
		return hop(ctx)
	}
}

// trace notes and tells what is done with a page.
func (w *walk) trace(step string) {
	w.step = step
	if w.s.Trace != nil {
		w.s.Trace(step, w.s.Page())
	}
}

func (w *walk) startAgain(ctx context.Context) error {
	w.restarted, w.words, w.parting = true, w.refusal(), parting(w.s.Page())
	if page := w.s.Page(); needsScript(page) {
		w.shell = w.unknown(reason(page))
	}
	w.trace("start again")
	return w.open(ctx)
}

// explain gives errors of the browser the form that the engine promises.
func (w *walk) explain(err error) error {
	var (
		unsafe  *web.UnsafeError
		page    *web.PageError
		known   *RefusedError
		strange *UnknownPageError
	)
	switch {
	case err == nil, errors.As(err, &known), errors.Is(err, ErrNoAnswer):
		return err
	case w.handed != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded):
		return w.handed
	case errors.As(err, &strange):
		return err
	case errors.As(err, &unsafe):
		return &UnknownPageError{Host: unsafe.Host, Reason: unsafe.Reason}
	case errors.As(err, &page):
		return &UnknownPageError{Host: web.Host(page.URL), Path: web.Path(page.URL), Status: page.Status, Reason: page.Reason}
	}
	return &StepError{Step: w.step, Err: err}
}
