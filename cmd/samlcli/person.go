package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/term"
)

// terminal opens the person's terminal, unless asking is switched off.
func (s *settings) terminal() (*term.Terminal, error) {
	if s.on("no-input") {
		return nil, term.ErrNone
	}
	t, err := s.tty()
	if err == nil {
		t.NoColor = s.env("NO_COLOR") != ""
		t.Dumb = t.Dumb || s.env("TERM") == "dumb"
	}
	return t, err
}

// person asks at the terminal.
func (a *answers) person(ctx context.Context, q idp.Question) (string, error) {
	t, err := a.s.terminal()
	if err != nil {
		return "", a.nobody(q)
	}
	defer t.Close()
	if q.Refused != "" {
		t.Say(q.Host + ": " + q.Refused)
	}
	if q.Kind == idp.Captcha {
		remove, err := showCaptcha(t, q)
		if err != nil {
			return "", err
		}
		defer remove()
	}
	ask := t.Hidden
	if q.Kind == idp.Username || q.Kind == idp.Captcha {
		ask = t.Line
	}
	for {
		answer, err := ask(ctx, prompt(q))
		if q.Kind != idp.Password {
			answer = strings.TrimSpace(answer)
		}
		if err != nil || answer != "" {
			return answer, err
		}
	}
}

// showCaptcha says where the picture can be seen; the file is there until remove.
func showCaptcha(t *term.Terminal, q idp.Question) (remove func(), err error) {
	if q.Detail != "" {
		defer t.Say("The picture is at " + q.Detail)
	}
	if len(q.Image) == 0 {
		return func() {}, nil
	}
	f, err := os.CreateTemp("", "samlcli-captcha-*.png") // 0600
	if err != nil {
		return nil, fmt.Errorf("saving the captcha: %w", err)
	}
	remove = func() { _ = os.Remove(f.Name()) }
	_, err = f.Write(q.Image)
	if err := errors.Join(err, f.Close()); err != nil {
		remove()
		return nil, fmt.Errorf("saving the captcha: %w", err)
	}
	t.Say("Look at the picture " + f.Name())
	return remove, nil
}

// prompt is the question as a person reads it.
func prompt(q idp.Question) string {
	what := map[idp.Kind]string{
		idp.Username: "User name", idp.Password: "Password", idp.Code: "Code", idp.Answer: "Answer", idp.Captcha: "What the picture says",
	}[q.Kind]
	if q.Label != "" && (q.Kind == idp.Code || q.Kind == idp.Answer) {
		what = strings.TrimRight(q.Label, ": ")
	}
	return fmt.Sprintf("%s (%s): ", what, q.Host)
}

// Wait counts down at the terminal, where there is one.
func (a *answers) Wait(_ context.Context, left time.Duration) (done func()) {
	t, err := a.s.terminal()
	if err != nil {
		return func() {}
	}
	stop := t.Countdown(left)
	return func() {
		stop()
		_ = t.Close()
	}
}
