package main

import (
	"strings"
	"testing"
)

// TestConfigureFromKeyring: the password that was not copied is asked for at a terminal, also when the account is there.
func TestConfigureFromKeyring(t *testing.T) {
	w := newWorld(t)
	w.fixture("from-aws-azure-login.ini", ".aws/config")
	w.want(0, "not copied: [profile azure] azure_default_password in ", "configure", "--from", "aws-azure-login")
	p := w.atTerminal("Password for the keyring", "builder\r", "Authenticator seed", "\r", "Password for the keyring", "\r", "Authenticator seed", "\r")
	w.want(0, "samlcli: for [account.azure]:\n", "configure", "--from", "aws-azure-login")
	if got := w.keys.entries["password:azure:alice@example.com"]; got.Reveal() != "builder" || len(w.keys.entries) != 1 || strings.Contains(p.saw(), "builder") {
		t.Errorf("the keyring has %v; screen:\n%s", w.keys.entries, p.saw())
	}
	if n := strings.Count(p.saw(), "Password for"); n != 1 {
		t.Errorf("asked %d times:\n%s", n, p.saw())
	}
	p = w.atTerminal()
	w.want(0, "", "configure", "--from", "aws-azure-login", "--no-input")
	w.keys.gone = true
	w.want(0, "", "configure", "--from", "aws-azure-login")
	if p.saw() != "" {
		t.Errorf("asked:\n%s", p.saw())
	}
	w.keys.gone = false
	w.atTerminal("Password for the keyring", "\x03")
	w.want(130, "", "configure", "--from", "aws-azure-login")
}
