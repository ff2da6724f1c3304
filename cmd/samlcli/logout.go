package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/quick"
	"github.com/samlcli/samlcli/saml"
)

func (p *program) logoutCommand() *cli.Command {
	return &cli.Command{
		Name:  "logout",
		Usage: "end the session at the provider, and remove what was kept and written of an account",
		Flags: append([]cli.Flag{toggle("all", "of every account: nothing of what was kept remains")}, p.signInFlags...),
		Action: p.does(func(s *settings, ctx context.Context) error {
			if s.on("all") {
				return s.logoutAll(ctx)
			}
			return s.logout(ctx)
		}),
	}
}

// logoutAll ends the sessions of the config's accounts and of others, and removes what there is, of whatever account.
func (s *settings) logoutAll(ctx context.Context) error {
	done := map[string]bool{}
	for name, account := range s.config.Account {
		one := *s
		one.name, one.account, one.shared, one.key = name, account, nil, ""
		one.signOut(ctx)
		done[one.accountKey()] = true
	}
	others, _ := os.ReadDir(s.stateFile("accounts")) // mostly there is one
	for _, other := range others {
		one := *s
		one.name, one.account, one.shared, one.key = "", nil, nil, other.Name()
		if kept := one.rememberedSession(); len(kept.Cookies) > 0 && !done[one.key] {
			one.account = section{"url": cmp.Or(kept.Place, kept.Cookies[0].URL)}
			one.signOut(ctx)
		}
	}
	err := s.removeWritten(ctx, "*", func(quick.Delivery) bool { return true })
	for _, place := range []string{
		s.cacheFile("credentials"), s.cacheFile("calls"), s.cacheFile("aliases"), s.stateFile("accounts"), s.stateFile("durations"), s.stateFile("choices.json"),
	} {
		if place != "" {
			err = errors.Join(err, os.RemoveAll(place))
		}
	}
	return delivered(err)
}

func (s *settings) logout(ctx context.Context) error {
	if s.text("url") == "" && s.name == "" && s.source() == fromSAML {
		return s.noAddress()
	}
	s.signOut(ctx)
	key := s.accountKey()
	err := s.removeWritten(ctx, key+"-*", func(d quick.Delivery) bool { return d.Key == key })
	for _, kind := range []string{"session", "assertion", "tokens"} {
		s.forget(kind)
	}
	for dir, patterns := range map[string][]string{ // what ends in .tmp is of calls that were killed
		s.cacheFile("credentials"): {key + "-*", "." + key + "-*.tmp"}, s.cacheFile("aliases"): {key}, s.rememberedFile(""): {"role-*", ".*.tmp"},
	} {
		for _, pattern := range patterns {
			names, _ := fs.Glob(os.DirFS(dir), pattern) // it is right
			for _, name := range names {
				err = errors.Join(err, os.Remove(filepath.Join(dir, name)))
			}
		}
	}
	return delivered(err)
}

// signOut ends the session at the provider, as well as that can be done, and says what came of it.
func (s *settings) signOut(ctx context.Context) {
	switch s.source() {
	case fromSAML:
	case fromKeys: // which have no provider
		return
	default:
		s.revoke(ctx)
		return
	}
	kept := s.rememberedSession()
	if len(kept.Cookies) == 0 {
		s.log.info("no session of %s is remembered", s.accountName())
		return
	}
	err := s.inTime(ctx, "sign out", func(ctx context.Context) error { return s.openSignOut(ctx, kept) })
	if err != nil {
		s.log.warn("the session of %s may go on at the provider: %v", s.accountName(), err)
		return
	}
	s.log.info("signed out of %s", s.accountName())
}

func (s *settings) openSignOut(ctx context.Context, kept providerSession) error {
	adapter, err := adapterNamed(kept.Adapter)
	if err != nil || adapter.SignOut == nil {
		return errors.New("no address to sign out at is known; its cookies are removed here")
	}
	start, err := web.Resolve(nil, s.text("url"))
	if place, err2 := web.Resolve(nil, kept.Place); err != nil || err2 == nil && place.Host != start.Host { // it was handed on
		start, err = place, err2
	}
	if err != nil {
		return err
	}
	transport, err := s.providerConnections()
	if err != nil {
		return err
	}
	browser := s.browser(transport, nil)
	browser.TakeCookies(kept.Cookies)
	if err := adapter.SignOut(ctx, browser, start); err != nil {
		return err
	}
	if status := browser.Page().Status; status >= 400 {
		return fmt.Errorf("it answers with status %d", status)
	}
	return nil
}

func (s *settings) accountName() string {
	if s.name != "" {
		return fmt.Sprintf("account %q", s.name)
	}
	return s.keyringName()
}

// removeWritten takes credentials out of the files that they were written into, and says of all that were handed out, those of
// the cache by a pattern, until when they stay valid: nobody can take them back.
func (s *settings) removeWritten(ctx context.Context, cached string, which func(quick.Delivery) bool) error {
	if s.stateFile("") == "" {
		return nil
	}
	var failed error
	handedOut := s.cachedUntil(cached)
	err := s.editDeliveries(ctx, func(d quick.Delivery) bool {
		if !which(d) {
			return true
		}
		if d.File != "" {
			if err := (&sink.File{Path: d.File, Section: d.Profile}).Remove(ctx); err != nil {
				failed = errors.Join(failed, err)
				return true
			}
			s.log.info("removed the credentials of profile %q from %s", d.Profile, d.File)
		}
		handedOut.add(d.Role, d.Expires)
		return false
	})
	for _, role := range slices.Sorted(maps.Keys(handedOut)) {
		if until := handedOut[role]; until.After(s.now()) {
			s.log.info("credentials of %s that were handed out stay valid until %s", roleWords(role), until.Local().Format("15:04"))
		}
	}
	return errors.Join(err, failed)
}

// validity says until when credentials of roles are good.
type validity map[string]time.Time

func (v validity) add(role string, until time.Time) {
	if until.After(v[role]) {
		v[role] = until
	}
}

// cachedUntil looks at the cached credentials: those without a profile are noted nowhere else.
func (s *settings) cachedUntil(pattern string) validity {
	v := validity{}
	dir := s.cacheFile("credentials")
	names, _ := fs.Glob(os.DirFS(dir), pattern) // it is right
	for _, name := range names {
		if c, ok := keptCredentials(filepath.Join(dir, name)); ok {
			v.add(c.Role, c.Expires)
		}
	}
	return v
}

func roleWords(arn string) string {
	role := saml.Role{ARN: arn}
	return strings.TrimPrefix(role.Account()+"/"+role.Name(), "/")
}
