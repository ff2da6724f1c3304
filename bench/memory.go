//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"
)

// memory reads the most that samlcli version had resident, while it cannot write into a full pipe: then it has done
// everything else. What wait4 says would count this program too, whose child it is.
func memory(p *programs) ([]row, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	capacity, err := unix.FcntlInt(w.Fd(), unix.F_GETPIPE_SZ, 0)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(make([]byte, capacity)); err != nil {
		return nil, err
	}
	c := exec.Command(p.samlcli, "version")
	c.Stdout = w
	if err := c.Start(); err != nil {
		return nil, err
	}
	w.Close()
	peak, err := settled(c.Process.Pid)
	if _, readErr := io.Copy(io.Discard, r); err == nil {
		err = readErr
	}
	if waitErr := c.Wait(); err == nil {
		err = waitErr
	}
	return []row{{what: "resident memory of samlcli version, at most", measured: peak, unit: "MiB", bar: 12}}, err
}

// settled returns a process's peak of resident memory in MiB once it has not grown for a tenth of a second.
func settled(pid int) (float64, error) {
	for peak, since := -1.0, time.Now(); ; time.Sleep(5 * time.Millisecond) {
		now, err := residentPeak(pid)
		switch {
		case err != nil:
			return 0, err
		case now != peak:
			peak, since = now, time.Now()
		case time.Since(since) > 100*time.Millisecond:
			return peak, nil
		}
	}
}

func residentPeak(pid int) (float64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	var kib float64
	_, after, _ := bytes.Cut(status, []byte("VmHWM:"))
	if _, err := fmt.Sscan(string(after), &kib); err != nil {
		return 0, fmt.Errorf("reading the peak of %d: %w", pid, err)
	}
	return kib / 1024, nil
}
