package main

import (
	"os"
	"os/exec"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/samlcli/samlcli/internal/lab"
)

// noCoreFiles: the program writes none of itself, whatever the shell that started it allows. A child takes over its limit.
func (b *built) noCoreFiles(t *testing.T) {
	cmd := b.command(t.TempDir())
	shell := exec.Command("sh", "-c", `ulimit -c unlimited; ulimit -c; exec "$0" exec -- sh -c 'ulimit -c'`, b.path)
	shell.Env = append(cmd.Env, "SAMLCLI_PASSWORD="+lab.BobPassword)
	out, err := shell.Output()
	if err != nil {
		t.Skipf("no limit can be lifted here: %v", err)
	}
	if got := string(out); got != "unlimited\n0\n" {
		t.Errorf("limits before and in the program: %q", got)
	}
}

// TestProtect in a process of its own, whose memory is closed to others from then on.
func TestProtect(t *testing.T) {
	if os.Getenv("SAMLCLI_TEST_PROTECT") == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestProtect$")
		cmd.Env = append(os.Environ(), "SAMLCLI_TEST_PROTECT=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	before, _ := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0)
	protect()
	if after, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); before != 1 || after != 0 || err != nil {
		t.Errorf("dumpable was %d, is %d, %v", before, after, err)
	}
}
