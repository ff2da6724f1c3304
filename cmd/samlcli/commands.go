package main

import (
	"fmt"
	"strings"

	"github.com/samlcli/samlcli/internal/term"
)

// argv returns a command of the config or its variable, as the words to run.
func (s *settings) argv(key string) []string {
	if value := s.env("SAMLCLI_" + strings.ToUpper(key)); value != "" {
		return splitWords(value)
	}
	switch v := s.account[key].(type) {
	case string:
		return splitWords(v)
	case []any:
		argv := make([]string, len(v))
		for i := range v {
			argv[i] = fmt.Sprint(v[i])
		}
		return argv
	}
	return nil
}

// splitWords splits a line as a shell does: at white space, with quotes and backslashes, and nothing else.
func splitWords(line string) []string {
	var words []string
	var word strings.Builder
	var quote rune
	open, escaped := false, false
	for _, r := range line {
		switch {
		case escaped:
			if quote == '"' && r != '"' && r != '\\' && r != '$' && r != '`' {
				word.WriteByte('\\')
			}
			word.WriteRune(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped, open = true, true
		case quote != 0:
			if r == quote {
				quote = 0
			} else {
				word.WriteRune(r)
			}
		case r == '\'' || r == '"':
			quote, open = r, true
		case r == ' ' || r == '\t' || r == '\n':
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if open {
		words = append(words, word.String())
	}
	return words
}

// childEnvironment leaves the program's own secrets out of a child's environment.
func childEnvironment(environ []string) []string {
	var kept []string
	for _, entry := range environ {
		if !strings.HasPrefix(entry, "SAMLCLI_PASSWORD=") && !strings.HasPrefix(entry, "SAMLCLI_CODE=") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// terminal opens the person's terminal, unless asking is switched off.
func (s *settings) terminal() (*term.Terminal, error) {
	if s.on("no-input") {
		return nil, term.ErrNone
	}
	t, err := s.tty()
	if err == nil {
		t.NoColor = s.env("NO_COLOR") != ""
		t.Dumb = t.Dumb || s.env("TERM") == "dumb"
	}
	return t, err
}
