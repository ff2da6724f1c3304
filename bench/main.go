//go:build linux

// Bench measures what the project claims, as ratios taken in one run against the programs in floor, and fails where a bar
// is missed: run it with make bench.
package main

import (
	"fmt"
	"os"
	"slices"
)

// row is one line of the table.
type row struct {
	what     string
	measured float64
	unit     string
	bar      float64
	free     bool   // there is no bar: the row is for comparison
	note     string // what the measure could not see
}

func main() {
	missed, err := bench()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	if missed {
		os.Exit(1)
	}
}

// bench prints the table and reports whether a bar was missed.
func bench() (missed bool, err error) {
	p, err := install()
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(p.dir)
	for _, measure := range []func(*programs) ([]row, error){startUp, memory, size, quiet, login, parsing} {
		rows, err := measure(p)
		if err != nil {
			return false, err
		}
		for _, r := range rows {
			missed = r.print() || missed
		}
	}
	return missed, nil
}

func (r row) print() (missed bool) {
	verdict, bar := "ok", fmt.Sprintf("bar %6.2f", r.bar)
	switch {
	case r.free:
		verdict, bar = "", "no bar    "
	case r.measured > r.bar:
		verdict, missed = "MISSED", true
	}
	fmt.Printf("%-58s %8.2f %-4s %s  %s %s\n", r.what, r.measured, r.unit, bar, verdict, r.note)
	return missed
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
