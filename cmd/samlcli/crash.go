package main

import (
	"fmt"
	"runtime"
)

// crashError is a bug that was met: where, and without a value that was worked on there.
type crashError struct{ frames []string }

func (e *crashError) Error() string { return "this is a bug in samlcli " + version }

// caught makes a panic an error. What runs beside the command needs it as the command does: nothing else would keep the
// panic's value, which may be anything, from being shown.
func caught[T any](do func() (T, error)) (value T, err error) {
	defer func() {
		if recover() != nil {
			err = &crashError{frames()}
		}
	}()
	return do()
}

// frames names the functions and lines that led to a panic.
func frames() []string {
	var lines []string
	pcs := make([]uintptr, 16)
	calls := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs)])
	for {
		frame, more := calls.Next()
		lines = append(lines, fmt.Sprintf("%s:%d", frame.Function, frame.Line))
		if !more {
			return lines
		}
	}
}
