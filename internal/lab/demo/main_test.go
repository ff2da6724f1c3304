package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestMain lets this test binary stand in for samlcli: it writes what login would write.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || strings.HasPrefix(os.Args[1], "-") {
		os.Exit(m.Run())
	}
	switch os.Args[1] {
	case "login":
		if os.Getenv("SAMLCLI_PASSWORD") == "" || len(os.Getenv("SAMLCLI_CODE")) != 6 || os.Getenv("DEMO_OUTSIDE") != "" {
			os.Exit(4)
		}
		keys := "[saml]\naws_access_key_id = ASIA2\naws_secret_access_key = abcdSECRETwxyz\naws_session_token = 1234TOKEN6789\n"
		if err := os.WriteFile(os.Getenv("AWS_SHARED_CREDENTIALS_FILE"), []byte(keys), 0o600); err != nil {
			os.Exit(1)
		}
	case "roles":
		fmt.Println("three roles")
	}
}

func TestDemo(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var out, complaint bytes.Buffer
	code := run(t.Context(), []string{self}, append(os.Environ(), "DEMO_OUTSIDE=1"), time.Now, &out, &complaint)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, complaint.String())
	}
	for _, want := range []string{
		"$ SAMLCLI_PASSWORD=wonderland SAMLCLI_CODE=", "samlcli login --account lab --role Admin",
		"aws_access_key_id = ASIA2\n", "aws_secret_access_key = abcd…wxyz\n", "aws_session_token = 1234…6789\n",
		"$ samlcli roles --assertion assertion.txt\nthree roles\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "SECRET") {
		t.Errorf("the secret key is shown:\n%s", out.String())
	}
}

func TestServe(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var out bytes.Buffer
	if code := run(ctx, []string{"-serve"}, nil, time.Now, &out, &out); code != 0 || !strings.Contains(out.String(), "/sso?sp=urn:amazon:webservices") {
		t.Errorf("exit %d: %s", code, out.String())
	}
}

func TestOtherArguments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		args string
		code int
		says string
	}{
		{"-code", 0, "996554\n"},
		{"", 2, "usage: "},
		{"-dance", 2, "flag provided but not defined"},
		{"/no/such/program", 1, "demo: running samlcli login: "},
	} {
		var out bytes.Buffer
		code := run(t.Context(), strings.Fields(test.args), nil, func() time.Time { return time.Unix(30, 0) }, &out, &out)
		if code != test.code || !strings.Contains(out.String(), test.says) {
			t.Errorf("demo %s: exit %d, want %d, with %q: %s", test.args, code, test.code, test.says, out.String())
		}
	}
}
