// Package inifile reads INI files the way the AWS SDKs and the AWS CLI read them, and edits one section of such a
// file, leaving every other byte as it was.
//
// Where the readers of this world differ, the file is read as the SDK for Go reads it: names between brackets without
// the blanks around them, keys in any case, "=" or ":" between key and value, "#" and ";" at the start of a line or
// after a blank as comments, indented lines as parts of the value above. Sections of the same name are one section,
// in which the later key wins.
package inifile

import "strings"

// Pair is a key and its value.
type Pair struct{ Key, Value string }

// Section is what a section says: each key once, in lower case, in the order of first appearance.
type Section []Pair

// Get returns the value of key, or "" where the section does not have it.
func (s Section) Get(key string) string {
	for _, p := range s {
		if p.Key == key {
			return p.Value
		}
	}
	return ""
}

// File is a parsed file. It does not change.
type File struct{ lines []line }

// Parse reads data. Lines that mean nothing to an SDK are passed over, so it never fails.
func Parse(data []byte) *File { return &File{parseLines(string(data))} }

// Names returns the names of the sections in the order of first appearance.
func (f *File) Names() []string {
	var names []string
	seen := map[string]bool{}
	for _, l := range f.lines {
		if l.kind == header && !seen[l.section] {
			seen[l.section] = true
			names = append(names, l.section)
		}
	}
	return names
}

// Stray returns the number of the first line, counted from one, that has a text and no meaning: it is no section, no
// property, no part of one and no comment. Zero is that there is none.
func (f *File) Stray() int {
	for i, l := range f.lines {
		text := strings.TrimSpace(strings.TrimPrefix(l.text, byteOrderMark))
		if l.kind == other && text != "" && text[0] != '#' && text[0] != ';' {
			return i + 1
		}
	}
	return 0
}

// Section returns what the file says in the section of that name, and whether there is one.
func (f *File) Section(name string) (Section, bool) {
	var s Section
	found := false
	at := map[string]int{}
	for _, l := range f.lines {
		if l.section != canonical(name) {
			continue
		}
		switch l.kind {
		case header:
			found = true
		case property:
			if _, ok := at[l.key]; !ok {
				at[l.key] = len(s)
				s = append(s, Pair{Key: l.key})
			}
			s[at[l.key]].Value = l.value
		case continuation:
			s[at[l.key]].Value += "\n" + l.value
		}
	}
	return s, found
}
