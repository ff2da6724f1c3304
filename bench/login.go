//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

const logins = 25

// login measures whole logins at the lab, with password and code: what is left of their wall time without the servers' own.
func login(p *programs) ([]row, error) {
	var own, cpu []float64
	for range logins {
		wall, busy, err := oneLogin(p)
		if err != nil {
			return nil, err
		}
		own = append(own, wall)
		cpu = append(cpu, busy)
	}
	return []row{{what: "one login, 6 requests and STS, client's own time", measured: median(own), unit: "ms", bar: 10, note: fmt.Sprintf("(%.1f ms of CPU)", median(cpu))}}, nil
}

// oneLogin returns the client's own milliseconds of wall time and of the processor's. One request that no page needs is
// an error.
func oneLogin(p *programs) (own, cpu float64, err error) {
	l, err := lab.Start(lab.Options{})
	if err != nil {
		return 0, 0, err
	}
	defer l.Close()
	// Homes stay until the end: a file system is slow to make files where it has just removed others.
	home, err := os.MkdirTemp(p.dir, "home")
	if err != nil {
		return 0, 0, err
	}
	c := exec.Command(p.samlcli, "login", "--url", l.URL, "--username", "alice", "--role", "123456789012/Admin", "--sts-endpoint", l.STS, "--no-input")
	c.Env = []string{"HOME=" + home, "SAMLCLI_PASSWORD=" + lab.AlicePassword, "SAMLCLI_CODE=" + lab.Code(lab.AliceSeed, time.Now())}
	took, err := timed(c.Run)
	if err != nil {
		return 0, 0, fmt.Errorf("logging in: %w", err)
	}
	if requests := l.Requests(); len(requests) != 7 {
		return 0, 0, fmt.Errorf("a login took %d requests, and its pages need 7: %s", len(requests), strings.Join(requests, ", "))
	}
	return took - l.Busy().Seconds()*1000, (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds() * 1000, nil
}
