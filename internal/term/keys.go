package term

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"
	"unicode/utf8"
)

// errQuiet says that no key came in the time given.
var errQuiet = errors.New("nothing typed")

// escapeTime is how long the rest of an escape sequence may take; a lone Esc is recognised by its silence.
const escapeTime = 100 * time.Millisecond

// key is one press. Text comes byte by byte, so that nothing depends on the terminal's encoding.
type key struct {
	kind kind
	b    byte
}

type kind int

const (
	ignored kind = iota
	text
	enter
	escape
	interrupt // Ctrl-C
	end       // Ctrl-D
	rubOut    // backspace
	eraseLine // Ctrl-U
	eraseWord // Ctrl-W
	up
	down
	pageUp
	pageDown
	first
	last
)

// readKey returns the next key; escape sequences without a meaning here, paste markers among them, are ignored keys.
func readKey(ctx context.Context, keys *keys, patience time.Duration) (key, error) {
	b, err := keys.read(ctx, patience)
	if err == io.EOF { // the terminal was hung up
		return key{kind: interrupt}, nil
	}
	if err != nil {
		return key{}, err
	}
	if b != 0x1b {
		return key{control(b), b}, nil
	}
	k, err := readEscape(ctx, keys)
	return key{kind: k}, err
}

func control(b byte) kind {
	switch b {
	case '\r', '\n':
		return enter
	case 0x03:
		return interrupt
	case 0x04:
		return end
	case 0x08, 0x7f:
		return rubOut
	case 0x15:
		return eraseLine
	case 0x17:
		return eraseWord
	case 0x10: // Ctrl-P
		return up
	case 0x0e: // Ctrl-N
		return down
	case 0x01: // Ctrl-A
		return first
	case 0x05: // Ctrl-E
		return last
	}
	if b < ' ' && b != '\t' {
		return ignored
	}
	return text
}

// readEscape reads what follows Esc: "[", parameters and a final letter; "O" and a letter; or the key pressed with Alt.
func readEscape(ctx context.Context, keys *keys) (kind, error) {
	b, err := keys.read(ctx, escapeTime)
	if errors.Is(err, errQuiet) {
		return escape, nil
	}
	if err != nil || b != '[' && b != 'O' {
		return ignored, err
	}
	var sequence []byte
	for {
		b, err := keys.read(ctx, escapeTime)
		if errors.Is(err, errQuiet) {
			return ignored, nil
		}
		if err != nil {
			return ignored, err
		}
		sequence = append(sequence, b)
		if b >= '@' {
			return meaning(string(sequence)), nil
		}
	}
}

func meaning(sequence string) kind {
	switch sequence {
	case "A":
		return up
	case "B":
		return down
	case "H", "1~", "7~":
		return first
	case "F", "4~", "8~":
		return last
	case "5~":
		return pageUp
	case "6~":
		return pageDown
	}
	return ignored
}

// edit is line after k: a byte more, or a character, a word, everything less.
func edit(line []byte, k key) []byte {
	switch k.kind {
	case text:
		return append(line, k.b)
	case rubOut:
		_, size := utf8.DecodeLastRune(line)
		return line[:len(line)-size]
	case eraseWord:
		line = bytes.TrimRight(line, " ")
		return line[:bytes.LastIndexByte(line, ' ')+1]
	case eraseLine:
		return nil
	}
	return line
}
