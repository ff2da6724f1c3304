package quick_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/quick"
)

// FuzzAnswer puts anything into the two files from which a call is answered: what is printed is the first line of the
// credentials, and these are for the role of the entry and good for long enough.
func FuzzAnswer(f *testing.F) {
	home := f.TempDir()
	call := quick.Call{Args: []string{"process"}, Environ: []string{"HOME=" + home}}
	credentials := filepath.Join(home, "credentials")
	path, entry := quick.Entry{Config: filepath.Join(home, "none"), File: credentials, Role: "admin"}.Text(call)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		f.Fatal(err)
	}
	f.Add(entry, answer+more)
	f.Add(entry, answer)
	f.Add(entry[:len(entry)-1], answer+more)
	f.Add(strings.Replace(entry, "\n0\n", "\n-9223372036854775808\n", 1), strings.Replace(answer, "2026", "9999", 1)+more)
	f.Add(strings.Replace(entry, "admin", "", 1), answer+"\n"+answer)
	f.Fuzz(func(t *testing.T, entry, kept string) {
		if strings.Contains(entry, "\n/") && !strings.Contains(entry, "\n"+home) {
			return // another file of this machine
		}
		for file, text := range map[string]string{path: entry, credentials: kept} {
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		got, ok := quick.Answer(call, noon)
		if !ok {
			return
		}
		line, _, _ := strings.Cut(kept, "\n")
		if strings.TrimSuffix(string(got), "\n") != line || bytes.Count(got, []byte("\n")) > 1 {
			t.Errorf("%q and %q are answered with %q", entry, kept, got)
		}
	})
}

// FuzzDeliveries takes anything for the file of deliveries: what is read is written so that it reads the same, and what
// status prints of it is JSON, and whole lines.
func FuzzDeliveries(f *testing.F) {
	f.Add("prod\t123456789012\tarn:aws:iam::123456789012:role/Admin\t1795262400\t/home/a/.aws/credentials\tkey\n", int64(1795262000))
	f.Add("p\t\t\t-9223372036854775808\t\t\nq\t\t\t9223372036854775807\t\t\n", int64(9223372036854775807))
	f.Add("\"\\\x1b\u2028\xff😀\t\t\t253402300800\t\t\t\t\n\t\t\t0\t\t", int64(253402300799))
	home := f.TempDir()
	if err := os.MkdirAll(filepath.Dir(quick.Call{Environ: []string{"HOME=" + home}}.DeliveriesFile()), 0o700); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string, now int64) {
		all := quick.ReadDeliveries([]byte(text))
		var lines string
		for _, d := range all {
			lines += d.Line()
		}
		if again := quick.ReadDeliveries([]byte(lines)); !slices.Equal(again, all) {
			t.Fatalf("%q reads as %+v, and again as %+v", text, all, again)
		}
		call := quick.Call{Args: []string{"status", "--output=json"}, Environ: []string{"HOME=" + home}}
		write(t, call.DeliveriesFile(), text)
		printed, _ := quick.Status(call, time.Unix(now, 0))
		var rows []struct {
			Expires     time.Time `json:"expires"`
			SecondsLeft int64     `json:"seconds_left"`
		}
		if err := json.Unmarshal([]byte(printed), &rows); err != nil || len(rows) > len(all) {
			t.Errorf("%q prints %q: %v", text, printed, err)
		}
		call.Args = call.Args[:1]
		if table, ok := quick.Status(call, time.Unix(now, 0)); ok && strings.Count(table, "\n") != len(rows) {
			t.Errorf("%q: %d rows as\n%q", text, len(rows), table)
		}
	})
}
