// Live signs in to a real product that a recipe of fixtures/live has brought up: with a security key in every make live;
// as the tapes' stories tell, recording them, in make live UPDATE=1. With -broker it is a credentials broker instead.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/forms"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/idp/web"
)

func main() {
	product := flag.String("product", "", "keycloak or simplesamlphp")
	version := flag.String("version", "", "what the product calls itself: Keycloak 26.7.3; empty records nothing")
	port := flag.Int("port", 0, "the product's first port")
	into := flag.String("into", "fixtures", "the folder of the tapes")
	way := flag.String("broker", "", "serve as a broker that sends by this way: redirect, form or json")
	fields := flag.String("fields", "", "the credentials of the broker, as process prints them")
	flag.Parse()
	if *way != "" {
		fmt.Fprintln(os.Stderr, serveBroker(*way, *fields, *port))
		os.Exit(1)
	}
	source := fmt.Sprintf("recorded from %s, %s", *version, time.Now().UTC().Format(time.DateOnly))
	failed := false
	for _, s := range stories(*product, *port) {
		if s.key != (*version == "") {
			continue // a key's signature is another one each time: nothing to record
		}
		path := filepath.Join(*into, *product, s.name+".txt")
		recorded, err := play(s, source)
		if recorded != nil {
			err = write(path, recorded)
		}
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", path, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

// play signs in once and returns the tape, unless it did not end as it should or holds something live.
func play(s story, source string) (*tape.Tape, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	recorder := tape.NewRecorder(s.transport())
	session := &idp.Session{
		Browser: web.New(web.Options{Transport: recorder}),
		Account: s.account(),
		Now:     time.Now,
		Ask:     recorder.Asker(tape.NewAsker(&tape.Tape{Head: s.answers})),
	}
	if s.key {
		session.Key = blueKey{}
	}
	account := session.Account
	_, ended := idp.SignIn(ctx, adapter(s.adapter), all.Adapters(), session)
	var refused *idp.RefusedError
	if got := kind(ended, &refused); got != s.want {
		return nil, fmt.Errorf("it ended with %q, want %q: %w", got, s.want, ended)
	}
	if s.key {
		return nil, nil
	}
	return recorder.Tape(source, "", account, ended)
}

func write(path string, t *tape.Tape) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(tape.Write(t)), 0o644)
}

func kind(err error, refused **idp.RefusedError) string {
	switch {
	case err == nil:
		return "signed in"
	case errors.As(err, refused):
		return (*refused).Kind
	case errors.Is(err, idp.ErrNoAnswer):
		return "no answer"
	}
	return "error"
}

func adapter(name string) idp.Adapter {
	adapters := all.Adapters()
	if i := slices.IndexFunc(adapters, func(a idp.Adapter) bool { return a.Name == name }); i >= 0 {
		return adapters[i]
	}
	return forms.New()
}
