package idptest

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
)

// Auto plays every tape of every adapter as for a person who names none: first says which starts at an address. What only a
// named adapter can start is left out: settings, and a host alone.
func Auto(t *testing.T, first func(address string) idp.Adapter, all []idp.Adapter) {
	t.Helper()
	for _, a := range all {
		for name, recorded := range tapesOf(t, a.Name) {
			if len(recorded.Account().Settings) > 0 || isHost(recorded.Get("url")) {
				continue
			}
			t.Run(a.Name+"/"+name, func(t *testing.T) {
				t.Parallel()
				playFrom(t, recorded, first(recorded.Get("url")), all, walk)
			})
		}
	}
}

// Handovers plays the tapes of fixtures/handover, "okta-to-duo" and so on: from the adapter that the name begins with, and
// from the one that starts at the address. It fails if a walk stays at one host, or takes no step of the other adapter.
func Handovers(t *testing.T, first func(address string) idp.Adapter, all []idp.Adapter) {
	t.Helper()
	for name, recorded := range tapesOf(t, "handover") {
		from, to := ends(name, all)
		if from.Name == "" || to.Name == "" || len(hosts(recorded)) < 2 {
			t.Errorf("%s hands nothing over from one adapter to another", name)
			continue
		}
		for _, start := range []idp.Adapter{from, first(recorded.Get("url"))} {
			t.Run(name+"/"+start.Name, func(t *testing.T) {
				if taken := playFrom(t, recorded, start, all, check); len(untold(to, taken)) == len(to.Steps) {
					t.Errorf("no step of %s was taken: %q", to.Name, taken)
				}
			})
		}
	}
}

// ends reads the name of a tape that hands over.
func ends(name string, all []idp.Adapter) (from, to idp.Adapter) {
	start, rest, _ := strings.Cut(name, "-to-")
	for _, a := range all {
		if a.Name == start {
			from = a
		}
		if rest == a.Name || strings.HasPrefix(rest, a.Name+"-") {
			to = a
		}
	}
	return from, to
}

func hosts(recorded *tape.Tape) map[string]bool {
	asked := map[string]bool{}
	for _, e := range recorded.Exchanges {
		if u, err := url.Parse(e.Request.URL); err == nil {
			asked[web.Host(u)] = true
		}
	}
	return asked
}

func isHost(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.Trim(u.Path, "/") == "" && u.RawQuery == ""
}

func tapesOf(t testing.TB, folder string) map[string]*tape.Tape {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(root(t), "fixtures", folder, "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	tapes := map[string]*tape.Tape{}
	for _, path := range paths {
		recorded, err := read(path)
		if err != nil {
			t.Fatal(err)
		}
		tapes[strings.TrimSuffix(filepath.Base(path), ".txt")] = recorded
	}
	return tapes
}

// A player plays a tape to an adapter: walk, or check, which looks at the tape as well.
type player func(context.Context, *tape.Tape, idp.Adapter, []idp.Adapter) (taken []string, wrong []error)

// playFrom starts at an adapter, and returns the steps that were taken.
func playFrom(t *testing.T, recorded *tape.Tape, a idp.Adapter, all []idp.Adapter, by player) (taken []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), limit)
		defer cancel()
		var wrong []error
		taken, wrong = by(ctx, recorded, a, all)
		for _, err := range wrong {
			t.Error(err)
		}
	})
	return taken
}
