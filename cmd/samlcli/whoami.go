package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/plain"
)

func (p *program) whoamiCommand() *cli.Command {
	return &cli.Command{
		Name:   "whoami",
		Usage:  "ask AWS whose credentials these are",
		Flags:  slices.Concat(p.signInFlags, p.roleFlags, []cli.Flag{outputFlag()}),
		Action: p.does((*settings).whoami),
	}
}

func (s *settings) whoami(ctx context.Context) error {
	credentials, err := s.credentials(ctx)
	if err != nil {
		return err
	}
	exchange, err := s.exchange()
	if err != nil {
		return err
	}
	var who aws.Identity
	err = s.inTime(ctx, "GetCallerIdentity", func(ctx context.Context) error {
		who, err = exchange.Identity(ctx, credentials)
		return err
	})
	var refused *aws.RefusedError
	if errors.As(err, &refused) {
		return &idp.StepError{Step: "GetCallerIdentity", Err: err}
	}
	if err != nil {
		return err
	}
	if s.text("output") == "json" {
		return writeJSON(s.stdout, struct {
			Account string `json:"account"`
			ARN     string `json:"arn"`
			UserID  string `json:"user_id"`
		}{who.Account, who.ARN, who.UserID})
	}
	_, err = fmt.Fprintln(s.stdout, plain.Text(who.ARN))
	return err
}
