package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	library "github.com/zalando/go-keyring"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/secret"
)

// keyring keeps the passwords and seeds that a person wants remembered.
type keyring interface {
	// there reports whether there is one to ask.
	there() bool
	// get returns the empty secret where there is none; an error means that the keyring itself is in trouble.
	get(entry string) (secret.Secret, error)
	set(entry string, value secret.Secret) error
}

const (
	keyringService  = "samlcli"
	keyringPatience = 600 * time.Millisecond // a server's keyring never answers
	unlockPatience  = 30 * time.Second       // a person's may have to be unlocked first
)

// keyringEntry names a secret: by the account's name and user, not by an address that changes.
func keyringEntry(kind, account, username string) string {
	return kind + ":" + account + ":" + username
}

// keyringName is what the account is called in the keyring: its name, or its host where only flags say how to sign in.
func (s *settings) keyringName() string {
	if s.name != "" {
		return s.name
	}
	u, err := web.Resolve(nil, s.text("url"))
	if err != nil {
		return ""
	}
	return web.Host(u)
}

// systemKeyring is the operating system's. One that does not answer soon is given up: servers have none that ever will.
type systemKeyring struct{}

func (k systemKeyring) get(entry string) (secret.Secret, error) {
	if !k.there() {
		return secret.Secret{}, nil
	}
	return soon(keyringPatience, func() (secret.Secret, error) {
		value, err := library.Get(keyringService, entry)
		if errors.Is(err, library.ErrNotFound) {
			return secret.Secret{}, nil
		}
		return secret.New(value), err
	})
}

func (k systemKeyring) set(entry string, value secret.Secret) error {
	if !k.there() {
		return errors.New("this system has no keyring that answers")
	}
	_, err := soon(unlockPatience, func() (secret.Secret, error) {
		return value, library.Set(keyringService, entry, value.Reveal())
	})
	return err
}

// soon gives up on what does not answer within the time.
func soon(patience time.Duration, ask func() (secret.Secret, error)) (secret.Secret, error) {
	ctx, cancel := context.WithTimeoutCause(context.Background(), patience, fmt.Errorf("no answer within %v", patience))
	defer cancel()
	return patiently(ctx, ask)
}

// there looks for a session bus on Linux: without that look the bus's library would try to start one.
func (systemKeyring) there() bool {
	if runtime.GOOS != "linux" && runtime.GOOS != "freebsd" && runtime.GOOS != "openbsd" {
		return true
	}
	if os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "" {
		return true
	}
	_, err := os.Stat(filepath.Join("/run/user", strconv.Itoa(os.Getuid()), "bus"))
	return err == nil
}
