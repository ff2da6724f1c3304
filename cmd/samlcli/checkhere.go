package main

import "context"

// What each place of the key protects from.
const (
	inKeyring = "what is remembered of a sign-in is sealed with a key in the keyring: a copy of your files is worth nothing, but any program that runs as you may ask for the key"
	inFile    = "what is remembered of a sign-in is sealed with a key in a file beside it: that keeps it from whoever reads one file, not from whoever reads them all"
	notSealed = "cached credentials are not sealed, no more than those in the AWS credentials file"
)

// checkKeyring asks the keyring for the key, which gives up by itself when nothing answers.
func (d *doctor) checkKeyring(context.Context) []finding {
	unsealed := well(notSealed)
	switch d.text("remember") {
	case "off":
		return []finding{well("nothing is remembered of a sign-in (remember is off)"), unsealed}
	case "file":
		return []finding{well(inFile), unsealed}
	}
	needed := d.text("remember") == "keyring"
	var err error
	there := d.keyring.there()
	if there {
		_, err = d.keyring.get(sealingKeyEntry)
	}
	switch {
	case there && err == nil:
		return []finding{well(inKeyring), unsealed}
	case needed:
		return []finding{bad("unlock it, or take remember = \"file\"", "remember is keyring, and no keyring answers"), unsealed}
	case there:
		return []finding{warn("unlock it; or remember = \"file\" asks it no more", "the keyring does not answer (%v); %s", err, inFile), unsealed}
	}
	return []finding{well("there is no keyring here; %s", inFile), unsealed}
}

// checkTerminal looks whether anybody can be asked.
func (d *doctor) checkTerminal(context.Context) []finding {
	if d.on("no-input") {
		return []finding{well("nobody is asked (no_input is on)")}
	}
	t, err := d.tty()
	if err != nil {
		return []finding{warn("give what is asked beforehand: password_command or SAMLCLI_PASSWORD, totp_command or --code, --role; a push needs nobody here",
			"there is no terminal: a question ends the sign-in with exit code 3")}
	}
	t.Close()
	return []finding{well("questions are asked at the terminal, whatever stdin and stdout are")}
}
