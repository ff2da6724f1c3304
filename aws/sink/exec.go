package sink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os/exec"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/aws"
)

// Exec runs a program, not through a shell, with the credentials in its environment.
type Exec struct {
	Argv           []string
	Env            []string  // NAME=value; what would compete with the credentials is left out
	Endpoint       []string  // variables by which the program finds the credentials, instead of them
	Stdin          io.Reader // an *os.File goes to the program as it is; anything else is copied until its end
	Stdout, Stderr io.Writer
}

// ExitError says that the program did not end with 0, or did not start. Code is what a shell's $? would be: the
// program's own, 128 and the number of the signal that ended it, 127 where there is no such program, 126 where it
// cannot be run.
type ExitError struct {
	Code int
	Err  error // why it did not start; nil if it did
}

// Error gives the reason or the code.
func (e *ExitError) Error() string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return fmt.Sprintf("the program ended with exit code %d", e.Code)
}

// Unwrap returns why the program did not start.
func (e *ExitError) Unwrap() error { return e.Err }

// Exit codes of shells.
const (
	notExecutable = 126
	notFound      = 127
	signalled     = 128
)

// Write runs the program and waits for its end. Signals to this process are passed on meanwhile, and none of them
// ends it. ctx counts until the program runs, and not any more after that: the program decides what a signal means.
func (e *Exec) Write(ctx context.Context, c aws.Credentials) error {
	if len(e.Argv) == 0 {
		return errors.New("there is no program to run")
	}
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	env := childEnv(e.Env, c)
	if len(e.Endpoint) > 0 {
		env = append(childEnv(e.Env, aws.Credentials{Region: c.Region}), e.Endpoint...)
		env = slices.DeleteFunc(env, func(v string) bool {
			return strings.HasPrefix(v, "AWS_ACCESS_KEY_ID=") || strings.HasPrefix(v, "AWS_SECRET_ACCESS_KEY=") || strings.HasPrefix(v, "AWS_SESSION_TOKEN=")
		})
	}
	path, err := lookPath(e.Argv[0], env)
	if err != nil {
		return notStarted(e.Argv[0], err)
	}
	child := &exec.Cmd{Path: path, Args: e.Argv, Env: env, Stdin: e.Stdin, Stdout: e.Stdout, Stderr: e.Stderr}
	signals, stop := listen()
	defer stop()
	if err := child.Start(); err != nil {
		return notStarted(e.Argv[0], err)
	}
	done := make(chan error, 1)
	go func() { done <- child.Wait() }()
	for {
		select {
		case s := <-signals:
			forward(child.Process, s)
		case err := <-done:
			return ended(child, err)
		}
	}
}

func ended(child *exec.Cmd, err error) error {
	if _, ok := errors.AsType[*exec.ExitError](err); err != nil && !ok {
		return fmt.Errorf("running %s: %w", child.Args[0], err)
	}
	if code := exitCode(child.ProcessState); code != 0 {
		return &ExitError{Code: code}
	}
	return nil
}

func notStarted(name string, err error) error {
	code := notExecutable
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		code = notFound
	}
	if e, ok := errors.AsType[*exec.Error](err); ok {
		err = e.Err
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		err = e.Err
	}
	return &ExitError{code, fmt.Errorf("running %s: %w", name, err)}
}
