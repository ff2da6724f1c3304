// Samlcli signs in to a SAML identity provider from a terminal and hands out AWS credentials.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/urfave/cli/v2"
)

func main() {
	cli.HelpFlag = nil // or the library answers --help, which cannot any more where internal/slim was at it
	os.Exit(start())
}

func start() int {
	protect()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	h := systemHost()
	h.catchSignals = func() { endBySignal(cancel) }
	return run(ctx, h, os.Args[1:])
}

// endBySignal lets the first signal that would end the program end its context. The second ends it whatever it waits for.
func endBySignal(end context.CancelFunc) {
	signalled, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(signalled, func() {
		stop()
		end()
	})
}
