package saml

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"reflect"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
	"github.com/russellhaering/goxmldsig/etreeutils"

	"github.com/samlcli/samlcli/internal/plain"
)

// Verify reports whether the provider that the metadata describes signed what this response says: the signature holds, with a
// key of the metadata, and covers what was read. It returns the signature that shows it, with the certificate that the
// metadata has; that one's own dates do not count, as they do not for AWS. The error is a *SignatureError.
func (r *Response) Verify(m *Metadata) (Signature, error) {
	certificates, known := m.certificates[r.Issuer]
	if !known {
		return Signature{}, &SignatureError{OtherIssuer, fmt.Sprintf("the response is from %s, and the metadata is not", plain.Short(r.Issuer, 200))}
	}
	return r.check(func(Signature) []*x509.Certificate { return certificates })
}

// Intact reports whether the response is as it was when it was signed, by the certificate that came with it. Anybody could
// have made that one: only Verify says who it was. The error is a *SignatureError.
func (r *Response) Intact() (Signature, error) {
	return r.check(func(s Signature) []*x509.Certificate {
		if s.Certificate == nil {
			return nil
		}
		return []*x509.Certificate{s.Certificate}
	})
}

// check checks every signature there is, each with the certificates that are trusted for it, and whether what they cover reads
// as this response does.
func (r *Response) check(trusted func(Signature) []*x509.Certificate) (widest Signature, err error) {
	_, data, err := decode(r.Encoded)
	if err != nil {
		return widest, err
	}
	root, err := readTree(data)
	if err != nil {
		return widest, err
	}
	parts := signedParts(root)
	if len(parts) == 0 {
		return widest, r.unsigned()
	}
	ids := map[string]int{}
	countIDs(root, ids)
	for i, part := range parts {
		if err := part.check(ids); err != nil {
			return widest, err
		}
		claim := part.claim()
		signed, by, err := validate(data, claim, trusted(claim))
		if err != nil {
			return widest, err
		}
		if !r.says(root, signed) {
			return widest, &SignatureError{Wrapped, "what is signed is not what the response says"}
		}
		if claim.Certificate = by; i == 0 {
			widest = claim
		}
	}
	return widest, nil
}

func (r *Response) unsigned() error {
	if r.Encrypted {
		return &SignatureError{Unsupported, "the signature is inside of the encrypted assertion, which AWS alone can read"}
	}
	return &SignatureError{Unsigned, "the response is not signed"}
}

// validate checks the claimed signature and returns the element that it covers, read from the very bytes that were signed,
// and the certificate whose key it was.
func validate(data []byte, claim Signature, trusted []*x509.Certificate) (*etree.Element, *x509.Certificate, error) {
	element, err := detached(data, claim.Covers)
	if err != nil { // the library has limits of its own, beyond AWS's
		return nil, nil, &SignatureError{Unsupported, "the " + claim.Covers + " is too large for its signature to be checked here"}
	}
	for _, c := range trusted {
		signed, err := validationWith(c).Validate(element)
		switch {
		case err == nil:
			return signed, c, resolveSigned(signed)
		case !errors.Is(err, rsa.ErrVerification) || c.Equal(claim.Certificate):
			return nil, nil, &SignatureError{Changed, "the " + claim.Covers + " was changed after it was signed"}
		}
	}
	switch {
	case len(trusted) == 0:
		return nil, nil, &SignatureError{Unsupported, "there is no certificate to check the signature of the " + claim.Covers + " with"}
	case claim.Certificate == nil:
		return nil, nil, &SignatureError{OtherKey, "the " + claim.Covers + " is signed with no certificate of the metadata"}
	}
	return nil, nil, &SignatureError{OtherKey, "the " + claim.Covers + " is signed with a certificate that the metadata does not have"}
}

func resolveSigned(signed *etree.Element) error {
	var r resolver
	return r.resolve(signed)
}

// validationWith trusts one certificate, at any time.
func validationWith(c *x509.Certificate) *dsig.ValidationContext {
	return &dsig.ValidationContext{
		CertificateStore: &dsig.MemoryX509CertificateStore{Roots: []*x509.Certificate{c}},
		IdAttribute:      dsig.DefaultIdAttr,
		Clock:            dsig.NewFakeClockAt(c.NotBefore),
	}
}

// detached returns the covered element as it stands in data. Its signature has no KeyInfo any more, which no signature covers:
// which certificates may have made it was settled before.
func detached(data []byte, covers string) (*etree.Element, error) {
	element, err := readRoot(data)
	if err != nil {
		return nil, err
	}
	if covers == "assertion" {
		if element, err = assertionIn(element); err != nil {
			return nil, err
		}
	}
	for _, child := range element.ChildElements() {
		if child.Tag == "Signature" && child.NamespaceURI() == dsig.Namespace {
			prepare(child)
		}
	}
	return element, nil
}

func assertionIn(root *etree.Element) (*etree.Element, error) {
	for _, child := range root.ChildElements() {
		if child.Tag != "Assertion" || child.NamespaceURI() != assertionNS {
			continue
		}
		around, err := etreeutils.NSBuildParentContext(child)
		if err != nil {
			return nil, err
		}
		return etreeutils.NSDetatch(around, child)
	}
	return nil, errors.New("there is no assertion")
}

func prepare(signature *etree.Element) {
	for _, child := range signature.ChildElements() {
		switch child.Tag {
		case "KeyInfo":
			signature.RemoveChild(child)
		case "SignatureValue":
			child.SetText(tidy(child.Text()))
		}
	}
}

// says reports whether the signed element, put in its place in the response, reads as r.
func (r *Response) says(root, signed *etree.Element) bool {
	doc := readResponse(root)
	switch {
	case is(signed, protocolNS, "Response"):
		doc = readResponse(signed)
	case is(signed, assertionNS, "Assertion"):
		doc.Assertions[0] = readAssertion(signed)
	default:
		return false
	}
	return reflect.DeepEqual(newResponse(r.Encoded, doc), r)
}
