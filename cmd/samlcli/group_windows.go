package main

import "os/exec"

// ownGroup leaves a program as it is: here it is killed when its time is over.
func ownGroup(*exec.Cmd) (end func()) { return func() {} }
