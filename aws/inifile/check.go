package inifile

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// check refuses what would not come back from the file as it went in.
func check(data []byte, section string, pairs []Pair) error {
	if bytes.IndexByte(data, 0) >= 0 {
		return errors.New("not a text file")
	}
	if err := CheckName(section); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, p := range pairs {
		if err := checkPair(p); err != nil {
			return err
		}
		if seen[p.Key] {
			return fmt.Errorf("key %q is given twice", p.Key)
		}
		seen[p.Key] = true
	}
	return nil
}

// CheckName says why no section can have this name; nil means that one can.
func CheckName(section string) error {
	switch {
	case section == "":
		return errors.New("a section needs a name")
	case section == "DEFAULT":
		// Python's parser, and with it the AWS CLI, hands this section's keys to every other one.
		return errors.New(`the section "DEFAULT" would speak for all profiles`)
	case !printable(section), strings.TrimSpace(section) != section, strings.ContainsAny(section, "[]#;"):
		return fmt.Errorf("%q cannot be the name of a section", section)
	}
	return nil
}

func checkPair(p Pair) error {
	if p.Key == "" || strings.Trim(p.Key, "abcdefghijklmnopqrstuvwxyz0123456789_-.") != "" {
		return fmt.Errorf("%q cannot be a key", p.Key)
	}
	v := p.Value
	if !printable(v) || strings.TrimSpace(v) != v || quoted(v) || comment(" "+v) != "" {
		return fmt.Errorf("the value of %s has characters that an INI file cannot hold", p.Key)
	}
	return nil
}

// printable reports whether s is one line of text.
func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, notInLine) < 0
}

func notInLine(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff'
}
