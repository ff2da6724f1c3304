//go:build linux

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

const built = "bin/samlcli"

// programs are what is measured, and the floors.
type programs struct{ dir, samlcli, hello, linkedHello, cache, credentials string }

// install builds the floors, and copies them and the built program, one as the other, as an installer would: a file just
// linked lies scattered in the kernel's memory, which costs each start more than a copy does, and a larger program more.
func install() (*programs, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	p := &programs{dir, in("samlcli"), in("hello"), in("linked-hello"), in("cache"), in("credentials.json")}
	for _, step := range []func() error{
		func() error { return build("hello", p.linkedHello) },
		func() error { return build("cache", in("linked-cache")) },
		func() error { return copyFile(built, p.samlcli, 0o755) },
		func() error { return copyFile(p.linkedHello, p.hello, 0o755) },
		func() error { return copyFile(in("linked-cache"), p.cache, 0o755) },
		func() error { return os.WriteFile(p.credentials, sample(time.Now().Add(time.Hour)), 0o600) },
	} {
		if err := step(); err != nil {
			os.RemoveAll(dir)
			return nil, err
		}
	}
	return p, nil
}

// build compiles a floor as anybody would who wants a small program.
func build(floor, to string) error {
	c := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", to, "./bench/floor/"+floor)
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w: %s", floor, err, out)
	}
	return nil
}

func copyFile(from, to string, mode os.FileMode) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, mode)
}

// sample is what a credential_process prints, of the size that AWS gives.
func sample(expires time.Time) []byte {
	return fmt.Appendf(nil, `{"Version":1,"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"%040d","SessionToken":"%0917d","Expiration":%q}`+"\n",
		0, 0, expires.UTC().Format(time.RFC3339))
}

func size(p *programs) ([]row, error) {
	info, err := os.Stat(p.samlcli)
	if err != nil {
		return nil, err
	}
	return []row{{what: "size of the stripped binary", measured: float64(info.Size()) / 1e6, unit: "MB", bar: 12}}, nil
}
