package saml

import "github.com/beevik/etree"

// resolver walks a tree once, in document order, turns prefixes into namespaces and gathers the assertions.
// etree's own NamespaceURI climbs to the root for each element, which a hostile document can make quadratic.
type resolver struct {
	bound      []binding // in scope, innermost last
	assertions []*etree.Element
}

type binding struct{ prefix, uri string }

func (r *resolver) resolve(e *etree.Element) error {
	outer := len(r.bound)
	for _, a := range e.Attr {
		switch {
		case a.Space == "xmlns":
			r.bound = append(r.bound, binding{a.Key, a.Value})
		case a.Space == "" && a.Key == "xmlns":
			r.bound = append(r.bound, binding{"", a.Value})
		}
	}
	if len(r.bound) > maxBindings {
		return tooLarge()
	}
	uri, ok := r.lookup(e.Space)
	if !ok {
		return &FormatError{KindNotXML, "the SAML response uses a namespace prefix that it does not declare"}
	}
	e.Space = uri
	if is(e, assertionNS, "Assertion") || is(e, assertionNS, "EncryptedAssertion") {
		r.assertions = append(r.assertions, e)
	}
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.Directive:
			return hasDTD()
		case *etree.Element:
			if err := r.resolve(t); err != nil {
				return err
			}
		}
	}
	r.bound = r.bound[:outer]
	return nil
}

func (r *resolver) lookup(prefix string) (uri string, ok bool) {
	for i := len(r.bound) - 1; i >= 0; i-- {
		if r.bound[i].prefix == prefix {
			return r.bound[i].uri, true
		}
	}
	if prefix == "xml" {
		return xmlNS, true
	}
	return "", prefix == ""
}
