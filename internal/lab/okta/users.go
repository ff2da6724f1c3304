package okta

import (
	"net/http"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// A user is somebody whom the organisation knows.
type user struct {
	name, password string
	factors        []string // the second factors
	status         string   // that the password leads to, where it is not a good one
	unassigned     bool
	stepUp         bool // the application asks for the factor, not the sign-in
}

func users() map[string]*user {
	all := map[string]*user{}
	for _, u := range []*user{
		{name: "alice", password: lab.AlicePassword, factors: []string{"push", "totp", "sms", "question"}},
		{name: "bob", password: lab.BobPassword},
		{name: "carol", password: lab.CarolPassword, status: "LOCKED_OUT"},
		{name: "dave", password: lab.DavePassword, unassigned: true},
		{name: "erin", password: "expired", status: "PASSWORD_EXPIRED"},
		{name: "frank", password: "warned", status: "PASSWORD_WARN"},
		{name: "grace", password: "graceful", factors: []string{"totp"}, stepUp: true},
		{name: "heidi", password: "enrolled", status: "MFA_ENROLL"},
	} {
		u.name += "@example.com"
		all[u.name] = u
	}
	return all
}

// rightPassword notes a second try with a password that was refused.
func (f *Fake) rightPassword(r *http.Request, name, password string) *user {
	u := f.users[name]
	if u != nil && u.password == password {
		return u
	}
	if f.tried[name+password] {
		f.complain(r, "the same wrong password again")
	}
	f.tried[name+password] = true
	return nil
}

func (f *Fake) rightCode(r *http.Request, factor, code string) bool {
	now := f.lab.Now()
	good := code != "" && map[string]bool{
		"totp":     code == lab.Code(lab.AliceSeed, now) || code == lab.Code(lab.AliceSeed, now.Add(-30*time.Second)),
		"sms":      code == f.message,
		"question": strings.EqualFold(code, "rex"),
	}[factor]
	if !good && f.tried[factor+code] {
		f.complain(r, "the same wrong code again")
	}
	f.tried[factor+code] = !good
	return good
}

// look answers whether the person has answered: "", WAITING, SUCCESS, REJECTED or TIMEOUT.
func (f *Fake) look(r *http.Request, k *flow) string {
	now := f.lab.Now()
	if k.looks++; k.looks > 1 && now.Sub(k.looked) < f.pause*9/10 {
		f.complain(r, "looks too soon")
	}
	k.looked = now
	switch {
	case f.answered == "42":
		return "SUCCESS"
	case f.answered != "":
		return "REJECTED"
	case k.looks > 20:
		return "TIMEOUT"
	}
	return "WAITING"
}
