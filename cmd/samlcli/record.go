package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/internal/term"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) recordCommand() *cli.Command {
	file := text("tape", "write the tape to `FILE`, for its owner alone")
	file.Aliases = []string{"o"}
	return &cli.Command{
		Name:   "record",
		Usage:  "sign in and write every request and answer into a file, without what is secret in them",
		Flags:  slices.Concat(p.signInFlags, []cli.Flag{file}),
		Action: p.does((*settings).record),
	}
}

// record signs in, with nothing kept from the last time, and writes the tape however that ends.
func (s *settings) record(ctx context.Context) error {
	path, err := s.tapeFile()
	if err != nil {
		return err
	}
	w, err := s.walk(ctx)
	if err != nil {
		return err
	}
	if w.adapter.NoAddress {
		return &usageError{fmt.Sprintf("the adapter %q visits no pages: there is nothing to record", w.adapter.Name), ""}
	}
	recorder := tape.NewRecorder(w.transport)
	w.transport, w.ask = recorder, recorder.Asker(w.answers)
	var response string
	ended := s.inTime(ctx, "sign-in", func(ctx context.Context) error {
		response, err = w.signIn(ctx, nil)
		return err
	})
	written := s.writeTape(ctx, path, recorder, w, ended)
	if ended == nil {
		ended = s.usable(response)
	}
	if ended != nil && written != nil { // how the sign-in ended is what the exit code says
		s.log.warn("%v", written)
		return ended
	}
	return errors.Join(ended, written)
}

// usable says what a login would say about the response.
func (s *settings) usable(response string) error {
	r, err := saml.Parse(response)
	if err != nil {
		return errors.Join(err, s.save(response))
	}
	if len(r.Roles) == 0 && !r.Encrypted {
		return errors.Join(noRoles(r), s.save(response))
	}
	return s.save(r.Encoded)
}

// tapeFile returns where the tape goes: nowhere yet, or in the place of another tape.
func (s *settings) tapeFile() (string, error) {
	path := s.path("tape")
	if s.path("assertion") != "" {
		return "", &usageError{"record signs in itself: it takes no --assertion", ""}
	}
	if path == "" {
		return "", &usageError{"record needs a file to write", "name it, as in samlcli record -o bug.tape"}
	}
	data, err := store.Read(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err == nil {
		_, err = tape.Parse(string(data))
	}
	if err != nil {
		return "", &usageError{fmt.Sprintf("%s is there already and is no tape: it is left as it is", path), "name another file with -o"}
	}
	return path, nil
}

// writeTape keeps what was recorded, and says so. Without a single request there is nothing to keep.
func (s *settings) writeTape(ctx context.Context, path string, recorder *tape.Recorder, w *walk, ended error) error {
	if recorder.Len() == 0 {
		s.log.info("nothing was requested, so no tape is written")
		return nil
	}
	if errors.Is(ended, term.ErrInterrupted) {
		ended = context.Canceled
	}
	source := fmt.Sprintf("recorded by samlcli %s, %s", version, s.now().UTC().Format(time.DateOnly))
	recorded, err := recorder.Tape(source, w.adapter.Name, w.account, ended)
	if err != nil {
		return fmt.Errorf("no tape is written: %w", err)
	}
	recorded, differs := recorded.Settle(func(player *tape.Player, asker *tape.Asker) error {
		return play(context.WithoutCancel(ctx), w.adapter, recorded, player, asker, &watched{})
	})
	if err := store.Write(path, []byte(tape.Write(recorded))); err != nil {
		return &usageError{fmt.Sprintf("the tape: %v", err), ""}
	}
	s.log.info("wrote %s, the tape of a sign-in that ended so: %s", path, recorded.Get("want"))
	if differs != nil {
		first, _, _ := strings.Cut(differs.Error(), "\n")
		s.log.warn("played again, the tape goes another way: %s", first)
	}
	s.log.info("names, passwords, codes, cookies and tokens were replaced; read the tape before you share it, and see it walk with: samlcli replay %s", shellWord(path))
	return nil
}

// recordable says with a sign-in's error how to record it, if it visits pages at all.
func (s *settings) recordable(err error) error {
	if adapter, unknown := s.adapter(); unknown != nil || adapter.NoAddress {
		return err
	}
	return &signInError{err, s.again()}
}

// again is the command that records the sign-in which the settings describe. Values that may be secret are left to the person.
func (s *settings) again() string {
	words := []string{"samlcli record -o bug.tape"}
	if s.name != "" {
		words = append(words, "--account "+shellWord(s.name))
	}
	for _, f := range s.signInFlags {
		name := f.Names()[0]
		if !s.isSet(name) || slices.Contains([]string{"account", "code", "assertion", "save-assertion", "refresh", "verbose", "log-format"}, name) {
			continue
		}
		if _, isSwitch := f.(*cli.BoolFlag); isSwitch {
			words = append(words, "--"+name)
			continue
		}
		for _, value := range s.given(name) {
			words = append(words, "--"+name+" "+value)
		}
	}
	return strings.Join(words, " ")
}

// given returns a flag's values as they may be said.
func (s *settings) given(name string) []string {
	values := s.list(name)
	if values == nil {
		values = []string{s.text(name)}
	}
	for i, value := range values {
		if name == "set" || strings.ContainsAny(value, "?@") && strings.Contains(value, "://") {
			values[i] = strings.ToUpper(name)
			continue
		}
		values[i] = shellWord(value)
	}
	return values
}

// shellWord is a word as a shell reads it.
func shellWord(word string) string {
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:@,=+%") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// signInError is how a sign-in ended that could be recorded.
type signInError struct {
	error
	again string // the command that does
}

func (e *signInError) Unwrap() error { return e.error }
