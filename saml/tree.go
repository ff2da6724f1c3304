package saml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"github.com/beevik/etree"
	"github.com/samlcli/samlcli/internal/plain"
)

const (
	maxDepth    = 100
	maxMarks    = 100_000 // "<" and "=" together: bounds elements and attributes before memory is spent on them; 20,000 roles have fewer
	maxBindings = 200     // namespace prefixes in scope at one place

	protocolNS  = "urn:oasis:names:tc:SAML:2.0:protocol"
	assertionNS = "urn:oasis:names:tc:SAML:2.0:assertion"
	xmlNS       = "http://www.w3.org/XML/1998/namespace"
)

var errCharset = errors.New("charset")

// readTree reads data, once, and returns the Response element. In the tree, Space of every element is its namespace
// instead of its prefix. There is at most one assertion in it, and that is a child of the root.
func readTree(data []byte) (*etree.Element, error) {
	root, err := readRoot(data)
	if err != nil {
		return nil, err
	}
	var r resolver
	if err := r.resolve(root); err != nil {
		return nil, err
	}
	if !is(root, protocolNS, "Response") {
		return nil, &FormatError{KindNotResponse, fmt.Sprintf("the root element is %q, not a SAML 2.0 Response", plain.Short(root.Tag, 40))}
	}
	return root, checkAssertions(root, r.assertions)
}

// readRoot reads data as it stands, prefixes and all, which is what signatures are over.
func readRoot(data []byte) (*etree.Element, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(data) > maxDecoded || bytes.Count(data, []byte("<"))+bytes.Count(data, []byte("=")) > maxMarks {
		return nil, tooLarge()
	}
	if !bytes.HasPrefix(bytes.TrimLeft(data, space), []byte("<")) {
		return nil, &FormatError{KindNotXML, "the text is not base64 of XML"}
	}
	doc := etree.NewDocument()
	doc.ReadSettings = etree.ReadSettings{MaxDepth: maxDepth, PreserveDuplicateAttrs: true, CharsetReader: refuseCharset}
	err := doc.ReadFromBytes(data)
	if hasDirective(doc.Child) { // before err: it is the reason for entities that encoding/xml does not know
		return nil, hasDTD()
	}
	if err != nil {
		return nil, explain(err)
	}
	return onlyRoot(doc)
}

func refuseCharset(string, io.Reader) (io.Reader, error) { return nil, errCharset }

func hasDTD() error {
	return &FormatError{KindDTD, "the SAML response has a document type definition"}
}

// explain says why the XML could not be read without repeating any of it, as the parsers' own messages do.
func explain(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, etree.ErrMaxDepth):
		return &FormatError{KindTooDeep, fmt.Sprintf("the SAML response is nested more than %d elements deep", maxDepth)}
	case errors.Is(err, errCharset):
		return &FormatError{KindCharset, "the SAML response is in another character set than UTF-8"}
	case errors.As(err, &syntax):
		return &FormatError{KindNotXML, fmt.Sprintf("the SAML response is not well-formed XML in line %d", syntax.Line)}
	}
	return &FormatError{KindNotXML, "the SAML response is not well-formed XML"}
}

func hasDirective(tokens []etree.Token) bool {
	for _, t := range tokens {
		if _, ok := t.(*etree.Directive); ok {
			return true
		}
	}
	return false
}

// onlyRoot returns the document's element, beside which only comments, instructions and white space may stand.
func onlyRoot(doc *etree.Document) (*etree.Element, error) {
	var root *etree.Element
	for _, t := range doc.Child {
		e, element := t.(*etree.Element)
		text, chars := t.(*etree.CharData)
		stray := element || chars && !text.IsWhitespace()
		switch {
		case stray && root != nil:
			return nil, &FormatError{KindTrailing, "the SAML response goes on after its end"}
		case element:
			root = e
		case stray:
			return nil, &FormatError{KindNotXML, "the SAML response is not well-formed XML"}
		}
	}
	if root == nil {
		return nil, &FormatError{KindNotXML, "the XML has no element"}
	}
	return root, nil
}

func checkAssertions(root *etree.Element, found []*etree.Element) error {
	switch {
	case len(found) > 1:
		return &FormatError{KindSeveralAssertions, "the SAML response holds several assertions"}
	case len(found) == 1 && found[0].Parent() != root:
		return &FormatError{KindMisplaced, "the SAML response holds an assertion in an unexpected place"}
	}
	return nil
}
