//go:build linux

package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

// cold has fifty callers at once find no cache: one signs in, and all have its answer.
func cold(p *programs) ([]row, error) {
	h, err := newHouse(p.samlcli, 1, lab.Options{})
	if err != nil {
		return nil, err
	}
	defer h.close()
	answers, failed := map[string]bool{}, 0
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			out, err := h.run("process", "--profile", "p0")
			mu.Lock()
			defer mu.Unlock()
			if answers[string(out)] = true; err != nil {
				failed++
			}
		})
	}
	wg.Wait()
	note := fmt.Sprintf("(%d failed)", failed)
	return []row{
		{what: "sign-ins of 50 process at once, cold", measured: float64(h.SignIns() + failed), bar: 1, note: note},
		{what: "different answers of these", measured: float64(len(answers)), bar: 1},
	}, nil
}

// allRoles logs in to a hundred roles at an STS that takes its time, and to as many as a response can hold.
func allRoles(p *programs) ([]row, error) {
	const delay = 200 * time.Millisecond
	h, err := newHouse(p.samlcli, 100, lab.Options{STSDelay: delay})
	if err != nil {
		return nil, err
	}
	defer h.close()
	template := []string{"login", "--all", "--profile-template", "{{.Account}}-{{.Name}}", "--refresh"}
	signIn, err := timed(func() error { _, err := h.run("roles", "--refresh", "--remember", "off"); return err })
	if err != nil {
		return nil, err
	}
	took, err := timed(func() error { _, err := h.run(append(template, "--remember", "off")...); return err })
	if err != nil {
		return nil, err
	}
	least := signIn + math.Ceil(100.0/16)*delay.Seconds()*1000
	peak, err := peakOfMany(p, template)
	return []row{
		{what: "login --all, 100 roles, STS answers in 200 ms", measured: took / least, unit: "x", bar: 1.15, note: fmt.Sprintf("(%.0f of %.0f ms)", took, least)},
		{what: "resident memory of login --all with 284 roles", measured: peak, unit: "MiB", bar: 20},
	}, err
}

func peakOfMany(p *programs, args []string) (float64, error) {
	h, err := newHouse(p.samlcli, 284, lab.Options{STSDelay: 20 * time.Millisecond})
	if err != nil {
		return 0, err
	}
	defer h.close()
	c := h.command(args...)
	if err := c.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	var peak float64
	for {
		select {
		case err := <-ended:
			return peak, err
		case <-time.After(time.Millisecond):
			if now, err := residentPeak(c.Process.Pid); err == nil {
				peak = max(peak, now)
			}
		}
	}
}

const mine = "# mine\n[mine]\naws_access_key_id = AKIAMINE\naws_secret_access_key = x # as it is\n\n"

// oneFile has twenty logins at once write into one credentials file, twenty times, and kills some of them at any moment. What
// it counts must not happen: a finished login without its profile, a byte of others' changed, a file that cannot be read.
func oneFile(p *programs) ([]row, error) {
	h, err := newHouse(p.samlcli, 20, lab.Options{})
	if err != nil {
		return nil, err
	}
	defer h.close()
	path := filepath.Join(h.home, ".aws", "credentials")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	bad, killed := 0, 0
	for range 20 {
		if err := os.WriteFile(path, []byte(mine), 0o600); err != nil {
			return nil, err
		}
		finished := h.logInAtOnce(&killed)
		data, err := os.ReadFile(path)
		if err != nil || !strings.HasPrefix(string(data), mine) {
			bad++
		}
		written := map[string]bool{}
		for _, section := range strings.Split(string(data), "\n[")[1:] {
			name, rest, _ := strings.Cut(section, "]")
			written[name] = strings.Contains(rest, "\naws_access_key_id = ASIA") && strings.Contains(rest, "\naws_session_token = ")
			if name != "mine" && !written[name] {
				bad++
			}
		}
		for _, name := range finished {
			if !written[name] {
				bad++
			}
		}
	}
	return []row{{what: "harm done by 20 logins into one file, 20 rounds", measured: float64(bad), note: fmt.Sprintf("(%d were killed)", killed)}}, nil
}

func (h *house) logInAtOnce(killed *int) (finished []string) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			name := fmt.Sprint("p", i)
			c := h.command("login", "--profile", name, "--refresh")
			if err := c.Start(); err != nil {
				return
			}
			if i%4 == 0 {
				time.AfterFunc(time.Duration(rand.IntN(60))*time.Millisecond, func() { _ = c.Process.Kill() })
			}
			err := c.Wait()
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				finished = append(finished, name)
			case i%4 == 0:
				*killed++
			}
		})
	}
	wg.Wait()
	return finished
}
