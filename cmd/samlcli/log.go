package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/samlcli/samlcli/internal/plain"
)

// logger writes what is no data: one line each on stderr, or one JSON object each.
type logger struct {
	mu      sync.Mutex
	w       io.Writer
	json    bool
	verbose bool

	unkept atomic.Bool // something could not be kept, and a warning said so
}

// newLogger reads its two flags from the arguments themselves, so that errors in the others are told in the right format.
func newLogger(h host, args []string) *logger {
	if i := slices.Index(args, "--"); i >= 0 {
		args = args[:i]
	}
	l := &logger{w: h.stderr, json: h.env("SAMLCLI_LOG_FORMAT") == "json"}
	for i, arg := range args {
		switch {
		case arg == "--log-format=json", arg == "--log-format" && i+1 < len(args) && args[i+1] == "json":
			l.json = true
		case arg == "--log-format=text", arg == "--log-format" && i+1 < len(args) && args[i+1] == "text":
			l.json = false
		}
	}
	return l
}

func (l *logger) info(format string, args ...any) { l.line("info", fmt.Sprintf(format, args...)) }
func (l *logger) warn(format string, args ...any) { l.line("warning", fmt.Sprintf(format, args...)) }

// detail says what only -v shows: never a value.
func (l *logger) detail(format string, args ...any) {
	if l.verbose {
		l.line("detail", fmt.Sprintf(format, args...))
	}
}

func (l *logger) line(level, message string) {
	message = oneLine(message)
	if l.json {
		l.object(map[string]any{"level": level, "message": message})
		return
	}
	if level == "warning" {
		message = "warning: " + message
	}
	l.write("samlcli: " + message + "\n")
}

func (l *logger) object(fields map[string]any) {
	line, _ := json.Marshal(fields) // strings and numbers always encode
	l.write(string(line) + "\n")
}

// write writes one line at a time, from whatever goroutine.
func (l *logger) write(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, _ = io.WriteString(l.w, line)
}

// failure says an error and the person's next moves.
func (l *logger) failure(f failure) {
	if l.json {
		object := map[string]any{"error": oneLine(f.message), "code": f.code, "kind": oneLine(f.kind), "step": oneLine(f.step), "host": oneLine(f.host), "hint": oneLine(strings.Join(f.hints, "; "))}
		if len(f.lines) > 0 {
			object["lines"] = plainLines(f.lines)
		}
		l.object(object)
		return
	}
	l.write("samlcli: " + oneLine(f.message) + "\n")
	for _, line := range plainLines(f.lines) {
		l.write("samlcli:   " + line + "\n")
	}
	for _, hint := range f.hints {
		l.write("samlcli: hint: " + oneLine(hint) + "\n")
	}
}

func plainLines(lines []string) []string {
	shown := make([]string, len(lines))
	for i, line := range lines {
		shown[i] = oneLine(line)
	}
	return shown
}

// oneLine makes a text safe to show, and short enough for a line.
func oneLine(text string) string { return plain.Short(text, 2000) }
