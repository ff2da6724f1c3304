//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// A house is a person's home with a config of many profiles, and the lab that they lead to.
type house struct {
	*lab.Lab
	program, home string
}

// newHouse has a user with as many roles, and a profile for each.
func newHouse(program string, roles int, o lab.Options) (*house, error) {
	user := lab.Many(roles)
	user.Session = time.Hour // so that one call of STS does
	o.Users = []lab.User{user}
	l, err := lab.Start(o)
	if err != nil {
		return nil, err
	}
	home, err := os.MkdirTemp("", "bench-house")
	if err != nil {
		return nil, err
	}
	var config bytes.Buffer
	fmt.Fprintf(&config, "[account.lab]\nurl = %q\nusername = %q\n", l.URL, user.Name)
	for i, role := range user.Roles {
		fmt.Fprintf(&config, "[profile.p%d]\nrole = %q\n", i, role.ARN)
	}
	dir := filepath.Join(home, ".config", "samlcli")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	return &house{l, program, home}, os.WriteFile(filepath.Join(dir, "config.toml"), config.Bytes(), 0o600)
}

func (h *house) close() {
	h.Close()
	_ = os.RemoveAll(h.home)
}

func (h *house) command(args ...string) *exec.Cmd {
	c := exec.Command(h.program, args...)
	c.Env = []string{"HOME=" + h.home, "PATH=" + os.Getenv("PATH"), "SAMLCLI_PASSWORD=" + lab.ManyPassword, "AWS_ENDPOINT_URL_STS=" + h.STS, "DBUS_SESSION_BUS_ADDRESS="}
	return c
}

func (h *house) run(args ...string) ([]byte, error) {
	out, err := h.command(args...).Output()
	if exit, ok := err.(*exec.ExitError); ok {
		return nil, fmt.Errorf("samlcli %s: %w: %s", strings.Join(args, " "), err, exit.Stderr)
	}
	return out, err
}

// cachedCalls measures calls that were answered before against a program that reads one file and prints it.
func cachedCalls(p *programs) ([]row, error) {
	var rows []row
	for _, profiles := range []int{1, 200} {
		h, err := newHouse(p.samlcli, profiles, lab.Options{})
		if err != nil {
			return nil, err
		}
		defer h.close()
		for i := range profiles {
			if _, err := h.run("process", "--profile", fmt.Sprint("p", i)); err != nil {
				return nil, err
			}
		}
		ours, floor, err := h.against(p, loopOf("process --profile p0"), loopOf(""))
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{what: fmt.Sprintf("process, cached, %d profiles, against cache", profiles), measured: ours / floor, unit: "x", bar: 1.5, note: fmt.Sprintf("(%.2f and %.2f ms)", ours, floor)})
		if profiles == 1 {
			continue
		}
		for _, c := range []struct{ what, ours, floor string }{
			{"status with 200 profiles, against cache", loopOf("status"), loopOf("")},
			{"20 process at once, cached, against 20 cache", atOnce("process --profile p0"), atOnce("")},
		} {
			if ours, floor, err = h.against(p, c.ours, c.floor); err != nil {
				return nil, err
			}
			rows = append(rows, row{what: c.what, measured: ours / floor, unit: "x", bar: 1.5, note: fmt.Sprintf("(%.2f and %.2f ms)", ours, floor)})
		}
	}
	return rows, nil
}

// loopOf is a shell's loop of starts; atOnce starts twenty in each of its turns.
func loopOf(arguments string) string {
	return fmt.Sprintf(`i=0; while [ $i -lt %d ]; do "$0" %s ${1:+"$1"} >/dev/null || exit; i=$((i+1)); done`, starts, arguments)
}

func atOnce(arguments string) string {
	return fmt.Sprintf(`i=0; while [ $i -lt %d ]; do j=0; while [ $j -lt 20 ]; do "$0" %s ${1:+"$1"} >/dev/null & j=$((j+1)); done; wait; i=$((i+1)); done`, starts/10, arguments)
}

// against returns the medians of both, in milliseconds a turn, taken in turns.
func (h *house) against(p *programs, ours, floor string) (float64, float64, error) {
	var took [2][]float64
	for range runs {
		for i, c := range []*exec.Cmd{exec.Command("sh", "-c", ours, h.program), exec.Command("sh", "-c", floor, p.cache, p.credentials)} {
			c.Env = h.command().Env
			begin := time.Now()
			if out, err := c.CombinedOutput(); err != nil {
				return 0, 0, fmt.Errorf("%w: %s", err, out)
			}
			took[i] = append(took[i], time.Since(begin).Seconds()*1000/starts)
		}
	}
	return median(took[0]), median(took[1]), nil
}
