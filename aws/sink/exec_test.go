package sink_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/aws/sink"
)

func TestExecEnvironment(t *testing.T) {
	t.Parallel()
	self := program(t, "").Path
	var out bytes.Buffer
	e := &sink.Exec{
		Argv: []string{filepath.Base(self)},
		Env: []string{
			"PATH=/nowhere", part + "=environment", "PATH=relative:" + filepath.Dir(self), "HOME=/h", "AWS_CONFIG_FILE=/c",
			"AWS_PROFILE=p", "AWS_DEFAULT_PROFILE=p", "AWS_ACCESS_KEY_ID=old", "AWS_SECURITY_TOKEN=old", "AWS_REGION=old",
			"AWS_ROLE_ARN=r", "AWS_WEB_IDENTITY_TOKEN_FILE=f", "AWS_CONTAINER_CREDENTIALS_FULL_URI=u", "AWS_ACCOUNT_ID=1",
			"AWS_CONTAINER_AUTHORIZATION_TOKEN=t", "SAMLCLI_PASSWORD=s", "SAMLCLI_CODE=1", "SAMLCLI_ACCOUNT=work",
		},
		Stdout: &out,
	}
	if err := e.Write(t.Context(), credentials()); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	slices.Sort(got)
	want := []string{
		"AWS_ACCESS_KEY_ID=ASIAEXAMPLE", "AWS_CONFIG_FILE=/c", "AWS_CREDENTIAL_EXPIRATION=2026-11-20T13:00:00Z",
		"AWS_DEFAULT_REGION=eu-west-1", "AWS_REGION=eu-west-1", "AWS_SECRET_ACCESS_KEY=secret/+=<&>", "AWS_SESSION_TOKEN=token//==",
		"HOME=/h", "PATH=relative:" + filepath.Dir(self), "SAMLCLI_ACCOUNT=work", part + "=environment",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the program got %q, want %q", got, want)
	}
}

func TestExecCode(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain, lost := filepath.Join(dir, "plain"), filepath.Join(dir, "lost")
	create(t, plain, "x")
	create(t, lost, "#!/no/such/interpreter\n")
	if err := os.Chmod(lost, 0o700); err != nil {
		t.Fatal(err)
	}
	self := program(t, "").Path
	for _, c := range []struct {
		name, does, reason string
		code               int
	}{
		{self, "nothing", "", 0},
		{self, "seven", "", 7},
		{self, "die", "", 137},
		{"no-such-program", "", "executable file not found", 127},
		{filepath.Join(dir, "none"), "", "no such file", 127},
		{"plain", "", "permission denied", 126},
		{plain, "", "permission denied", 126},
		{dir, "", "is a directory", 126},
		{lost, "", "no such file", 127},
	} {
		e := &sink.Exec{Argv: []string{c.name}, Env: []string{part + "=" + c.does, "PATH=" + dir}}
		err := e.Write(t.Context(), credentials())
		if c.code == 0 {
			if err != nil {
				t.Errorf("%s %s: %v, want none", c.name, c.does, err)
			}
			continue
		}
		got, ok := errors.AsType[*sink.ExitError](err)
		if !ok || got.Code != c.code || (got.Err != nil) != (c.reason != "") || !strings.Contains(err.Error(), c.reason) {
			t.Errorf("%s %s: %v, want %d %s", c.name, c.does, err, c.code, c.reason)
		}
	}
}

func TestExecDoesNotStart(t *testing.T) {
	t.Parallel()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	e := &sink.Exec{Argv: []string{program(t, "").Path}, Env: []string{part + "=seven"}}
	if err := e.Write(ended, credentials()); !errors.Is(err, context.Canceled) {
		t.Errorf("Write after the end = %v, want context.Canceled", err)
	}
	if err := (&sink.Exec{}).Write(t.Context(), credentials()); err == nil {
		t.Error("Write without a program: want an error")
	}
}
