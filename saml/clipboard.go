package saml

import "strings"

// formField is what a form calls the response.
const formField = "SAMLResponse"

// What stands around a value, and between it and its name, where a person copies both.
const (
	around  = " \t\r\n\u00a0\u200b\ufeff\"'`"
	between = around + ":="
)

// copied returns the response in what a person copied with something around it: quotes, the field's name as a browser's
// network panel shows it, or a command that would send it. The name says where it is: nothing is guessed.
func copied(text string) string {
	if _, after, named := strings.Cut(text, formField); named {
		text, _, _ = strings.Cut(strings.TrimLeft(after, between), "RelayState")
		if end := strings.IndexAny(text, "&\"'"); end >= 0 {
			text = text[:end]
		}
	}
	return strings.Trim(text, around)
}

// nested returns the response in an object anywhere in JSON, as network panels copy it.
func nested(value any) string {
	switch value := value.(type) {
	case map[string]any:
		if text, ok := value[formField].(string); ok {
			return text
		}
		for _, inner := range value {
			if text := nested(inner); text != "" {
				return text
			}
		}
	case []any:
		for _, inner := range value {
			if text := nested(inner); text != "" {
				return text
			}
		}
	}
	return ""
}
