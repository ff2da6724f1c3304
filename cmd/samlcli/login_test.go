package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
)

func TestLogin(t *testing.T) {
	w := asBob(t)
	r := w.want(0, `samlcli: profile "saml" has credentials for arn:aws:iam::123456789012:role/ReadOnly, valid for 1h (until `, "login")
	if r.stdout != "" {
		t.Errorf("stdout has %q", r.stdout)
	}
	text := w.read(".aws/credentials")
	if !strings.HasPrefix(text, "[saml]\naws_access_key_id = ASIA") || !strings.Contains(text, "x_security_token_expires = 2026-11-20T13:00:00Z") || strings.Contains(text, "region") {
		t.Errorf("credentials file:\n%s", text)
	}
	if info, err := os.Stat(filepath.Join(w.home, ".aws/credentials")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

func TestLoginWithCodeAndRole(t *testing.T) {
	w := asAlice(t)
	w.config("[account.lab]\nurl = %q\nusername = \"alice\"\n[profile.prod]\naccount = \"lab\"\nrole = \"210987654321/*\"\nregion = \"eu-west-1\"\n", w.lab.URL)
	r := w.want(0, `profile "prod"`, "login", "--profile", "prod", "--output", "json")
	w.golden("login-json", r.stdout)
	if text := w.read(".aws/credentials"); !strings.HasPrefix(text, "[prod]\n") || !strings.Contains(text, "region = eu-west-1\n") {
		t.Errorf("credentials file:\n%s", text)
	}
	if got := w.lab.SignIns(); got != 1 {
		t.Errorf("%d sign-ins, want 1", got)
	}
}

func TestLoginSection(t *testing.T) {
	const profiles = "[profile.prod]\naccount = \"lab\"\naws_profile = \"from-config\"\n[profile.dev]\naccount = \"lab\"\n"
	for _, test := range []struct {
		name    string
		environ string
		args    []string
		section string
	}{
		{"default", "", nil, "saml"},
		{"profile", "", []string{"--profile", "dev"}, "dev"},
		{"key", "", []string{"--profile", "prod"}, "from-config"},
		{"variable", "SAMLCLI_AWS_PROFILE=from-variable", []string{"--profile", "prod"}, "from-variable"},
		{"flag", "SAMLCLI_AWS_PROFILE=from-variable", []string{"--profile", "prod", "--aws-profile", "from flag"}, "from flag"},
		{"AWS_PROFILE is ours", "AWS_PROFILE=dev", nil, "dev"},
		{"AWS_PROFILE is not ours", "AWS_PROFILE=other", nil, "saml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asBob(t)
			w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n"+profiles, w.lab.URL)
			w.environ = append([]string{test.environ}, w.environ...)
			w.want(0, "", append([]string{"login"}, test.args...)...)
			if text := w.read(".aws/credentials"); !strings.HasPrefix(text, "["+test.section+"]\n") {
				t.Errorf("credentials file:\n%s", text)
			}
		})
	}
}

func TestLoginKeepsOtherSections(t *testing.T) {
	w := asBob(t)
	const before = "# mine\n[default]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n"
	w.file(".aws/credentials", before)
	w.want(0, "", "login")
	if text := w.read(".aws/credentials"); !strings.HasPrefix(text, before) {
		t.Errorf("credentials file:\n%s", text)
	}
	signIns := w.lab.SignIns()
	r := w.want(2, "long-term key", "login", "--aws-profile", "default")
	w.golden("long-term-key", r.stderr)
	if w.lab.SignIns() != signIns {
		t.Error("a long-term key in the way costs a sign-in")
	}
	w.want(0, "", "login", "--aws-profile", "default", "--force")
	if text := w.read(".aws/credentials"); strings.Contains(text, "AKIAEXAMPLE") {
		t.Errorf("credentials file:\n%s", text)
	}
}

func TestLoginElsewhere(t *testing.T) {
	w := asBob(t)
	path := filepath.Join(w.home, "elsewhere")
	w.set("AWS_SHARED_CREDENTIALS_FILE", path)
	w.want(0, "", "login")
	if !strings.HasPrefix(w.read("elsewhere"), "[saml]\n") || !w.missing(".aws") {
		t.Error("the credentials are not where they were to be")
	}
	w.set("AWS_SHARED_CREDENTIALS_FILE", w.home)
	w.want(2, "not a regular file", "login")
}

// TestMistakesCostNoSignIn: what can be known before is said before.
func TestMistakesCostNoSignIn(t *testing.T) {
	policies := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(policies, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	room := maxPolicy - len("arn:aws:iam::aws:policy/ReadOnlyAccess")
	full := write("full", `"`+strings.Repeat("x", room-1)+`"`) // with its quotation marks one too long
	long, greek := write("long", `"`+strings.Repeat("x", 2048)+`"`), write("greek", `"Ωmega"`)
	for _, test := range []struct {
		name, words string
		args        []string
	}{
		{"section", `--aws-profile: "a]b" cannot be the name of a section`, []string{"login", "--aws-profile", "a]b"}},
		{"default section", `--aws-profile: the section "DEFAULT"`, []string{"login", "--aws-profile", "DEFAULT"}},
		{"endpoint", "the STS endpoint sts.example.com must be https", []string{"login", "--sts-endpoint", "http://sts.example.com"}},
		{"endpoint with a query", "without user, query or fragment", []string{"process", "--sts-endpoint", "https://sts.example.com?x"}},
		{"duration", `--duration is a time such as 90m or 1h, not "long"`, []string{"login", "--duration", "long"}},
		{"short", "--duration is 15m to 12h, not 14m", []string{"login", "--duration", "14m"}},
		{"long", "--duration is 15m to 12h, not 13h", []string{"login", "--duration", "13h"}},
		{"negative", `--duration is a time such as 90m or 1h, not "-1h"`, []string{"login", "--duration=-1h"}},
		{"timeout", `--timeout is a time such as 90m or 1h, not "soon"`, []string{"login", "--timeout", "soon"}},
		{"one name for many", "--aws-profile is the name of one section", []string{"login", "--all", "--aws-profile", "x"}},
		{"least time", `--min-ttl is a time such as 90m or 1h, not "x"`, []string{"process", "--min-ttl", "x"}},
		{"region", `"sts.example.com/" is not a region`, []string{"process", "--region", "sts.example.com/"}},
		{"other region", `"eu.west" is not a region`, []string{"process", "--fallback-region", "eu-west-1", "--fallback-region", "eu.west"}},
		{"policy", "reading the policy: open", []string{"login", "--policy", "/nowhere/policy"}},
		{"policies", "by 10 managed policies at most", slices.Concat([]string{"login", "--read-only"}, slices.Repeat([]string{"--policy-arn", "arn:aws:iam::aws:policy/A"}, 10))},
		{"policy ARN", `"ReadOnlyAccess" is not the ARN`, []string{"login", "--policy-arn", "ReadOnlyAccess"}},
		{"policy too long", "and AWS takes 2048", []string{"login", "--policy", long}},
		{"policy too long beside another", "and AWS takes 2048", []string{"login", "--policy", full, "--read-only"}},
		{"policy in Greek", "has characters that AWS does not take", []string{"login", "--policy", greek}},
		{"policy that is none", "is not JSON", []string{"login", "--policy", "/dev/null"}},
		{"shell", `--shell: there is no shell "csh"`, []string{"env", "--shell", "csh"}},
		{"nothing to run", "exec needs a program to run", []string{"exec", "--"}},
		{"argument", `login takes no arguments`, []string{"login", "work"}},
		{"adapter", `there is no adapter "keycloack"`, []string{"login", "--idp", "keycloack"}},
		{"factor", `--mfa: there is no factor "pusch"`, []string{"login", "--mfa", "totp,pusch"}},
		{"setting", `no adapter has a setting "colour"`, []string{"login", "--set", "colour=red"}},
		{"setting without value", `--set takes KEY=VALUE, not "colour"`, []string{"login", "--set", "colour"}},
		{"output", `--output is text or json, not "xml"`, []string{"roles", "--output", "xml"}},
		{"log format", `--log-format is text or json, not "xml"`, []string{"roles", "--log-format", "xml"}},
		{"plain http", "must be https", []string{"login", "--url", "http://idp.example.com/"}},
		{"no address", "must be https", []string{"login", "--url", "work"}},
		{"user in the address", "must not hold a user name", []string{"login", "--url", "https://bob:secret@idp.example.com/"}},
		{"certificates", "reading certificates: open", []string{"login", "--ca-bundle", "/nowhere/ca.pem"}},
		{"no certificates", "holds no certificate", []string{"login", "--ca-bundle", "/dev/null"}},
		{"proxy", "the proxy's address cannot be read", []string{"login", "--proxy", "ftp://proxy.example.com"}},
		{"empty standard input", "standard input has no password", []string{"login", "--password-stdin"}},
		{"unknown flag", `there is no flag --rolle`, []string{"login", "--rolle", "x"}},
		{"unknown command", `there is no command "logon"`, []string{"logon"}},
		{"flag before the command", "flags stand behind the command", []string{"-v", "login"}},
		{"unknown assertion command", `there is no command "assertion shwo"`, []string{"assertion", "shwo"}},
		{"value missing", "--role needs a value", []string{"login", "--role"}},
		{"value too many", "a switch takes no value", []string{"login", "--password-stdin=x"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asBob(t)
			w.want(2, test.words, test.args...)
			if got := w.lab.Requests(); len(got) > 0 {
				t.Errorf("asked %v", got)
			}
		})
	}
}

func TestDurations(t *testing.T) {
	for _, test := range []struct {
		name string
		said []string
		want string // DurationSeconds of the calls in turn
	}{
		{"auto, assertion says none", nil, "43200 28800 21600 14400 7200 3600; 3600"},
		{"auto said", []string{"--duration", "auto"}, "43200 28800 21600 14400 7200 3600; 3600"},
		{"time", []string{"--duration", "30m"}, "1800; 1800"},
		{"seconds", []string{"--duration", "900"}, "900; 900"},
		{"more than the role gives", []string{"--duration", "5h"}, "18000 14400 7200 3600; 3600"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asBob(t)
			calls := w.spying()
			var got []string
			for _, region := range []string{"us-east-1", "us-east-2"} {
				w.want(0, "", append([]string{"process", "--region", region}, test.said...)...)
				var asked []string
				for _, call := range *calls {
					asked = append(asked, call["DurationSeconds"])
				}
				*calls = nil
				got = append(got, strings.Join(asked, " "))
			}
			if got := strings.Join(got, "; "); got != test.want {
				t.Errorf("asked for %s, want %s", got, test.want)
			}
		})
	}
	t.Run("auto, assertion says an hour", func(t *testing.T) {
		w := asAlice(t)
		calls := w.spying()
		w.want(0, "", "process", "--role", "Admin")
		if got := (*calls)[0]["DurationSeconds"]; got != "3600" {
			t.Errorf("asked for %q", got)
		}
	})
	t.Run("found a month ago", func(t *testing.T) {
		now := noon
		w := newLab(t, lab.Options{Now: func() time.Time { return now }})
		w.now = func() time.Time { return now }
		w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n", w.lab.URL)
		w.set("SAMLCLI_PASSWORD", lab.BobPassword)
		w.want(0, "", "process")
		now = now.Add(30 * 24 * time.Hour)
		calls := w.spying()
		w.want(0, "", "process")
		if len(*calls) != 6 {
			t.Errorf("asked %d times", len(*calls))
		}
	})
	t.Run("strictly", func(t *testing.T) {
		w := asBob(t)
		w.golden("duration-refused", w.want(7, "MaxSessionDuration", "process", "--duration", "2h", "--strict").stderr)
	})
}

func TestPolicies(t *testing.T) {
	w := asBob(t)
	calls := w.spying()
	w.file("policy.json", "{ \"Version\":\n\t\"2012-10-17\" }\n")
	most := []string{"process", "--read-only", "--policy-arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"}
	w.want(0, "", append(most, slices.Repeat([]string{"--policy-arn", "arn:aws:iam::aws:policy/A"}, 9)...)...)
	*calls = nil
	w.want(0, "", "process", "--policy", "~/policy.json", "--policy-arn", "arn:aws:iam::aws:policy/A", "--policy-arn", "arn:aws:iam::aws:policy/B", "--read-only")
	want := map[string]string{
		"Policy":                  `{"Version":"2012-10-17"}`,
		"PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/A",
		"PolicyArns.member.2.arn": "arn:aws:iam::aws:policy/B",
		"PolicyArns.member.3.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess",
		"RoleArn":                 "arn:aws:iam::123456789012:role/ReadOnly",
		"PrincipalArn":            "arn:aws:iam::123456789012:saml-provider/lab",
	}
	for name, value := range want {
		if got := (*calls)[0][name]; got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
}

func TestRegions(t *testing.T) {
	for _, test := range []struct {
		name    string
		environ []string
		args    []string
		code    int
		region  string
	}{
		{"nobody names one", nil, nil, 0, ""},
		{"flag", []string{"AWS_REGION=us-west-2"}, []string{"--region", "eu-west-1"}, 0, "eu-west-1"},
		{"AWS_REGION", []string{"AWS_REGION=us-west-2"}, nil, 0, "us-west-2"},
		{"AWS_DEFAULT_REGION", []string{"AWS_DEFAULT_REGION=us-west-1"}, nil, 0, "us-west-1"},
		{"of another partition, passed over", []string{"AWS_REGION=cn-north-1", "AWS_DEFAULT_REGION=eu-west-3"}, nil, 0, "eu-west-3"},
		{"of another partition alone", []string{"AWS_REGION=cn-north-1"}, nil, 0, ""},
		{"of another partition, said", nil, []string{"--region", "us-gov-west-1"}, 2, ""},
		{"no region", nil, []string{"--region", "eu/west"}, 2, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := asBob(t)
			w.environ = append(test.environ, w.environ...)
			r := w.want(test.code, "", append([]string{"login", "--output", "json"}, test.args...)...)
			if test.code != 0 {
				return
			}
			var said struct{ Results []loginResult }
			if err := json.Unmarshal([]byte(r.stdout), &said); err != nil || said.Results[0].Region != test.region {
				t.Errorf("region in %s, want %q", r.stdout, test.region)
			}
			if wrote := strings.Contains(w.read(".aws/credentials"), "region = "); wrote != (test.region != "") {
				t.Errorf("wrote a region: %v", wrote)
			}
		})
	}
}

func TestUserNameFirst(t *testing.T) {
	w := newLab(t, lab.Options{UserNameFirst: true})
	w.set("SAMLCLI_PASSWORD", lab.BobPassword)
	w.want(0, "", "login", "--url", w.lab.URL, "--username", "bob", "--sts-endpoint", w.lab.STS)
}

// The credentials file is kept once a day as it was before, and the AWS CLI's own settings where it looks for them.
func TestBackup(t *testing.T) {
	w := asBob(t)
	w.want(0, "", "login", "--backup", "--aws-profile", "first")
	if !w.missing(".aws/credentials.2026-11-20.bak") {
		t.Error("kept a file that was not there")
	}
	before := w.read(".aws/credentials")
	w.file(".aws/config", "[profile work]\n# mine\noutput = text\ncli_pager =\n")
	for range 2 {
		w.want(0, "", "login", "--backup", "--aws-profile", "work", "--refresh", "--region", "eu-west-1", "--aws-output", "table")
	}
	if got := w.read(".aws/credentials.2026-11-20.bak"); got != before {
		t.Errorf("kept %q, want %q", got, before)
	}
	if got := w.read(".aws/config"); got != "[profile work]\n# mine\noutput = table\ncli_pager =\nregion = eu-west-1\n" {
		t.Errorf("the config file is %q", got)
	}
	if info, err := os.Stat(filepath.Join(w.home, ".aws/credentials.2026-11-20.bak")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	w.want(2, "--aws-output is one of json", "login", "--aws-output", "xml")
	w.want(0, "", "login", "--role", "*", "--aws-output", "json")
	if got := w.read(".aws/config"); !strings.Contains(got, "[profile 123456789012-ReadOnly]\noutput = json\n") {
		t.Errorf("the config file is %q", got)
	}
}
