//go:build !race

package main

// oneAtATime: see race_test.go.
const oneAtATime = false
