package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/secret"
)

func (p *program) serveCommand() *cli.Command {
	return &cli.Command{
		Name:  "serve",
		Usage: "give credentials to SDKs on this machine, through a container credentials endpoint, until it is ended",
		Flags: slices.Concat(p.signInFlags, p.roleFlags, []cli.Flag{text("shell", "print its variables for the shell `NAME` (default: the one in $SHELL)")}),
		Action: func(c *cli.Context) error {
			if err := noArguments(c); err != nil {
				return err
			}
			s, err := p.settings(c)
			if err != nil {
				return err
			}
			return s.serve(c.Context)
		},
	}
}

// served is a running endpoint.
type served struct {
	url   string
	token secret.Secret
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
	s.log.info("serving credentials until Ctrl-C")
	<-ctx.Done()
	return ctx.Err()
}

// startEndpoint gets the first credentials, for which a person may be asked, and then serves them and what follows them, for
// which nobody is.
func (s *settings) startEndpoint(ctx context.Context) (*served, error) {
	if _, err := s.credentials(ctx); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, &usageError{"serving credentials: " + err.Error(), ""}
	}
	token := secret.New(rand.Text() + rand.Text())
	host := listener.Addr().String()
	server := &http.Server{
		Handler:           &sink.Endpoint{Host: host, Token: token, Get: s.serveRole},
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10,
	}
	go func() { _ = server.Serve(listener) }()
	return &served{"http://" + host + "/", token, func() { _ = server.Close() }}, nil
}

// serveRole returns the credentials of the command's own role, or at ACCOUNT/NAME those of that role of the sign-in.
func (s *settings) serveRole(ctx context.Context, path string) (aws.Credentials, error) {
	quiet := *s
	quiet.silent = true
	if path != "" {
		quiet.wanted = []string{path}
	}
	credentials, err := quiet.credentials(ctx)
	var none *roleError
	if errors.As(err, &none) && path != "" {
		return aws.Credentials{}, sink.ErrNoSuchPath
	}
	return credentials, err
}
