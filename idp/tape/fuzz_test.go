package tape

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// seedTapes adds a few tapes of the fixtures.
func seedTapes(f *testing.F) {
	f.Helper()
	for _, name := range []string{"handover/*.txt", "duo/*.txt", "entra/*.txt"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "fixtures", name))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files[:min(2, len(files))] {
			text, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
}

// FuzzParse takes any text for a tape: what is one is written so that it reads the same again, and Write writes that anew as
// it is.
func FuzzParse(f *testing.F) {
	f.Add(canonical)
	f.Add("source: x\nwant: signed in\n> GET https://a.example.com/\n> Cookie: a=\\n; =; b\n> Body: \n< 200\n<  : x\n\n    \n     y\n#\n")
	seedTapes(f)
	f.Fuzz(func(t *testing.T, text string) {
		read, err := Parse(text)
		if err != nil {
			return
		}
		written := Write(read)
		again, err := Parse(written)
		if err != nil || !reflect.DeepEqual(again, read) {
			t.Fatalf("%q is written as %q, which reads as %+v, %v", text, written, again, err)
		}
		if twice := Write(again); twice != written {
			t.Errorf("%q is written as %q, then as %q", text, written, twice)
		}
	})
}

// FuzzScrub puts a person's password and a cookie into any exchanges, and looks for them in the tape that is made of these:
// in any spelling that the scrubber itself says to know, they must be gone, and what is left must be a tape.
func FuzzScrub(f *testing.F) {
	const password, cookie = "Tr0ub4dor&3 zebra", "q8Wz0fLk2Vn7Rt5Yp1Xc3Bm9"
	f.Add("https://login.corp-sso.net/a?b=c", "user=alice@corp-sso.net", "<form action='/x'><input type=hidden name=t value=8f14e45fceea167a5a36dedd4bea2543>")
	f.Add("https://login.corp-sso.net/", "", `{"stateToken":"00abcDEF123456789012345678","user":"alice@corp-sso.net"}`)
	f.Add("https://login.corp-sso.net/", "x=%zz", "PHNhbWxwOlJlc3BvbnNlPg==")
	f.Add("https://login.corp-sso.net:8443/", "a=b", "<script>var t = '\\u0041';</script> ")
	f.Fuzz(func(t *testing.T, address, field, body string) {
		name, value, _ := strings.Cut(field, "=")
		raw := &Tape{
			Head: []Line{{"url", "https://login.corp-sso.net/"}, {"username", "alice@corp-sso.net"}, {"password", password}, {"want", "signed in"}},
			Exchanges: []Exchange{{
				Request: Request{Method: "POST", URL: "https://login.corp-sso.net/", Cookies: []Pair{{"sid", cookie}},
					Form: []Pair{{"password", password}, {name, value}}},
				Response: Response{Status: 200, Header: []Pair{{"Set-Cookie", "sid=" + cookie + "; Path=/"}, {"Location", address}},
					Body: body + password + body + cookie},
			}},
		}
		clean, err := scrub(raw)
		if err != nil {
			return // it is not written
		}
		clean.Head = append([]Line{{"source", "x"}}, clean.Head...)
		text := Write(clean)
		for _, secret := range []string{password, cookie, "Tr0ub4dor"} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is in\n%s", secret, text)
			}
		}
		if strings.Contains(text, "login.corp-sso.net") || strings.Contains(text, "alice@corp-sso.net") {
			t.Errorf("the host or the person is in\n%s", text)
		}
	})
}
