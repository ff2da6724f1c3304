package lab

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// reply holds what these tests read of any answer.
type reply struct {
	Code    string `xml:"Error>Code"`
	Message string `xml:"Error>Message"`
	ARN     string `xml:"AssumeRoleWithSAMLResult>AssumedRoleUser>Arn"`
	Key     string `xml:"AssumeRoleWithSAMLResult>Credentials>AccessKeyId"`
	Token   string `xml:"AssumeRoleWithSAMLResult>Credentials>SessionToken"`
	Expires string `xml:"AssumeRoleWithSAMLResult>Credentials>Expiration"`
	Subject string `xml:"AssumeRoleWithSAMLResult>SubjectType"`
	Packed  int    `xml:"AssumeRoleWithSAMLResult>PackedPolicySize"`
	Caller  string `xml:"GetCallerIdentityResult>Arn"`
}

func call(t *testing.T, l *Lab, header http.Header, q url.Values) (int, reply) {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, l.STS, strings.NewReader(q.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if header != nil {
		r.Header = header
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := client(t).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	var got reply
	if err := xml.Unmarshal(text, &got); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return answer.StatusCode, got
}

// ask is alice asking for Admin with what edit makes of her assertion.
func ask(t *testing.T, l *Lab, edit func(*Assertion)) url.Values {
	t.Helper()
	a := l.Assertion("alice")
	if edit != nil {
		edit(&a)
	}
	text, err := l.Sign(a)
	if err != nil {
		t.Fatal(err)
	}
	r := role(Account, "Admin")
	return url.Values{"Action": {"AssumeRoleWithSAML"}, "Version": {"2011-06-15"},
		"RoleArn": {r.ARN}, "PrincipalArn": {r.Provider}, "SAMLAssertion": {text}}
}

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	admin := role(Account, "Admin").ARN
	for _, test := range []struct {
		name    string
		options Options
		edit    func(*Assertion)
		query   []string
		lasts   time.Duration
	}{
		{"usual", Options{}, nil, nil, time.Hour},
		{"response signed", Options{SignResponse: true}, nil, nil, time.Hour},
		{"shorter", Options{}, nil, []string{"DurationSeconds", "900"}, 15 * time.Minute},
		{"long role", Options{MaxDuration: map[string]time.Duration{admin: 12 * time.Hour}},
			func(a *Assertion) { a.Session = 0 }, []string{"DurationSeconds", "43200"}, 12 * time.Hour},
		{"SessionDuration is shorter", Options{}, func(a *Assertion) { a.Session = 20 * time.Minute }, nil, 20 * time.Minute},
		{"session ends sooner", Options{}, func(a *Assertion) { a.SessionEnds = noon.Add(30 * time.Minute) }, nil, 30 * time.Minute},
		{"other audience", Options{}, func(a *Assertion) { a.Audience = recipient }, nil, time.Hour},
		{"provider first", Options{}, func(a *Assertion) {
			a.Roles = []Role{{ARN: a.Roles[0].Provider, Provider: " " + a.Roles[0].ARN}}
		}, nil, time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			l := start(t, test.options)
			q := ask(t, l, test.edit)
			set(q, test.query...)
			status, got := call(t, l, nil, q)
			if status != 200 || got.ARN != "arn:aws:sts::123456789012:assumed-role/Admin/alice@example.com" || got.Subject != "persistent" {
				t.Fatalf("answered %d %+v", status, got)
			}
			if !regexp.MustCompile(`^ASIA[A-Z2-7]{16}$`).MatchString(got.Key) {
				t.Errorf("the access key is %q", got.Key)
			}
			if want := noon.Add(test.lasts).Format(time.RFC3339); got.Expires != want {
				t.Errorf("expires %s, want %s", got.Expires, want)
			}
		})
	}
}

func set(q url.Values, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
}

// forged changes the text of a signed response.
func forged(t *testing.T, q url.Values, old, changed string) {
	t.Helper()
	text := decode(t, q.Get("SAMLAssertion"))
	if !strings.Contains(text, old) {
		t.Fatalf("no %q in %s", old, text)
	}
	q.Set("SAMLAssertion", base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(text, old, changed))))
}

func TestAssumeRoleRefusals(t *testing.T) {
	t.Parallel()
	l := start(t, Options{})
	say := func(edit func(*Assertion)) url.Values { return ask(t, l, edit) }
	with := func(pairs ...string) url.Values { q := ask(t, l, nil); set(q, pairs...); return q }
	forge := func(old, changed string) url.Values { q := ask(t, l, nil); forged(t, q, old, changed); return q }
	arns := []string{}
	for i := range 11 {
		arns = append(arns, fmt.Sprintf("PolicyArns.member.%d.arn", i+1), "arn:aws:iam::aws:policy/ReadOnlyAccess")
	}
	for _, test := range []struct {
		name   string
		q      url.Values
		status int
		code   string
		words  string
	}{
		{"no action", url.Values{}, 400, "MissingAction", ""},
		{"other action", url.Values{"Action": {"Dance"}}, 400, "InvalidAction", "Dance"},
		{"no role", with("RoleArn", ""), 400, "ValidationError", "Value null at 'roleArn'"},
		{"no provider", with("PrincipalArn", ""), 400, "ValidationError", "'principalArn'"},
		{"no assertion", with("SAMLAssertion", ""), 400, "ValidationError", "'sAMLAssertion'"},
		{"role is no ARN", with("RoleArn", "Admin"), 400, "ValidationError", "Admin is invalid"},
		{"too large", with("SAMLAssertion", strings.Repeat("A", 100_001)), 400, "ValidationError", "100000"},
		{"too short", with("DurationSeconds", "899"), 400, "ValidationError", "greater than or equal to 900"},
		{"too long", with("DurationSeconds", "43201"), 400, "ValidationError", "less than or equal to 43200"},
		{"longer than the role", with("DurationSeconds", "3601"), 400, "ValidationError", "exceeds the MaxSessionDuration"},
		{"long policy", with("Policy", strings.Repeat("1", 2049)), 400, "ValidationError", "'policy'"},
		{"bad policy", with("Policy", "{"), 400, "MalformedPolicyDocument", ""},
		{"many policies", with(arns...), 400, "ValidationError", "'policyArns'"},
		{"packed", with("Policy", `"`+strings.Repeat("x", 2040)+`"`, arns[0], arns[1]), 400, "PackedPolicyTooLarge", "102%"},
		{"unknown provider", with("PrincipalArn", role(Account, "x").Provider+"x"), 400, "InvalidIdentityToken", "doesn't exist"},
		{"not base64", with("SAMLAssertion", "***"), 400, "InvalidIdentityToken", "base64"},
		{"not XML", with("SAMLAssertion", "YWJj"), 400, "InvalidIdentityToken", "parse"},
		{"no assertion inside", forge("Assertion", "Other"), 400, "InvalidIdentityToken", "one assertion"},
		{"forged role", forge("role/Deploy", "role/Admin"), 400, "InvalidIdentityToken", "signature"},
		{"unsigned", forge("ds:Signature", "ds:Nothing"), 400, "InvalidIdentityToken", "signature"},
		{"issuer", say(func(a *Assertion) { a.Issuer = "https://other.example.com" }), 400, "InvalidIdentityToken", "Issuer"},
		{"audience", say(func(a *Assertion) { a.Audience = "urn:other" }), 400, "InvalidIdentityToken", "audience"},
		{"recipient", say(func(a *Assertion) { a.Recipient = "https://other.example.com" }), 400, "InvalidIdentityToken", "recipient"},
		{"early", say(func(a *Assertion) { a.Issued = noon.Add(time.Minute) }), 400, "InvalidIdentityToken", "not valid yet"},
		{"expired", say(func(a *Assertion) { a.Expires = noon }), 400, "ExpiredTokenException", "within 5 minutes"},
		{"old", say(func(a *Assertion) { a.Issued = noon.Add(-5 * time.Minute) }), 400, "ExpiredTokenException", "within 5 minutes"},
		{"no session name", say(func(a *Assertion) { a.SessionName = "" }), 400, "InvalidIdentityToken", "is required"},
		{"bad session name", say(func(a *Assertion) { a.SessionName = "a b" }), 400, "InvalidIdentityToken", "must match"},
		{"session duration", say(func(a *Assertion) { a.Session = time.Second }), 400, "InvalidIdentityToken", "SessionDuration"},
		{"role not offered", with("RoleArn", role(Account, "Root").ARN), 403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithSAML"},
		{"crossed provider", with("RoleArn", role(OtherAccount, "Deploy").ARN), 403, "AccessDenied", "Not authorized"},
		{"no roles", say(func(a *Assertion) { a.Roles = nil }), 403, "AccessDenied", "Not authorized"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			status, got := call(t, l, nil, test.q)
			if status != test.status || got.Code != test.code || !strings.Contains(got.Message, test.words) {
				t.Errorf("answered %d %s %q, want %d %s %q", status, got.Code, got.Message, test.status, test.code, test.words)
			}
		})
	}
}

func TestAForgedResponseSignature(t *testing.T) {
	t.Parallel()
	l := start(t, Options{SignResponse: true})
	q := ask(t, l, nil)
	forged(t, q, "role/Deploy", "role/Admin")
	if status, got := call(t, l, nil, q); status != 400 || got.Message != "Response signature invalid" {
		t.Errorf("answered %d %+v", status, got)
	}
}

func TestCallerIdentity(t *testing.T) {
	t.Parallel()
	now := noon
	l := start(t, Options{Now: func() time.Time { return now }})
	_, keys := call(t, l, nil, ask(t, l, nil))
	header := func(key, token string) http.Header {
		return http.Header{"Authorization": {"AWS4-HMAC-SHA256 Credential=" + key + "/20261120/us-east-1/sts/aws4_request, Signature=x"},
			"X-Amz-Security-Token": {token}}
	}
	check := func(name string, h http.Header, want reply) {
		t.Helper()
		_, got := call(t, l, h, url.Values{"Action": {"GetCallerIdentity"}})
		if got.Message = ""; got != want {
			t.Errorf("%s: answered %+v, want %+v", name, got, want)
		}
	}
	check("good", header(keys.Key, keys.Token), reply{Caller: keys.ARN})
	check("unsigned", http.Header{}, reply{Code: "MissingAuthenticationToken"})
	check("other token", header(keys.Key, "x"), reply{Code: "InvalidClientTokenId"})
	check("unknown key", header("ASIAX", keys.Token), reply{Code: "InvalidClientTokenId"})
	now = now.Add(time.Hour)
	check("expired", header(keys.Key, keys.Token), reply{Code: "ExpiredToken"})
}
