package aws_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

// TestEcho: a refusal that repeats the request, as those of signatures do, is told without what was secret in it.
func TestEcho(t *testing.T) {
	t.Parallel()
	bearer := aws.Credentials{AccessKeyID: "ASIAEXAMPLE", SecretAccessKey: secret.New("secret+key/1"), SessionToken: secret.New("session+token/1"), Role: role}
	for name, ask := range map[string]func(*aws.Exchange) error{
		"AssumeRoleWithSAML": func(e *aws.Exchange) error { _, err := e.Credentials(t.Context()); return err },
		"GetCallerIdentity":  func(e *aws.Exchange) error { _, err := e.Identity(t.Context(), bearer); return err },
		"AssumeRole": func(e *aws.Exchange) error {
			_, err := e.AssumeRole(t.Context(), bearer, aws.Hop{Role: role}, secret.New("135790"))
			return err
		},
	} {
		const said = "you sent session+token/1, x-amz-security-token:session%2Btoken%2F1, secret+key/1, code 135790, " + assertion
		err := ask(exchange(&answer{status: 403, body: strings.NewReader("<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>" + said + "</Message></Error></ErrorResponse>")}))
		var refused *aws.RefusedError
		if !errors.As(err, &refused) || !strings.Contains(refused.Message, "***") {
			t.Fatalf("%s: %v", name, err)
		}
		for _, value := range map[string][]string{
			"AssumeRoleWithSAML": {assertion}, "GetCallerIdentity": {"session+", "session%2B", "secret+"}, "AssumeRole": {"session+", "session%2B", "secret+", "135790"},
		}[name] {
			if strings.Contains(refused.Message, value) {
				t.Errorf("%s: said %s: %s", name, value, refused.Message)
			}
		}
	}
}
