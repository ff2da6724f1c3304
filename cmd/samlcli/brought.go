package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/term"
	"github.com/samlcli/samlcli/saml"
)

// Responses that come from elsewhere than from pages: from a program, or from a person and their browser.

// lastWords is how long a program may take to end.
const lastWords = 2 * time.Second

// runCommand has the account's command sign in, at the person's terminal, and returns the response that it prints.
func (s *settings) runCommand(ctx context.Context, account idp.Account) (string, error) {
	argv := s.argv("command")
	if line := account.Settings["command"]; len(argv) == 0 {
		argv = splitWords(line)
	}
	if len(argv) == 0 {
		return "", &usageError{`the adapter "command" has no command to run`, `give the account one: command = ["PROGRAM", "ARGUMENT"]`}
	}
	printed, err := s.printedBy(ctx, argv, maxInput, "SAMLCLI_ACCOUNT="+s.name, "SAMLCLI_URL="+account.URL, "SAMLCLI_USERNAME="+account.Username)
	if errors.Is(err, errTooMuch) {
		return "", &saml.FormatError{Kind: saml.KindTooLarge, Reason: argv[0] + " prints more than a SAML response can be"}
	}
	if err != nil {
		return "", err
	}
	response, err := brought(printed)
	if format := (*saml.FormatError)(nil); errors.As(err, &format) {
		return "", fmt.Errorf("%s must print the SAML response alone: %w", argv[0], err)
	}
	return response, err
}

var errTooMuch = errors.New("too much")

// printedBy runs a program that signs in, which may ask where we may, and returns what it prints.
func (s *settings) printedBy(ctx context.Context, argv []string, most int, variables ...string) ([]byte, error) {
	printed := &limited{most: most}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(childEnvironment(s.environ), variables...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = s.stdin, printed, s.log.of(argv[0])
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = lastWords
	end := func() {}
	if s.unattended() {
		end = ownGroup(cmd)
	}
	err := cmd.Run()
	var failed *exec.ExitError
	switch {
	case ctx.Err() != nil:
		end()
		return nil, ctx.Err()
	case printed.over:
		return nil, errTooMuch
	case errors.As(err, &failed):
		return nil, &idp.RefusedError{Step: "command", Kind: idp.Blocked, Host: argv[0], Message: "it ended with " + failed.Error()}
	case err != nil:
		return nil, &usageError{fmt.Sprintf("command: %v", err), ""}
	}
	return printed.text, nil
}

// limited keeps what is written, up to a limit: more is an error, which ends the program that writes.
type limited struct {
	text []byte
	most int
	over bool
}

func (l *limited) Write(data []byte) (int, error) {
	if l.over = l.over || len(l.text)+len(data) > l.most; l.over {
		return 0, errTooMuch
	}
	l.text = append(l.text, data...)
	return len(data), nil
}

// unattended reports whether there is no terminal at which a program could ask.
func (s *settings) unattended() bool {
	t, err := s.terminal()
	if err == nil {
		_ = t.Close()
	}
	return err != nil
}

// brought finds the response in what somebody brings, which must be one.
func brought(data []byte) (string, error) {
	encoded, err := extract(bytes.TrimSpace(data))
	if err != nil {
		return "", err
	}
	_, err = saml.Parse(encoded)
	return encoded, err
}

// pasted returns the response that a person brings: through standard input where that is a pipe or a file, else pasted
// at the terminal.
func (a *answers) pasted(ctx context.Context) (string, error) {
	if a.stdinBrings() {
		data, err := a.s.readInput(ctx, "-")
		if err != nil {
			return "", err
		}
		if len(bytes.TrimSpace(data)) > 0 {
			return brought(data)
		}
	}
	t, err := a.s.terminal()
	if err != nil {
		return "", &questionError{message: "there is nobody to paste the SAML response", step: a.step,
			hints: a.orAtTerminal([]string{"give it on standard input, or to --assertion FILE"})}
	}
	defer t.Close()
	return askResponse(ctx, t)
}

func askResponse(ctx context.Context, t *term.Terminal) (string, error) {
	for {
		text, err := t.Pasted(ctx, "SAML response (it is not shown; Enter ends it):")
		if err != nil {
			return "", err
		}
		response, err := brought([]byte(text))
		if format := (*saml.FormatError)(nil); !errors.As(err, &format) {
			return response, err
		}
		t.Say("That is none: " + err.Error())
	}
}

// stdinBrings reports whether standard input may hold the response: no terminal, and not what exec's program is to read.
func (a *answers) stdinBrings() bool {
	if a.s.c.Command.Name == "exec" || a.s.on("password-stdin") {
		return false
	}
	f, ok := a.s.stdin.(*os.File)
	if !ok {
		return a.s.stdin != nil
	}
	info, err := f.Stat()
	return err == nil && (info.Mode().IsRegular() || info.Mode()&os.ModeNamedPipe != 0)
}
