package saml

import (
	"crypto/x509"
	"encoding/base64"
	"strings"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"

	"github.com/samlcli/samlcli/internal/plain"
)

// Signature is what a response says of how it is signed. It is a claim: Verify and Intact look whether it holds.
type Signature struct {
	Covers      string            // "response", and so all of it, or "assertion"
	Algorithm   string            // as its address ends: "rsa-sha256"
	Certificate *x509.Certificate // the signer's, as the response has it; nil if it has none that can be read
}

// Signatures returns the signatures of the response and of its assertion, as far as there are any.
func (r *Response) Signatures() []Signature {
	_, data, err := decode(r.Encoded)
	if err != nil {
		return nil
	}
	root, err := readTree(data)
	if err != nil {
		return nil
	}
	var found []Signature
	for _, s := range signedParts(root) {
		found = append(found, s.claim())
	}
	return found
}

// signedPart is an element of a resolved tree that has a signature as its child, where SAML has it stand.
type signedPart struct {
	covers             string
	element, signature *etree.Element
}

func signedParts(root *etree.Element) (parts []signedPart) {
	if s := first(root, dsig.Namespace, "Signature"); s != nil {
		parts = append(parts, signedPart{"response", root, s})
	}
	assertion := first(root, assertionNS, "Assertion")
	if s := first(assertion, dsig.Namespace, "Signature"); s != nil {
		parts = append(parts, signedPart{"assertion", assertion, s})
	}
	return parts
}

func (p signedPart) claim() Signature {
	method := attribute(first(p.signedInfo(), dsig.Namespace, "SignatureMethod"), "Algorithm")
	keyInfo := first(first(p.signature, dsig.Namespace, "KeyInfo"), dsig.Namespace, "X509Data")
	return Signature{
		Covers:      p.covers,
		Algorithm:   plain.Short(method[strings.LastIndexAny(method, "#/")+1:], 40),
		Certificate: readCertificate(text(first(keyInfo, dsig.Namespace, "X509Certificate"))),
	}
}

func (p signedPart) signedInfo() *etree.Element {
	return first(p.signature, dsig.Namespace, "SignedInfo")
}

// check refuses a signature that stands for something else than the element that it is in: whoever reads by another rule than
// whoever checks can be shown what nobody signed.
func (p signedPart) check(ids map[string]int) error {
	id := attribute(p.element, "ID")
	info := p.signedInfo()
	reference := first(info, dsig.Namespace, "Reference")
	fault := func(fault SignatureFault, reason string) error {
		return &SignatureError{fault, "the signature of the " + p.covers + " " + reason}
	}
	switch {
	case count(p.element, "Signature") > 1 || count(p.signature, "SignedInfo") > 1 || count(info, "Reference") != 1:
		return fault(Wrapped, "is not one signature of one element")
	case id == "" || attribute(reference, "URI") != "#"+id:
		return fault(Wrapped, "is for another element")
	case ids[id] > 1:
		return fault(Wrapped, "is for an ID that several elements have")
	case first(p.signature, dsig.Namespace, "Object") != nil:
		return fault(Wrapped, "holds more than a signature")
	case !supported(info, reference):
		return fault(Unsupported, "is made in a way that cannot be checked here")
	}
	return nil
}

// supported reports whether the signature is made as SAML says, by RSA.
func supported(info, reference *etree.Element) bool {
	method := func(e *etree.Element, tag string) string {
		return attribute(first(e, dsig.Namespace, tag), "Algorithm")
	}
	for t := range each(first(reference, dsig.Namespace, "Transforms"), dsig.Namespace, "Transform") {
		algorithm := attribute(t, "Algorithm")
		if algorithm != string(dsig.EnvelopedSignatureAltorithmId) && !isCanonical(algorithm) {
			return false
		}
	}
	return isCanonical(method(info, "CanonicalizationMethod")) && strings.Contains(method(info, "SignatureMethod"), "#rsa-sha") &&
		strings.Contains(method(reference, "DigestMethod"), "#sha")
}

func isCanonical(algorithm string) bool {
	return strings.Contains(algorithm, "xml-c14n") || strings.Contains(algorithm, "xml-exc-c14n#")
}

func count(e *etree.Element, tag string) (n int) {
	for range each(e, dsig.Namespace, tag) {
		n++
	}
	return n
}

// countIDs counts how many elements have each ID, however the attribute is spelt.
func countIDs(e *etree.Element, ids map[string]int) {
	for _, a := range e.Attr {
		if strings.EqualFold(a.Key, "id") {
			ids[a.Value]++
		}
	}
	for _, child := range e.ChildElements() {
		countIDs(child, ids)
	}
}

// tidy makes the base64 of a signature's value readable for a decoder that minds white space.
func tidy(value string) string {
	value = strings.Join(strings.Fields(value), "")
	if _, err := base64.StdEncoding.DecodeString(value); err != nil {
		return ""
	}
	return value
}
