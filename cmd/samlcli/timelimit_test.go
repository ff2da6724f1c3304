package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/samlcli/samlcli/idp"
	"github.com/samlcli/samlcli/idp/all"
	"github.com/samlcli/samlcli/idp/tape"
)

// TestTimeLimitNamesTheStep, whatever is waited for without end.
func TestTimeLimitNamesTheStep(t *testing.T) {
	for step, test := range map[string]struct {
		silent  string // the host and path, or the call, that never answers
		prepare func(*world)
		args    []string
	}{
		"start":                  {"/sso", nil, []string{"login"}},
		"password":               {"POST /login", nil, []string{"login"}},
		"password_command":       {"", commands("SAMLCLI_PASSWORD", "SAMLCLI_PASSWORD_COMMAND"), []string{"login"}},
		"code_command":           {"", commands("SAMLCLI_CODE", "SAMLCLI_CODE_COMMAND"), []string{"login"}},
		"AssumeRoleWithSAML":     {"AssumeRoleWithSAML", nil, []string{"login", "--role", "Admin"}},
		"GetCallerIdentity":      {"GetCallerIdentity", nil, []string{"whoami", "--role", "Admin"}},
		"getSigninToken":         {"/federation", nil, []string{"console", "--role", "Admin"}},
		"looking at the address": {"/other", nil, []string{"configure", "https://idp.example.com/other"}},
		"reading the metadata":   {"/metadata", nil, []string{"assertion", "verify", "--metadata", "https://idp.example.com/metadata"}},
	} {
		t.Run(step, func(t *testing.T) {
			w := asAlice(t)
			w.silence(test.silent)
			if test.prepare != nil {
				test.prepare(w)
			}
			r := w.want(exitUnreachable, "", append(test.args, "--timeout", "2s", "--log-format", "json")...)
			var said struct{ Error, Kind, Step string }
			if err := json.Unmarshal([]byte(r.stderr), &said); err != nil || said.Kind != "timeout" || said.Step != step || !strings.Contains(said.Error, `in step "`+step+`"`) {
				t.Errorf("%v: %s", err, r.stderr)
			}
		})
	}
}

// commands takes a variable away, and has a command in its place that never ends.
func commands(variable, command string) func(*world) {
	return func(w *world) {
		w.set(variable, "")
		w.set(command, "sleep 60")
	}
}

// silence makes a network in which one path, or one call to AWS, is never answered.
func (w *world) silence(silent string) {
	real := w.without("")
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		body := []byte{}
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		if silent != "" && (strings.HasPrefix(r.URL.Path, silent) || r.Method+" "+r.URL.Path == silent || strings.Contains(string(body), "Action="+silent+"&")) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		return real.RoundTrip(r)
	})
}

// TestTimeLimitOfAPush: a push that nobody answers names its step as well.
func TestTimeLimitOfAPush(t *testing.T) {
	t.Parallel()
	c := contextOf(t)
	recorded, _ := plantedTape(t, "../../fixtures/okta/push-never.txt")
	okta, err := adapterNamed("okta")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := &settings{program: &program{host: host{environ: []string{"SAMLCLI_REMEMBER=off", "SAMLCLI_TIMEOUT=119995ms"}, now: time.Now}, log: &logger{w: io.Discard}}, c: c, config: &config{}}
		w := &walk{s: s, adapters: all.Adapters(), adapter: okta, account: recorded.Account(), answers: &answers{s: s}, ask: tape.NewAsker(recorded), transport: tape.NewPlayer(recorded)}
		err := s.inTime(t.Context(), "sign-in", func(ctx context.Context) error {
			_, err := w.signIn(ctx, nil)
			return err
		})
		if f := classify(t.Context(), err); f.kind != "timeout" || !strings.HasPrefix(f.step, "okta") {
			t.Errorf("%+v", f)
		}
	})
}

// TestTimeLimitOfTheKeyring: it has its own patience, and may take all that is left.
func TestTimeLimitOfTheKeyring(t *testing.T) {
	_, err := newWorld(t).answers().storedPassword(canceled(), idp.Question{Kind: idp.Password})
	var step *idp.StepError
	if !errors.As(err, &step) || step.Step != "keyring" {
		t.Errorf("%v", err)
	}
}
