package saml

import (
	"iter"
	"strings"

	"github.com/beevik/etree"
)

// These work on resolved trees: Space is the namespace.

func is(e *etree.Element, space, tag string) bool { return e.Tag == tag && e.Space == space }

// each runs over the children of e that have the name; e may be nil.
func each(e *etree.Element, space, tag string) iter.Seq[*etree.Element] {
	return func(yield func(*etree.Element) bool) {
		if e == nil {
			return
		}
		for _, t := range e.Child {
			if c, ok := t.(*etree.Element); ok && is(c, space, tag) && !yield(c) {
				return
			}
		}
	}
}

// first returns the first such child, or nil.
func first(e *etree.Element, space, tag string) *etree.Element {
	for c := range each(e, space, tag) {
		return c
	}
	return nil
}

// attribute returns the value of the attribute without prefix; e may be nil.
func attribute(e *etree.Element, name string) string {
	if e == nil {
		return ""
	}
	for _, a := range e.Attr {
		if a.Key == name && a.Space == "" {
			return a.Value
		}
	}
	return ""
}

// text joins all text below e. A comment or CDATA section in the middle does not end it; e may be nil.
func text(e *etree.Element) string {
	if e == nil {
		return ""
	}
	if len(e.Child) == 1 {
		if c, ok := e.Child[0].(*etree.CharData); ok {
			return c.Data
		}
	}
	var b strings.Builder
	writeText(&b, e)
	return b.String()
}

func writeText(b *strings.Builder, e *etree.Element) {
	for _, t := range e.Child {
		switch t := t.(type) {
		case *etree.CharData:
			b.WriteString(t.Data)
		case *etree.Element:
			writeText(b, t)
		}
	}
}
