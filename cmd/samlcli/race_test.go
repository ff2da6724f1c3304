//go:build race

package main

// oneAtATime: the command library keeps its own flags in package variables, which a race detector does not forgive.
const oneAtATime = true
