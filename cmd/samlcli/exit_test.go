package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/broker"
	"github.com/samlcli/samlcli/internal/oidc"
	"github.com/samlcli/samlcli/internal/term"
	"github.com/samlcli/samlcli/saml"
)

// TestClassify: every error that the packages promise, however it is wrapped, has its code and kind.
func TestClassify(t *testing.T) {
	t.Parallel()
	for _, test := range allErrors() {
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

// A classified error is one that a person can meet, with the code and kind that programs tell it by.
type classified struct {
	err  error
	code int
	kind string
}

func allErrors() []classified {
	return []classified{
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
		{&crashError{}, 1, "bug"},
		{&differsError{message: "x"}, 1, "tape_differs"},
		{&verdictError{exitUsage, "doctor", "x"}, 2, "doctor"},
		{&verdictError{exitUnknownPage, "signature_changed", "x"}, 5, "signature_changed"},
		{&verdictError{exitAWS, "audience", "x"}, 7, "audience"},
		{&idp.RefusedError{Kind: idp.MFAFailed}, 4, "mfa_failed"},
		{&idp.RefusedError{Kind: idp.Locked}, 4, "locked"},
		{&idp.RefusedError{Kind: idp.Blocked}, 4, "blocked"},
		{&idp.RefusedError{Kind: idp.CaptchaRefused}, 4, "captcha"},
		{&oidc.RefusedError{Code: "access_denied"}, 4, "access_denied"},
		{&oidc.TokenError{Reason: "x"}, 4, "token"},
		{&oidc.AnswerError{Host: "x", Reason: "y"}, 5, "answer"},
		{&oidc.UnreachableError{Host: "x", Err: errors.New("y")}, 8, "unreachable"},
		{&broker.RefusedError{Host: "x"}, 4, "blocked"},
		{&broker.AnswerError{Host: "x", Reason: "y"}, 5, "answer"},
		{&saml.FormatError{Kind: saml.KindNotBase64}, 5, "not_base64"},
		{&saml.FormatError{Kind: saml.KindNotXML}, 5, "not_xml"},
		{&saml.FormatError{Kind: saml.KindNotResponse}, 5, "not_response"},
		{&saml.FormatError{Kind: saml.KindTooLarge}, 5, "too_large"},
		{&saml.FormatError{Kind: saml.KindSeveralAssertions}, 5, "several_assertions"},
	}
}

// TestErrorsAsJSON: every error is one object on one line, with the same keys, whatever its kind.
func TestErrorsAsJSON(t *testing.T) {
	t.Parallel()
	for _, test := range allErrors() {
		var said bytes.Buffer
		code := report(context.Background(), &logger{w: &said, json: true}, test.err)
		var object map[string]any
		if err := json.Unmarshal(said.Bytes(), &object); err != nil || strings.Count(said.String(), "\n") != 1 {
			t.Errorf("%T: %v: %s", test.err, err, said.String())
		}
		delete(object, "lines")
		if keys := slices.Sorted(maps.Keys(object)); !slices.Equal(keys, []string{"code", "error", "hint", "host", "kind", "step"}) || object["kind"] != test.kind || object["code"] != float64(code) || code != test.code {
			t.Errorf("%T: %s", test.err, said.String())
		}
	}
}

// TestErrorsPage: the page for programs and people has every kind with its code, but for those that others give.
func TestErrorsPage(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range allErrors() {
		if strings.ToLower(test.kind) != test.kind || slices.Contains([]string{"access_denied", "signature_changed", "audience"}, test.kind) {
			continue
		}
		if test.code == exitUnknownPage && errors.As(test.err, new(*saml.FormatError)) && strings.Contains(string(page), "`"+test.kind+"`") {
			continue
		}
		if row := fmt.Sprintf("| `%s` | %d |", test.kind, test.code); !strings.Contains(string(page), row) && test.kind != "exec" {
			t.Errorf("docs/errors.md has no row %s", row)
		}
	}
}

// TestUsageErrorsAsJSON: the words of the flags' library are none of them.
func TestUsageErrorsAsJSON(t *testing.T) {
	for _, args := range [][]string{
		{"login", "--no-such-flag"}, {"login", "--role"}, {"login", "--refresh=maybe"}, {"login", "argument"}, {"no-such-command"}, {"assertion", "no-such"}, {"profiles", "no-such"},
		{"login", "--timeout", "soon"}, {"configure"}, {"replay"}, {"record"}, {"exec"}, {"adapters", "no-such"}, {"--no-such-flag"}, {"login", "--profile", "no-such"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			w := newWorld(t)
			w.set("SAMLCLI_LOG_FORMAT", "json")
			r := w.want(exitUsage, "", args...)
			var object struct{ Kind string }
			if err := json.Unmarshal([]byte(r.stderr), &object); err != nil || object.Kind != "usage" {
				t.Errorf("%v: %s", err, r.stderr)
			}
		})
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
