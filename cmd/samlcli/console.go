package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/secret"
)

func (p *program) consoleCommand() *cli.Command {
	return &cli.Command{
		Name:  "console",
		Usage: "open the AWS Management Console as a role",
		Flags: slices.Concat(p.signInFlags, p.roleFlags, []cli.Flag{
			text("service", "open the page of `SERVICE`, as in s3"),
			toggle("link", "print the address instead: whoever opens it within 15 minutes is signed in"),
			toggle("logout-first", "end the browser's other console session first"),
		}),
		Action: p.does((*settings).console),
	}
}

func (s *settings) console(ctx context.Context) error {
	hops, err := s.chain()
	if err != nil {
		return err
	}
	if s.own() && s.ownCallName() == sessionToken && len(hops) == 0 {
		return &usageError{"AWS opens no console for what GetSessionToken gives", "samlcli assume and federate give credentials that open one"}
	}
	credentials, err := s.credentials(ctx)
	if err != nil {
		return err
	}
	transport, err := s.connections()
	if err != nil {
		return err
	}
	console := &aws.Console{Service: s.text("service"), Region: s.text("region"), LogoutFirst: s.on("logout-first"), Transport: transport}
	if left := credentials.Expires.Sub(s.now()).Truncate(time.Second); len(hops) == 0 && left >= shortest {
		console.Duration = min(left, longest)
	}
	var address secret.Secret
	err = s.inTime(ctx, "getSigninToken", func(ctx context.Context) error {
		address, err = console.Address(ctx, credentials)
		return err
	})
	switch {
	case errors.As(err, new(*aws.RefusedError)):
		return &idp.StepError{Step: "getSigninToken", Err: err}
	case errors.As(err, new(*aws.UnreachableError)), errors.As(err, new(*timeLimitError)):
		return err
	case err != nil: // there is nobody to ask
		return &usageError{err.Error(), ""}
	}
	if s.on("link") {
		_, err := fmt.Fprintln(s.stdout, address.Reveal())
		return err
	}
	return s.openAddress(ctx, address)
}

// openAddress opens an address with --browser-cmd, else with what the system has for that. The address is a secret: what goes
// wrong is said without it.
func (s *settings) openAddress(ctx context.Context, address secret.Secret) error {
	argv := s.browserCommand()
	cmd := exec.CommandContext(ctx, argv[0], append(argv[1:], address.Reveal())...)
	cmd.Env = childEnvironment(s.environ)
	cmd.Stderr = s.log.of(argv[0])
	if err := cmd.Run(); err != nil {
		return &usageError{fmt.Sprintf("opening the browser with %s: %v", argv[0], err), "print the address with --link, or name a browser with --browser-cmd"}
	}
	return nil
}
