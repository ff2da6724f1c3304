package idptest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
)

// check plays a tape to an adapter. It returns the names of the steps that were taken and everything that is wrong, with the
// tape itself as well.
func check(ctx context.Context, recorded *tape.Tape, a idp.Adapter, all []idp.Adapter) (taken []string, wrong []error) {
	taken, wrong = walk(ctx, recorded, a, all)
	for _, suspect := range tape.Suspects(recorded) {
		wrong = append(wrong, fmt.Errorf("looks like a live secret: %s", suspect))
	}
	return taken, wrong
}

// walk plays a tape to an adapter. It returns the names of the steps that were taken and what is wrong with them.
func walk(ctx context.Context, recorded *tape.Tape, a idp.Adapter, all []idp.Adapter) (taken []string, wrong []error) {
	player, asker := tape.NewPlayer(recorded), tape.NewAsker(recorded)
	table := onTable(a, all)
	s := &idp.Session{
		Browser: web.New(web.Options{Transport: player}),
		Account: recorded.Account(),
		Ask:     asker,
		Key:     recorded.Key(),
		Now:     time.Now, // of the bubble, in which time begins in the year 2000
	}
	s.Trace = func(step string, page *web.Page) {
		taken = append(taken, step)
		wrong = append(wrong, ambiguous(page, table)...)
	}
	_, err := idp.SignIn(player.Context(ctx), a, all, s)
	if last := s.Page(); last != nil {
		wrong = append(wrong, ambiguous(last, table)...)
	}
	return taken, append(wrong, differences(recorded, player, asker, err)...)
}

// onTable returns the adapters as the engine lays them out: each once, the account's own first.
func onTable(a idp.Adapter, all []idp.Adapter) []idp.Adapter {
	others := slices.DeleteFunc(slices.Clone(all), func(other idp.Adapter) bool { return other.Name == a.Name })
	return append([]idp.Adapter{a}, others...)
}

// ambiguous says so if a page suits several steps.
func ambiguous(page *web.Page, table []idp.Adapter) []error {
	if names := idp.Recognise(page, table); len(names) > 1 {
		return []error{fmt.Errorf("%s suits several steps: %q", page.Path(), names)}
	}
	return nil
}

// differences compares a sign-in that is over with its tape.
func differences(recorded *tape.Tape, player *tape.Player, asker *tape.Asker, err error) (wrong []error) {
	if got, want := tape.Outcome(err), recorded.Get("want"); got != want {
		wrong = append(wrong, fmt.Errorf("outcome:\n got %s\nwant %s", got, want))
	}
	if err := player.Err(); err != nil {
		return append(wrong, err)
	}
	for _, exchange := range player.Left() {
		wrong = append(wrong, fmt.Errorf("never requested: %s %s", exchange.Request.Method, exchange.Request.URL))
	}
	if want, got := recorded.All("tell"), asker.Told(); len(want) > 0 && !slices.Equal(got, want) {
		wrong = append(wrong, fmt.Errorf("told:\n got %q\nwant %q", got, want))
	}
	return wrong
}

// untold returns the steps of an adapter that were never taken.
func untold(a idp.Adapter, taken []string) []string {
	var names []string
	for _, step := range a.Steps {
		if !slices.Contains(taken, step.Name) {
			names = append(names, step.Name)
		}
	}
	return names
}
