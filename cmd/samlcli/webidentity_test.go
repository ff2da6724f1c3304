package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/internal/lab"
	"github.com/samlcli/samlcli/internal/lab/openid"
)

const deploy = "arn:aws:iam::123456789012:role/Deploy"

// withOpenID is a world with an OpenID provider, and an STS at which it may have the role Deploy for whomever it names.
func withOpenID(t *testing.T, o openid.Options) (*world, *openid.Provider) {
	t.Helper()
	if o.Now == nil {
		o.Now = func() time.Time { return noon }
	}
	p, err := openid.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return newLab(t, lab.Options{OpenID: p.Issuer(deploy), MaxDuration: map[string]time.Duration{deploy: 2 * time.Hour}}), p
}

// answered checks that credentials were printed, as by process, and returns the access key.
func answered(t *testing.T, r result) string {
	t.Helper()
	key := accessKey(t, r.stdout)
	if !strings.HasPrefix(key, "ASIA") {
		t.Errorf("got %q, %s", r.stdout, r.stderr)
	}
	return key
}

func TestTokenFile(t *testing.T) {
	w, p := withOpenID(t, openid.Options{})
	file := w.file("token", p.Token(nil)+"\n")
	calls := w.spying()
	w.config("[account.ci]\nsource = \"web-identity\"\ntoken_file = \"~/token\"\n[profile.deploy]\nrole = %q\nregion = \"eu-west-1\"\n", deploy)
	first := answered(t, w.want(0, "subject 248289761001, provider arn:aws:iam::123456789012:oidc-provider/127.0.0.1", "process", "--profile", "deploy", "-v"))
	if got := answered(t, w.want(0, "", "process", "--profile", "deploy")); got != first {
		t.Errorf("%s is not the cached %s", got, first)
	}
	if got := answered(t, w.want(0, "", "process", "--role", deploy, "--token-file", file)); got == first {
		t.Error("another region's credentials are the same")
	}
	w.file("token", p.Token(map[string]any{"sub": "another"}))
	if got := answered(t, w.want(0, "", "process", "--profile", "deploy")); got == first {
		t.Error("another person got the first one's credentials")
	}
	// 12h, 8h, 6h, 4h were too long, and 2h is remembered.
	if got := (*calls)[4]; got["RoleSessionName"] != "alice@example.com" || got["DurationSeconds"] != "7200" || len(*calls) != 7 {
		t.Errorf("%d calls: %v", len(*calls), got)
	}
}

func TestTokenElsewhere(t *testing.T) {
	w, p := withOpenID(t, openid.Options{})
	calls := w.spying()
	file := w.file("token", p.Token(nil))
	w.stdin = strings.NewReader(p.Token(nil) + "\nfor the program")
	r := w.want(0, "", "exec", "--token-stdin", "--role", deploy, "--", "sh", "-c", "echo $AWS_ACCESS_KEY_ID; cat")
	if !strings.HasPrefix(r.stdout, "ASIA") || !strings.HasSuffix(r.stdout, "\nfor the program") {
		t.Errorf("the program had %q", r.stdout)
	}
	w.stdin = strings.NewReader(p.Token(nil))
	answered(t, w.want(0, "", "process", "--token-file", "-", "--role", deploy))
	w.config("[account.a]\nsource = \"web-identity\"\ntoken_command = [\"cat\", %q]\nsession_name_claim = \"sub\"\n", file)
	first := answered(t, w.want(0, "", "process", "--role", deploy))
	if got := answered(t, w.want(0, "", "process", "--role", deploy)); got != first {
		t.Error("the cache was not asked")
	}
	if got := (*calls)[len(*calls)-1]["RoleSessionName"]; got != "248289761001" {
		t.Errorf("the session is called %q", got)
	}
}

func TestAWSWebIdentityVariables(t *testing.T) {
	w, p := withOpenID(t, openid.Options{})
	calls := w.spying()
	w.set("AWS_WEB_IDENTITY_TOKEN_FILE", w.file("token", p.Token(nil)))
	w.set("AWS_ROLE_ARN", deploy)
	w.set("AWS_ROLE_SESSION_NAME", "job 7")
	for range 2 {
		answered(t, w.want(0, "", "process"))
	}
	if got := (*calls)[len(*calls)-1]["RoleSessionName"]; got != "job-7" {
		t.Errorf("the session is called %q", got)
	}
	r := w.want(0, "profile", "login", "--output", "json")
	var said struct{ Results []map[string]string }
	if err := json.Unmarshal([]byte(r.stdout), &said); err != nil {
		t.Fatal(err)
	}
	if got := said.Results[0]; got["subject"] != "248289761001" || got["audience"] != "samlcli" || !strings.HasPrefix(got["provider"], "arn:aws:iam::123456789012:oidc-provider/") {
		t.Errorf("got %v", got)
	}
	w.want(0, "removed the credentials", "logout")
	w.set("SAMLCLI_URL", "https://idp.example.com/") // now somebody says how to sign in
	w.wire = unreachable
	w.want(8, "idp.example.com", "process")
}

func TestTokenMistakes(t *testing.T) {
	w, p := withOpenID(t, openid.Options{})
	good := w.file("good", p.Token(nil))
	expired := w.file("expired", p.Token(map[string]any{"exp": noon.Unix()}))
	other := w.file("other", p.Token(map[string]any{"aud": "somebody-else"}))
	mail := w.file("mail", p.Token(map[string]any{"email": nil}))
	forged := w.file("forged", p.Token(nil)+"AAAA")
	empty, two := w.file("empty", "\n"), w.file("two", "one two")
	opaque := w.file("opaque", "opaque")
	w.config("[account.a]\nsource = \"web-identity\"\nclient_id = \"samlcli\"\n[account.b]\nsource = \"web-identity\"\nsession_name_claim = \"email\"\n[account.c]\nsource = \"web-identity\"\ntoken_command = \"false\"\n" +
		"[account.d]\nsource = \"web-identity\"\ntoken_command = \"true\"\n[account.e]\nsource = \"saml2\"\n[account.f]\nsource = \"web-identity\"\n")
	for _, test := range []struct {
		code  int
		words string
		args  []string
	}{
		{4, "it expired at 2026-11-20T12:00:00Z", []string{"--account", "b", "--token-file", expired}},
		{4, "it is for somebody-else, not for samlcli", []string{"--account", "a", "--token-file", other}},
		{7, "Incorrect token audience", []string{"--account", "b", "--token-file", other}},
		{4, `it has no claim "email"`, []string{"--account", "b", "--token-file", mail}},
		{7, "hint: IAM must have an OpenID Connect provider", []string{"--account", "b", "--token-file", forged}},
		{4, `it has no claim "email"`, []string{"--account", "b", "--token-file", opaque}},
		{7, "not a valid JWT", []string{"--account", "a", "--token-file", opaque}},
		{7, "hint: the role's trust policy", []string{"--account", "a", "--token-file", good, "--role", deploy + "2"}},
		{2, "has no token in it", []string{"--account", "a", "--token-file", empty}},
		{2, "has more in it than a token", []string{"--account", "a", "--token-file", two}},
		{2, "reading the token: open", []string{"--account", "a", "--token-file", "none"}},
		{2, "standard input has no token in it", []string{"--account", "a", "--token-stdin"}},
		{4, "false refused the sign-in", []string{"--account", "c"}},
		{4, "it prints no token", []string{"--account", "d"}},
		{2, `there is no source "saml2"`, []string{"--account", "e"}},
		{2, "nothing says where the token comes from", []string{"--account", "f"}},
		{2, "is not the ARN of one", []string{"--account", "a", "--token-file", good, "--role", "Deploy"}},
		{2, "is not the ARN of one", []string{"--account", "a", "--token-file", good, "--role", "arn:aws:iam::123456789012:role/*"}},
		{2, "it takes one", []string{"--account", "a", "--token-file", good, "--role", deploy + "2"}},
	} {
		args := append([]string{"process"}, test.args...)
		if !strings.Contains(strings.Join(args, " "), "--role") || test.words == "it takes one" {
			args = append(args, "--role", deploy)
		}
		r := w.want(test.code, test.words, args...)
		if strings.Contains(r.stderr, "eyJ") {
			t.Errorf("a token is shown: %s", r.stderr)
		}
	}
	if files, _ := filepath.Glob(w.home + "/.cache/samlcli/credentials/[^.]*"); len(files) > 0 {
		t.Errorf("something was cached: %v", files)
	}
	for _, command := range [][]string{{"roles"}, {"assertion", "show"}, {"login", "--all"}} {
		w.want(2, "there is no SAML response", append(command, "--account", "a")...)
	}
}
