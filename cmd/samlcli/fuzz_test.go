package main

import (
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/BurntSushi/toml"

	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/saml"
)

// FuzzConfig takes any text for the config: it is read, or it is the person's mistake, which is said without what stands in
// the file.
func FuzzConfig(f *testing.F) {
	for _, seed := range []string{
		"default_account = \"a\"\n[account.a]\nurl = \"https://idp.example.com/\"\nmfa = [\"push\", \"totp\"]\nset = { realm = \"aws\" }\n",
		"[profile.p]\naccount = \"a\"\nrole = [\"Admin\"]\nduration = \"1h\"\nchain = [\"arn:aws:iam::123456789012:role/B\"]\n[alias]\n123456789012 = \"x\"\n",
		"[account]\na = 1\n", "account = [[account]]\n", "[account.a]\npassword = \"s3cret-value\"\nx", "[[profile.p.chain]]\nrole = 1e999\n", "\xff\x00", "a.b.c.d = 2026-11-20",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parseConfig("config.toml", text)
		var usage *usageError
		if err != nil && !errors.As(err, &usage) {
			t.Errorf("%q: a %T: %v", text, err, err)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret-value") {
			t.Errorf("%v", err)
		}
		if err == nil && c == nil {
			t.Errorf("%q is read as nothing", text)
		}
	})
}

// FuzzTOML writes any name and value as configure does: they are read as they were.
func FuzzTOML(f *testing.F) {
	for _, seed := range [][2]string{{"work", "https://idp.example.com/"}, {"a.b \"c\"", "\\\n\r\t\x00\x7f"}, {"", "ü\u2028\U0001f600"}, {"'''", "#"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, name, value string) {
		if !utf8.ValidString(name) || !utf8.ValidString(value) {
			t.Skip("no text")
		}
		text := "[account." + tomlKey(name) + "]\nx = " + tomlString(value) + "\n"
		var read struct {
			Account map[string]struct{ X string }
		}
		if _, err := toml.Decode(text, &read); err != nil || len(read.Account) != 1 || read.Account[name].X != value {
			t.Errorf("%q = %q is written as %q, which reads as %v, %v", name, value, text, read, err)
		}
	})
}

// FuzzWildcard compares --role's patterns with regular expressions, which take their time, but not more.
func FuzzWildcard(f *testing.F) {
	for _, seed := range [][2]string{{"*Admin?", "AdminX"}, {"a*b*c", "abbc"}, {"", ""}, {"**", "x"}, {strings.Repeat("*a", 40), strings.Repeat("a", 200) + "b"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if !utf8.ValidString(pattern) || !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f }) {
			t.Skip("ARNs are ASCII")
		}
		like := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
		if got, want := wildcard(pattern, text), regexp.MustCompile(`(?s)\A`+like+`\z`).MatchString(text); got != want {
			t.Errorf("wildcard(%q, %q) = %v", pattern, text, got)
		}
	})
}

// FuzzCredentials takes anything for a file of kept credentials: what is read of it is whole.
func FuzzCredentials(f *testing.F) {
	f.Add([]byte(`{"Version":1,"AccessKeyId":"a","SecretAccessKey":"b","SessionToken":"c","Expiration":"2026-11-20T13:00:00Z"}` + "\n" + `{"role":"r","assumed_role":"s","region":""}`))
	f.Add([]byte("{}\n{}"))
	f.Add([]byte("null\nnull\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if c, ok := readCredentials(data); ok && (c.AccessKeyID == "" || c.SecretAccessKey.Empty() || c.SessionToken.Empty()) {
			t.Errorf("%q gives %+v", data, c)
		}
	})
}

// FuzzBrought takes anything for what a person or a program brings as a response: it is one, or none.
func FuzzBrought(f *testing.F) {
	const encoded = "PHNhbWxwOlJlc3BvbnNlLz4="
	for _, seed := range []string{encoded, "SAMLResponse=" + encoded, `<form><input name=SAMLResponse value="` + encoded + `">`, `{"SAMLResponse":"` + encoded + `"}`, "<samlp:Response/>", "curl 'x' --data-raw 'SAMLResponse=a'"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		_, err := brought(data)
		if err != nil && !errors.As(err, new(*saml.FormatError)) && !errors.As(err, new(*saml.StatusError)) {
			t.Errorf("a %T: %v", err, err)
		}
	})
}

// FuzzTOTP takes anything for the seed of an authenticator: it is none, or gives digits.
func FuzzTOTP(f *testing.F) {
	for _, seed := range []string{"JBSW Y3DP-EHPK3PXP", "otpauth://totp/x?secret=JBSWY3DP&digits=8&period=60&algorithm=sha512", "otpauth://totp/?secret=A&digits=99&period=0", "otpauth:"} {
		f.Add(seed, int64(1795262400))
	}
	f.Fuzz(func(t *testing.T, seed string, now int64) {
		code, err := totp(secret.New(seed), time.Unix(now, 0))
		if err == nil && (len(code.Reveal()) < 6 || strings.Trim(code.Reveal(), "0123456789") != "") {
			t.Errorf("%q gives %q", seed, code.Reveal())
		}
	})
}

// FuzzTemplate takes any --profile-template: it is refused, or it names a profile in no time.
func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{usualTemplate, "{{.Name", "{{.Nothing}}", "{{range 1000000000000}}x{{end}}", "{{define \"a\"}}{{template \"a\"}}{{end}}{{template \"a\"}}",
		"{{printf \"%999999999d\" 1}}", "{{index .Name 3}}", "{{with .Alias}}{{.}}{{else}}{{slice $.Account 8}}{{end}}", "[x]", "{{html .Role}}{{call .Name}}"} {
		f.Add(seed, "prod", "Admin")
	}
	f.Fuzz(func(t *testing.T, text, alias, name string) {
		p := &program{host: host{now: time.Now}, log: &logger{w: io.Discard}}
		s := &settings{program: p, c: contextOf(t), config: &config{Alias: map[string]string{"123456789012": alias}}, role: section{"profile_template": text}}
		tmpl, err := s.profileTemplate()
		if err != nil {
			return
		}
		role := saml.Role{ARN: "arn:aws:iam::123456789012:role/" + name, Provider: "arn:aws:iam::123456789012:saml-provider/x"}
		names, err := s.profileNames(t.Context(), tmpl, nil, &saml.Response{Roles: []saml.Role{role}}, []saml.Role{role})
		if err == nil && (len(names) != 1 || names[0] == "" || strings.ContainsAny(names[0], "\r\n]")) {
			t.Errorf("%q names a profile %q", text, names)
		}
	})
}
