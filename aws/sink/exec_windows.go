package sink

import (
	"os"
	"os/signal"
)

const separators = `/\:`

// listen keeps Ctrl-C and Ctrl-Break from ending this process; the console tells the program itself.
func listen() (<-chan os.Signal, func()) {
	c := make(chan os.Signal, 1)
	signal.Notify(c, os.Interrupt)
	return c, func() { signal.Stop(c) }
}

func forward(*os.Process, os.Signal) {}

func exitCode(s *os.ProcessState) int { return s.ExitCode() }
