package main

import (
	"context"
	"encoding/json"

	"github.com/samlcli/samlcli/internal/oidc"
	"github.com/samlcli/samlcli/internal/secret"
)

// openIDSession is what is kept of a sign-in.
type openIDSession struct{ ID, Subject, Refresh string }

func (s *settings) rememberedTokens() oidc.Tokens {
	var kept openIDSession
	_ = json.Unmarshal(s.remembered("tokens"), &kept) // a damaged file is none
	return oidc.Tokens{ID: secret.New(kept.ID), Subject: kept.Subject, Refresh: secret.New(kept.Refresh)}
}

// forgetToken makes the next command get another token of the session: whoever mends why AWS refused this one wants to see it
// mended.
func (s *settings) forgetToken() {
	if kept := s.rememberedTokens(); !kept.ID.Empty() {
		kept.ID = secret.Secret{}
		s.rememberTokens(kept)
	}
}

func (s *settings) rememberTokens(t oidc.Tokens) {
	data, err := json.Marshal(openIDSession{t.ID.Reveal(), t.Subject, t.Refresh.Reveal()})
	if err == nil {
		s.seal("tokens", data)
	}
}

// revoke ends the session at the provider, as well as that can be done, and says what came of it.
func (s *settings) revoke(ctx context.Context) {
	kept := s.rememberedTokens()
	if kept.Refresh.Empty() {
		s.log.info("no session of %s is remembered", s.accountName())
		return
	}
	err := s.inTime(ctx, "sign out", func(ctx context.Context) error {
		p, err := s.openIDProvider(ctx)
		if err != nil {
			return err
		}
		return p.Revoke(ctx, kept.Refresh)
	})
	if err != nil {
		s.log.warn("the session of %s may go on at the provider: %v", s.accountName(), err)
		return
	}
	s.log.info("signed out of %s", s.accountName())
}
