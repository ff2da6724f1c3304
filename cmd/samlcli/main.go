// Samlcli signs in to a SAML identity provider from a terminal and hands out AWS credentials.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/urfave/cli/v2"
)

func main() {
	cli.HelpFlag = nil // or the library answers --help, which cannot any more where internal/slim was at it
	os.Exit(start())
}

// enoughMemory is more than any sign-in needs. Near it, the garbage collector works harder for less: a page of 8 MiB leaves
// many times that behind.
const enoughMemory = 24 << 20

func start() int {
	debug.SetMemoryLimit(enoughMemory)
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
