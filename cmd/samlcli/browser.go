package main

import (
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"runtime"

	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/secret"
)

// browserCommand is what opens an address: --browser-cmd, else what the system has for that.
func (s *settings) browserCommand() []string {
	if argv := splitWords(s.text("browser-cmd")); len(argv) > 0 {
		return argv
	}
	switch runtime.GOOS {
	case "darwin":
		return []string{"open"}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	return []string{"xdg-open"}
}

// canBrowse reports whether there is a browser that can be opened: without a screen the system's cannot.
func (s *settings) canBrowse() bool {
	argv := s.browserCommand()
	if _, err := exec.LookPath(argv[0]); err != nil {
		return false
	}
	return argv[0] != "xdg-open" || s.env("DISPLAY") != "" || s.env("WAYLAND_DISPLAY") != "" || s.env("BROWSER") != ""
}

// nobodyBrowses reports whether no browser may be opened: a credential_process without a terminal is called by programs that
// run in the background, again and again.
func (s *settings) nobodyBrowses() bool {
	return s.on("no-input") || s.c.Command.Name == "process" && s.unattended()
}

// visiting has the person visit an address, and waits for what the browser brings back: one that is opened here, or the person's
// own, where nothing can be opened and there is a terminal to say so.
func (s *settings) visiting(ctx context.Context, address secret.Secret, wait func(context.Context) error) error {
	if s.canBrowse() {
		return s.browsing(ctx, address, wait)
	}
	t, err := s.terminal()
	if err != nil {
		return &questionError{message: "the sign-in needs a browser, and there is none that can be opened here, and nobody to ask",
			hints: []string{"name a browser with --browser-cmd, or sign in once at a screen: the session is remembered"}}
	}
	t.Say("Open this address in a browser on this machine:\n" + address.Reveal())
	_ = t.Close()
	return wait(ctx)
}

// browsing opens an address, and waits for what the browser brings back, unless it does not open. The browser may be the
// person's own, and outlives the program.
func (s *settings) browsing(ctx context.Context, address secret.Secret, wait func(context.Context) error) error {
	argv := append(s.browserCommand(), address.Reveal())
	if u, err := url.Parse(address.Reveal()); err == nil {
		s.log.detail("opening %s with %s", web.Place(u), argv[0])
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), argv[0], argv[1:]...)
	cmd.Env = childEnvironment(s.environ)
	ownGroup(cmd) // a Ctrl-C is not meant for it
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		if err := s.open(cmd); err != nil {
			cancel(&usageError{fmt.Sprintf("opening the browser with %s: %v", argv[0], err), "name a browser with --browser-cmd"})
		}
	}()
	return wait(ctx)
}
