package tape

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// names finds hosts and mail addresses outside the domains that are reserved for examples.
func names(text string) []Suspect {
	var found []Suspect
	for _, m := range hosts.re().FindAllStringSubmatch(text, -1) {
		if host := strings.TrimSuffix(strings.ToLower(m[1]+m[2]+m[3]), "."); !mayStand(host) {
			found = append(found, Suspect{Text: host, Reason: strangeHost})
		}
	}
	for _, number := range slices.Concat(ipv4.re().FindAllString(text, -1), ipv6.re().FindAllString(text, -1)) {
		if ip, err := netip.ParseAddr(number); err == nil && !harmless(ip) && len(number) > 7 {
			found = append(found, Suspect{Text: strings.ToLower(number), Reason: strangeHost})
		}
	}
	for _, m := range mails.re().FindAllStringSubmatch(text, -1) {
		if !reserved(strings.ToLower(m[1])) && !isFile(m[1]) {
			found = append(found, Suspect{Text: m[0], Reason: stranger})
		}
	}
	return found
}

var (
	// hosts finds hosts of addresses, with scheme or without, domains of cookies, and bare names of three labels.
	hosts = pattern{source: `(?i)(?:https?:|["'(=\s])//(?:[^\s/"'<>@]*@)?([a-z0-9][a-z0-9.-]*)|;\s*domain=\.?([a-z0-9.-]+)|` +
		`(?:^|[^\w.@%/\\-])([a-z0-9-]+\.[a-z0-9.-]+\.(?:com|net|org|edu|gov|io|local|internal|corp)|` +
		`[a-z0-9-]{3,}\.[a-z0-9.-]{4,}\.(?:de|uk|fr|nl|eu|ch|se|dk|pl|cz|ca|au|nz|jp|br|dev|cloud|lan|intranet))\b`}
	ipv4  = pattern{source: `\b(?:\d{1,3}\.){3}\d{1,3}\b`}
	ipv6  = pattern{source: `(?i)\b(?:[0-9a-f]{1,4}:){2,7}(?::?[0-9a-f]{1,4})+\b`}
	mails = pattern{source: `(?i)\b[a-z0-9._+-]*[a-z0-9]@((?:[a-z0-9-]+\.)+[a-z]{2,})\b`}
)

// isFile knows the ends of names such as logo@2x.png.
func isFile(name string) bool {
	return slices.Contains([]string{"png", "jpg", "jpeg", "gif", "svg", "webp", "css", "js"}, strings.ToLower(name[strings.LastIndex(name, ".")+1:]))
}

// mayStand reports whether a host may be named on a tape: reserved names, this machine, and hosts that are the same for
// every customer of a vendor.
func mayStand(host string) bool {
	if reserved(host) || slices.Contains(vendors(), host) {
		return true
	}
	if ip, err := netip.ParseAddr(host); err == nil {
		return harmless(ip)
	}
	for _, suffix := range vendorDomains() {
		if host == suffix || strings.HasSuffix(host, "."+suffix) {
			return true
		}
	}
	first, rest, _ := strings.Cut(host, ".")
	return rest == "" || strings.Contains(first, "example") || strings.HasSuffix(first, "xxxx") || strings.HasSuffix(first, "0000")
}

// reserved reports whether a name lies below one that RFC 2606 keeps free of owners.
func reserved(host string) bool {
	for _, domain := range []string{"example.com", "example.org", "example.net", "example", "test", "invalid", "localhost"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// harmless knows loopback, link-local and the ranges of RFC 5737.
func harmless(ip netip.Addr) bool {
	for _, documented := range []string{"192.0.2.0/24", "2001:db8::/32", "198.51.100.0/24", "203.0.113.0/24", "100.100.100.200/32"} {
		if netip.MustParsePrefix(documented).Contains(ip) {
			return true
		}
	}
	return ip.IsLoopback() || ip.IsLinkLocalUnicast() || ip.IsUnspecified()
}

// vendors are hosts that say nothing about who signs in.
func vendors() []string {
	return []string{
		"accounts.google.com", "accounts.youtube.com", "apis.google.com", "content.googleapis.com", "content-autofill.googleapis.com",
		"fonts.googleapis.com", "fonts.gstatic.com", "google.com", "myaccount.google.com", "play.google.com", "policies.google.com",
		"ssl.gstatic.com", "support.google.com", "www.google.com", "www.gstatic.com", "g.co",
		"login.microsoftonline.com", "login.microsoftonline.us", "login.partner.microsoftonline.cn", "login.microsoft.com", "login.live.com", "account.live.com", "signup.microsoft.com",
		"login.windows.net", "device.login.microsoftonline.com", "autologon.microsoftazuread-sso.com", "passwordreset.microsoftonline.com",
		"account.activedirectory.windowsazure.com", "mysignins.microsoft.com", "privacy.microsoft.com", "go.microsoft.com", "aka.ms",
		"aadcdn.msauth.net", "aadcdn.msftauth.net", "aadcdn.msauthimages.net", "www.microsoft.com", "schemas.microsoft.com",
		"authenticator.pingone.com", "authenticator.pingone.eu", "authenticator.pingone.ca", "authenticator.pingone.com.au", "authenticator.pingone.asia",
		"api.us.onelogin.com", "api.eu.onelogin.com", "console.jumpcloud.com", "sso.jumpcloud.com", "sso.connect.pingidentity.com",
		"www.w3.org", "schemas.xmlsoap.org", "docs.oasis-open.org", "www.keycloak.org", "keycloak.org", "simplesamlphp.org", "github.com",
	}
}

// tenantOf splits the name of a vendor's customer from the domain in which the vendor's customers are.
func tenantOf(host string) (tenant, vendor string) {
	for _, domain := range []string{
		"okta.com", "oktapreview.com", "okta-emea.com", "okta-gov.com", "auth0.com", "onelogin.com", "jumpcloud.com", "pingidentity.com", "pingone.com",
		"pingone.eu", "pingone.ca", "pingone.asia", "pingone.com.au", "sso.duosecurity.com", "duosecurity.com", "idaptive.app", "cyberark.cloud", "cloudflareaccess.com",
	} {
		if tenant, ok := strings.CutSuffix(host, "."+domain); ok {
			return tenant, domain
		}
	}
	return "", ""
}

// inVendor is the stand-in of the n-th such name, of the same shape.
func inVendor(tenant string, n int) string {
	first, rest, more := strings.Cut(tenant, ".")
	kind, _, split := strings.Cut(first, "-")
	name := "example"
	if n > 1 {
		name = fmt.Sprintf("example%d", n)
	}
	if split && slices.Contains([]string{"api", "sso", "dag", "admin"}, kind) {
		name = kind + "-" + name
	}
	if more {
		name += "." + rest
	}
	return name
}

// vendorDomains are domains in which a name tells a region, never a customer.
func vendorDomains() []string {
	return []string{
		"signin.aws.amazon.com", "console.aws.amazon.com", "aws.amazon.com", "signin.amazonaws-us-gov.com", "signin.amazonaws.cn",
		"signin.amazonaws-eusc.eu", "signin.c2shome.ic.gov", "signin.sc2shome.sgov.gov",
	}
}
