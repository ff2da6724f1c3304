package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// plainSTS answers what the bearer of an IAM user's keys may ask, and keeps what it was asked.
func (w *world) plainSTS(bearer string) *[]url.Values {
	var calls []url.Values
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		form, _ := url.ParseQuery(string(body))
		form.Set("host", r.URL.Host)
		form.Set("bearer", bearerOf(r))
		calls = append(calls, form)
		action := form.Get("Action")
		if action == "GetCallerIdentity" {
			return page(r, 200, "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>"+bearer+"</Arn><UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>")
		}
		who := ""
		switch action {
		case "AssumeRole":
			who = "<AssumedRoleUser><AssumedRoleId>A:s</AssumedRoleId><Arn>" + strings.Replace(strings.Replace(form.Get("RoleArn"), ":iam:", ":sts:", 1), ":role/", ":assumed-role/", 1) + "/s</Arn></AssumedRoleUser>"
		case "GetFederationToken":
			who = "<FederatedUser><FederatedUserId>1:b</FederatedUserId><Arn>arn:aws:sts::123456789012:federated-user/" + form.Get("Name") + "</Arn></FederatedUser>"
		}
		return page(r, 200, fmt.Sprintf("<%[1]sResponse><%[1]sResult>%[2]s<Credentials><AccessKeyId>ASIAOWN%[3]d</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>%[4]s</Expiration></Credentials></%[1]sResult></%[1]sResponse>",
			action, who, len(calls), noon.Add(time.Hour).Format(time.RFC3339)))
	})
	return &calls
}

// bearerOf returns the key that a request is signed with.
func bearerOf(r *http.Request) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	key, _, _ := strings.Cut(rest, "/")
	return key
}

// asWalt is a world with an IAM user's keys in it.
func asWalt(t *testing.T) (*world, *[]url.Values) {
	w := newWorld(t)
	w.file(".aws/credentials", "[iam]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI\n")
	w.file(".aws/config", "[profile iam]\nregion = eu-west-1\nmfa_serial = arn:aws:iam::123456789012:mfa/bob\n")
	return w, w.plainSTS("arn:aws:iam::123456789012:user/bob")
}

const deployRole = "arn:aws:iam::222222222222:role/Deploy"

func TestAssume(t *testing.T) {
	w, calls := asWalt(t)
	args := []string{"assume", "--source-profile", "iam", "--role", deployRole, "--external-id", "e-1", "--session-name", "bob", "--source-identity", "bob",
		"--tag", "team=x", "--transitive", "team", "--read-only", "--duration", "2h", "--code", "123456", "--to", "process"}
	for range 2 { // the second is answered from the cache
		if r := w.want(0, "", args...); accessKey(t, r.stdout) != "ASIAOWN1" {
			t.Errorf("got %s", r.stdout)
		}
	}
	if len(*calls) != 1 {
		t.Fatalf("%d calls: %v", len(*calls), *calls)
	}
	for name, value := range map[string]string{
		"Action": "AssumeRole", "RoleArn": deployRole, "RoleSessionName": "bob", "ExternalId": "e-1", "SourceIdentity": "bob", "DurationSeconds": "7200", "Tags.member.1.Value": "x",
		"TransitiveTagKeys.member.1": "team", "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/ReadOnlyAccess", "SerialNumber": "arn:aws:iam::123456789012:mfa/bob", "TokenCode": "123456",
		"host": "sts.eu-west-1.amazonaws.com", "bearer": "AKIAIOSFODNN7EXAMPLE",
	} {
		if got := (*calls)[0].Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func TestSession(t *testing.T) {
	w, calls := asWalt(t)
	w.want(3, "AWS asks for a code (totp), and there is nobody to ask", "session", "--source-profile", "iam")
	w.want(0, `profile "session" has credentials for arn:aws:iam::123456789012:user/bob`, "session", "--source-profile", "iam", "--code", "123456", "--duration", "36h")
	if got := (*calls)[len(*calls)-1]; got.Get("Action") != "GetSessionToken" || got.Get("DurationSeconds") != "129600" || got.Get("TokenCode") != "123456" || got.Get("SerialNumber") == "" {
		t.Errorf("asked %v", got)
	}
	if text := w.read(".aws/credentials"); !strings.Contains(text, "[session]\naws_access_key_id = ASIAOWN") || !strings.Contains(text, "AKIAIOSFODNN7EXAMPLE") {
		t.Errorf("wrote %s", text)
	}
	w.want(2, "holds a long-term key", "session", "--source-profile", "iam", "--aws-profile", "iam")
	w.want(2, `profile "session" holds a session's keys`, "session", "--source-profile", "session")
	if r := w.want(0, "", "status", "--output", "json"); !strings.Contains(r.stdout, `"account": "123456789012"`) {
		t.Errorf("status: %s", r.stdout)
	}
	w.set("SAMLCLI_SOURCE_PROFILE", "iam")
	if r := w.want(0, `removed the credentials of profile "session"`, "logout"); strings.Contains(r.stderr, "no session") || len(w.cachedCredentials()) > 0 {
		t.Errorf("logout: %s, cached %v", r.stderr, w.cachedCredentials())
	}
}

func TestFederate(t *testing.T) {
	w, calls := asWalt(t)
	r := w.want(0, "", "federate", "--source-profile", "iam", "--name", "guest", "--read-only", "--tag", "team=x", "--to", "env", "--shell", "dotenv")
	got := (*calls)[len(*calls)-1]
	if got.Get("Action") != "GetFederationToken" || got.Get("Name") != "guest" || got.Get("DurationSeconds") != "" || got.Get("PolicyArns.member.1.arn") == "" || got.Get("Tags.member.1.Key") != "team" {
		t.Errorf("asked %v", got)
	}
	if !strings.Contains(r.stdout, "ASIAOWN") || !strings.Contains(r.stdout, "eu-west-1") {
		t.Errorf("got %s", r.stdout)
	}
	w.want(0, "next to nothing", "federate", "--source-profile", "iam", "--name", "guest")
}

// TestOwnRefused: what STS says no to, and what to do about it.
func TestOwnRefused(t *testing.T) {
	w, _ := asWalt(t)
	for _, test := range []struct{ refusal, words, call string }{
		{"<Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message>", "let the bearer of those keys do sts:AssumeRole, with", "assume --role " + deployRole},
		{"<Code>AccessDenied</Code><Message>MultiFactorAuthentication failed with invalid MFA one time pass code.</Message>", "a code is good for one call", "assume --role " + deployRole},
		{"<Code>AccessDenied</Code><Message>no</Message>", "let the bearer of those keys do sts:GetCallerIdentity", "session"},
		{"<Code>InvalidClientTokenId</Code><Message>no</Message>", "those keys are not right", "federate --name guest"},
		{"<Code>ExpiredToken</Code><Message>no</Message>", "the session of those keys is over", "assume --role " + deployRole},
		{"<Code>ValidationError</Code><Message>The requested DurationSeconds exceeds the MaxSessionDuration set for this role.</Message>", "ask for less", "assume --role " + deployRole},
	} {
		w.wire = wire(func(r *http.Request) (*http.Response, error) {
			return page(r, 403, "<ErrorResponse><Error>"+test.refusal+"</Error></ErrorResponse>")
		})
		r := w.want(7, test.words, append(strings.Fields(test.call), "--source-profile", "iam", "--code", "123456")...)
		if strings.Contains(r.stderr, "SAML") || len(w.cachedCredentials()) > 0 {
			t.Errorf("%s: %s, cached %v", test.call, r.stderr, w.cachedCredentials())
		}
	}
}

// TestCodeOnce: AWS may have seen a code that it gave no answer to, and takes none twice.
func TestCodeOnce(t *testing.T) {
	w, _ := asWalt(t)
	identify := w.wire
	for _, args := range [][]string{{"session"}, {"assume", "--role", deployRole}} {
		codes := 0
		w.wire = wire(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return nil, err
			}
			r.Body = io.NopCloser(strings.NewReader(string(body)))
			if !strings.Contains(string(body), "TokenCode=123456") {
				return identify.RoundTrip(r)
			}
			codes++
			return page(r, 500, "")
		})
		w.want(8, "HTTP 500", append(args, "--source-profile", "iam", "--code", "123456")...)
		if codes != 1 {
			t.Errorf("%s sent the code %d times", args[0], codes)
		}
	}
}

func TestOwnMistakes(t *testing.T) {
	w, calls := asWalt(t)
	for words, args := range map[string][]string{
		"there is no role to assume":                                    {"assume", "--source-profile", "iam"},
		"one role is named, by its ARN":                                 {"assume", "--source-profile", "iam", "--role", "Deploy"},
		"in partition aws, and the role is in aws":                      {"assume", "--source-profile", "iam", "--role", "arn:aws-cn:iam::222222222222:role/Deploy"},
		"role is named, by its ARN":                                     {"assume", "--source-profile", "iam", "--role", "x:role/Deploy"},
		"one role is named, by its":                                     {"assume", "--source-profile", "iam", "--role", "arn:aws:iam::222222222222:role/*"},
		`profile "ima" has no keys`:                                     {"session", "--source-profile", "ima"},
		`did you mean "iam"?`:                                           {"session", "--source-profile", "ima"},
		`profile "default" has no keys`:                                 {"session"},
		"--duration is 15m to 36h, not 37h: AWS gives sessions by GetS": {"session", "--source-profile", "iam", "--duration", "37h"},
		"--duration is 15m to 36h, not 36h1s: AWS gives sessions by G":  {"process", "--profile", "own", "--duration", "36h1s"},
		"--duration is 15m to 36h, not 899s":                            {"federate", "--source-profile", "iam", "--name", "guest", "--duration", "899s"},
		"--duration is 15m to 12h, not 13h: AWS gives sessions of role": {"assume", "--source-profile", "iam", "--duration", "13h"},
		"may assume no roles":                                           {"federate", "--profile", "chained", "--name", "guest"},
		"no console for what GetSessionToken":                           {"console", "--profile", "own", "--link"},
		"--name is 2 to 32 letters":                                     {"federate", "--source-profile", "iam", "--name", "a b"},
		"--session-name is 2 to 64 letters":                             {"assume", "--source-profile", "iam", "--role", deployRole, "--session-name", "a/b"},
		"--tag takes KEY=VALUE":                                         {"assume", "--source-profile", "iam", "--role", deployRole, "--tag", "x"},
		`there is no sink "file"`:                                       {"session", "--source-profile", "iam", "--to", "file"},
		"AWS opens no console":                                          {"session", "--source-profile", "iam", "--to", "console"},
		"stands behind --":                                              {"session", "--source-profile", "iam", "aws"},
		"there is no flag --policy":                                     {"session", "--source-profile", "iam", "--policy", "x"},
		"several roles come from a sign-in, and n":                      {"login", "--profile", "own", "--all"},
	} {
		w.config("[profile.own]\nsource_profile = \"iam\"\n[profile.chained]\nsource_profile = \"iam\"\nchain = [{role = %q}]\n", deployRole)
		w.want(2, words, args...)
	}
	if len(*calls) != 0 {
		t.Errorf("mistakes were asked about: %v", *calls)
	}
	w.plainSTS("arn:aws:iam::123456789012:root")
	w.want(2, "the root user's sessions last an hour at most", "session", "--source-profile", "iam", "--duration", "2h", "--code", "123456")
}

// TestOwnChained: a role's session gets another role for an hour, which says nothing of how long that one's may be for others.
func TestOwnChained(t *testing.T) {
	w, calls := asWalt(t)
	answer := w.wire
	w.wire = wire(func(r *http.Request) (*http.Response, error) {
		resp, err := answer.RoundTrip(r)
		if last := (*calls)[len(*calls)-1]; strings.HasPrefix(last.Get("bearer"), "ASIA") && len(last.Get("DurationSeconds")) > 3 && last.Get("DurationSeconds") != "3600" {
			return page(r, 400, "<ErrorResponse><Error><Code>ValidationError</Code><Message>The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining</Message></Error></ErrorResponse>")
		}
		return resp, err
	})
	w.file(".aws/credentials", w.read(".aws/credentials")+"[role]\naws_access_key_id = ASIAROLE\naws_secret_access_key = s\naws_session_token = t\n")
	w.want(0, "the session of 222222222222/Deploy ends after an hour, not 2h: AWS gives chained roles no more", "assume", "--source-profile", "role", "--role", deployRole, "--duration", "2h")
	w.want(7, "1 hour session limit", "assume", "--source-profile", "role", "--role", deployRole, "--duration", "2h", "--strict", "--refresh")
	w.want(0, "", "assume", "--source-profile", "role", "--role", deployRole)
	w.want(0, "", "assume", "--source-profile", "iam", "--role", deployRole, "--code", "123456")
	var got []string
	for _, c := range *calls {
		got = append(got, c.Get("DurationSeconds"))
	}
	if text := strings.Join(got, ","); text != "7200,3600,7200,43200,28800,21600,14400,7200,3600," {
		t.Errorf("asked for %s", text)
	}
}

// TestOwnKeysOfAWS: without --source-profile the keys are those that AWS's own tools take.
func TestOwnKeysOfAWS(t *testing.T) {
	w, calls := asWalt(t)
	w.file(".aws/credentials", w.read(".aws/credentials")+"[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n")
	w.file(".aws/config", w.read(".aws/config")+"[default]\naws_session_token = of-another-file\n")
	w.set("AWS_REGION", "eu-north-1")
	last := func() string {
		c := (*calls)[len(*calls)-1]
		return c.Get("bearer") + " " + c.Get("host")
	}
	w.want(0, "", "session", "--to", "process")
	if got := last(); got != "AKIADEFAULT sts.eu-north-1.amazonaws.com" {
		t.Errorf("asked as %s", got)
	}
	w.set("AWS_PROFILE", "iam")
	w.want(0, "", "session", "--to", "process", "--code", "123456")
	if got := last(); got != "AKIAIOSFODNN7EXAMPLE sts.eu-west-1.amazonaws.com" {
		t.Errorf("asked as %s", got)
	}
	w.set("AWS_ACCESS_KEY_ID", "AKIAENV")
	w.set("AWS_SECRET_ACCESS_KEY", "s")
	w.want(0, "", "session", "--to", "process")
	if got := last(); got != "AKIAENV sts.eu-north-1.amazonaws.com" {
		t.Errorf("asked as %s", got)
	}
}

// A profile with keys of one's own is served as any other, and so is one of the AWS config file that assumes a role with them.
func TestOwnProfiles(t *testing.T) {
	w, calls := asWalt(t)
	w.config("[profile.deploy]\nsource_profile = \"iam\"\nrole = %q\nchain = [{role = %q}]\n", "arn:aws:iam::222222222222:role/Hub", deployRole)
	w.file(".aws/config", w.read(".aws/config")+"[profile admin]\nrole_arn = arn:aws:iam::222222222222:role/Admin\nsource_profile = iam\nduration_seconds = 7200\n")
	w.set("SAMLCLI_CODE", "123456")
	w.want(0, "", "process", "--profile", "deploy")
	w.want(0, `profile "admin2" has credentials`, "login", "--profile", "admin", "--aws-profile", "admin2")
	if r := w.want(0, "", "exec", "--profile", "deploy", "--", "env"); !strings.Contains(r.stdout, "AWS_ACCESS_KEY_ID=ASIAOWN2") {
		t.Errorf("got %s", r.stdout)
	}
	if r := w.want(0, "", "assume", "--profile", "deploy", "--", "env"); !strings.Contains(r.stdout, "AWS_ACCESS_KEY_ID=ASIAOWN2") {
		t.Errorf("got %s", r.stdout)
	}
	var got []string
	for _, c := range *calls {
		got = append(got, c.Get("bearer")[:4]+" "+c.Get("RoleArn")[len("arn:aws:iam::222222222222:role/"):]+" "+c.Get("DurationSeconds")+" "+c.Get("TokenCode"))
	}
	if text := strings.Join(got, ", "); text != "AKIA Hub  123456, ASIA Deploy  , AKIA Admin 7200 123456" {
		t.Errorf("asked %s", text)
	}
}
