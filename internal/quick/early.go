package quick

import (
	"os"
	"time"
)

// The answer is given while this package is initialised, before main and before the libraries that main needs: setting those
// up takes longer than all the rest of such a call. The order is the language's: packages are initialised in the order of
// their import paths, each as soon as what it imports is (Go specification, "Program initialization"), and this one imports
// only what needs no setting up. Nothing else of the program may do this.
var _ = early(os.Args[1:], time.Now)

func early(args []string, now func() time.Time) struct{} {
	if len(args) == 0 || args[0] != "process" && args[0] != "status" {
		return struct{}{}
	}
	c := Call{Args: args, Environ: os.Environ()}
	var text []byte
	var ok bool
	if args[0] == "process" {
		text, ok = Answer(c, now())
	} else {
		var status string
		status, ok = Status(c, now())
		text = []byte(status)
	}
	if ok {
		if _, err := os.Stdout.Write(text); err == nil { // else main says what is wrong
			os.Exit(0)
		}
	}
	return struct{}{}
}
