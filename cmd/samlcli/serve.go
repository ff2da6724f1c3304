package main

import (
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/plain"
	"github.com/samlcli/samlcli/internal/secret"
)

func (p *program) serveCommand() *cli.Command {
	return &cli.Command{
		Name:   "serve",
		Usage:  "give credentials to SDKs on this machine, through a container credentials endpoint, until it is ended",
		Flags:  slices.Concat(p.signInFlags, p.roleFlags, []cli.Flag{text("shell", "print its variables for the shell `NAME` (default: the one in $SHELL)")}),
		Action: p.does((*settings).serve),
	}
}

// served is a running endpoint.
type served struct {
	url   string
	token secret.Secret
	first aws.Credentials
	stop  func()
}

// variables are what an SDK finds the endpoint by.
func (s *served) variables() []string {
	return []string{"AWS_CONTAINER_CREDENTIALS_FULL_URI=" + s.url, "AWS_CONTAINER_AUTHORIZATION_TOKEN=" + s.token.Reveal()}
}

func (s *settings) serve(ctx context.Context) error {
	shell, err := s.shellName()
	if err != nil {
		return err
	}
	endpoint, err := s.startEndpoint(ctx)
	if err != nil {
		return err
	}
	defer endpoint.stop()
	env := &sink.Env{W: s.stdout, Shell: shell}
	if err := delivered(env.WriteVariables(endpoint.variables())); err != nil {
		return err
	}
	if shadow := s.shadow(); shadow != "" {
		s.log.warn("%s", shadow)
	}
	s.log.info("serving credentials until Ctrl-C")
	<-ctx.Done()
	return ctx.Err()
}

// startEndpoint gets the first credentials, for which a person may be asked, and then serves them and what follows them, for
// which nobody is.
func (s *settings) startEndpoint(ctx context.Context) (*served, error) {
	early, err := s.duration("min-ttl", 15*time.Minute)
	if err != nil {
		return nil, err
	}
	first, err := s.credentials(ctx)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, &usageError{"serving credentials: " + err.Error(), ""}
	}
	host := listener.Addr().String()
	e := &sink.Endpoint{Host: host, Token: secret.New(rand.Text() + rand.Text()), Get: s.withoutAsking().credentialsAt, Early: early, Now: s.now}
	e.Keep("", first)
	ctx, stop := context.WithCancel(context.WithoutCancel(ctx)) // a program that exec runs decides what a signal means
	var serving sync.WaitGroup
	serving.Go(func() { e.Serve(ctx, listener) })
	return &served{url: "http://" + host + "/", token: e.Token, first: first, stop: func() { stop(); serving.Wait() }}, nil
}

// credentialsAt returns the credentials of the command's own role, or at ACCOUNT/NAME those of that role of the sign-in.
func (s *settings) credentialsAt(ctx context.Context, path string) (aws.Credentials, error) {
	if path != "" && s.source() != fromSAML {
		return aws.Credentials{}, sink.ErrNoSuchPath
	}
	one := *s // callers come at once
	if path != "" {
		one.wanted = []string{path}
		one.role, one.hops = maps.Clone(s.role), nil
		delete(one.role, "chain") // it leads on from the command's own role
	}
	credentials, err := caught(func() (aws.Credentials, error) { return one.credentials(ctx) })
	if none := (*roleError)(nil); errors.As(err, &none) && path != "" {
		return aws.Credentials{}, sink.ErrNoSuchPath
	}
	if err != nil { // the SDK shows it, on whatever terminal
		return aws.Credentials{}, errors.New(plain.Text(classify(context.Background(), err).message))
	}
	return credentials, nil
}
