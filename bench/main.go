//go:build linux

// Bench measures what the project claims, as ratios taken in one run against the programs in floor, and fails where a bar
// is missed: run it with make bench.
package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
)

// row is one line of the table.
type row struct {
	what     string
	measured float64
	unit     string
	bar      float64
	free     bool   // there is no bar: the row is for comparison
	note     string // what else is worth knowing, as what could not be measured
}

func main() {
	missed, err := bench()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if missed || err != nil {
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
	warnIfBusy()
	for _, measure := range []func(*programs) ([]row, error){startUp, cachedCalls, cold, allRoles, oneFile, memory, size, quiet, login, parsing} {
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

// warnIfBusy says that others work on this machine: what waits for them is in every number.
func warnIfBusy() {
	var load float64
	if data, err := os.ReadFile("/proc/loadavg"); err != nil {
		return
	} else if _, err := fmt.Sscan(string(data), &load); err == nil && load > float64(runtime.NumCPU()) {
		fmt.Fprintf(os.Stderr, "bench: the load is %.1f on %d processors: the numbers are not to be trusted\n", load, runtime.NumCPU())
	}
}

func (r row) print() (missed bool) {
	verdict, bar := "ok", fmt.Sprintf("bar %6.2f", r.bar)
	switch {
	case r.free:
		verdict, bar = "", "no bar"
	case r.measured > r.bar:
		verdict, missed = "MISSED", true
	}
	fmt.Printf("%-58s %8.2f %-4s %-10s %-6s %s\n", r.what, r.measured, r.unit, bar, verdict, r.note)
	return missed
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
