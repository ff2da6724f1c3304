// Samlcli signs in to a SAML identity provider from a terminal and hands out AWS credentials.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(start()) }

func start() int {
	protect()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program whatever it waits for
	return run(ctx, systemHost(), os.Args[1:])
}
