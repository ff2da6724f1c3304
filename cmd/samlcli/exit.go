package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/term"
	"github.com/samlcli/samlcli/saml"
)

// The exit codes. A child's own code is exec's.
const (
	exitDone        = 0
	exitUnforeseen  = 1
	exitUsage       = 2
	exitNoAnswer    = 3
	exitRefused     = 4
	exitUnknownPage = 5
	exitNoRole      = 6
	exitAWS         = 7
	exitUnreachable = 8
	exitInterrupted = 130
)

// failure is how an error ends the program.
type failure struct {
	code                      int
	kind, step, host, message string
	lines, hints              []string
}

// report says an error and returns the exit code.
func report(ctx context.Context, log *logger, err error) int {
	if err == nil {
		return exitDone
	}
	if child := (*sink.ExitError)(nil); errors.As(err, &child) && child.Err == nil {
		return child.Code
	}
	f := classify(ctx, err)
	log.failure(f)
	return f.code
}

// classify maps every error that a person can meet to its code, kind and hints.
func classify(ctx context.Context, err error) failure {
	f := failure{message: err.Error()}
	if step := (*idp.StepError)(nil); errors.As(err, &step) {
		f.step, f.message = step.Step, step.Err.Error()
	}
	var (
		usage     *usageError
		longTerm  *sink.LongTermKeyError
		child     *sink.ExitError
		hostError *idp.HostError
		question  *questionError
		refused   *idp.RefusedError
		status    *saml.StatusError
		page      *idp.UnknownPageError
		format    *saml.FormatError
		noRole    *roleError
		awsSays   *aws.RefusedError
	)
	switch {
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled), errors.Is(err, term.ErrInterrupted):
		return failure{code: exitInterrupted, kind: "interrupted", message: "interrupted"}
	case errors.As(err, &usage):
		f.code, f.kind = exitUsage, "usage"
		f.hint(usage.hint)
	case errors.As(err, &longTerm):
		f.code, f.kind = exitUsage, "long_term_key"
		f.hint("choose another section with --aws-profile, or --force to overwrite that key for good")
	case errors.As(err, &child):
		f.code, f.kind = child.Code, "exec"
	case errors.As(err, &hostError):
		f.code, f.kind, f.host = exitNoAnswer, "host_not_agreed", hostError.Host
		f.hint("if that host is your provider's, agree with --host " + hostError.Host)
	case errors.As(err, &question):
		f.code, f.kind, f.lines, f.hints = exitNoAnswer, "no_answer", question.lines, question.hints
	case errors.Is(err, idp.ErrNoAnswer):
		f.code, f.kind = exitNoAnswer, "no_answer"
	case errors.As(err, &refused):
		f.code, f.kind, f.step, f.host = exitRefused, refused.Kind, refused.Step, refused.Host
		f.hint(refusedHint(refused.Kind))
	case errors.As(err, &status):
		f.code, f.kind = exitRefused, "status"
	case errors.As(err, &page):
		f.code, f.kind, f.host = exitUnknownPage, "unknown_page", page.Host
		f.hints = append(f.hints, pageHints(page)...)
	case errors.As(err, &format):
		f.code, f.kind = exitUnknownPage, string(format.Kind)
	case errors.As(err, &noRole):
		f.code, f.kind, f.lines = exitNoRole, "no_role", noRole.lines
		f.hint(noRole.hint)
	case errors.As(err, &awsSays):
		f.code, f.kind = exitAWS, awsSays.Code
		f.hint("look at what was sent with --save-assertion FILE and samlcli assertion show --assertion FILE")
	default:
		f.unreachable(err)
	}
	return f
}

// unreachable classifies trouble on the way; anything else is a bug here.
func (f *failure) unreachable(err error) {
	var (
		web_ *web.UnreachableError
		sts  *aws.UnreachableError
	)
	f.code, f.kind = exitUnforeseen, "unforeseen"
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		f.code, f.kind, f.message = exitUnreachable, "timeout", "the time limit ran out"
		if f.step != "" {
			f.message += " in step " + fmt.Sprintf("%q", f.step)
		}
		f.hint("allow more with --timeout")
	case errors.As(err, &web_):
		f.code, f.kind, f.host = exitUnreachable, "unreachable", web_.Host
		if web_.Untrusted() {
			f.hint("if a company's proxy or private authority signs certificates here, trust it with --ca-bundle FILE")
		}
	case errors.As(err, &sts):
		f.code, f.kind, f.host = exitUnreachable, "unreachable", sts.Host
	}
}

func (f *failure) hint(hint string) {
	if hint != "" {
		f.hints = append(f.hints, hint)
	}
}

func refusedHint(kind string) string {
	switch kind {
	case idp.BadCredentials:
		return "a stored password is tried once only; check it before the account is locked"
	case idp.PasswordExpired:
		return "set a new password in a browser, then sign in again"
	}
	return ""
}

func pageHints(page *idp.UnknownPageError) []string {
	return []string{
		"run it again with -v to see the steps before this page",
		"to finish with any browser, save the SAML response there and run: samlcli login --assertion FILE",
	}
}

// crashed says where the program broke, without a value that it worked on.
func crashed(log *logger) int {
	f := failure{code: exitUnforeseen, kind: "bug", message: "this is a bug in samlcli " + version, hints: []string{"please report the lines above"}}
	pcs := make([]uintptr, 16)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		frame, more := frames.Next()
		f.lines = append(f.lines, fmt.Sprintf("%s:%d", frame.Function, frame.Line))
		if !more {
			break
		}
	}
	log.failure(f)
	return f.code
}

// usageError is the person's mistake in flags or config.
type usageError struct{ message, hint string }

func (e *usageError) Error() string { return e.message }

// questionError is a question that nothing and nobody answered.
type questionError struct {
	message      string
	lines, hints []string
}

func (e *questionError) Error() string { return e.message }

// Is makes every questionError an idp.ErrNoAnswer.
func (e *questionError) Is(target error) bool { return target == idp.ErrNoAnswer }

// roleError says that the sign-in offers no role that was asked for.
type roleError struct {
	message, hint string
	lines         []string
}

func (e *roleError) Error() string { return e.message }
