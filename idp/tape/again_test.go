package tape_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
)

// TestScrubbedTapesPlay: the scrubber leaves standing what steps know pages by. The adapters' own tapes are scrubbed as if
// they were fresh, and lead where they led.
func TestScrubbedTapesPlay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../fixtures/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no tapes", err)
	}
	for _, file := range files {
		story := strings.TrimSuffix(filepath.Base(file), ".txt")
		if !slices.Contains([]string{"password", "totp", "push", "code", "wrong-code", "classic", "idx-push-number", "okta-to-duo", "a-captcha", "b-prompt", "key"}, story) {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := tape.Parse(string(text))
		if err != nil {
			t.Fatal(err)
		}
		for i := range raw.Exchanges {
			raw.Exchanges[i].Request.Header = nil // the recorder keeps none
		}
		clean, err := tape.Scrub(raw)
		if err == nil {
			_, err = clean.Settle(func(player *tape.Player, asker *tape.Asker) error {
				return playTo(player.Context(t.Context()), clean, filepath.Base(filepath.Dir(file)), player, asker)
			})
		}
		if err != nil {
			t.Errorf("%s, scrubbed: %v", file, err)
		}
	}
}

// playTo signs in from a tape with the adapter of a name, without waiting.
func playTo(ctx context.Context, t *tape.Tape, name string, player *tape.Player, asker *tape.Asker) error {
	adapters := all.Adapters()
	adapter := all.For(t.Get("url"))
	if i := slices.IndexFunc(adapters, func(a idp.Adapter) bool { return a.Name == name }); i >= 0 {
		adapter = adapters[i]
	}
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	pause := func(ctx context.Context, d time.Duration) error {
		now = now.Add(d)
		return ctx.Err()
	}
	_, err := idp.SignIn(ctx, adapter, adapters, &idp.Session{
		Browser: web.New(web.Options{Transport: player, Pause: pause}),
		Account: t.Account(), Ask: asker, Key: t.Key(), Now: func() time.Time { return now },
	})
	return err
}
