package web

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// A Value is a part of a JSON document, read loosely: providers write one thing in several ways. The zero Value is none.
type Value struct{ raw any }

// ValueOf returns what encoding/json made of a document, or of a part of it, as a Value.
func ValueOf(raw any) Value { return Value{raw} }

// JSON reads a page that the server calls JSON; none where it is not.
func (p *Page) JSON() Value {
	var raw any
	if !p.IsJSON() || json.Unmarshal(p.Body, &raw) != nil {
		return Value{}
	}
	return Value{raw}
}

// Raw returns the value as encoding/json has it; nil for none and for null.
func (v Value) Raw() any { return v.raw }

// Exists reports whether there is anything but null.
func (v Value) Exists() bool { return v.raw != nil }

// At returns what lies at a path of keys and indices; none where nothing does.
func (v Value) At(path ...string) Value {
	for _, key := range path {
		switch raw := v.raw.(type) {
		case map[string]any:
			v = Value{raw[key]}
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i < 0 || i >= len(raw) {
				return Value{}
			}
			v = Value{raw[i]}
		default:
			return Value{}
		}
	}
	return v
}

// Text returns a string, a number or a truth value as text; "" for anything else.
func (v Value) Text() string {
	switch raw := v.raw.(type) {
	case string:
		return raw
	case float64:
		return strconv.FormatFloat(raw, 'f', -1, 64)
	case bool:
		return fmt.Sprint(raw)
	}
	return ""
}

// Number returns a number; 0 for anything else.
func (v Value) Number() float64 {
	n, _ := v.raw.(float64)
	return n
}

// List returns the elements of an array.
func (v Value) List() []Value {
	elements, _ := v.raw.([]any)
	list := make([]Value, len(elements))
	for i, e := range elements {
		list[i] = Value{e}
	}
	return list
}
