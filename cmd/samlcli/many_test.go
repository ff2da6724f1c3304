package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/idp/web"
	"github.com/samlcli/samlcli/internal/lab"
)

// sections returns the names of the credentials file's sections that hold a session.
func (w *world) sections() []string {
	w.Helper()
	file := inifile.Parse([]byte(w.read(".aws/credentials")))
	return slices.DeleteFunc(file.Names(), func(name string) bool {
		keys, _ := file.Section(name)
		return keys.Get("aws_session_token") == ""
	})
}

func TestLoginMany(t *testing.T) {
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"all", []string{"--all"}, "123456789012-Admin 123456789012-ReadOnly 210987654321-Deploy"},
		{"named accounts", []string{"--all", "--profile", "named"}, "123456789012-Admin 123456789012-ReadOnly ops-Deploy"},
		{"patterns", []string{"--role", "*/Admin", "--role", "2*/Dep*"}, "123456789012-Admin 210987654321-Deploy"},
		{"one pattern", []string{"--role", "123456789012/*"}, "123456789012-Admin 123456789012-ReadOnly"},
		{"a template", []string{"--all", "--profile-template", "{{.Partition}}/{{.Role}}"}, "aws/Admin aws/ReadOnly aws/Deploy"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := asAlice(t)
			if c.name == "named accounts" {
				w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n[profile.named]\n[alias]\n210987654321 = \"ops\"\n", w.lab.URL)
			}
			w.wire = w.without("signin.aws.amazon.com")
			w.want(0, "", append([]string{"login"}, c.args...)...)
			if got := strings.Join(w.sections(), " "); len(got) != len(c.want) {
				t.Errorf("wrote %s, want %s", got, c.want)
			}
			for name := range strings.FieldsSeq(c.want) {
				if !slices.Contains(w.sections(), name) {
					t.Errorf("wrote %s, want %s", w.sections(), c.want)
				}
			}
			if w.lab.SignIns() != 1 {
				t.Errorf("%d sign-ins", w.lab.SignIns())
			}
		})
	}
}

// without is the network in which a host does not answer.
func (w *world) without(host string) http.RoundTripper {
	real, err := newTransport(transportOptions{})
	if err != nil {
		w.Fatal(err)
	}
	return wire(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == host {
			return unreachable(r)
		}
		return real.RoundTrip(r)
	})
}

func TestNameTemplate(t *testing.T) {
	t.Parallel()
	fields := map[string]string{"Account": "123456789012", "Alias": "prod", "Name": "Admin", "None": ""}
	for text, want := range map[string]string{
		"{{or .Alias .Account}}-{{.Name}}":                                       "prod-Admin",
		"{{or .None .Account}}":                                                  "123456789012",
		"{{.None | or .None .Name}}":                                             "Admin",
		"{{if .None}}a{{else if eq .Alias `prod`}}b{{else}}c{{end}}":             "b",
		"{{if and .Alias (ne .Name \"x\")}}yes{{end}}{{if not .Alias}}no{{end}}": "yes",
		"plain {{- /* nothing */ -}} text":                                       "plaintext",
		"{{.Nope}}":                                                              "<.Nope>",
		"{{.Alias.Name}}":                                                        "<.Alias.Name>",
		"{{.}}":                                                                  "<.>",
		"{{not .Alias .Name}}":                                                   "<not .Alias .Name>",
		"{{.Alias | .Name}}":                                                     "<.Name>",
		"{{$x := .Alias}}":                                                       "<$x := .Alias>",
		"{{range .Alias}}{{end}}":                                                "<{{range .Alias}}{{end}}>",
		"{{template `x`}}":                                                       "<{{template \"x\"}}>",
		"{{len .Alias}}":                                                         `template: template:1: function "len" not defined`,
		"{{.Alias":                                                               "template: template:1: unclosed action",
	} {
		got := ""
		tmpl, err := parseName(text)
		if err == nil {
			got, err = tmpl.execute(fields)
		}
		if unknown, ok := strings.CutSuffix(fmt.Sprint(err), " cannot be used here"); ok {
			got = "<" + unknown + ">"
		} else if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}

func TestLoginManyShown(t *testing.T) {
	w := asAlice(t)
	w.wire = w.without("signin.aws.amazon.com")
	w.golden("login-all", w.want(0, "", "login", "--all").stdout)
	w.golden("login-all-json", w.want(0, "", "login", "--all", "--output", "json").stdout)
	w.want(6, "no role that matches", "login", "--role", "no*")
	w.want(2, "would both be profile", "login", "--all", "--profile-template", "{{.Partition}}")
	w.want(2, "--profile-template", "login", "--all", "--profile-template", "{{.Nope}}")
	w.want(2, "--profile-template", "login", "--all", "--profile-template", "{{.Name}}]\n[x")
	w.want(2, "--parallel", "login", "--all", "--parallel", "0")
}

// What works is written, whatever becomes of the rest.
func TestLoginManyPartly(t *testing.T) {
	w := asAlice(t)
	w.file(".aws/credentials", "[123456789012-ReadOnly]\naws_access_key_id = AKIAOLD\naws_secret_access_key = x\n")
	real := w.without("signin.aws.amazon.com")
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if "http://"+r.URL.Host != w.lab.STS {
			return real.RoundTrip(r)
		}
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !bytes.Contains(body, []byte("Admin")) {
			return real.RoundTrip(r)
		}
		refusal, _ := os.ReadFile("../../fixtures/sts/access-denied.xml")
		return &http.Response{StatusCode: 403, Body: io.NopCloser(bytes.NewReader(refusal)), Header: http.Header{}, Request: r}, nil
	})
	r := w.run("login", "--all")
	w.golden("login-all-partly", r.stdout+fmt.Sprintln("ended with", r.code)+r.stderr)
	if got := strings.Join(w.sections(), " "); got != "210987654321-Deploy" {
		t.Errorf("wrote %s", got)
	}
}

// The response gets too old on the way: the provider's session gives another one, and nobody is asked.
func TestLoginManyTakesLong(t *testing.T) {
	now := noon
	w := newLab(t, lab.Options{Now: func() time.Time { return now }})
	w.now = func() time.Time { return now }
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n", w.lab.URL)
	w.set("SAMLCLI_PASSWORD", lab.AlicePassword)
	w.set("SAMLCLI_CODE", lab.Code(lab.AliceSeed, noon))
	real := w.without("signin.aws.amazon.com")
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if "http://"+r.URL.Host == w.lab.STS {
			defer func() { now = now.Add(3 * time.Minute) }()
		}
		return real.RoundTrip(r)
	})
	w.want(0, "", "login", "--all", "--parallel", "1")
	if len(w.sections()) != 3 || w.lab.SignIns() != 1 || w.count("idp GET /sso") < 2 {
		t.Errorf("wrote %q after %d sign-ins: %q", w.sections(), w.lab.SignIns(), w.lab.Requests())
	}
}

// AWS's page names the accounts, is asked once, and is not missed.
func TestAliases(t *testing.T) {
	w := asAlice(t)
	real := w.without("signin.aws.amazon.com")
	asked := 0
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if r.URL.String() != "https://signin.aws.amazon.com/saml" {
			return real.RoundTrip(r)
		}
		asked++
		return page(r, 200, `<div class="saml-account-name">Account: prod (123456789012)</div><div class="saml-account-name">Account: 210987654321</div>`)
	})
	for range 2 {
		w.want(0, "", "login", "--all", "--refresh")
	}
	if got := w.sections(); !slices.Contains(got, "prod-Admin") || !slices.Contains(got, "210987654321-Deploy") || asked != 1 {
		t.Errorf("wrote %q, and asked %d times", got, asked)
	}
}

// Where that page does not answer, the roles ask IAM, once; one that may not leaves its account without a name.
func TestAliasesOfIAM(t *testing.T) {
	w := asAlice(t)
	w.set("AWS_ENDPOINT_URL_IAM", "https://iam.example.com")
	real := w.without("signin.aws.amazon.com")
	var asked atomic.Int32
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host != "iam.example.com" {
			return real.RoundTrip(r)
		}
		body, _ := io.ReadAll(r.Body)
		if string(body) != "Action=ListAccountAliases&Version=2010-05-08" || !strings.Contains(r.Header.Get("Authorization"), "/us-east-1/iam/aws4_request, ") || r.Header.Get("X-Amz-Security-Token") == "" {
			t.Errorf("asked %s with %v", body, r.Header)
		}
		if asked.Add(1) == 1 {
			return page(r, 200, "<ListAccountAliasesResponse><ListAccountAliasesResult><AccountAliases><member>house</member></AccountAliases></ListAccountAliasesResult></ListAccountAliasesResponse>")
		}
		return page(r, 403, "<ErrorResponse/>")
	})
	w.want(0, "", "login", "--all")
	if got := strings.Join(w.sections(), " "); strings.Count(got, "house-") == 0 || len(w.sections()) != 3 || asked.Load() != 2 {
		t.Errorf("wrote %q, and asked %d times", got, asked.Load())
	}
	w.want(0, "", "login", "--all", "--refresh")
	if asked.Load() != 2 {
		t.Errorf("asked again: %d times", asked.Load())
	}
}

// Both layouts of the page.
func TestAccountNames(t *testing.T) {
	t.Parallel()
	data := base64.StdEncoding.EncodeToString([]byte(`{"roles_accounts":{"prod (123456789012)":["arn:aws:iam::123456789012:role/Admin"],"210987654321":[]},"portal":null}`))
	for _, body := range []string{
		`<form><div class="saml-account-name">Account: prod (123456789012)</div><div class="saml-account-name">Account: 210987654321</div></form>`,
		`<head><meta name="data" content="` + data + `"></head>`,
	} {
		got, _ := json.Marshal(accountNames(&web.Page{Body: []byte(body), Header: http.Header{"Content-Type": {"text/html"}}}))
		if string(got) != `{"123456789012":"prod"}` {
			t.Errorf("%s: %s", body, got)
		}
	}
}
