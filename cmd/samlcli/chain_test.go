package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/term"
)

// assumes answers AssumeRole, which the lab does not, and keeps what it was asked.
func (w *world) assumes() *[]url.Values {
	real := w.without("signin.aws.amazon.com")
	var calls []url.Values
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		if "http://"+r.URL.Host != w.lab.STS {
			return real.RoundTrip(r)
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		form, _ := url.ParseQuery(string(body))
		if form.Get("PolicyArns.member.1.arn") != "" && form.Get("Action") != "AssumeRole" {
			w.Errorf("the first session of a chain is narrowed: %s", body)
		}
		if form.Get("Action") != "AssumeRole" {
			return real.RoundTrip(r)
		}
		form.Set("signed", fmt.Sprint(strings.Contains(r.Header.Get("Authorization"), "Credential=ASIA")))
		calls = append(calls, form)
		name := form.Get("RoleArn")[strings.LastIndexByte(form.Get("RoleArn"), '/')+1:]
		return page(r, 200, fmt.Sprintf(`<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>arn:aws:sts::222222222222:assumed-role/%s/s</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIACHAIN%d</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`, name, len(calls), noon.Add(lasts(form)).Format(time.RFC3339)))
	})
	return &calls
}

// lasts is how long the session that is asked for will be.
func lasts(form url.Values) time.Duration {
	d, err := time.ParseDuration(form.Get("DurationSeconds") + "s")
	if err != nil {
		return time.Hour
	}
	return d
}

func TestChain(t *testing.T) {
	w := asBob(t)
	calls := w.assumes()
	w.config(`[account.lab]
url = %q
username = "bob"
[profile.deploy]
chain = [
  {role = "arn:aws:iam::222222222222:role/Hub", session_name = "bob", tags = {team = "x"}, transitive = ["team"]},
  {role = "arn:aws:iam::222222222222:role/Deploy", external_id = "e-1", source_identity = "bob", duration = "30m"},
]
`, w.lab.URL)
	for range 2 { // the second is answered from the cache
		if r := w.want(0, "", "process", "--profile", "deploy"); accessKey(t, r.stdout) != "ASIACHAIN2" {
			t.Errorf("got %s", r.stdout)
		}
	}
	if len(*calls) != 2 {
		t.Fatalf("%d calls: %v", len(*calls), *calls)
	}
	for i, want := range []map[string]string{
		{"RoleArn": "arn:aws:iam::222222222222:role/Hub", "RoleSessionName": "bob", "DurationSeconds": "", "Tags.member.1.Key": "team", "TransitiveTagKeys.member.1": "team", "signed": "true"},
		{"RoleArn": "arn:aws:iam::222222222222:role/Deploy", "RoleSessionName": "samlcli", "DurationSeconds": "1800", "ExternalId": "e-1", "SourceIdentity": "bob", "signed": "true"},
	} {
		for name, value := range want {
			if got := (*calls)[i].Get(name); got != value {
				t.Errorf("call %d: %s is %q, want %q", i, name, got, value)
			}
		}
	}
	w.want(0, "Deploy", "login", "--profile", "deploy")
}

func TestChainMistakes(t *testing.T) {
	for text, words := range map[string]string{
		`"Deploy"`:            "a chain is a list of tables",
		`["Deploy"]`:          "a chain is a list of tables",
		`[{role = "Deploy"}]`: "needs the ARN",
		`[{role = "arn:aws:iam::222222222222:role/D", color = "blue"}]`: `"color" is not known`,
		`[{role = "x:role/D"}]`: "needs the ARN",
		`[{role = "arn:aws:iam::222222222222:role/D", session_name = "a b"}]`:  "chain: session_name is 2 to 64",
		`[{role = "arn:aws:iam::222222222222:role/D", source_identity = "a"}]`: "chain: source_identity is 2 to 64",
		`[{role = "arn:aws:iam::222222222222:role/D", duration = "2h"}]`:       "15m to 1h",
	} {
		w := &world{T: t, home: t.TempDir(), keys: &fakeKeyring{}, ctx: t.Context(), now: func() time.Time { return noon }, tty: func() (*term.Terminal, error) { return nil, term.ErrNone }}
		w.environ = []string{"HOME=" + w.home}
		w.config("[profile.p]\nchain = %s\n", text)
		w.want(2, words, "process", "--profile", "p", "--url", "https://idp.example.com")
	}
}

// The sessions of a chain are kept as long as they may be, and as --min-ttl says where they are ever so long.
func TestChainCached(t *testing.T) {
	for _, c := range []struct {
		what, args string
		pass       time.Duration
		calls      int
	}{
		{"short ones", "--duration 15m", 11 * time.Minute, 1},
		{"short ones, soon over", "--duration 15m", 12 * time.Minute, 2},
		{"as long as is asked for", "--min-ttl 30m", 30 * time.Minute, 1},
		{"less long than is asked for", "--min-ttl 30m", 31 * time.Minute, 2},
		{"never as long as is asked for", "--min-ttl 6h", 45 * time.Minute, 1},
	} {
		t.Run(c.what, func(t *testing.T) {
			w := asBob(t)
			now := noon
			w.now = func() time.Time { return now }
			calls := w.assumes()
			w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n[profile.deploy]\nchain = [{role = \"arn:aws:iam::222222222222:role/Deploy\"}]\n", w.lab.URL)
			args := append([]string{"process", "--profile", "deploy"}, strings.Fields(c.args)...)
			w.want(0, "", args...)
			now = now.Add(c.pass)
			w.want(0, "", args...)
			if len(*calls) != c.calls {
				t.Errorf("%d calls, want %d", len(*calls), c.calls)
			}
		})
	}
}

// Of a chain the last session is the narrow one: the roles before it need what they may to get there.
func TestChainNarrowed(t *testing.T) {
	w := asBob(t)
	calls := w.assumes()
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n[profile.deploy]\nchain = [{role = \"arn:aws:iam::222222222222:role/Deploy\"}]\n", w.lab.URL)
	w.want(0, "ends after an hour, not 4h", "process", "--profile", "deploy", "--read-only", "--duration", "4h")
	if len(*calls) != 1 || (*calls)[0].Get("PolicyArns.member.1.arn") != "arn:aws:iam::aws:policy/ReadOnlyAccess" || (*calls)[0].Get("DurationSeconds") != "3600" {
		t.Errorf("assumed with %v", *calls)
	}
}

// A response that was brought leads on as well, and nothing of it is kept.
func TestChainOfBrought(t *testing.T) {
	w := asBob(t)
	calls := w.assumes()
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n[profile.deploy]\nchain = [{role = \"arn:aws:iam::222222222222:role/Deploy\"}]\n", w.lab.URL)
	response := w.file("response", w.want(0, "", "assertion", "get").stdout)
	if r := w.want(0, "", "process", "--profile", "deploy", "--assertion", response); accessKey(t, r.stdout) != "ASIACHAIN1" || len(*calls) != 1 {
		t.Errorf("got %s", r.stdout)
	}
	if cached := w.cachedCredentials(); len(cached) > 0 {
		t.Errorf("kept %v", cached)
	}
}

// A code of the device that AWS wants to see comes from where a sign-in's codes do.
func TestChainMFA(t *testing.T) {
	w := asBob(t)
	calls := w.assumes()
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n[profile.deploy]\nchain = [{role = \"arn:aws:iam::222222222222:role/Deploy\", mfa_serial = \"arn:aws:iam::222222222222:mfa/bob\"}]\n", w.lab.URL)
	w.want(3, "AWS asks for a code (totp)", "process", "--profile", "deploy")
	if len(*calls) != 0 {
		t.Fatalf("asked without a code: %v", *calls)
	}
	w.want(0, "", "process", "--profile", "deploy", "--code", "123456")
	if len(*calls) != 1 || (*calls)[0].Get("TokenCode") != "123456" || (*calls)[0].Get("SerialNumber") != "arn:aws:iam::222222222222:mfa/bob" {
		t.Errorf("assumed with %v", *calls)
	}
}

// The AWS config file's own chains begin at a profile of ours.
func TestAWSProfiles(t *testing.T) {
	w := asBob(t)
	calls := w.assumes()
	w.config("[account.lab]\nurl = %q\nusername = \"bob\"\n[profile.hub]\n", w.lab.URL)
	w.want(0, "", "profiles", "write", "--all")
	w.file(".aws/config", w.read(".aws/config")+`
[profile deploy]
role_arn = arn:aws:iam::222222222222:role/Deploy
source_profile = team
external_id = e-1
role_session_name = bob
region = eu-west-3
[profile team]
role_arn = arn:aws:iam::222222222222:role/Team
source_profile = hub
duration_seconds = 43200
[profile written]
role_arn = arn:aws:iam::222222222222:role/Deploy
source_profile = 123456789012-ReadOnly
[profile stray]
role_arn = arn:aws:iam::222222222222:role/Deploy
source_profile = keys
[profile keys]
region = eu-west-1
[profile round]
role_arn = arn:aws:iam::222222222222:role/Deploy
source_profile = round
`)
	r := w.want(0, "222222222222/Team ends after an hour, not 12h", "env", "--profile", "deploy", "--shell", "dotenv")
	if strings.Count(r.stderr, "an hour") != 1 {
		t.Errorf("said %s", r.stderr)
	}
	if !strings.Contains(r.stdout, "ASIACHAIN2") || !strings.Contains(r.stdout, "eu-west-3") {
		t.Errorf("got %s", r.stdout)
	}
	for i, want := range []string{"Team 3600", "Deploy e-1 bob"} {
		c := (*calls)[i]
		got := strings.Join(strings.Fields(c.Get("RoleArn")[len("arn:aws:iam::222222222222:role/"):]+" "+c.Get("ExternalId")+" "+strings.TrimPrefix(c.Get("RoleSessionName"), "samlcli")+" "+c.Get("DurationSeconds")), " ")
		if got != want {
			t.Errorf("call %d is %q, want %q", i, got, want)
		}
	}
	w.want(0, "", "process", "--profile", "written")
	w.want(2, `"keys" of the AWS config file leads to none that`, "process", "--profile", "stray")
	w.want(2, `"round" of the AWS config file leads to none that`, "process", "--profile", "round")
	w.want(2, "there is no [profile.nowhere]", "process", "--profile", "nowhere")
	w.want(2, "would not be looked at", "login", "--profile", "deploy")
	w.want(0, `profile "d" has credentials`, "login", "--profile", "deploy", "--aws-profile", "d")
}
