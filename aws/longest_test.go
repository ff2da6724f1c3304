package aws_test

import (
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws"
)

// grudging is an STS that says no a number of times.
type grudging struct {
	noes  int
	no    string
	asked []string
}

func (g *grudging) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	for field := range strings.SplitSeq(string(body), "&") {
		if seconds, ok := strings.CutPrefix(field, "DurationSeconds="); ok {
			g.asked = append(g.asked, seconds)
		}
	}
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	name, status := "success.xml", 200
	if len(g.asked) <= g.noes {
		name, status = g.no, 400
	}
	data, err := os.ReadFile("../fixtures/sts/" + name)
	if err != nil {
		return nil, err
	}
	return (&answer{status: status, body: strings.NewReader(string(data))}).RoundTrip(r)
}

func TestLongest(t *testing.T) {
	t.Parallel()
	durations := []time.Duration{12 * time.Hour, 8 * time.Hour, time.Hour}
	for _, c := range []struct {
		what    string
		noes    int
		no      string
		granted time.Duration
		asked   string
	}{
		{"the first", 0, "", 12 * time.Hour, "43200"},
		{"the second", 1, "validation-error.xml", 8 * time.Hour, "43200 28800"},
		{"none", 3, "validation-error.xml", 0, "43200 28800 3600"},
		{"another no", 3, "access-denied.xml", 0, "43200"},
	} {
		g := &grudging{noes: c.noes, no: c.no}
		e := exchange(nil)
		e.Transport = g
		got, granted, err := e.Longest(t.Context(), durations)
		var refused *aws.RefusedError
		if granted != c.granted || (err == nil) != (c.granted > 0) || err != nil && !errors.As(err, &refused) || (got.AccessKeyID == "") != (err != nil) {
			t.Errorf("%s: %v, %v", c.what, granted, err)
		}
		if asked := strings.Join(g.asked, " "); asked != c.asked {
			t.Errorf("%s: asked for %s, want %s", c.what, asked, c.asked)
		}
	}
}
