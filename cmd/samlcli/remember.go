package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/internal/store"
)

// What outlives a sign-in is sealed: the provider's cookies and the last response are as good as a password for a while.

// accountKey names what belongs to one person at one provider, as files are called.
func (s *settings) accountKey() string {
	if s.key != "" {
		return s.key
	}
	parts := []string{s.text("url"), s.text("username"), s.text("target"), s.text("idp")}
	if parts[0] == "" { // its program or its person knows the address
		parts[0] = "account " + s.name
	}
	set, _ := s.adapterSettings() // what is wrong with them is said at the sign-in
	for _, key := range slices.Sorted(maps.Keys(set)) {
		parts = append(parts, key, set[key])
	}
	s.key = digest(slices.Concat(parts, s.argv("command"), s.sourceParts())...)[:16]
	return s.key
}

// digest is short, and another one for every other list of parts.
func digest(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&b, "%d:%s", len(part), part)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:16])
}

// checkRemember refuses a word for --remember that means nothing.
func (s *settings) checkRemember() error {
	switch word := s.text("remember"); word {
	case "", "keyring", "file", "off":
		return nil
	default:
		return &usageError{fmt.Sprintf("--remember is keyring, file or off, not %q", word), ""}
	}
}

// remembered returns what was kept of the account under a kind; nil where there is nothing, or nothing that opens.
func (s *settings) remembered(kind string) []byte {
	path := s.rememberedFile(kind)
	if path == "" || s.text("remember") == "off" {
		return nil
	}
	sealed, err := store.Kept(path)
	if err != nil {
		return nil // mostly: there is none
	}
	key, err := s.sealingKey(nil)
	if err != nil {
		s.log.detail("what is remembered cannot be opened: %v", err)
		return nil
	}
	data, err := store.Open(key, kind+" "+s.accountKey(), sealed)
	if err != nil {
		s.log.detail("what is remembered cannot be opened: %v", err)
	}
	return data
}

// seal keeps data of the account. Where that is not possible the next sign-in merely takes longer.
func (s *settings) seal(kind string, data []byte) {
	path := s.rememberedFile(kind)
	if path == "" || s.text("remember") == "off" {
		return
	}
	key, err := s.sealingKey(store.NewKey)
	var sealed []byte
	if err == nil {
		sealed, err = store.Seal(key, kind+" "+s.accountKey(), data)
	}
	if err == nil {
		err = store.Keep(path, sealed)
	}
	if err != nil {
		s.unkept("the sign-in is not remembered", err)
	}
}

// unkept says what could not be kept for the next time. Where the disk is the reason, the first is a warning, and the others
// would only repeat it.
func (p *program) unkept(what string, err error) {
	if errors.As(err, new(syscall.Errno)) && !p.log.unkept.Swap(true) {
		p.log.warn("%s: %v", what, err)
		return
	}
	p.log.detail("%s: %v", what, err)
}

// forget removes what was kept.
func (s *settings) forget(kind string) {
	if path := s.rememberedFile(kind); path != "" {
		_ = os.Remove(path)
	}
}

// providerSession is what a sign-in leaves at the provider: the cookies that stand for it, whose pages they are of, and where
// the last of these was.
type providerSession struct {
	Adapter string
	Place   string
	Cookies []web.Cookie
}

func (s *settings) rememberedSession() (p providerSession) {
	_ = json.Unmarshal(s.remembered("session"), &p) // a damaged file is none
	return p
}

func (s *settings) rememberSession(p providerSession) {
	data, err := json.Marshal(p)
	if err == nil && len(p.Cookies) > 0 {
		s.seal("session", data)
	}
}

// distrust forgets cookies after a refusal that may be of the browser that they stand for, not of an answer.
func (s *settings) distrust(err error) {
	var refused *idp.RefusedError
	if errors.As(err, &refused) && (refused.Kind == idp.Blocked || refused.Kind == idp.CaptchaRefused) {
		s.forget("session")
	}
}

// rememberedFile is where a kind of thing is kept of the account: all in one directory, which logout empties.
func (s *settings) rememberedFile(kind string) string {
	return s.stateFile(filepath.Join("accounts", s.accountKey(), kind))
}

// sealingKeyEntry is the key's name in the keyring.
const sealingKeyEntry = "key"

// sealingKey returns the key of what is remembered: the keyring's, or that of a file where no keyring answers. One that is
// not there is made, where make is given.
func (s *settings) sealingKey(make func() []byte) ([]byte, error) {
	if len(s.sealKey) > 0 {
		return s.sealKey, nil
	}
	key, err := s.findKey(make)
	if err == nil {
		s.sealKey = key
	}
	return key, err
}

func (s *settings) findKey(make func() []byte) ([]byte, error) {
	if s.text("remember") == "file" || !s.keyring.there() { // mostly it is there, and needs no lock
		if key, err := s.fileKey(nil); err == nil {
			return key, nil
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*unlockPatience) // held for moments, or while a person unlocks the keyring
	defer cancel()
	unlock, err := store.Lock(ctx, s.stateFile("key"))
	if err != nil {
		return nil, err
	}
	defer unlock()
	if s.text("remember") != "file" && !s.noKeys && s.keyring.there() {
		key, err := s.keyringKey(make)
		s.noKeys = err != nil && !errors.Is(err, errNoKey)
		if !s.noKeys || s.text("remember") == "keyring" {
			return key, err
		}
		s.log.detail("keyring: %v", err)
	}
	if s.text("remember") == "keyring" {
		return nil, errors.New("this system has no keyring that answers")
	}
	return s.fileKey(make)
}

var errNoKey = errors.New("there is no key yet")

func (s *settings) keyringKey(make func() []byte) ([]byte, error) {
	kept, err := s.keyring.get(sealingKeyEntry)
	if err != nil {
		return nil, err
	}
	if key, err := base64.StdEncoding.DecodeString(kept.Reveal()); err == nil && len(key) == store.KeySize {
		return key, nil
	}
	if make == nil {
		return nil, errNoKey
	}
	key := make()
	return key, s.keyring.set(sealingKeyEntry, secret.New(base64.StdEncoding.EncodeToString(key)))
}

func (s *settings) fileKey(make func() []byte) ([]byte, error) {
	path := s.stateFile("key")
	if key, err := store.Kept(path); err == nil && len(key) == store.KeySize {
		return key, nil
	}
	if make == nil {
		return nil, errNoKey
	}
	key := make()
	return key, store.Keep(path, key)
}
