package tape

import (
	"encoding/base64"
	"encoding/xml"
	"net/url"
	"regexp"
	"strings"
)

const success = "urn:oasis:names:tc:SAML:2.0:status:Success"

// StandIn returns the SAML response that stands in for every real one: well formed, unsigned, for the destination that
// is given, and with the roles of nobody. Its audience is AWS if the destination is.
func StandIn(destination string) string {
	audience := "https://idp.example.com/broker"
	if u, err := url.Parse(destination); err == nil && isAWS(u.Hostname()) {
		audience = "urn:amazon:webservices"
	}
	text := strings.NewReplacer("DESTINATION", destination, "AUDIENCE", audience).Replace(standInResponse)
	return base64.StdEncoding.EncodeToString([]byte(text))
}

const standInResponse = `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ` +
	`ID="_response-1" Version="2.0" IssueInstant="2026-01-01T00:00:00Z" Destination="DESTINATION">` +
	`<saml:Issuer>https://idp.example.com/</saml:Issuer>` +
	`<samlp:Status><samlp:StatusCode Value="` + success + `"/></samlp:Status>` +
	`<saml:Assertion ID="_assertion-1" Version="2.0" IssueInstant="2026-01-01T00:00:00Z">` +
	`<saml:Issuer>https://idp.example.com/</saml:Issuer>` +
	`<saml:Subject><saml:NameID>alice@example.com</saml:NameID>` +
	`<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">` +
	`<saml:SubjectConfirmationData NotOnOrAfter="2026-01-01T00:05:00Z" Recipient="DESTINATION"/></saml:SubjectConfirmation></saml:Subject>` +
	`<saml:Conditions NotBefore="2026-01-01T00:00:00Z" NotOnOrAfter="2026-01-01T00:05:00Z">` +
	`<saml:AudienceRestriction><saml:Audience>AUDIENCE</saml:Audience></saml:AudienceRestriction></saml:Conditions>` +
	`<saml:AttributeStatement>` +
	`<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">` +
	`<saml:AttributeValue>arn:aws:iam::123456789012:role/Admin,arn:aws:iam::123456789012:saml-provider/idp</saml:AttributeValue></saml:Attribute>` +
	`<saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName">` +
	`<saml:AttributeValue>alice@example.com</saml:AttributeValue></saml:Attribute>` +
	`</saml:AttributeStatement></saml:Assertion></samlp:Response>`

// findPeopleIn looks for what a response says of a person and of the provider: pages before it may have said the same.
func (s *standIns) findPeopleIn(response string) {
	d := xml.NewDecoder(strings.NewReader(response))
	d.Strict = false
	name := ""
	for token, err := d.RawToken(); err == nil; token, err = d.RawToken() {
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local != "AttributeValue" {
				name = t.Name.Local
			}
			for _, a := range t.Attr {
				if t.Name.Local == "Attribute" && (a.Name.Local == "Name" || a.Name.Local == "FriendlyName") {
					name = a.Value
				}
				if a.Name.Local == "ID" || a.Name.Local == "SessionIndex" || a.Name.Local == "InResponseTo" {
					s.findParts(aToken, a.Value)
				}
			}
		case xml.CharData:
			if value := strings.TrimSpace(string(t)); peopleKeys.re().MatchString(name) || partKeys.re().MatchString(name) {
				s.findCalled(value)
			}
		}
	}
}

// findSAML gives a response its stand-in, for the same destination.
func (s *standIns) findSAML(encoded string) {
	text, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(encoded), ""))
	destination := "https://idp.example.com/broker"
	if m := regexp.MustCompile(`(?:Destination|Recipient)="([^"]+)"`).FindSubmatch(text); err == nil && m != nil {
		if u, err := url.Parse(string(m[1])); err == nil && isAWS(u.Hostname()) {
			destination = "https://" + u.Hostname() + "/saml"
		}
	}
	s.findPeopleIn(string(text))
	s.put(encoded, like(string(text), destination))
}

// like returns the stand-in for a response that says no in the same way: by its status, or with no role.
func like(response, destination string) string {
	standIn := StandIn(destination)
	status := regexp.MustCompile(`StatusCode\s[^>]*Value="(urn:oasis:names:tc:SAML:[\w.:]+)"`).FindStringSubmatch(response)
	failed := status != nil && status[1] != success
	hasRole := strings.Contains(response, ":role/") || strings.Contains(response, "EncryptedAssertion")
	if !failed && (hasRole || !strings.Contains(response, "Assertion")) {
		return standIn
	}
	text := unpack(standIn)
	if failed {
		text = regexp.MustCompile(`<saml:Assertion .*</saml:Assertion>`).ReplaceAllString(strings.Replace(text, success, status[1], 1), "")
	}
	text = regexp.MustCompile(`<saml:Attribute Name="[^"]*/Role">.*?</saml:Attribute>`).ReplaceAllString(text, "")
	return base64.StdEncoding.EncodeToString([]byte(text))
}

func isAWS(host string) bool {
	for _, domain := range vendorDomains() {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}
