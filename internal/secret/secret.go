// Package secret holds values that must never be printed by accident: passwords, codes, keys, tokens.
package secret

import "fmt"

const hidden = "***"

// Secret is a string that every way of printing shows as "***": all fmt verbs, JSON, text encodings and slog.
// The zero value is the empty secret. Two secrets may be compared with ==.
type Secret struct{ value string }

// New wraps value.
func New(value string) Secret { return Secret{value} }

// Reveal returns the value itself. Call it only where the value leaves the program on purpose.
func (s Secret) Reveal() string { return s.value }

// Empty reports whether there is no value.
func (s Secret) Empty() bool { return s.value == "" }

// String returns "***".
func (Secret) String() string { return hidden }

// GoString returns "***".
func (Secret) GoString() string { return hidden }

// Format writes "***" for every verb and flag.
func (Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hidden)) }

// MarshalText returns "***"; encoding/json, encoding/xml and log/slog use it.
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }
