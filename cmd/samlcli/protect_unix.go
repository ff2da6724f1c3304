//go:build unix

package main

import "golang.org/x/sys/unix"

// protect keeps the memory of this process, which holds secrets, out of core files. It is best effort: a sandbox may
// forbid it.
func protect() {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_CORE, &limit) == nil {
		limit.Cur = 0
		_ = unix.Setrlimit(unix.RLIMIT_CORE, &limit)
	}
	undumpable()
}
