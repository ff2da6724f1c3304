package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"testing"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/term"
	"github.com/samlcli/samlcli/saml"
)

// TestClassify: every error that the packages promise, however it is wrapped, has its code and kind.
func TestClassify(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		code int
		kind string
	}{
		{errors.New("x"), 1, "unforeseen"},
		{&usageError{"x", ""}, 2, "usage"},
		{&fs.PathError{Op: "write", Path: os.Stdout.Name(), Err: errors.New("no space left on device")}, 2, "usage"},
		{&sink.LongTermKeyError{Section: "x"}, 2, "long_term_key"},
		{&idp.SettingError{Adapter: "onelogin", Key: "app_id"}, 2, "usage"},
		{&sink.ExitError{Code: 127, Err: errors.New("x")}, 127, "exec"},
		{idp.ErrNoAnswer, 3, "no_answer"},
		{&questionError{message: "x"}, 3, "no_answer"},
		{&idp.HostError{Host: "evil.example.com", Kind: idp.Password}, 3, "host_not_agreed"},
		{&idp.RefusedError{Kind: idp.BadCredentials}, 4, "bad_credentials"},
		{&idp.RefusedError{Kind: idp.PasswordExpired}, 4, "password_expired"},
		{&idp.RefusedError{Kind: idp.NotAssigned}, 4, "not_assigned"},
		{&saml.StatusError{Code: "Responder"}, 4, "status"},
		{&idp.UnknownPageError{Host: "x"}, 5, "unknown_page"},
		{&web.UnsafeError{Host: "x"}, 5, "unknown_page"},
		{&web.PageError{URL: &url.URL{Host: "x"}}, 5, "unknown_page"},
		{&saml.FormatError{Kind: saml.KindDTD}, 5, "dtd"},
		{&roleError{message: "x"}, 6, "no_role"},
		{&aws.RefusedError{Code: "AccessDenied"}, 7, "AccessDenied"},
		{&aws.RefusedError{Code: aws.UnusableAnswer}, 7, "UnusableAnswer"},
		{&aws.RefusedError{Code: "InvalidIdentityToken"}, 7, "InvalidIdentityToken"},
		{&web.UnreachableError{Host: "x", Err: errors.New("y")}, 8, "unreachable"},
		{&aws.UnreachableError{Host: "x", Err: errors.New("y")}, 8, "unreachable"},
		{&timeLimitError{err: context.DeadlineExceeded}, 8, "timeout"},
		{&timeLimitError{err: &aws.UnreachableError{Host: "x", Err: context.DeadlineExceeded}}, 8, "timeout"},
		{term.ErrInterrupted, 130, "interrupted"},
	} {
		for _, err := range []error{test.err, fmt.Errorf("around: %w", test.err), &idp.StepError{Step: "s", Err: test.err}} {
			if f := classify(context.Background(), err); f.code != test.code || f.kind != test.kind || f.message == "" && test.err.Error() != "" {
				t.Errorf("%T: code %d, kind %q, %q; want %d, %q", err, f.code, f.kind, f.message, test.code, test.kind)
			}
		}
		if f := classify(canceled(), test.err); f.code != exitInterrupted {
			t.Errorf("%T after Ctrl-C: code %d", test.err, f.code)
		}
	}
}

// TestChildsCode: a program that ended says for itself why.
func TestChildsCode(t *testing.T) {
	t.Parallel()
	if got := report(canceled(), nil, &sink.ExitError{Code: 5}); got != 5 {
		t.Errorf("report = %d, want 5", got)
	}
	if got := report(canceled(), nil, nil); got != 0 {
		t.Errorf("report of nothing = %d", got)
	}
}
