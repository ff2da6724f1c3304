package main

import (
	"context"
	"io"
	"os/exec"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/secret"
)

// argv returns a command of the config or its variable, as the words to run. A command that is one string, as every
// variable is, is split like a shell's line; one that is a list is taken as it is.
func (s *settings) argv(key string) []string {
	if value := s.variable(key); value != "" {
		return splitWords(value)
	}
	if line, ok := s.account[key].(string); ok {
		return splitWords(line)
	}
	return texts(s.account[key])
}

// command runs one of the configured commands, without a shell, and returns its first line. One that fails is a warning:
// the next source may answer. The error is the context's.
func (a *answers) command(ctx context.Context, key string) (secret.Secret, error) {
	argv := a.s.argv(key)
	if len(argv) == 0 {
		return secret.Secret{}, nil
	}
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = childEnvironment(a.s.environ)
	cmd.Stderr = a.s.log.of(argv[0])
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return secret.Secret{}, stepped(key, ctx.Err())
	}
	if err != nil {
		a.s.log.warn("%s: %s: %v", key, argv[0], err)
		return secret.Secret{}, nil
	}
	line, _, _ := strings.Cut(string(out), "\n")
	if line = strings.TrimRight(line, "\r"); line == "" {
		a.s.log.warn("%s: %s printed nothing", key, argv[0])
	}
	return secret.New(line), nil
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

// splitWords splits a line as a shell does: at white space, with quotes and backslashes, and nothing else.
func splitWords(line string) []string {
	var words []string
	for {
		line = strings.TrimLeft(line, " \t\r\n")
		if line == "" {
			return words
		}
		var word string
		word, line = cutWord(line)
		words = append(words, word)
	}
}

// cutWord returns the first word of a line, without its quotes, and the rest.
func cutWord(line string) (word, rest string) {
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\' && quote != '\'' && i+1 < len(line):
			i++
			if quote == '"' && strings.IndexByte("\"\\$`", line[i]) < 0 {
				b.WriteByte('\\')
			}
			b.WriteByte(line[i])
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote == 0 && strings.IndexByte(" \t\r\n", c) >= 0:
			return b.String(), line[i:]
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), ""
}

// of returns where a program that is run may write its own messages: stderr itself, or a line each where those are objects.
func (l *logger) of(name string) io.Writer {
	if !l.json {
		return l.w
	}
	return &lineWriter{say: func(line string) { l.info("%s: %s", name, line) }}
}

// lineWriter says every whole line that is written to it; what follows the last line end is not kept.
type lineWriter struct {
	say  func(string)
	rest string
}

func (w *lineWriter) Write(data []byte) (int, error) {
	w.rest += string(data)
	for {
		line, rest, found := strings.Cut(w.rest, "\n")
		if !found {
			return len(data), nil
		}
		w.rest = rest
		w.say(line)
	}
}
