package inifile

import (
	"fmt"
	"strings"
)

// Set returns data with pairs in the named section, which is added at the end where there is none. A pair with an
// empty value removes its key. Everything outside the section stays byte for byte as it was, and inside it all
// comments and the keys that pairs do not name; new lines take the line ends of their neighbours.
//
// Afterwards each key of pairs stands in the file at most once. Of several sections of the name the last is edited,
// the one that wins with every reader that accepts such a file; the keys are taken out of the earlier ones, whole
// lines, and earlier ones that are left empty go, since the AWS CLI refuses a file that names a section twice. A comment behind
// a changed value moves to a line of its own, since the AWS CLI takes it for a part of the value.
//
// Names and values that some reader would not read back as they are, line ends above all, are refused.
func Set(data []byte, section string, pairs []Pair) ([]byte, error) {
	if err := check(data, section, pairs); err != nil {
		return nil, err
	}
	lines := parseLines(string(data))
	e := edit{section: canonical(section), pairs: pairs, last: -1}
	for i, l := range lines {
		if l.kind == header && l.section == e.section {
			e.last = i
		}
	}
	var out string
	if e.last < 0 {
		out = e.appended(lines)
	} else {
		out = e.early(lines[:e.last]) + e.edited(lines[e.last:])
	}
	if err := e.verify(out); err != nil {
		return nil, err
	}
	return []byte(out), nil
}

// edit is one call of Set.
type edit struct {
	section string
	pairs   []Pair
	last    int // the line of the section's last header
}

// appended is the whole file with the section behind it.
func (e edit) appended(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text)
	}
	end := lineEnd(lines)
	if n := len(lines); n > 0 && strings.Trim(lines[n-1].text, byteOrderMark) != "" {
		if lines[n-1].end() == "" {
			b.WriteString(end)
		}
		if strings.TrimSpace(lines[n-1].text) != "" {
			b.WriteString(end)
		}
	}
	b.WriteString("[" + e.section + "]" + end)
	b.WriteString(e.missing(map[string]int{}, "", end))
	return b.String()
}

// early is the text before the section's last header: earlier sections of the name lose the keys, and go when empty.
func (e edit) early(lines []line) string {
	var b strings.Builder
	for len(lines) > 0 {
		n := 1
		for n < len(lines) && lines[n].kind != header {
			n++
		}
		part := lines[:n]
		lines = lines[n:]
		if part[0].section != e.section || part[0].kind != header {
			b.WriteString(join(part))
			continue
		}
		if rest := e.without(part); strings.TrimSpace(join(rest[1:])) != "" {
			b.WriteString(join(rest))
		} else if strings.HasPrefix(part[0].text, byteOrderMark) {
			b.WriteString(byteOrderMark)
		}
	}
	return b.String()
}

// without drops the lines of the keys that are set.
func (e edit) without(lines []line) []line {
	var kept []line
	for _, l := range lines {
		if (l.kind == property || l.kind == continuation) && e.names(l.key) {
			continue
		}
		kept = append(kept, l)
	}
	return kept
}

// edited is the text from the section's last header on, with the keys in it.
func (e edit) edited(lines []line) string {
	size := 1
	for size < len(lines) && lines[size].kind != header {
		size++
	}
	own, anchor, indent := lines[:size], 0, ""
	at := map[string]int{} // where each key stands for the last time
	for i, l := range own {
		if l.kind == property {
			at[l.key], indent = i, l.indent()
		}
		if l.kind == property || l.kind == continuation {
			anchor = i
		}
	}
	end := own[anchor].end()
	if end == "" {
		end = lineEnd(lines)
	}
	var b strings.Builder
	for i, l := range own {
		b.WriteString(e.rewritten(l, at[l.key] == i, continues(own[i+1:]), end))
		if i != anchor {
			continue
		}
		if added := e.missing(at, indent, end); added != "" {
			if !strings.HasSuffix(b.String(), "\n") {
				b.WriteString(end)
			}
			b.WriteString(added)
		}
	}
	return b.String() + join(lines[size:])
}

// rewritten is what becomes of one line of the section.
func (e edit) rewritten(l line, lastOfKey, continued bool, end string) string {
	if l.kind != property && l.kind != continuation || !e.names(l.key) {
		return l.text
	}
	value := e.value(l.key)
	if l.kind == continuation || !lastOfKey || value == "" {
		return ""
	}
	if l.plain && l.value == value && !continued {
		return l.text
	}
	text := strings.TrimRight(l.text, "\r\n")
	left := l.indent() + l.key + " = "
	if l.plain {
		left = text[:strings.Index(text, "=")+1] + blanksAfterEquals(text)
	}
	note := comment(text)
	if note != "" {
		note = l.indent() + note + end
	}
	return note + left + value + l.end()
}

func blanksAfterEquals(text string) string {
	rest := text[strings.Index(text, "=")+1:]
	return rest[:len(rest)-len(strings.TrimLeft(rest, " \t"))]
}

// continues reports whether the next line is a part of the value above.
func continues(rest []line) bool {
	for _, l := range rest {
		if l.kind != other {
			return l.kind == continuation
		}
	}
	return false
}

// missing is the lines for the keys that stand nowhere yet.
func (e edit) missing(at map[string]int, indent, end string) string {
	var b strings.Builder
	for _, p := range e.pairs {
		if _, stands := at[p.Key]; !stands && p.Value != "" {
			b.WriteString(indent + p.Key + " = " + p.Value + end)
		}
	}
	return b.String()
}

func (e edit) names(key string) bool {
	for _, p := range e.pairs {
		if p.Key == key {
			return true
		}
	}
	return false
}

func (e edit) value(key string) string { return Section(e.pairs).Get(key) }

// verify reads the result back: a file may be so tangled that lines change their meaning with their neighbours.
func (e edit) verify(out string) error {
	s, _ := Parse([]byte(out)).Section(e.section)
	for _, p := range e.pairs {
		if s.Get(p.Key) != p.Value {
			return fmt.Errorf("section %q is indented in a way that cannot be edited safely", e.section)
		}
	}
	return nil
}

func join(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text)
	}
	return b.String()
}

// lineEnd is the line end that the file uses: that of its first line.
func lineEnd(lines []line) string {
	if len(lines) > 0 && lines[0].end() != "" {
		return lines[0].end()
	}
	return "\n"
}
