package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/internal/secret"
)

// A stored password that the provider refused is not sent again for a while, whoever asks for credentials: many calls, at once
// or one after another, would lock the account.

// refusedPassword says which password was refused, without saying it.
type refusedPassword struct {
	At   time.Time
	Mark string
}

const refusedKind = "refused"

// unrefused returns a stored password, unless it is the one that was refused a while ago. A person who is there is asked then.
func (a *answers) unrefused(q idp.Question, password secret.Secret) (secret.Secret, error) {
	if password.Empty() {
		return password, nil
	}
	mark := digest(a.s.accountKey(), q.Host, password.Reveal())
	var refused refusedPassword
	_ = json.Unmarshal(a.s.remembered(refusedKind), &refused) // mostly there is none
	age := a.s.now().Sub(refused.At)
	switch {
	case refused.Mark != mark || age < 0 || age >= noLasts:
		a.sent = mark
		return password, nil
	case !a.s.unattended():
		return secret.Secret{}, nil
	}
	return secret.Secret{}, &idp.RefusedError{Step: a.step, Kind: idp.BadCredentials, Host: q.Host, Message: fmt.Sprintf(
		"it refused this stored password at %s; it is not sent again before %s", clock(refused.At), clock(refused.At.Add(noLasts)))}
}

func clock(t time.Time) string { return t.Local().Format("15:04") }

// noteRefusal looks whether an error is a refusal of the password that was sent.
func (a *answers) noteRefusal(err error) {
	var refused *idp.RefusedError
	if errors.As(err, &refused) && (refused.Kind == idp.BadCredentials || refused.Kind == idp.Locked) {
		a.passwordRefused()
	}
}

// passwordRefused remembers it of the stored password, if that was sent.
func (a *answers) passwordRefused() {
	if a.sent == "" {
		return
	}
	data, err := json.Marshal(refusedPassword{a.s.now(), a.sent})
	if err == nil {
		a.s.seal(refusedKind, data)
	}
	a.sent = ""
}
