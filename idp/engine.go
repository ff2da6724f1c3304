package idp

import (
	"context"
	"errors"
	"fmt"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/plain"
)

const (
	maxPages  = 200
	maxRelays = 30 // one after the other, with nothing asked in between
)

// SignIn walks from the adapter's start to the SAML response. All adapters' steps are on the table: the page decides.
// Errors are *RefusedError, *UnknownPageError, ErrNoAnswer, *web.UnreachableError or the context's, the last two perhaps
// in a *StepError.
func SignIn(ctx context.Context, a Adapter, others []Adapter, s *Session) (Result, error) {
	w := newWalk(a, others, s)
	if err := w.open(ctx); err != nil {
		return Result{}, w.explain(err)
	}
	for range maxPages {
		if s.result != nil {
			return *s.result, nil
		}
		result, done, err := w.next(ctx)
		if done || err != nil {
			return result, w.explain(err)
		}
	}
	return Result{}, w.unknown("the walk has no end: 200 pages")
}

// walk is the state of one SignIn.
type walk struct {
	s         *Session
	start     func(context.Context, *Session) error
	adapters  []Adapter // the account's own first
	times     map[string]int
	relays    int    // since the last step
	step      string // the step at work
	adapter   Adapter
	last      Kind // of the last secret that was given
	restarted bool
	words     string // of the page that led nowhere
	guard
}

func newWalk(a Adapter, others []Adapter, s *Session) *walk {
	w := &walk{s: s, start: a.Start, adapters: []Adapter{a}, adapter: a, times: map[string]int{}, step: "start"}
	for _, other := range others {
		if other.Name != a.Name {
			w.adapters = append(w.adapters, other)
		}
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
	if page.Err() != nil {
		return Result{}, false, page.Err()
	}
	if result, ok, err := w.end(page); ok || err != nil {
		return result, ok, err
	}
	w.guard.turn()
	switch move := w.move(page); {
	case move != nil:
		return Result{}, false, move(ctx)
	case page.Status >= 500:
		return Result{}, false, &web.UnreachableError{Host: page.Host(), Err: fmt.Errorf("it answers with status %d", page.Status)}
	case page.Status == 401 || page.Status == 403 || page.Status == 429:
		return Result{}, false, w.denied(page)
	case w.last != "" && !w.restarted && page.Status < 400:
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

// Recognise names everything that would be done with a page, one name but for a mistake in the adapters: "end", "relay",
// or the steps that the page suits.
func Recognise(page *web.Page, adapters []Adapter) []string {
	w := &walk{s: &Session{}}
	if _, done, err := w.end(page); done || err != nil {
		return []string{"end"}
	}
	if samlRelay(page) != nil {
		return []string{"relay"}
	}
	if names := suits(page, adapters, false); len(names) > 0 {
		return names
	}
	if relay(page) != nil {
		return []string{"relay"}
	}
	return suits(page, adapters, true)
}

func suits(page *web.Page, adapters []Adapter, generic bool) []string {
	var names []string
	for _, adapter := range adapters {
		if adapter.Generic != generic {
			continue
		}
		for _, step := range adapter.Steps {
			if step.On(page) {
				names = append(names, step.Name)
			}
		}
	}
	return names
}

func find(adapters []Adapter, page *web.Page, generic bool) (Step, Adapter, bool) {
	for _, adapter := range adapters {
		if adapter.Generic != generic {
			continue
		}
		for _, step := range adapter.Steps {
			if step.On(page) {
				return step, adapter, true
			}
		}
	}
	return Step{}, Adapter{}, false
}

// take runs a step. Its page coming back to the same place too often is the provider's refusal.
func (w *walk) take(ctx context.Context, step Step, adapter Adapter) error {
	page := w.s.Page()
	w.adapter, w.relays = adapter, 0
	w.trace(step.Name)
	at := step.Name + " " + whereTo(page)
	w.times[at]++
	if w.times[at] > max(step.Tries, 1) {
		return w.refused(w.last)
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
	w.restarted, w.words = true, w.refusal()
	w.trace("start again")
	return w.open(ctx)
}

// genericRefusal finds the words of a refusal on pages that no adapter owns.
const genericRefusal = `[role=alert], .alert-danger, .alert-error, .alert, .error, .errors, .form-error, .error-message, .message-error, ` +
	`.message-box.error, .login-error, .kc-feedback-text, [id^=input-error], #errorText, #error, #error-message, .errorMessage, font[color=red]`

// refusal returns the provider's own words on the current page, as one safe line; "" where it has none.
func (w *walk) refusal() string {
	page := w.s.Page()
	if w.adapter.Refusal != "" {
		if words := page.Text(w.adapter.Refusal); words != "" {
			return plain.Short(words, 300)
		}
	}
	if words := page.Text(genericRefusal); words != "" {
		return plain.Short(words, 300)
	}
	return w.words
}

// refused is the refusal of the last answer of a kind.
func (w *walk) refused(kind Kind) *RefusedError {
	message, refusal := "the same page came back", Blocked
	switch kind {
	case Password:
		message, refusal = "wrong user name or password", BadCredentials
	case Code, Answer:
		message, refusal = "the code was not accepted", MFAFailed
	case Captcha:
		message, refusal = "the captcha was not accepted", CaptchaRefused
	}
	if words := w.refusal(); words != "" {
		message = words
	}
	return &RefusedError{Step: w.step, Kind: refusal, Host: w.s.Page().Host(), Message: message}
}

func (w *walk) denied(page *web.Page) *RefusedError {
	refusal := w.refused(w.last)
	if w.last == "" || page.Status == 429 {
		refusal.Kind = Blocked
		if w.refusal() == "" {
			refusal.Message = fmt.Sprintf("it answers with status %d", page.Status)
		}
	}
	return refusal
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
	case err == nil, errors.As(err, &known), errors.As(err, &strange), errors.Is(err, ErrNoAnswer):
		return err
	case errors.As(err, &unsafe):
		return &UnknownPageError{Host: unsafe.Host, Reason: unsafe.Reason}
	case errors.As(err, &page):
		return &UnknownPageError{Host: web.Host(page.URL), Path: page.URL.EscapedPath(), Status: page.Status, Reason: page.Reason}
	}
	return &StepError{Step: w.step, Err: err}
}
