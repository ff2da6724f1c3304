// Command demo signs in to the lab with a built samlcli, in a home folder of its own, and shows each command and what comes of it.
//
//	go run ./internal/lab/demo PATH-TO-SAMLCLI
//	go run ./internal/lab/demo -serve   only the lab, to try the program by hand
//	go run ./internal/lab/demo -code    alice's one-time code of this moment
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Environ(), time.Now, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args, environ []string, now func() time.Time, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	serving := flags.Bool("serve", false, "only start the lab and wait for Ctrl-C")
	code := flags.Bool("code", false, "print alice's one-time code of this moment")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	var err error
	switch {
	case *code:
		fmt.Fprintln(stdout, lab.Code(lab.AliceSeed, now()))
	case *serving:
		err = serve(ctx, stdout)
	case flags.NArg() == 1:
		err = show(ctx, flags.Arg(0), environ, now, stdout, stderr)
	default:
		fmt.Fprintln(stderr, "usage: demo PATH-TO-SAMLCLI | -serve | -code")
		return 2
	}
	if err != nil {
		fmt.Fprintln(stderr, "demo:", err)
		return 1
	}
	return 0
}

// serve starts the lab, says how to sign in and waits.
func serve(ctx context.Context, out io.Writer) error {
	l, err := lab.Start(lab.Options{})
	if err != nil {
		return err
	}
	defer l.Close()
	fmt.Fprintf(out, "The lab runs until Ctrl-C.\n\n  sign-in  %s\n  STS      %s\n\n", l.URL, l.STS)
	for _, u := range lab.Users() {
		fmt.Fprintf(out, "  %-6s password %-11s roles %d", u.Name, u.Password, len(u.Roles))
		if u.Seed != "" {
			fmt.Fprintf(out, "  code seed %s", u.Seed)
		}
		if u.Locked {
			fmt.Fprint(out, "  locked")
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "\nTry: samlcli login --url '%s' --username alice --sts-endpoint %s\n", l.URL, l.STS)
	fmt.Fprintln(out, "Alice's code: go run ./internal/lab/demo -code")
	<-ctx.Done()
	return nil
}

// A stage is where the demo plays: a home folder, and the environment that a command sees.
type stage struct {
	binary, home string
	env          []string
	out, err     io.Writer
}

func show(ctx context.Context, binary string, environ []string, now func() time.Time, stdout, stderr io.Writer) error {
	l, err := lab.Start(lab.Options{Now: now})
	if err != nil {
		return err
	}
	defer l.Close()
	s, err := newStage(binary, environ, stdout, stderr)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(s.home) }()
	fmt.Fprintf(s.out, "An identity provider and an STS run on this machine. The account is alice's, with password and one-time code.\n\n")
	config := fmt.Sprintf("[account.lab]\nurl = %q\nusername = \"alice\"\n", l.URL)
	if err := os.WriteFile(filepath.Join(s.home, "config.toml"), []byte(config), 0o600); err != nil {
		return fmt.Errorf("writing the configuration: %w", err)
	}
	s.typed("cat config.toml")
	fmt.Fprintln(s.out, config)

	answers := []string{"SAMLCLI_PASSWORD=" + lab.AlicePassword, "SAMLCLI_CODE=" + lab.Code(lab.AliceSeed, now())}
	if err := s.run(ctx, answers, "login", "--account", "lab", "--role", "Admin", "--sts-endpoint", l.STS,
		"--save-assertion", "assertion.txt", "--no-input"); err != nil {
		return err
	}
	credentials, err := os.ReadFile(filepath.Join(s.home, "credentials"))
	if err != nil {
		return fmt.Errorf("reading what login wrote: %w", err)
	}
	s.typed("cat credentials   # the keys are shortened here")
	fmt.Fprintln(s.out, strings.TrimSpace(mask(string(credentials)))+"\n")
	return s.run(ctx, nil, "roles", "--assertion", "assertion.txt")
}

// newStage makes an empty home, so that neither the person's configuration nor their keyring takes part.
func newStage(binary string, environ []string, stdout, stderr io.Writer) (*stage, error) {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return nil, fmt.Errorf("finding %s: %w", binary, err)
	}
	home, err := os.MkdirTemp("", "samlcli-demo-")
	if err != nil {
		return nil, fmt.Errorf("making a home: %w", err)
	}
	s := &stage{binary: binary, home: home, out: stdout, err: stderr}
	for _, v := range environ {
		switch name, _, _ := strings.Cut(v, "="); strings.ToUpper(name) {
		case "PATH", "SYSTEMROOT", "LANG", "TMPDIR", "TEMP", "TMP":
			s.env = append(s.env, v)
		}
	}
	for _, name := range []string{"HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"} {
		s.env = append(s.env, name+"="+home)
	}
	for name, file := range map[string]string{
		"SAMLCLI_CONFIG": "config.toml", "AWS_CONFIG_FILE": "aws-config", "AWS_SHARED_CREDENTIALS_FILE": "credentials",
	} {
		s.env = append(s.env, name+"="+filepath.Join(home, file))
	}
	return s, nil
}

func (s *stage) typed(line string) { fmt.Fprintln(s.out, "$ "+line) }

// run shows a command as a person would type it, and runs it.
func (s *stage) run(ctx context.Context, answers []string, args ...string) error {
	s.typed(strings.Join(append(append(answers[:len(answers):len(answers)], "samlcli"), args...), " "))
	cmd := exec.CommandContext(ctx, s.binary, args...)
	cmd.Dir, cmd.Env = s.home, append(s.env[:len(s.env):len(s.env)], answers...)
	cmd.Stdout, cmd.Stderr = s.out, s.err
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running samlcli %s: %w", args[0], err)
	}
	fmt.Fprintln(s.out)
	return nil
}

// mask leaves the ends of the values that are secret.
func mask(file string) string {
	lines := strings.Split(file, "\n")
	for i, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		value = strings.TrimSpace(value)
		switch strings.TrimSpace(name) {
		case "aws_secret_access_key", "aws_session_token":
			if len(value) > 8 {
				lines[i] = name + "= " + value[:4] + "…" + value[len(value)-4:]
			}
		}
	}
	return strings.Join(lines, "\n")
}
