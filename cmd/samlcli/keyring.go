package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	library "github.com/zalando/go-keyring"

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
	keyringPatience = 800 * time.Millisecond
)

// keyringEntry names a secret: by the account's name and user, not by an address that changes.
func keyringEntry(kind, account, username string) string {
	return kind + ":" + account + ":" + username
}

// systemKeyring is the operating system's. One that does not answer soon is given up: servers have none that ever will.
type systemKeyring struct{}

func (k systemKeyring) get(entry string) (secret.Secret, error) {
	if !k.there() {
		return secret.Secret{}, nil
	}
	return patiently(func() (secret.Secret, error) {
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
	return library.Set(keyringService, entry, value.Reveal())
}

func patiently(ask func() (secret.Secret, error)) (secret.Secret, error) {
	type reply struct {
		value secret.Secret
		err   error
	}
	replies := make(chan reply, 1)
	go func() {
		value, err := ask()
		replies <- reply{value, err}
	}()
	select {
	case r := <-replies:
		return r.value, r.err
	case <-time.After(keyringPatience):
		return secret.Secret{}, fmt.Errorf("no answer within %v", keyringPatience)
	}
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
