package quick

import "os"

// own is for the access list of the person's directories to say.
func own(int, os.FileInfo) bool { return true }
