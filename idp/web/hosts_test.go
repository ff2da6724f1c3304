package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestResolve(t *testing.T) {
	t.Parallel()
	base, _ := url.Parse("https://a.example/b/c?d=e#f")
	for _, c := range []struct{ reference, want string }{
		{"", "https://a.example/b/c?d=e"},
		{"#g", "https://a.example/b/c?d=e#g"},
		{"  /x y \n", "https://a.example/x%20y"},
		{"/a\tb\r\nc", "https://a.example/abc"},
		{`\\h.example\p?q=\`, `https://h.example/p?q=\`},
		{`https:\\h.example\@evil.example/`, "https://h.example/@evil.example/"},
		{"/ü?ü#ü", "https://a.example/%C3%BC?%C3%BC#%C3%BC"},
		{"/100%?p=100%&q=%zz", "https://a.example/100%25?p=100%&q=%zz"},
		{`/<"x">?<"y">`, "https://a.example/%3C%22x%22%3E?%3C%22y%22%3E"},
		{"https://BÜCHER.example:8443/", ""},
		{"https://ｈ.example／x/", ""},
		{"https://h。example", ""},
		{"https://h.example", "https://h.example/"},
		{"../../../x", "https://a.example/x"},
		{"https://h.example:bad/", ""},
		{"https://[::1/", ""},
		{"https://h%zz.example/", ""},
		{"https://2130706433/", ""},
		{"https://0x7f.1/", ""},
		{"https://h.example.0x/", ""},
		{"https://127.0.0.01./", ""},
		{"https://127.0.0.1./", "https://127.0.0.1./"},
		{"https://[::ffff:127.0.0.1]/", "https://[::ffff:127.0.0.1]/"},
		{"%", "https://a.example/b/%25"},
	} {
		got := ""
		if u, err := Resolve(base, c.reference); err == nil {
			got = u.String()
		}
		if got != c.want {
			t.Errorf("Resolve(%q) = %q, want %q", c.reference, got, c.want)
		}
	}
}

func TestHost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, host, place string
		loopback             bool
	}{
		{"https://User:pw@A.Example.:443/p?q#f", "a.example", "https://a.example/p", false},
		{"https://a.example:80/", "a.example:80", "https://a.example:80/", false},
		{"https://a.example/x;jsessionid=s/y%2F;v=1", "a.example", "https://a.example/x/y%2F", false},
		{"http://127.0.0.1:80/", "127.0.0.1", "http://127.0.0.1/", true},
		{"http://[::1]:8080/", "[::1]:8080", "http://[::1]:8080/", true},
		{"https://[2001:DB8::1]/", "[2001:db8::1]", "https://[2001:db8::1]/", false},
		{"http://LOCALHOST./", "localhost", "http://localhost/", true},
		{"http://x.localhost/", "x.localhost", "http://x.localhost/", true},
		{"http://localhost.evil.example/", "localhost.evil.example", "http://localhost.evil.example/", false},
		{"http://[::ffff:127.0.0.1]/", "[::ffff:127.0.0.1]", "http://[::ffff:127.0.0.1]/", true},
	} {
		u, err := url.Parse(c.address)
		if err != nil {
			t.Fatal(err)
		}
		if Host(u) != c.host || Place(u) != c.place || Loopback(u) != c.loopback {
			t.Errorf("%s: host %q, place %q, loopback %t; want %q, %q, %t", c.address, Host(u), Place(u), Loopback(u), c.host, c.place, c.loopback)
		}
	}
}

// What a page may lead to, from https and from this machine.
func TestMayFollow(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{"https://a.example/", "https://b.example/", ""},
		{"https://a.example/", "http://a.example/", "plain http"},
		{"https://a.example/", "http://127.0.0.1/", "leaves https"},
		{"http://127.0.0.1/", "http://127.0.0.1:81/", ""},
		{"http://127.0.0.1/", "https://b.example/", ""},
		{"http://127.0.0.1/", "http://b.example/", "plain http"},
		{"https://a.example/", "file:///etc/passwd", "not a web address"},
		{"https://a.example/", "javascript:alert(1)", "not a web address"},
		{"https://a.example/", "data:text/html,x", "not a web address"},
		{"https://a.example/", "ftp://b.example/", "not a web address"},
		{"https://a.example/", "https:///x", "not a web address"},
		{"https://a.example/", "https://169.254.169.254/latest", "link-local"},
		{"https://a.example/", "https://169.254.169.254./latest", "link-local"},
		{"https://a.example/", "https://[fe80::1]/", "link-local"},
		{"https://a.example/", "https://[::ffff:169.254.169.254]/", "link-local"},
		{"https://a.example/", "https://[64:ff9b::a9fe:a9fe]/", "link-local"},
		{"https://a.example/", "https://[fd00:0ec2:0::254]/", "link-local"},
		{"https://a.example/", "https://100.100.100.200/", "link-local"},
		{"https://a.example/", "https://metadata.google.internal/", "link-local"},
		{"https://a.example/", "https://localhost/", "this machine"},
		{"https://a.example/", "https://[::ffff:127.0.0.1]/", "this machine"},
		{"https://127.0.0.1/", "https://localhost/", ""},
		{"https://a.example/", "https://169.254.1.1/", ""}, // the start
	} {
		from, _ := url.Parse(c.from)
		to, _ := url.Parse(c.to)
		b := New(Options{})
		b.start, _ = url.Parse("https://169.254.1.1/")
		err := b.mayFollow(from, to)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s to %s: %v, want %q", c.from, c.to, err, c.want)
		}
	}
}

// FuzzResolve takes any reference: nothing panics, and what may be followed can be requested at the host that is named.
func FuzzResolve(f *testing.F) {
	for _, seed := range []string{"/x y", `\\h\p`, "//ü.example/%zz?%zz#%zz", "https://u:p@h.example:443/", "?", "#", "data:x", "https:x", "//[::1]:80", "//::0", `\\.`} {
		f.Add(seed)
	}
	base, _ := url.Parse("https://a.example/b/c?d=e#f")
	f.Fuzz(func(t *testing.T, reference string) {
		u, err := Resolve(base, reference)
		if err != nil || New(Options{}).mayFollow(base, u) != nil {
			return
		}
		r, err := http.NewRequest(http.MethodGet, u.String(), nil)
		if err != nil {
			t.Fatalf("Resolve(%q) = %q cannot be requested: %v", reference, u, err)
		}
		if Host(r.URL) != Host(u) || Host(u) == "" {
			t.Errorf("Resolve(%q): host %q, requested from %q", reference, Host(u), Host(r.URL))
		}
	})
}

func TestSpeaksFor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		host, domain string
		want         bool
	}{
		{"localhost", "localhost", true},
		{"127.0.0.1", "127.0.0.1", true},
		{"127.0.0.1", "0.0.1", false},
		{"login.example.com", "example.com", true},
		{"example.com", "login.example.com", false},
		{"badexample.com", "example.com", false},
		{"alice.github.io", "github.io", false},
		{"example.co.uk", "co.uk", false},
		{"example.com", "com", false},
		{"example.com", "", false},
	} {
		if got := SpeaksFor(c.host, c.domain); got != c.want {
			t.Errorf("SpeaksFor(%q, %q) = %v", c.host, c.domain, got)
		}
	}
}
