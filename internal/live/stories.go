package main

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/tape"
	"github.com/samlcli/samlcli/internal/lab"
)

// A story is one sign-in to be recorded. The users are those of fixtures/live/README.md.
type story struct {
	adapter, name, want string
	url                 string
	key                 bool        // the blue security key is at hand; such a story is not recorded
	twice               bool        // the first form is sent two times
	answers             []tape.Line // the head of the tape: username, password, mfa and the like; code seed:BASE32 is the code of now
}

func (s story) account() idp.Account {
	account := (&tape.Tape{Head: s.answers}).Account()
	account.URL = s.url
	return account
}

func (s story) transport() http.RoundTripper {
	var transport http.RoundTripper = steady{&http.Transport{}}
	if s.twice {
		transport = &twice{RoundTripper: transport}
	}
	return transport
}

// sentTwice is the same story with an impatient proxy in it.
func sentTwice(s story) story {
	s.twice = true
	return s
}

// tell makes a story of lines: "alice wonderland; code seed:ABC; mfa totp".
func tell(adapter, name, url, want, text string) story {
	s := story{adapter: adapter, name: name, want: want, url: url}
	for i, part := range strings.Split(text, "; ") {
		key, value, _ := strings.Cut(part, " ")
		if i == 0 {
			s.answers = append(s.answers, tape.Line{Key: "username", Value: key}, tape.Line{Key: "password", Value: value})
			continue
		}
		if seed, ok := strings.CutPrefix(value, "seed:"); ok {
			value = lab.Code(seed, time.Now())
		}
		s.answers = append(s.answers, tape.Line{Key: key, Value: value})
	}
	return s
}

const (
	signedIn = "signed in"
	noAnswer = "no answer"
)

func stories(product string, port int) []story {
	switch product {
	case "keycloak":
		return keycloak(fmt.Sprintf("http://127.0.0.1:%d/realms/", port))
	case "simplesamlphp":
		return simplesamlphp(port)
	}
	return nil
}

func keycloak(base string) []story {
	aws, first, strict := base+"aws/protocol/saml/clients/aws", base+"userfirst/protocol/saml/clients/aws", base+"strict/protocol/saml/clients/aws"
	in := func(name, url, want, text string) story { return tell("keycloak", name, url, want, text) }
	return []story{
		in("password", aws, signedIn, "bob builder"),
		in("wrong-password", aws, idp.BadCredentials, "bob not-builder"),
		in("wrong-password-then-right", aws, signedIn, "bob not-builder; password builder"),
		in("code", aws, signedIn, "alice wonderland; code seed:JBSWY3DPEHPK3PXP"),
		in("wrong-code", aws, idp.MFAFailed, "alice wonderland; code 000000"),
		in("code-nobody", aws, noAnswer, "alice wonderland"),
		in("devices", aws, signedIn, "erin twodevices; choose Tablet; code seed:ONSWG4TFOQYTEMZU"),
		in("devices-setting", aws, signedIn, "erin twodevices; set otp_device=Tablet; code seed:ONSWG4TFOQYTEMZU"),
		in("devices-nobody", aws, signedIn, "erin twodevices; code seed:KRSXG5CTMVRXEZLU"),
		in("security-key-another-way", aws, signedIn, "wanda locksmith; mfa totp; code seed:GEZDGNBVGY3TQOJQ"),
		withKey(in("security-key", aws, signedIn, "kim locksmith")),
		withKey(in("security-key-preferred", aws, signedIn, "wanda locksmith; mfa webauthn")),
		in("security-key-only", aws, idp.MFAFailed, "kim locksmith"),
		// run.sh has spent rex's first code
		in("recovery-code", aws, signedIn, "rex paperback; code RECOVERY0002"),
		in("recovery-code-another-way", aws, signedIn, "rita paperback; mfa backup; code RECOVERY0001"),
		in("recovery-code-wrong", aws, idp.MFAFailed, "rex paperback; code RECOVERY9999"),
		in("disabled", aws, idp.Locked, "dora sleeping"),
		in("new-password", aws, idp.PasswordExpired, "tess yesteryear"),
		in("enrolment", aws, idp.Blocked, "xena latecomer"),
		in("profile", aws, idp.Blocked, "una nameless"),
		in("broker", aws+"?kc_idp_hint=partner", signedIn, "pat sidekick"),
		in("broker-setting", aws, signedIn, "pat sidekick; set broker=partner-saml"),
		in("unknown-client", base+"aws/protocol/saml/clients/nope", idp.Blocked, "bob builder"),
		in("user-first", first, signedIn, "alice wonderland; code seed:JBSWY3DPEHPK3PXP"),
		in("user-first-devices", first, signedIn, "erin twodevices; choose Tablet; code seed:ONSWG4TFOQYTEMZU"),
		in("user-first-wrong-password", first, idp.BadCredentials, "alice not-wonderland"),
		in("user-first-another-way", first, signedIn, "rita paperback; mfa backup; code RECOVERY0001"),
		in("terms", strict, idp.Blocked, "tina fineprint"),
		in("register-key", strict, idp.Blocked, "ken keyless"),
		in("no-role", aws, signedIn, "nora emptyhand"),
		sentTwice(in("page-expired", aws, signedIn, "alice wonderland; code seed:JBSWY3DPEHPK3PXP")),
		sentTwice(in("timed-out", aws, idp.Blocked, "bob builder")),
		sentTwice(in("timed-out-once-more", aws, signedIn, "bob builder; password builder")),
		sentTwice(in("action-expired", aws, idp.Blocked, "bob not-builder")),
		in("locked", strict, idp.BadCredentials, "lars wrong-1; password wrong-2; password lockedout"),
		in("default-flow", strict, signedIn, "bob builder"),
	}
}

func withKey(s story) story {
	s.key = true
	return s
}

func simplesamlphp(port int) []story {
	in := func(variant int, name, want, text string) story {
		url := fmt.Sprintf("http://127.0.0.1:%d/simplesaml/saml2/idp/SSOService.php?spentityid=urn:amazon:webservices", port+variant)
		return tell("simplesamlphp", name, url, want, text)
	}
	return []story{
		in(0, "password", signedIn, "alice wonderland"),
		in(0, "wrong-password", idp.BadCredentials, "alice not-wonderland"),
		in(1, "consent", signedIn, "bob builder"),
		in(2, "twig", signedIn, "bob builder"),
		in(2, "twig-wrong-password", idp.BadCredentials, "bob not-builder"),
		in(3, "choose-source", signedIn, "alice wonderland; choose Staff"),
		in(3, "expiry-warning", signedIn, "bob builder; choose Staff"),
		in(0, "no-role", signedIn, "nora emptyhand"),
		in(3, "expired", idp.NotAssigned, "olga yesteryear; choose Staff"),
	}
}
