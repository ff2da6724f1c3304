package saml

import (
	"strconv"
	"strings"
	"time"

	"github.com/russellhaering/gosaml2/types"
)

// The attributes that AWS reads.
const (
	roleAttribute        = "https://aws.amazon.com/SAML/Attributes/Role"
	sessionNameAttribute = "https://aws.amazon.com/SAML/Attributes/RoleSessionName"
	durationAttribute    = "https://aws.amazon.com/SAML/Attributes/SessionDuration"
)

func newResponse(encoded string, doc types.Response) *Response {
	r := &Response{
		Encoded:     encoded,
		ID:          doc.ID,
		Issuer:      doc.Issuer.Value,
		Destination: strings.TrimSpace(doc.Destination),
		IssuedAt:    doc.IssueInstant,
		Encrypted:   len(doc.EncryptedAssertions) > 0,
	}
	for _, a := range doc.Assertions {
		r.addAssertion(a)
	}
	return r
}

func (r *Response) addAssertion(a types.Assertion) {
	if a.Issuer.Value != "" {
		r.Issuer = a.Issuer.Value
	}
	if !a.IssueInstant.IsZero() {
		r.IssuedAt = a.IssueInstant
	}
	confirmed := a.Subject.SubjectConfirmation.SubjectConfirmationData
	r.Subject = a.Subject.NameID.Value
	r.Recipient = strings.TrimSpace(confirmed.Recipient)
	r.NotBefore = instant(a.Conditions.NotBefore)
	r.Expires = earliest(instant(a.Conditions.NotOnOrAfter), instant(confirmed.NotOnOrAfter))
	for _, restriction := range a.Conditions.AudienceRestrictions {
		for _, audience := range restriction.Audiences {
			r.Audiences = append(r.Audiences, audience.Value)
		}
	}
	for _, attribute := range a.AttributeStatement.Attributes {
		values := make([]string, len(attribute.Values))
		for i, v := range attribute.Values {
			values[i] = v.Value
		}
		r.Attributes = append(r.Attributes, Attribute{attribute.Name, values})
	}
	r.readAWS()
}

// readAWS takes from the attributes what AWS takes from them.
func (r *Response) readAWS() {
	var roles []string
	var duration string
	for _, a := range r.Attributes {
		switch a.Name {
		case roleAttribute:
			roles = append(roles, a.Values...)
		case sessionNameAttribute:
			r.SessionName = firstOf(r.SessionName, a.Values)
		case durationAttribute:
			duration = firstOf(duration, a.Values)
		}
	}
	r.Duration = seconds(duration)
	r.Roles, r.Malformed = readRoles(roles)
}

// firstOf returns have, unless it is empty: then the first value that is not.
func firstOf(have string, values []string) string {
	for _, v := range values {
		if have != "" {
			break
		}
		have = strings.TrimSpace(v)
	}
	return have
}

func seconds(s string) time.Duration {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * time.Second
}

// earliest of two times, of which either may be missing.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
