package saml

import (
	"strings"
	"time"

	"github.com/beevik/etree"
	"github.com/russellhaering/gosaml2/types"
	"github.com/samlcli/samlcli/internal/plain"
)

const (
	success = "urn:oasis:names:tc:SAML:2.0:status:Success"
	bearer  = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
)

// checkStatus returns a *StatusError unless the response says Success. gosaml2's Status has no place for the second
// code and the message, which are what a person needs. A response without any status is left to AWS.
func checkStatus(root *etree.Element) error {
	status := first(root, protocolNS, "Status")
	if status == nil {
		return nil
	}
	code := first(status, protocolNS, "StatusCode")
	if strings.TrimSpace(attribute(code, "Value")) == success {
		return nil
	}
	return &StatusError{
		Code:    shortCode(code),
		SubCode: shortCode(first(code, protocolNS, "StatusCode")),
		Message: plain.Short(text(first(status, protocolNS, "StatusMessage")), 300),
	}
}

func shortCode(code *etree.Element) string {
	value := attribute(code, "Value")
	return plain.Short(value[strings.LastIndexByte(value, ':')+1:], 60)
}

// readResponse fills gosaml2's types from a resolved tree, as far as this package uses them.
func readResponse(root *etree.Element) types.Response {
	r := types.Response{
		ID:           attribute(root, "ID"),
		Destination:  attribute(root, "Destination"),
		IssueInstant: instant(attribute(root, "IssueInstant")),
		Issuer:       readIssuer(root),
	}
	for e := range each(root, assertionNS, "Assertion") {
		r.Assertions = append(r.Assertions, readAssertion(e))
	}
	for range each(root, assertionNS, "EncryptedAssertion") {
		r.EncryptedAssertions = append(r.EncryptedAssertions, types.EncryptedAssertion{})
	}
	return r
}

func readIssuer(e *etree.Element) *types.Issuer {
	return &types.Issuer{Value: strings.TrimSpace(text(first(e, assertionNS, "Issuer")))}
}

func readAssertion(e *etree.Element) types.Assertion {
	return types.Assertion{
		IssueInstant:       instant(attribute(e, "IssueInstant")),
		Issuer:             readIssuer(e),
		Subject:            readSubject(first(e, assertionNS, "Subject")),
		Conditions:         readConditions(first(e, assertionNS, "Conditions")),
		AttributeStatement: readAttributes(e),
	}
}

// readSubject keeps one confirmation, as gosaml2 does: the bearer's, which is the one that AWS accepts.
func readSubject(e *etree.Element) *types.Subject {
	confirmation := first(e, assertionNS, "SubjectConfirmation")
	for c := range each(e, assertionNS, "SubjectConfirmation") {
		if attribute(c, "Method") == bearer {
			confirmation = c
			break
		}
	}
	data := first(confirmation, assertionNS, "SubjectConfirmationData")
	return &types.Subject{
		NameID: &types.NameID{Value: strings.TrimSpace(text(first(e, assertionNS, "NameID")))},
		SubjectConfirmation: &types.SubjectConfirmation{
			Method: attribute(confirmation, "Method"),
			SubjectConfirmationData: &types.SubjectConfirmationData{
				NotOnOrAfter: attribute(data, "NotOnOrAfter"),
				Recipient:    attribute(data, "Recipient"),
			},
		},
	}
}

func readConditions(e *etree.Element) *types.Conditions {
	c := &types.Conditions{NotBefore: attribute(e, "NotBefore"), NotOnOrAfter: attribute(e, "NotOnOrAfter")}
	for r := range each(e, assertionNS, "AudienceRestriction") {
		var restriction types.AudienceRestriction
		for a := range each(r, assertionNS, "Audience") {
			restriction.Audiences = append(restriction.Audiences, types.Audience{Value: strings.TrimSpace(text(a))})
		}
		c.AudienceRestrictions = append(c.AudienceRestrictions, restriction)
	}
	return c
}

// readAttributes puts the attributes of all statements into one: gosaml2 knows one, providers may write several.
func readAttributes(assertion *etree.Element) *types.AttributeStatement {
	all := &types.AttributeStatement{}
	for statement := range each(assertion, assertionNS, "AttributeStatement") {
		for a := range each(statement, assertionNS, "Attribute") {
			values := make([]types.AttributeValue, 0, len(a.Child))
			for v := range each(a, assertionNS, "AttributeValue") {
				values = append(values, types.AttributeValue{Value: text(v)})
			}
			all.Attributes = append(all.Attributes, types.Attribute{Name: attribute(a, "Name"), Values: values})
		}
	}
	return all
}

// instant reads an xs:dateTime, in UTC where it names no zone; zero if it is none.
func instant(s string) time.Time {
	s = strings.TrimSpace(s)
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
