//go:build linux

package main

import (
	"fmt"
	"os/exec"
	"time"
)

// A run is 50 starts in one loop of a shell; the shell's own milliseconds are in every number, the floors' too.
const (
	runs   = 11
	starts = 50
)

// startUp runs samlcli version and the floors in turn, and compares the medians of the runs; those of the programs as
// the linker left them too, which have no bar.
func startUp(p *programs) ([]row, error) {
	commands := [][]string{{p.samlcli, "version"}, {p.hello}, {p.cache, p.credentials}, {built, "version"}, {p.linkedHello}}
	took := make([][]float64, len(commands))
	for range runs {
		for i, command := range commands {
			t, err := loop(command)
			if err != nil {
				return nil, err
			}
			took[i] = append(took[i], t.Seconds()*1000/starts)
		}
	}
	var m []float64
	for _, t := range took {
		m = append(m, median(t))
	}
	return []row{
		{what: "start-up, samlcli version against hello", measured: m[0] / m[1], unit: "x", bar: 2, note: fmt.Sprintf("(%.2f and %.2f ms)", m[0], m[1])},
		{what: "start-up, the same two as the linker left them", measured: m[3] / m[4], unit: "x", free: true, note: fmt.Sprintf("(%.2f and %.2f ms)", m[3], m[4])},
		{what: "start-up, samlcli version against cache", measured: m[0] / m[2], unit: "x", free: true, note: fmt.Sprintf("(%.2f ms)", m[2])},
	}, nil
}

func loop(command []string) (time.Duration, error) {
	script := fmt.Sprintf(`i=0; while [ $i -lt %d ]; do "$@" >/dev/null || exit; i=$((i+1)); done`, starts)
	c := exec.Command("sh", append([]string{"-c", script, "sh"}, command...)...)
	begin := time.Now()
	if out, err := c.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("starting %s: %w: %s", command[0], err, out)
	}
	return time.Since(begin), nil
}
