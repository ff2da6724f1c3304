package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/callback"
	"github.com/samlcli/samlcli/internal/oidc"
	"github.com/samlcli/samlcli/internal/secret"
)

// checkIssuer finds mistakes before anybody is asked anything.
func (s *settings) checkIssuer() error {
	if _, safe := oidc.CheckAddress(s.text("issuer")); !safe {
		return &usageError{"the issuer must be an https address (http is for this machine only)", ""}
	}
	if s.text("client_id") == "" {
		return &usageError{"an issuer needs a client_id, as which it knows this program", "write client_id into the account of the config; the provider's administrator gives it"}
	}
	return s.checkRemember()
}

// openIDToken returns the ID token of the last sign-in while it is good, else that of a new one. One of many that come at once
// signs in, and the others find what it left.
func (s *settings) openIDToken(ctx context.Context) (token secret.Secret, err error) {
	err = s.inTime(ctx, "sign-in", func(ctx context.Context) error {
		unlock, err := s.alone(ctx, s.rememberedFile("sign-in"))
		if err != nil {
			return &idp.StepError{Step: "waiting for another sign-in", Err: err}
		}
		defer unlock()
		kept := s.rememberedTokens()
		if !s.on("refresh") && !kept.ID.Empty() && s.tokenLasts(kept.ID) {
			s.log.detail("the last sign-in's token is good")
			token = kept.ID
			return nil
		}
		tokens, err := s.newTokens(ctx, kept)
		token = tokens.ID
		return err
	})
	return token, err
}

// tokenLasts reports whether a token is good for long enough to be sent to AWS.
func (s *settings) tokenLasts(token secret.Secret) bool {
	claims, ok := oidc.Read(token)
	return ok && claims.Check(s.now().Add(time.Minute), "", s.text("client_id")) == nil
}

// newTokens gets tokens for the refresh token that is kept, else by a sign-in, and keeps them.
func (s *settings) newTokens(ctx context.Context, kept oidc.Tokens) (oidc.Tokens, error) {
	p, err := s.openIDProvider(ctx)
	if err != nil {
		return oidc.Tokens{}, err
	}
	var tokens oidc.Tokens
	if !kept.Refresh.Empty() {
		tokens, err = p.Refresh(ctx, kept)
		var refused *oidc.RefusedError
		var unusable *oidc.TokenError
		if errors.As(err, &refused) || errors.As(err, &unusable) {
			s.log.detail("the remembered session is over: %v", err)
			s.forget("tokens")
			kept = oidc.Tokens{}
		} else if err != nil {
			return tokens, err
		}
	}
	if kept.Refresh.Empty() {
		if tokens, err = s.signInFor(ctx, p); err != nil {
			return tokens, err
		}
	}
	s.rememberTokens(tokens)
	return tokens, nil
}

func (s *settings) openIDProvider(ctx context.Context) (*oidc.Provider, error) {
	transport, err := s.providerConnections()
	if err != nil {
		return nil, err
	}
	c := &oidc.Client{Issuer: s.text("issuer"), ID: s.text("client_id"), Scopes: s.commas("scopes"), Transport: transport, Now: s.now}
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"email"}
	}
	if argv := s.argv("client_secret_command"); len(argv) > 0 {
		printed, err := s.printedBy(ctx, argv, maxLine)
		if err != nil {
			return nil, fmt.Errorf("client_secret_command: %w", err)
		}
		c.Secret = secret.New(strings.TrimSpace(string(printed)))
	}
	p, err := c.Discover(ctx)
	return p, stepped("discovery", err)
}

// signInFor lets the person sign in: in a browser here, or where none can be opened, on another machine.
func (s *settings) signInFor(ctx context.Context, p *oidc.Provider) (tokens oidc.Tokens, err error) {
	switch {
	case s.nobodyBrowses():
		return tokens, &questionError{message: s.text("issuer") + " wants somebody to sign in with a browser, and there is nobody to ask",
			step: "sign-in", hints: []string{"sign in once at a terminal, without --no-input: the session is remembered", "or bring a token, with token_file, token_command or --token-stdin"}}
	case s.on("device") && !p.HasDevices():
		return tokens, &usageError{s.text("issuer") + " does not let devices sign in", "leave --device out"}
	case s.on("device"), !s.canBrowse() && p.HasDevices():
		tokens, err = s.signInElsewhere(ctx, p)
		return tokens, stepped("device sign-in", err)
	}
	tokens, err = s.signInHere(ctx, p)
	return tokens, stepped("browser sign-in", err)
}

// signInHere opens the person's browser and awaits its coming back.
func (s *settings) signInHere(ctx context.Context, p *oidc.Provider) (oidc.Tokens, error) {
	listener, err := callback.Listen("127.0.0.1")
	if err != nil {
		return oidc.Tokens{}, &usageError{"waiting for the browser: " + err.Error(), ""}
	}
	defer listener.Close()
	authorization := p.Authorize(listener.Address(), s.text("username"))
	var tokens oidc.Tokens
	err = s.visiting(ctx, secret.New(authorization.Address()), func(ctx context.Context) error {
		return listener.Await(ctx, func(r *http.Request) (err error) {
			tokens, err = authorization.Redeem(ctx, r.URL.Query())
			return err
		})
	})
	if err != nil { // it may be at work still
		return oidc.Tokens{}, err
	}
	return tokens, nil
}

// signInElsewhere tells the person what to open and type on another machine.
func (s *settings) signInElsewhere(ctx context.Context, p *oidc.Provider) (oidc.Tokens, error) {
	d, err := p.StartDevice(ctx)
	if err != nil {
		return oidc.Tokens{}, err
	}
	s.log.info("open %s on any machine, and enter the code %s there", d.Address, d.Code)
	return d.Await(ctx)
}

// stepped names what went wrong.
func stepped(step string, err error) error {
	if err == nil {
		return nil
	}
	return &idp.StepError{Step: step, Err: err}
}
