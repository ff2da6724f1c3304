package main

import (
	"context"
	"syscall"
	"testing"

	"github.com/samlcli/samlcli/internal/lab/openid"
)

// TestTokenOfDevices: a file may be none that ends, or one that nobody writes to.
func TestTokenOfDevices(t *testing.T) {
	w, _ := withOpenID(t, openid.Options{})
	w.want(2, "has more in it than a token", "process", "--role", deploy, "--token-file", "/dev/zero")
	pipe := w.home + "/pipe"
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.ctx = ctx
	cancel()
	w.want(130, "interrupted", "process", "--role", deploy, "--token-file", pipe)
}
