package quick

import (
	"os"
	"time"
)

// The answer is given while this package is initialised, before main and before the libraries that main needs: setting those
// up takes longer than all the rest of such a call. The order is the language's: packages are initialised in the order of
// their import paths, each as soon as what it imports is (Go specification, "Program initialization"), and this one imports
// only what needs no setting up. Nothing else of the program may do this.
var _ = answer(Call{Environ: os.Environ()})

func answer(c Call) struct{} {
	if len(os.Args) > 1 && os.Args[1] == "process" {
		c.Args = os.Args[1:]
		if text, ok := Answer(c, time.Now()); ok {
			if _, err := os.Stdout.Write(text); err == nil { // else main says what is wrong
				os.Exit(0)
			}
		}
	}
	return struct{}{}
}
