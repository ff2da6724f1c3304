package inifile

import "strings"

type kind int

const (
	other        kind = iota // blank, a comment, or nothing that a reader understands
	header                   // [name]
	property                 // key = value
	continuation             // an indented part of the value above
)

const byteOrderMark = "\ufeff"

// line is one line of a file and what it means.
type line struct {
	text    string // as it stands in the file, line end included
	kind    kind
	section string // where it stands; "" before the first header
	key     string // of a property or a continuation
	value   string
	plain   bool // every reader agrees on this property: no quotes, no comment behind it, key in lower case, "="
}

// end returns the line's line end, which the last line of a file may lack.
func (l line) end() string {
	switch {
	case strings.HasSuffix(l.text, "\r\n"):
		return "\r\n"
	case strings.HasSuffix(l.text, "\n"):
		return "\n"
	}
	return ""
}

func (l line) indent() string {
	return l.text[:len(l.text)-len(strings.TrimLeft(l.text, " \t"))]
}

func parseLines(data string) []line {
	var lines []line
	var section, key string
	hollow := false // the current key has no value of its own: indented pairs below are its nested values
	for i, text := range strings.SplitAfter(data, "\n") {
		if text == "" {
			continue
		}
		body := strings.TrimRight(text, "\r\n")
		if i == 0 {
			body = strings.TrimPrefix(body, byteOrderMark)
		}
		l := read(body, section, key, hollow)
		switch l.kind {
		case header:
			section, key = l.section, ""
		case property:
			key, hollow = l.key, l.value == ""
		}
		l.text = text
		lines = append(lines, l)
	}
	return lines
}

// read tells what one line means below the given section and key.
func read(body, section, key string, hollow bool) line {
	trimmed := strings.TrimSpace(body)
	l := line{section: section}
	if trimmed == "" || trimmed[0] == '#' || trimmed[0] == ';' {
		return l
	}
	if name, ok := headerName(trimmed); ok {
		return line{kind: header, section: name}
	}
	indented := body[0] == ' ' || body[0] == '\t'
	if section == "" {
		return l
	}
	if p, ok := readProperty(body); ok && !(indented && key != "" && hollow) {
		p.section = section
		return p
	}
	if indented && key != "" {
		return line{kind: continuation, section: section, key: key, value: trimmed}
	}
	return l
}

func headerName(trimmed string) (string, bool) {
	name, _, ok := strings.Cut(trimmed, "]")
	if !ok || name == "" || name[0] != '[' {
		return "", false
	}
	return canonical(name[1:]), true
}

// canonical is a section name with its blanks as the SDKs see them: "profile  x " is "profile x".
func canonical(name string) string { return strings.Join(strings.Fields(name), " ") }

func readProperty(body string) (line, bool) {
	code := body[:len(body)-len(comment(body))]
	at := strings.IndexAny(code, "=:")
	if at < 0 {
		return line{}, false
	}
	name, value := strings.TrimSpace(code[:at]), strings.TrimSpace(code[at+1:])
	if name == "" {
		return line{}, false
	}
	l := line{kind: property, key: strings.ToLower(name), value: unquote(value)}
	l.plain = name == l.key && code[at] == '=' && l.value == value && len(code) == len(body)
	return l, true
}

// comment returns the comment behind a property: from the first # or ; that has a blank before it.
func comment(body string) string {
	for i := 1; i < len(body); i++ {
		if (body[i] == '#' || body[i] == ';') && (body[i-1] == ' ' || body[i-1] == '\t') {
			return body[i:]
		}
	}
	return ""
}

func unquote(value string) string {
	if quoted(value) && len(value) > 1 {
		return value[1 : len(value)-1]
	}
	return value
}

func quoted(value string) bool {
	return value != "" && (value[0] == '"' || value[0] == '\'') && value[len(value)-1] == value[0]
}
