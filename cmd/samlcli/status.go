package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/quick"
	"github.com/samlcli/samlcli/internal/store"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) statusCommand() *cli.Command {
	return &cli.Command{
		Name:  "status",
		Usage: "say which credentials were fetched, and for how long they are good",
		Flags: []cli.Flag{
			outputFlag(),
			toggle("prompt", "only the profile in AWS_PROFILE, or the only one, for a shell's prompt"),
		},
		Action: p.status,
	}
}

// status says what package quick has not said already.
func (p *program) status(c *cli.Context) error {
	if err := noArguments(c); err != nil {
		return err
	}
	s := &settings{program: p, c: c, config: &config{}}
	if err := s.formats(); err != nil {
		return err
	}
	flag := "--output=text"
	switch {
	case s.on("prompt"):
		flag = "--prompt"
	case s.text("output") == "json":
		flag = "--output=json"
	}
	text, ok := quick.Status(quick.Call{Args: []string{"status", flag}, Environ: p.environ}, p.now())
	if !ok {
		p.log.info("no credentials were fetched yet: samlcli login fetches some")
	}
	_, err := fmt.Fprint(p.stdout, text)
	return err
}

// delivery is what went where.
type delivery struct {
	to          aws.Sink
	credentials aws.Credentials
}

// noteDeliveries notes for status and logout where credentials went.
func (s *settings) noteDeliveries(ctx context.Context, all ...delivery) {
	var notes []quick.Delivery
	for _, one := range all {
		d := quick.Delivery{Profile: s.profile, Role: one.credentials.Role, Account: saml.Role{ARN: one.credentials.Role}.Account(), Expires: one.credentials.Expires, Key: s.accountKey()}
		if file, ok := one.to.(*sink.File); ok {
			d.Profile, d.File = file.Section, file.Path
		}
		if d.Profile != "" {
			notes = append(notes, d)
		}
	}
	if len(notes) == 0 || s.stateFile("") == "" {
		return
	}
	lines := "\n" // ends what a full disk may have cut short
	for _, d := range notes {
		lines += d.Line()
	}
	err := store.Append(s.deliveriesFile(), []byte(lines))
	if info, statErr := os.Stat(s.deliveriesFile()); statErr == nil && info.Size() > deliveriesSize {
		err = errors.Join(err, s.editDeliveries(ctx, func(old quick.Delivery) bool { return s.now().Sub(old.Expires) < quick.Shown }))
	}
	if err != nil {
		s.unkept("status will not know of it", err)
	}
}

// deliveriesSize is how large their file gets before what no longer counts is taken out.
const deliveriesSize = 64 << 10

// editDeliveries keeps some of what was noted.
func (s *settings) editDeliveries(ctx context.Context, keep func(quick.Delivery) bool) error {
	return store.Amend(ctx, s.deliveriesFile(), func(old []byte) ([]byte, error) {
		var text string
		for _, d := range quick.ReadDeliveries(old) {
			if keep(d) {
				text += d.Line()
			}
		}
		return []byte(text), nil
	})
}

func (s *settings) deliveriesFile() string { return quick.Call{Environ: s.environ}.DeliveriesFile() }
