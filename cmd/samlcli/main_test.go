package main

import (
	"os"
	"testing"

	"github.com/urfave/cli/v2"
)

// TestMain does before all tests what main does.
func TestMain(m *testing.M) {
	cli.HelpFlag = nil
	os.Exit(m.Run())
}
