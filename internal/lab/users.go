package lab

import (
	"fmt"
	"time"
)

// User is somebody the identity provider knows.
type User struct {
	Name     string
	Password string        // public on purpose, as everything in the lab
	Seed     string        // base32 seed of the one-time codes; empty asks for none
	Locked   bool          // refused whatever the password
	Session  time.Duration // the SessionDuration that the assertion says; 0 says none
	Roles    []Role
}

// Role is one role on offer: its ARN and that of the SAML provider that vouches for it.
type Role struct{ ARN, Provider string }

// What the usual users sign in with, and the two accounts that they reach.
const (
	AlicePassword = "wonderland"
	AliceSeed     = "JBSWY3DPEHPK3PXP"
	BobPassword   = "builder"
	CarolPassword = "singer"
	DavePassword  = "diver"
	ManyPassword  = "many"

	Account      = "123456789012"
	OtherAccount = "210987654321"
)

// Users returns the usual people: alice (password, code, three roles in two accounts), bob (password, one role),
// carol (locked) and dave (signs in, but has no role).
func Users() []User {
	return []User{
		{Name: "alice", Password: AlicePassword, Seed: AliceSeed, Session: time.Hour,
			Roles: []Role{role(Account, "Admin"), role(Account, "ReadOnly"), role(OtherAccount, "Deploy")}},
		{Name: "bob", Password: BobPassword, Roles: []Role{role(Account, "ReadOnly")}},
		{Name: "carol", Password: CarolPassword, Locked: true, Roles: []Role{role(Account, "ReadOnly")}},
		{Name: "dave", Password: DavePassword},
	}
}

// Many returns the user "many" (password only) with n roles, ten in each account.
func Many(n int) User {
	u := User{Name: "many", Password: ManyPassword}
	for i := range n {
		u.Roles = append(u.Roles, role(fmt.Sprint(300000000000+i/10), fmt.Sprintf("Role%03d", i)))
	}
	return u
}

func role(account, name string) Role {
	return Role{ARN: "arn:aws:iam::" + account + ":role/" + name, Provider: "arn:aws:iam::" + account + ":saml-provider/lab"}
}
