// Bench measures what the project claims, as ratios taken in one run against the programs in floor, and fails where a bar
// is missed: run it with make bench.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

const (
	program = "bin/samlcli"
	pairs   = 100
	logins  = 15
)

func main() {
	missed := false
	for _, measure := range []func() (row, error){startUp, size, login} {
		r, err := measure()
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		verdict := "ok"
		if r.measured > r.bar {
			verdict, missed = "MISSED", true
		}
		fmt.Printf("%-52s %8.2f  bar %6.2f %-4s %s\n", r.what, r.measured, r.bar, r.unit, verdict)
	}
	if missed {
		os.Exit(1)
	}
}

// row is one line of the table.
type row struct {
	what, unit    string
	measured, bar float64
}

// startUp compares samlcli version with hello, in turn, by their wall time.
func startUp() (row, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return row{}, err
	}
	defer os.RemoveAll(dir)
	hello := filepath.Join(dir, "hello")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", hello, "./bench/floor/hello")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return row{}, fmt.Errorf("building hello: %w: %s", err, out)
	}
	var ratios []float64
	for range pairs {
		ours, err := timed(exec.Command(program, "version"))
		if err != nil {
			return row{}, err
		}
		floor, err := timed(exec.Command(hello))
		if err != nil {
			return row{}, err
		}
		ratios = append(ratios, ours.Seconds()/floor.Seconds())
	}
	return row{"start-up, samlcli version against hello", "x", median(ratios), 2.0}, nil
}

func size() (row, error) {
	info, err := os.Stat(program)
	if err != nil {
		return row{}, err
	}
	return row{"size of the stripped binary", "MB", float64(info.Size()) / 1e6, 12}, nil
}

// login measures whole logins at the lab: what is left of their wall time without the servers' own.
func login() (row, error) {
	var own []float64
	for range logins {
		took, err := oneLogin()
		if err != nil {
			return row{}, err
		}
		own = append(own, float64(took.Microseconds())/1000)
	}
	return row{"one login, 6 requests and STS, client's own time", "ms", median(own), 10}, nil
}

func oneLogin() (time.Duration, error) {
	l, err := lab.Start(lab.Options{})
	if err != nil {
		return 0, err
	}
	defer l.Close()
	home, err := os.MkdirTemp("", "bench")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(home)
	c := exec.Command(program, "login", "--url", l.URL, "--username", "alice", "--role", "123456789012/Admin", "--sts-endpoint", l.STS, "--no-input")
	c.Env = []string{"HOME=" + home, "SAMLCLI_PASSWORD=" + lab.AlicePassword, "SAMLCLI_CODE=" + lab.Code(lab.AliceSeed, time.Now())}
	took, err := timed(c)
	if err != nil {
		return 0, err
	}
	if requests := l.Requests(); len(requests) != 7 {
		return 0, fmt.Errorf("a login took %d requests, and its pages need 7: %s", len(requests), strings.Join(requests, ", "))
	}
	return took - l.Busy(), nil
}

func timed(c *exec.Cmd) (time.Duration, error) {
	begin := time.Now()
	err := c.Run()
	return time.Since(begin), err
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}
