package sink_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/aws/sink"
	"github.com/samlcli/samlcli/internal/secret"
)

const written = "aws_access_key_id = ASIAEXAMPLE\naws_secret_access_key = secret/+=<&>\naws_session_token = token//==\n" +
	"region = eu-west-1\nx_security_token_expires = 2026-11-20T13:00:00Z\n"

func TestFile(t *testing.T) {
	t.Parallel()
	bare := credentials()
	bare.Region, bare.Expires = "", time.Time{}
	for name, c := range map[string]struct {
		old         string
		credentials aws.Credentials
		want        string
	}{
		"new":      {"", credentials(), "[saml]\n" + written},
		"other's":  {"# mine\n[default]\naws_access_key_id=AKIA", credentials(), "# mine\n[default]\naws_access_key_id=AKIA\n\n[saml]\n" + written},
		"again":    {"[saml]\n" + written, credentials(), "[saml]\n" + written},
		"old name": {"[saml]\naws_access_key_id=A\naws_security_token=B\noutput=json\n", bare, "[saml]\naws_access_key_id=ASIAEXAMPLE\noutput=json\naws_secret_access_key = secret/+=<&>\naws_session_token = token//==\n"},
		"less":     {"[saml]\n" + written, bare, "[saml]\n" + strings.Replace(written, "x_security_token_expires = 2026-11-20T13:00:00Z\n", "", 1)},
	} {
		path := filepath.Join(t.TempDir(), "aws", "credentials")
		if c.old != "" {
			create(t, path, c.old)
		}
		err := (&sink.File{Path: path, Section: "saml"}).Write(t.Context(), c.credentials)
		if got := content(t, path); got != c.want || err != nil {
			t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
		}
	}
}

func TestFileLongTermKey(t *testing.T) {
	t.Parallel()
	for _, old := range []string{
		"[saml]\naws_access_key_id = AKIA\naws_secret_access_key = x\n",
		"[ saml ]\nAWS_ACCESS_KEY_ID: AKIA\naws_session_token =\n",
		"[saml]\naws_secret_access_key = x\n",
	} {
		path := filepath.Join(t.TempDir(), "credentials")
		create(t, path, old)
		f := &sink.File{Path: path, Section: "saml"}
		for _, err := range []error{f.Check(), f.Write(t.Context(), credentials())} {
			key, ok := errors.AsType[*sink.LongTermKeyError](err)
			if !ok || *key != (sink.LongTermKeyError{Section: "saml", Path: path}) || content(t, path) != old {
				t.Errorf("over %q: %v, and the file is %q", old, err, content(t, path))
			}
		}
		f.Force = true
		if err := f.Write(t.Context(), credentials()); err != nil || !strings.Contains(content(t, path), "ASIAEXAMPLE") {
			t.Errorf("Write over %q by force: %v, and the file is %q", old, err, content(t, path))
		}
	}
}

func TestFileRefuses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "credentials")
	create(t, path, "[a]\n")
	err := (&sink.File{Path: path, Section: "a]\n[b"}).Write(t.Context(), credentials())
	if err == nil || !strings.Contains(err.Error(), path) || content(t, path) != "[a]\n" {
		t.Errorf("Write = %v, and the file is %q", err, content(t, path))
	}
	if strings.Contains(fmt.Sprint(err), "secret") {
		t.Errorf("error %q holds a secret", err)
	}
}

const (
	base   = "\ufeff# mine\r\n[default]\r\naws_access_key_id = AKIA # old\r\n\r\n; end\r\n"
	rounds = 4
)

// filePart writes one section again and again, and says which round is in the file.
func filePart() int {
	path, name := os.Args[1], os.Args[2]
	for round := range rounds {
		value := name + "-" + strconv.Itoa(round)
		c := aws.Credentials{AccessKeyID: value, SecretAccessKey: secret.New(value), SessionToken: secret.New(value)}
		if err := (&sink.File{Path: path, Section: name}).Write(context.Background(), c); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		fmt.Println(round)
	}
	return 0
}

// TestFileTogether has twenty processes write their sections into one file, a third of which are killed on the way.
func TestFileTogether(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "credentials")
	create(t, path, base)
	const people = 20
	finished := make([]int, people) // the round that each had surely written
	var all sync.WaitGroup
	for i := range people {
		kill := rounds
		if i%3 == 0 {
			kill = rand.IntN(rounds)
		}
		all.Go(func() { finished[i] = writeUntil(t, path, "p"+strconv.Itoa(i), kill) })
	}
	over := make(chan bool)
	go func() { all.Wait(); close(over) }()
	for running := true; running; {
		select {
		case <-over:
			running = false
		default:
		}
		checkTogether(t, content(t, path), make([]int, people))
	}
	for i := range finished {
		finished[i]++ // rounds written
	}
	checkTogether(t, content(t, path), finished)
}

// writeUntil runs one writer, kills it once it has written that many rounds, and returns the last round it told of.
func writeUntil(t *testing.T, path, name string, kill int) int {
	c := program(t, "file", path, name)
	var complaints strings.Builder
	c.Stderr = &complaints
	out, err := c.StdoutPipe()
	if err != nil {
		t.Error(err)
		return -1
	}
	if err := c.Start(); err != nil {
		t.Error(err)
		return -1
	}
	last := -1
	for s := bufio.NewScanner(out); last+1 < kill && s.Scan(); {
		last++
	}
	if kill < rounds {
		_ = c.Process.Kill()
		_ = c.Wait()
		return last
	}
	if err := c.Wait(); err != nil || last != rounds-1 {
		t.Errorf("%s ended at round %d: %v: %s", name, last, err, &complaints)
	}
	return last
}

// checkTogether checks that the file is the base and whole sections, each at least as new as its number of rounds says.
func checkTogether(t *testing.T, text string, least []int) {
	t.Helper()
	if !strings.HasPrefix(text, base) {
		t.Fatalf("the file begins with %q", text[:min(len(text), len(base))])
	}
	f := inifile.Parse([]byte(text))
	want := base
	for _, name := range f.Names()[1:] {
		s, _ := f.Section(name)
		value := s.Get("aws_access_key_id")
		want += "\r\n[" + name + "]\r\naws_access_key_id = " + value + "\r\naws_secret_access_key = " + value +
			"\r\naws_session_token = " + value + "\r\n"
	}
	if text != want {
		t.Fatalf("the file is %q, want %q", text, want)
	}
	for i, n := range least {
		name := "p" + strconv.Itoa(i)
		s, _ := f.Section(name)
		_, round, _ := strings.Cut(s.Get("aws_access_key_id"), "-")
		if got, err := strconv.Atoi(round); n > 0 && (err != nil || got < n-1) {
			t.Errorf("%s is at round %q, want %d or later", name, round, n-1)
		}
	}
}

func create(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
