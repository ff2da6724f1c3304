package saml

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

var sizes = []int{10, 284, 5000}

// BenchmarkParse reads responses of Okta's shape; it is to stay within 1.5 times BenchmarkFloor of the same size.
func BenchmarkParse(b *testing.B) {
	for _, n := range sizes {
		encoded := base64.StdEncoding.EncodeToString(manyRoles(n))
		b.Run(fmt.Sprintf("roles=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := Parse(encoded)
				if err != nil || len(r.Roles) != n {
					b.Fatalf("%d roles, error %v", n, err)
				}
			}
		})
	}
}

// BenchmarkFloor is one pass of encoding/xml over the same bytes, keeping nothing.
func BenchmarkFloor(b *testing.B) {
	for _, n := range sizes {
		data := manyRoles(n)
		b.Run(fmt.Sprintf("roles=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d := xml.NewDecoder(bytes.NewReader(data))
				for {
					token, err := d.RawToken()
					if token == nil {
						break
					}
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// manyRoles writes a response of Okta's shape: 250 bytes a role and a signature of realistic length.
func manyRoles(n int) []byte {
	var roles strings.Builder
	for i := range n {
		fmt.Fprintf(&roles, `<saml2:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">`+
			`arn:aws:iam::%012d:saml-provider/Okta,arn:aws:iam::%012d:role/Team-%04d</saml2:AttributeValue>`, i/4, i/4, i)
	}
	signature := strings.Repeat("Zm9vYmFyYmF6cXV4", 22)
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?><saml2p:Response Destination="https://signin.aws.amazon.com/saml" ID="id1" IssueInstant="2026-11-20T10:00:00.000Z" Version="2.0" xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol">`+
		`<saml2:Issuer Format="urn:oasis:names:tc:SAML:2.0:nameid-format:entity" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">http://www.okta.com/exk1</saml2:Issuer>`+
		`<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:SignedInfo><ds:SignatureValue>%[1]s</ds:SignatureValue><ds:KeyInfo><ds:X509Data><ds:X509Certificate>%[1]s%[1]s%[1]s</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`+
		`<saml2p:Status><saml2p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></saml2p:Status>`+
		`<saml2:Assertion ID="id2" IssueInstant="2026-11-20T10:00:00.000Z" Version="2.0" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><saml2:Issuer>http://www.okta.com/exk1</saml2:Issuer>`+
		`<saml2:Subject><saml2:NameID>alice@example.com</saml2:NameID><saml2:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml2:SubjectConfirmationData NotOnOrAfter="2026-11-20T10:05:00.000Z" Recipient="https://signin.aws.amazon.com/saml"/></saml2:SubjectConfirmation></saml2:Subject>`+
		`<saml2:Conditions NotBefore="2026-11-20T09:55:00.000Z" NotOnOrAfter="2026-11-20T10:05:00.000Z"><saml2:AudienceRestriction><saml2:Audience>urn:amazon:webservices</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions>`+
		`<saml2:AttributeStatement><saml2:Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">%[2]s</saml2:Attribute></saml2:AttributeStatement></saml2:Assertion></saml2p:Response>`,
		signature, roles.String())
}
