package main

import "io/fs"

func ownedByMe(fs.FileInfo) bool { return true } // the access list would have to be read
