package others

import (
	"net/url"
	"strconv"
	"strings"
)

// amazon is the name by which providers know AWS, where nobody says another.
const amazon = "urn:amazon:webservices"

// factor returns samlcli's word for a second factor, "none" where the word prefers nothing, and "" where it means
// nothing here. The words are those of the tools and, behind them, of the providers.
func factor(word string) string {
	switch strings.ToLower(word) {
	case "", "auto", "none":
		return "none"
	case "totp", "phoneappotp", "okta", "passcode", "token:software:totp", "google token:software:totp", "okta token:software:totp":
		return "totp"
	case "push", "phoneappnotification", "azure", "olp", "duo push":
		return "push"
	case "sms", "onewaysms":
		return "sms"
	case "call", "phone", "phone call", "twowayvoicemobile":
		return "call"
	case "email":
		return "email"
	case "webauthn", "fido", "u2f":
		return "webauthn"
	case "question":
		return "question"
	case "rsa", "vip", "defender", "symantec", "yubikey", "yubico token:hardware", "token", "token:hardware":
		return "token"
	}
	return ""
}

// span writes a number of seconds ("s") or hours ("h") as a person would; "" for what is none.
func span(text, unit string) string {
	n, err := strconv.Atoi(text)
	switch {
	case err != nil || n <= 0:
		return ""
	case unit == "s" && n%3600 == 0:
		return strconv.Itoa(n/3600) + "h"
	case unit == "s" && n%60 == 0:
		return strconv.Itoa(n/60) + "m"
	}
	return text + unit
}

// below completes the address of a host; one that names a page already stays.
func below(address, path string) string {
	if !strings.Contains(address, "://") {
		address = "https://" + address
	}
	if u, err := url.Parse(address); err != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return address
	}
	return strings.TrimRight(address, "/") + path
}

// adfsAddress is the page at which AD FS begins a sign-in of its own accord.
func adfsAddress(host, party string) string {
	return below(host, "/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp="+url.QueryEscape(party))
}
