//go:build unix

package quick

import (
	"os"
	"syscall"
)

// own reports whether a file is the user's; root's are all.
func own(user int, info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && (int(s.Uid) == user || user == 0)
}
