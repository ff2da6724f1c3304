// Live records the tapes of a real product that a recipe of fixtures/live has brought up: make live UPDATE=1.
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
	version := flag.String("version", "", "what the product calls itself: Keycloak 26.7.3")
	port := flag.Int("port", 0, "the product's first port")
	into := flag.String("into", "fixtures", "the folder of the tapes")
	flag.Parse()
	source := fmt.Sprintf("recorded from %s, %s", *version, time.Now().UTC().Format(time.DateOnly))
	failed := false
	for _, s := range stories(*product, *port) {
		path := filepath.Join(*into, *product, s.name+".txt")
		if err := record(s, source, path); err != nil {
			fmt.Fprintf(os.Stderr, "recording %s: %v\n", path, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

// record signs in once and writes the tape, unless it did not end as it should or holds something live.
func record(s story, source, path string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	recorder := tape.NewRecorder(s.transport())
	session := &idp.Session{
		Browser: web.New(web.Options{Transport: recorder}),
		Account: s.account(),
		Now:     time.Now,
		Ask:     recorder.Asker(tape.NewAsker(&tape.Tape{Head: s.answers})),
	}
	account := session.Account
	_, ended := idp.SignIn(ctx, adapter(s.adapter), all.Adapters(), session)
	var refused *idp.RefusedError
	if got := kind(ended, &refused); got != s.want {
		return fmt.Errorf("it ended with %q, want %q: %v", got, s.want, ended)
	}
	recorded, err := recorder.Tape(source, account, ended)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(tape.Write(recorded)), 0o644)
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
