// Package saml reads a SAML response: what it offers, from whom, for whom and until when.
//
// It is a courier's reading, for showing and choosing. Nothing here says that a response is genuine: AWS checks the
// signature. What goes there is Response.Encoded, the text that was received, and never anything written anew from
// what was read. Extract finds that text in what a person or a program hands over, Parse reads it.
package saml

import "time"

// MaxEncoded is the number of characters beyond which AWS STS refuses a response. Parse reads longer ones.
const MaxEncoded = 100000

// Response is what a SAML response says. All strings are the provider's own, without surrounding white space but
// otherwise as they stand: clean them before they reach a terminal.
type Response struct {
	// Encoded is the base64 text to send to AWS: the text given to Parse without its white space. Only where
	// that was base64url or wrongly padded are alphabet and padding made standard, as AWS reads no other;
	// the bytes it stands for, and so the signature, are the same.
	Encoded string

	ID          string // of the response
	Issuer      string // of the assertion; of the response where the assertion names none or is encrypted
	Destination string // where the response is to be posted
	Recipient   string // where the assertion may be redeemed
	Audiences   []string
	Subject     string // the NameID
	SessionName string // RoleSessionName

	Roles      []Role        // each (role, provider) pair once, in document order
	Malformed  []string      // values of the role attribute that name no role and provider, as they stand
	Duration   time.Duration // SessionDuration; 0 if absent or no positive number
	Attributes []Attribute   // all of them, in document order; nil if encrypted

	// Times are zero where they are absent or unreadable.
	IssuedAt  time.Time // of the assertion, else of the response
	NotBefore time.Time
	Expires   time.Time // the earliest time at which a condition or the subject's confirmation ends

	Encrypted bool // the assertion is for AWS alone to read: roles, subject and times are unknown here
}

// Attribute is one attribute of the assertion. Its values are all their text, in document order, as it stands.
type Attribute struct {
	Name   string
	Values []string
}

// Parse reads the base64 text of a SAML response as a form carried it; white space inside, missing padding and the
// base64url alphabet are accepted. The error is a *StatusError where the provider refused, else a *FormatError.
// It takes time and memory in proportion to the text, up to a limit of 8 MiB of XML.
func Parse(encoded string) (*Response, error) {
	encoded, data, err := decode(encoded)
	if err != nil {
		return nil, err
	}
	root, err := readTree(data)
	if err != nil {
		return nil, err
	}
	if err := checkStatus(root); err != nil {
		return nil, err
	}
	doc := readResponse(root)
	if len(doc.Assertions)+len(doc.EncryptedAssertions) == 0 {
		return nil, &FormatError{KindNoAssertion, "the SAML response holds no assertion"}
	}
	return newResponse(encoded, doc), nil
}
