package saml

import "fmt"

// Kind says in one word why a text is no response that can be used.
type Kind string

// The kinds of FormatError.
const (
	KindEmpty             Kind = "empty"
	KindHTML              Kind = "html"            // Extract only: a page, whose form may hold the response
	KindCredentials       Kind = "aws_credentials" // Extract only: somebody's credential_process output
	KindJSON              Kind = "json"            // Extract only: JSON without a response in it
	KindNotBase64         Kind = "not_base64"
	KindNotXML            Kind = "not_xml"
	KindNotResponse       Kind = "not_response"
	KindCharset           Kind = "charset"
	KindDTD               Kind = "dtd"
	KindTooLarge          Kind = "too_large"
	KindTooDeep           Kind = "too_deep"
	KindTrailing          Kind = "trailing_data"
	KindNoAssertion       Kind = "no_assertion"
	KindSeveralAssertions Kind = "several_assertions"
	KindMisplaced         Kind = "misplaced_assertion"
	KindNotMetadata       Kind = "not_metadata" // ParseMetadata only
)

// FormatError says that a text is no SAML response, or one that must not be trusted to mean what it shows.
// It never repeats anything of the text but the name of its root element.
type FormatError struct {
	Kind   Kind
	Reason string // a sentence without capital and full stop: "the SAML response holds several assertions"
}

func (e *FormatError) Error() string { return e.Reason }

// StatusError is the provider's own refusal: a response whose status is not Success. Code and SubCode are the last
// words of the status addresses ("Responder", "AuthnFailed"); SubCode and Message may be empty. All three are
// single lines without control characters.
type StatusError struct{ Code, SubCode, Message string }

func (e *StatusError) Error() string {
	code := e.Code
	if e.SubCode != "" {
		code += "/" + e.SubCode
	}
	if e.Message == "" {
		return fmt.Sprintf("the identity provider answered %s", code)
	}
	return fmt.Sprintf("the identity provider answered %s: %s", code, e.Message)
}

// SignatureFault says in one word what is wrong with a signature.
type SignatureFault string

// The faults of SignatureError.
const (
	Unsigned    SignatureFault = "unsigned"
	Wrapped     SignatureFault = "wrapped"      // something stands where it could be taken for what was signed
	Changed     SignatureFault = "changed"      // after it was signed
	OtherKey    SignatureFault = "other_key"    // none of the metadata's certificates made it
	OtherIssuer SignatureFault = "other_issuer" // the metadata is another provider's
	Unsupported SignatureFault = "unsupported"  // AWS may well accept it: it cannot be checked here
)

// SignatureError says that a signature does not show that the provider said what was read.
type SignatureError struct {
	Fault  SignatureFault
	Reason string // a sentence without capital and full stop
}

func (e *SignatureError) Error() string { return e.Reason }
