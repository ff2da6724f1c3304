package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// A Value is a part of a JSON document, read loosely: providers write one thing in several ways. The zero Value is none.
type Value struct{ raw any }

// ValueOf returns what encoding/json made of a document, or of a part of it, as a Value.
func ValueOf(raw any) Value { return Value{raw} }

// ReadJSON reads the document at the beginning of a text, whatever follows it; none where there is none, or it has too many
// parts.
func ReadJSON(text []byte) Value {
	var raw any
	if !fewParts(text) || json.NewDecoder(bytes.NewReader(text)).Decode(&raw) != nil {
		return Value{}
	}
	return Value{raw}
}

// JSON reads a page that the server calls JSON; none where it is not, or has too many parts.
func (p *Page) JSON() Value {
	if !p.jsonRead {
		p.jsonRead = true
		p.Decode(&p.json.raw)
	}
	return p.json
}

// Decode reads a JSON page into v and reports whether that went well.
func (p *Page) Decode(v any) bool {
	return p.IsJSON() && fewParts(p.Body) && json.Unmarshal(p.Body, v) == nil
}

// fewParts reports whether JSON will take no more memory than a page may: a part of three bytes becomes hundreds.
func fewParts(text []byte) bool {
	parts := 0
	for _, mark := range []string{"{", "[", ",", ":"} {
		parts += bytes.Count(text, []byte(mark))
	}
	return parts <= maxParts
}

const maxParts = 200_000

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
