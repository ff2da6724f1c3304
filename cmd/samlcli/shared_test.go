package main

import (
	"errors"
	"testing"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/term"
)

// Who waited for a sign-in that was refused has the same refusal; who came later, or can be asked, has not.
func TestSharedRefusal(t *testing.T) {
	c := &watch{}
	w := newWorld(t).follow(c)
	s := w.answers().s
	denied := &idp.RefusedError{Step: "push", Kind: idp.MFAFailed, Host: "idp.example.com", Message: "denied"}
	began := c.now()
	if err := s.refusedMeanwhile(began); err != nil {
		t.Errorf("before anything was refused: %v", err)
	}
	c.pass(time.Minute)
	s.shareRefusal(&idp.StepError{Step: "push", Err: denied})
	var got *idp.RefusedError
	if err := s.refusedMeanwhile(began); !errors.As(err, &got) || *got != *denied {
		t.Errorf("who waited: %v", err)
	}
	if err := s.refusedMeanwhile(c.now()); err != nil {
		t.Errorf("who came later: %v", err)
	}
	c.pass(-2 * time.Minute)
	if err := s.refusedMeanwhile(c.now()); err != nil {
		t.Errorf("after the clock was set back: %v", err)
	}
	c.pass(2 * time.Minute)
	s.shareRefusal(errors.New("no refusal"))
	s.tty = func() (*term.Terminal, error) { return term.New(nil, nil), nil }
	if err := s.refusedMeanwhile(began); err != nil {
		t.Errorf("at a terminal: %v", err)
	}
}
