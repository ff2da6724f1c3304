package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/internal/term"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) replayCommand() *cli.Command {
	return &cli.Command{
		Name:      "replay",
		Usage:     "walk a recorded sign-in step by step, without a network",
		ArgsUsage: "FILE",
		Flags:     append([]cli.Flag{outputFlag()}, commonFlags()...),
		Action:    p.replay,
	}
}

func (p *program) replay(c *cli.Context) error {
	s := &settings{program: p, c: c, config: &config{}}
	if err := s.formats(); err != nil {
		return err
	}
	if c.NArg() != 1 {
		return &usageError{"replay takes the name of one tape", "as in samlcli replay bug.tape"}
	}
	recorded, err := readTape(c.Args().First())
	if err != nil {
		return err
	}
	adapter, err := adapterOf(recorded)
	if err != nil {
		return err
	}
	w := &watched{}
	player, asker := tape.NewPlayer(recorded), tape.NewAsker(recorded)
	ended := play(c.Context, adapter, recorded, player, asker, w)
	if err := s.showWalk(recorded, w, ended); err != nil {
		return err
	}
	if differs := player.Err(); differs != nil {
		message, lines, _ := strings.Cut(differs.Error(), "\n")
		return &differsError{message, strings.Split(lines, "\n")}
	}
	if got, want := tape.Outcome(ended), recorded.Get("want"); got != want {
		p.log.warn("the tape says that it ends otherwise: %s", want)
	}
	if left := len(player.Left()); left > 0 {
		p.log.warn("%d more requests stand on the tape", left)
	}
	return s.asLogin(c.Context, ended, w.response)
}

func readTape(path string) (*tape.Tape, error) {
	data, err := store.Read(path)
	if err != nil {
		return nil, &usageError{err.Error(), ""}
	}
	recorded, err := tape.Parse(string(data))
	if err != nil {
		return nil, &usageError{fmt.Sprintf("%s is no tape: %v", path, err), "samlcli record -o FILE writes one"}
	}
	return recorded, nil
}

// asLogin returns the error with which a login would have ended.
func (s *settings) asLogin(ctx context.Context, ended error, response string) error {
	switch {
	case ended == nil:
		r, err := saml.Parse(response)
		if format := (*saml.FormatError)(nil); errors.As(err, &format) {
			return nil // a response that stands in for another may be anything
		}
		if err == nil && len(r.Roles) == 0 && !r.Encrypted {
			return noRoles(r)
		}
		return err
	case errors.Is(ended, context.Canceled) && ctx.Err() == nil:
		return term.ErrInterrupted
	case errors.Is(ended, context.DeadlineExceeded):
		return &timeLimitError{err: ended}
	}
	return ended
}

// adapterOf returns the adapter that a tape names, else the one for its address.
func adapterOf(recorded *tape.Tape) (idp.Adapter, error) {
	if name := recorded.Get("idp"); name != "" {
		return adapterNamed(name)
	}
	return all.For(recorded.Get("url")), nil
}

// play signs in from a tape, with a clock that only pauses move on: it begins where that of the adapters' tests does.
func play(ctx context.Context, a idp.Adapter, recorded *tape.Tape, player *tape.Player, asker idp.Asker, watch *watched) error {
	ctx, done := context.WithCancel(ctx)
	defer done()
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	pause := func(ctx context.Context, d time.Duration) error {
		now = now.Add(d)
		return ctx.Err()
	}
	session := &idp.Session{
		Browser: web.New(web.Options{Transport: watch.requests(player), Pause: pause}),
		Account: recorded.Account(), Ask: watch.questions(asker), Key: recorded.Key(), Trace: watch.step,
		Now:     func() time.Time { return now },
		Command: func(context.Context) (string, error) { return "", idp.ErrNoAnswer },
	}
	result, err := idp.SignIn(player.Context(ctx), a, all.Adapters(), session)
	watch.response, watch.destination = result.Response, result.Destination
	return err
}
