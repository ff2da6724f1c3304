// Package idptest is the conformance suite that every adapter runs: it plays the adapter's tapes to the engine and fails
// where the sign-in, the pages or the tapes are not what they should be.
package idptest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/tape"
)

// limit is how long a sign-in may take, in the fake time of synctest: two minutes, but not to the instant at which
// something that is looked at every few seconds would be looked at as well.
const limit = 2*time.Minute - 5*time.Millisecond

// Run plays every tape of fixtures/<a.Name> to the adapter, with all adapters' steps on the table, in fake time. It fails
// if an outcome or what was told differs from the tape, if a request differs or is left over, if a page suits two steps,
// if a step of a comes up in no tape, or if a tape holds what looks like a live secret.
func Run(t *testing.T, a idp.Adapter, all []idp.Adapter) {
	t.Helper()
	tapes, err := filepath.Glob(filepath.Join(root(t), "fixtures", a.Name, "*.txt"))
	if err != nil || len(tapes) == 0 {
		t.Fatalf("no tapes in fixtures/%s", a.Name)
	}
	var taken []string
	for _, path := range tapes {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			taken = append(taken, Play(t, path, a, all)...)
		})
	}
	t.Run("every step is told", func(t *testing.T) {
		for _, step := range untold(a, taken) {
			t.Errorf("step %q comes up in no tape of fixtures/%s", step, a.Name)
		}
	})
}

// Play plays one tape as Run does, and returns the names of the steps that were taken.
func Play(t *testing.T, path string, a idp.Adapter, all []idp.Adapter) (taken []string) {
	t.Helper()
	recorded, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	return playFrom(t, recorded, a, all, check)
}

func read(path string) (*tape.Tape, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	recorded, err := tape.Parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Base(path), err)
	}
	return recorded, nil
}

// root returns the folder of go.mod, above the package under test.
func root(t testing.TB) string {
	t.Helper()
	folder, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(folder, "go.mod")); err == nil {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			t.Fatal("no go.mod above the test")
		}
		folder = parent
	}
}
