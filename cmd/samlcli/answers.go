package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/internal/term"
)

// answers is the idp.Asker of the program: flags and variables first, then commands, the keyring, and the person.
type answers struct {
	s        *settings
	password secret.Secret // of --password-stdin or SAMLCLI_PASSWORD
	given    bool          // by --password-stdin
	sent     string        // the mark of the stored password that was sent
	step     string        // the one at work
	asked    bool          // for whatever
}

func newAnswers(ctx context.Context, s *settings) (*answers, error) {
	a := &answers{s: s, password: secret.New(s.env("SAMLCLI_PASSWORD"))}
	if !s.on("password-stdin") || s.unasked != nil { // then somebody else reads it now
		return a, nil
	}
	line, err := patiently(ctx, func() (string, error) { return readLine(s.stdin, maxLine) })
	if err != nil {
		return nil, &usageError{fmt.Sprintf("reading the password from standard input: %v", err), ""}
	}
	if line == "" {
		return nil, &usageError{"--password-stdin: standard input has no password", "as in pass show work | samlcli login --password-stdin"}
	}
	a.password, a.given = secret.New(line), true
	return a, nil
}

const maxLine = 4096 // of a password

// readLine reads one line and nothing beyond it: the rest is for the program that exec runs.
func readLine(r io.Reader, most int) (string, error) {
	var line []byte
	for b := make([]byte, 1); len(line) <= most; {
		n, err := r.Read(b)
		if n == 1 && b[0] != '\n' {
			line = append(line, b[0])
		}
		if n == 1 && b[0] == '\n' || errors.Is(err, io.EOF) {
			return strings.TrimSuffix(string(line), "\r"), nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("the line is longer than %d characters", most)
}

// Ask answers from what is stored, once, and then asks the person.
func (a *answers) Ask(ctx context.Context, q idp.Question) (string, error) {
	a.asked = true
	if q.Kind == idp.Response {
		return a.pasted(ctx)
	}
	if q.Kind == idp.Password && q.Attempt > 1 {
		a.passwordRefused()
	}
	if q.Attempt <= 1 {
		answer, err := a.stored(ctx, q)
		if err != nil || !answer.Empty() {
			return answer.Reveal(), err
		}
	}
	return a.person(ctx, q)
}

func (a *answers) stored(ctx context.Context, q idp.Question) (secret.Secret, error) {
	switch q.Kind {
	case idp.Password:
		return a.storedPassword(ctx, q)
	case idp.Code:
		return a.code(ctx, q.Factor)
	}
	return secret.Secret{}, nil
}

func (a *answers) storedPassword(ctx context.Context, q idp.Question) (secret.Secret, error) {
	if a.given { // for this sign-in
		return a.password, nil
	}
	password, err := a.password, error(nil)
	if password.Empty() {
		password, err = a.command(ctx, "password_command")
	}
	if err != nil {
		return secret.Secret{}, err
	}
	if password.Empty() {
		password = a.fromKeyring("password")
	}
	if ctx.Err() != nil {
		return secret.Secret{}, stepped("keyring", ctx.Err())
	}
	return a.unrefused(q, password)
}

// code finds a one-time code; commands and seeds for TOTP serve that factor alone.
func (a *answers) code(ctx context.Context, factor idp.Factor) (secret.Secret, error) {
	if code := a.s.text("code"); code != "" && a.s.unasked == nil { // it was for the first sign-in
		return secret.New(code), nil
	}
	if answer, err := a.command(ctx, "code_command"); err != nil || !answer.Empty() {
		return answer, err
	}
	if factor != idp.TOTP {
		return secret.Secret{}, nil
	}
	if answer, err := a.command(ctx, "totp_command"); err != nil || !answer.Empty() {
		return answer, err
	}
	seed := a.fromKeyring("totp")
	if seed.Empty() {
		return secret.Secret{}, stepped("keyring", ctx.Err())
	}
	code, err := totp(seed, a.s.now())
	if err != nil {
		a.s.log.warn("the seed in the keyring: %v", err)
		return secret.Secret{}, nil
	}
	return code, nil
}

// fromKeyring looks a secret up; a keyring in trouble is a warning.
func (a *answers) fromKeyring(kind string) secret.Secret {
	if a.s.noKeys {
		return secret.Secret{}
	}
	value, err := a.s.keyring.get(keyringEntry(kind, a.s.keyringName(), a.s.text("username")))
	if err != nil {
		a.s.noKeys = true
		a.s.log.warn("keyring: %v", err)
	}
	return value
}

// nobody says what would have answered.
func (a *answers) nobody(q idp.Question) error {
	e := &questionError{message: fmt.Sprintf("%s asks for the %s, and there is nobody to ask", q.Host, q.Kind), step: a.step, host: q.Host}
	switch q.Kind {
	case idp.Username:
		e.hints = []string{"give it with --username, SAMLCLI_USERNAME, or username in the account of the config"}
	case idp.Password:
		e.hints = []string{"give it with --password-stdin, SAMLCLI_PASSWORD, password_command in the account of the config, or the keyring (samlcli configure)"}
	case idp.Code:
		e.message = fmt.Sprintf("%s asks for a code (%s), and there is nobody to ask", q.Host, q.Factor)
		e.hints = []string{"give it with --code, SAMLCLI_CODE, or code_command in the account of the config; for an authenticator's codes also totp_command or a seed in the keyring"}
	}
	e.hints = a.orAtTerminal(e.hints)
	return e
}

// orAtTerminal adds to the hints that a person could have answered, where that is news.
func (a *answers) orAtTerminal(hints []string) []string {
	switch {
	case a.s.on("no-input"):
		return append(hints, "without --no-input a terminal is asked")
	case len(hints) == 0:
		return []string{"run it at a terminal"}
	}
	return hints
}

// Choose asks the person; without one, a factor that something stored can answer is taken.
func (a *answers) Choose(ctx context.Context, c idp.Choice) (int, error) {
	a.asked = true
	t, err := a.s.terminal()
	if err == nil {
		defer t.Close()
		list := term.List{Title: c.Title}
		for _, o := range c.Options {
			list.Items = append(list.Items, term.Item{Label: o.Label, Detail: string(o.Factor)})
		}
		return t.Choose(ctx, list)
	}
	e := &questionError{message: c.Host + ": " + strings.TrimSuffix(c.Title, "?") + ", and there is nobody to ask", step: a.step, host: c.Host}
	for i, o := range c.Options {
		if a.answersFor(o.Factor) {
			return i, nil
		}
		e.lines = append(e.lines, strings.TrimSpace(o.Label+"  "+string(o.Factor)))
	}
	if len(c.Options) > 0 && c.Options[0].Factor != "" {
		e.hints = []string{"say which with --mfa, SAMLCLI_MFA, or mfa in the account of the config"}
	}
	e.hints = a.orAtTerminal(e.hints)
	return 0, e
}

// answersFor reports whether codes of a factor were given in some way: those that nobody must send first.
func (a *answers) answersFor(factor idp.Factor) bool {
	if factor != idp.TOTP && factor != idp.Token {
		return false
	}
	if a.s.text("code") != "" || len(a.s.argv("code_command")) > 0 {
		return true
	}
	return factor == idp.TOTP && (len(a.s.argv("totp_command")) > 0 || !a.fromKeyring("totp").Empty())
}

// Tell says something on stderr, where it is seen with and without a terminal.
func (a *answers) Tell(_ context.Context, message string) { a.s.log.info("%s", message) }
