package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/broker"
	"github.com/samlcli/samlcli/internal/oidc"
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
	if errors.Is(ctx.Err(), context.Canceled) || errors.Is(err, term.ErrInterrupted) {
		return failure{code: exitInterrupted, kind: "interrupted", message: "interrupted"}
	}
	f := failure{code: exitUnforeseen, kind: "unforeseen", message: err.Error()}
	for step, within := (*idp.StepError)(nil), err; errors.As(within, &step); within = step.Err { // the last is the nearest
		f.step, f.message = step.Step, step.Err.Error()
	}
	for _, known := range []func(*failure, error) bool{(*failure).crash, (*failure).timeLimit, (*failure).usage, (*failure).question, (*failure).provider, (*failure).otherSource, (*failure).aws, (*failure).unreachable} {
		if known(&f, err) {
			break
		}
	}
	if differs := (*differsError)(nil); errors.As(err, &differs) {
		f.kind, f.lines = "tape_differs", differs.lines
	}
	if f.kind == "unforeseen" {
		f.hint("this should not happen: please report it, with what -v says, which has no secret in it")
	}
	if partial := (*partialError)(nil); errors.As(err, &partial) {
		f.step, f.message, f.lines = "", partial.Error(), nil
	}
	f.message = strings.TrimRight(f.message, ". ") // a provider's words are sentences
	return f
}

func (f *failure) crash(err error) bool {
	var crash *crashError
	if !errors.As(err, &crash) {
		return false
	}
	f.kind, f.message, f.lines = "bug", crash.Error(), crash.frames
	f.hint("please report the lines above")
	return true
}

func (f *failure) timeLimit(err error) bool {
	var limit *timeLimitError
	if !errors.As(err, &limit) {
		return false
	}
	f.code, f.kind, f.message, f.step = exitUnreachable, "timeout", limit.Error(), cmp.Or(f.step, limit.step)
	if f.step != "" {
		f.message += fmt.Sprintf(" in step %q", f.step)
	}
	if sts := (*aws.UnreachableError)(nil); errors.As(err, &sts) {
		f.host = sts.Host
	}
	f.hint("allow more with --timeout")
	return true
}

// usage knows the person's mistakes, and what hinders exec.
func (f *failure) usage(err error) bool {
	var (
		usage    *usageError
		longTerm *sink.LongTermKeyError
		child    *sink.ExitError
		setting  *idp.SettingError
		stream   *fs.PathError
	)
	switch {
	case errors.As(err, &stream) && stream.Path == os.Stdout.Name():
		f.code, f.kind = exitUsage, "usage" // a full disk, mostly
	case errors.As(err, &setting):
		f.code, f.kind = exitUsage, "usage"
		f.hint(fmt.Sprintf("give it with --set %s=VALUE or in the account of the config; samlcli adapters %s says what it is", setting.Key, setting.Adapter))
	case errors.As(err, &usage):
		f.code, f.kind = exitUsage, "usage"
		f.hint(usage.hint)
	case errors.As(err, &longTerm):
		f.code, f.kind = exitUsage, "long_term_key"
		f.hint("choose another section with --aws-profile, or --force to overwrite that key for good")
	case errors.As(err, &child):
		f.code, f.kind = child.Code, "exec"
	default:
		return false
	}
	return true
}

// question knows questions that nobody answered.
func (f *failure) question(err error) bool {
	var (
		host     *idp.HostError
		question *questionError
	)
	switch {
	case errors.As(err, &host):
		f.kind, f.host = "host_not_agreed", host.Host
		f.hint("if that host is your provider's, agree with --host " + host.Host)
	case errors.As(err, &question):
		f.kind, f.step, f.host, f.lines, f.hints = "no_answer", question.step, question.host, question.lines, question.hints
	case errors.Is(err, idp.ErrNoAnswer):
		f.kind = "no_answer"
	default:
		return false
	}
	f.code = exitNoAnswer
	return true
}

// provider knows what the identity provider says no to, or says in words that are not understood.
func (f *failure) provider(err error) bool {
	var (
		refused *idp.RefusedError
		status  *saml.StatusError
		page    *idp.UnknownPageError
		unsafe  *web.UnsafeError
		beyond  *web.PageError
		format  *saml.FormatError
		noRole  *roleError
		verdict *verdictError
	)
	switch {
	case errors.As(err, &refused):
		f.code, f.kind, f.step, f.host = exitRefused, refused.Kind, refused.Step, refused.Host
		f.hint(refusedHint(refused.Kind))
	case errors.As(err, &status):
		f.code, f.kind = exitRefused, "status"
		f.hint(refusedHint(idp.Blocked))
	case errors.As(err, &page):
		f.code, f.kind, f.host, f.hints = exitUnknownPage, "unknown_page", page.Host, pageHints(page)
	case errors.As(err, &unsafe):
		f.code, f.kind, f.host = exitUnknownPage, "unknown_page", unsafe.Host
	case errors.As(err, &beyond):
		f.code, f.kind, f.host = exitUnknownPage, "unknown_page", web.Host(beyond.URL)
	case errors.As(err, &format):
		f.code, f.kind = exitUnknownPage, string(format.Kind)
	case errors.As(err, &verdict):
		f.code, f.kind = verdict.code, verdict.kind
	case errors.As(err, &noRole):
		f.code, f.kind, f.lines = exitNoRole, "no_role", noRole.lines
		f.hint(noRole.hint)
	default:
		return false
	}
	if again := (*signInError)(nil); f.code == exitUnknownPage && errors.As(err, &again) {
		f.hint("to report it, make a file that shows the sign-in without its secrets: " + again.again)
	}
	return true
}

// otherSource knows what OpenID providers and brokers say no to, and what they send that is not worth using.
func (f *failure) otherSource(err error) bool {
	var (
		refused *oidc.RefusedError
		token   *oidc.TokenError
		answer  *oidc.AnswerError
		no      *broker.RefusedError
		garbage *broker.AnswerError
	)
	switch {
	case errors.As(err, &refused):
		f.code, f.kind, f.host = exitRefused, refused.Code, refused.Host
	case errors.As(err, &token):
		f.code, f.kind = exitRefused, "token"
		f.hint("get another with --refresh; if that is refused as well, the provider's clock or the account's client_id is wrong")
	case errors.As(err, &answer):
		f.code, f.kind, f.host = exitUnknownPage, "answer", answer.Host
		f.hint("is the issuer right? it is what the provider's tokens name, without /.well-known")
	case errors.As(err, &no):
		f.code, f.kind, f.host = exitRefused, idp.Blocked, no.Host
		f.hint(refusedHint(idp.Blocked))
	case errors.As(err, &garbage):
		f.code, f.kind, f.host = exitUnknownPage, "answer", garbage.Host
	default:
		return false
	}
	return true
}

func (f *failure) aws(err error) bool {
	var refused *aws.RefusedError
	if !errors.As(err, &refused) {
		return false
	}
	f.code, f.kind = exitAWS, refused.Code
	switch f.step {
	case "AssumeRoleWithWebIdentity":
		f.hint(tokenHint(refused))
		return true
	case "AssumeRole", "GetSessionToken", "GetFederationToken", "GetCallerIdentity":
		f.hint(keysHint(f.step, refused))
		return true
	}
	cause := (*causeError)(nil)
	ofResponse := errors.As(err, &cause)
	if ofResponse {
		f.hints = cause.hints()
	}
	if len(f.hints) == 0 {
		f.hint(awsHint(refused))
	}
	if ofResponse {
		f.hint("look at what was sent with --save-assertion FILE and samlcli assertion verify --assertion FILE")
	}
	return true
}

func (f *failure) unreachable(err error) bool {
	var (
		provider *web.UnreachableError
		issuer   *oidc.UnreachableError
		sts      *aws.UnreachableError
	)
	switch {
	case errors.As(err, &provider):
		f.host = provider.Host
	case errors.As(err, &issuer):
		f.host = issuer.Host
	case errors.As(err, &sts):
		f.host = sts.Host
	default:
		return false
	}
	f.code, f.kind = exitUnreachable, "unreachable"
	f.hint(unreachableHint(err))
	f.hint("samlcli doctor looks at the way there: names, proxy, certificates, clock")
	return true
}

func (f *failure) hint(hint string) {
	if hint != "" {
		f.hints = append(f.hints, hint)
	}
}
