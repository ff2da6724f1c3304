package aws_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/samlcli/samlcli/aws"
)

// FuzzAnswer takes any answer for that of STS: it is credentials for the role that are good still, a refusal, or nobody
// answered; and whatever it said is said again without control characters and without the assertion.
func FuzzAnswer(f *testing.F) {
	files, err := filepath.Glob("../fixtures/sts/*")
	if err != nil || len(files) == 0 {
		f.Fatal("no answers of STS in the fixtures")
	}
	for i, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]int{200, 400, 503}[i%3], data)
		f.Add(200, data)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		status = 200 + int(uint(status)%400)
		synctest.Test(t, func(t *testing.T) {
			c, err := exchange(&answer{status: status, body: bytes.NewReader(body)}).Credentials(t.Context())
			if err == nil {
				if c.AccessKeyID == "" || c.SecretAccessKey.Empty() || c.SessionToken.Empty() || !c.Expires.After(noon()) || c.Role != role {
					t.Errorf("credentials %+v", c)
				}
				return
			}
			if !errors.As(err, new(*aws.RefusedError)) && !errors.As(err, new(*aws.UnreachableError)) {
				t.Errorf("ends with a %T: %v", err, err)
			}
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' || 0x7f <= r && r < 0xa0 }) {
				t.Errorf("control characters in %q", err)
			}
			if strings.Contains(err.Error(), assertion) && !bytes.Contains(body, []byte(assertion)) {
				t.Errorf("the assertion is in %q", err)
			}
		})
	})
}
