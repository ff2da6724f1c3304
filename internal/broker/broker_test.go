package broker

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/internal/secret"
)

func noon() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }

func TestAddress(t *testing.T) {
	t.Parallel()
	u, err := url.Parse("https://broker.example.com/aws?team=x")
	if err != nil {
		t.Fatal(err)
	}
	const want = "https://broker.example.com/aws?callback_uri=http%3A%2F%2Flocalhost%3A7%2Fcallback%3Fstate%3Ds&state=s&team=x"
	if got := Address(u, "http://localhost:7/callback", "s"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// came is what a browser brings.
func came(t *testing.T, method, query, kind, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequest(method, "http://localhost:7/callback?"+query, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	return r
}

func TestRead(t *testing.T) {
	t.Parallel()
	want := aws.Credentials{AccessKeyID: "ASIA7", SecretAccessKey: secret.New("s/+="), SessionToken: secret.New("t"), Expires: noon().Add(time.Hour)}
	admin := want
	admin.Role, admin.AssumedRole, admin.Region = "arn:aws:iam::123456789012:role/Admin", "arn:aws:sts::123456789012:assumed-role/Admin/alice", "eu-west-1"
	short := want
	short.Expires = noon().Add(15 * time.Minute)
	other := want
	other.Role = "arn:aws:iam::123456789012:role/team/Deploy"
	const form, js = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
	for name, c := range map[string]struct {
		r    *http.Request
		want aws.Credentials
	}{
		"address": {came(t, "GET", "state=s&AccessKeyId=ASIA7&SecretAccessKey=s%2F%2B%3D&SessionToken=t&Expiration=2026-11-20T13:00:00Z", "", ""), want},
		"form":    {came(t, "POST", "state=s", form, "aws_access_key_id=ASIA7&aws_secret_access_key=s%2F%2B%3D&aws_session_token=t&expires=1795179600"), want},
		"millis":  {came(t, "POST", "", form, "state=s&access_key=ASIA7&secret_key=s%2F%2B%3D&securityToken=t&expiry=1795179600000"), want},
		"JSON":    {came(t, "POST", "", js, `{"state":"s","accessKeyId":"ASIA7","secretAccessKey":"s/+=","sessionToken":"t","expiresAt":1795179600}`), want},
		"STS's": {came(t, "POST", "state=s", "text/plain", `{"Credentials":{"AccessKeyId":"ASIA7","SecretAccessKey":"s/+=","SessionToken":"t","Expiration":"2026-11-20T14:00:00+01:00"},
			"AssumedRoleUser":{"Arn":"arn:aws:sts::123456789012:assumed-role/Admin/alice"},"region":"eu-west-1"}`), admin},
		"no end": {came(t, "GET", "state=s&AccessKeyId=ASIA7&SecretAccessKey=s%2F%2B%3D&SessionToken=t", "", ""), short},
		"role":   {came(t, "GET", "state=s&AccessKeyId=ASIA7&SecretAccessKey=s%2F%2B%3D&SessionToken=t&expiration=1795179600&role_arn=arn:aws:iam::123456789012:role/team/Deploy", "", ""), other},
	} {
		if got, err := Read(c.r, "broker.example.com", "s", noon()); got != c.want || err != nil {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, c.want)
		}
	}
}

// TestReadOneKey: of several keys one counts, whole, and always the same.
func TestReadOneKey(t *testing.T) {
	t.Parallel()
	const body = `{"a":{"AccessKeyId":"ASIAa","SecretAccessKey":"a","SessionToken":"a"},"b":{"AccessKeyId":"ASIAb","SecretAccessKey":"b","SessionToken":"b"},"z":{"SessionToken":"z"}}`
	for range 50 {
		c, err := Read(came(t, "POST", "state=s", "application/json", body), "broker.example.com", "s", noon())
		if got := c.AccessKeyID + c.SecretAccessKey.Reveal() + c.SessionToken.Reveal(); err != nil || got != "ASIAaaa" {
			t.Fatalf("%s, %v", got, err)
		}
	}
}

func TestReadGarbage(t *testing.T) {
	t.Parallel()
	const good = "state=s&AccessKeyId=ASIA7&SecretAccessKey=k&SessionToken=t"
	for want, r := range map[string]*http.Request{
		"refused the sign-in: what came back to this machine belongs to another sign-in": came(t, "GET", strings.Replace(good, "state=s", "state=x", 1), "", ""),
		"belongs to another sign-in":   came(t, "GET", "AccessKeyId=ASIA7&SecretAccessKey=k&SessionToken=t", "", ""),
		"refused the sign-in: No you":  came(t, "GET", "state=s&error=access_denied&error_description=No%1b%20you", "", ""),
		"refused the sign-in: denied":  came(t, "POST", "state=s", "application/json", `{"error":"denied"}`),
		"neither a form nor JSON":      came(t, "POST", "state=s", "application/json", `<html>`),
		"is neither a form":            came(t, "POST", "state=s", "application/x-www-form-urlencoded", `a=%zz`),
		"is missing":                   came(t, "GET", "state=s&AccessKeyId=ASIA7&SecretAccessKey=k", "", ""),
		"secret key or session token":  came(t, "GET", "state=s", "", ""),
		"readably until when":          came(t, "GET", good+"&expires=tomorrow", "", ""),
		"they expired at 2026-11-20T1": came(t, "GET", good+"&expires=2026-11-20T12:00:00Z", "", ""),
		"characters in them that no":   came(t, "GET", good+"%0aregion=x", "", ""),
		"have characters in them":      came(t, "GET", good+"&region=eu%0d", "", ""),
		"that no credentials have":     came(t, "GET", strings.Replace(good, "ASIA7", strings.Repeat("A", 200), 1), "", ""),
	} {
		c, err := Read(r, "broker.example.com", "s", noon())
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "broker.example.com ") || c != (aws.Credentials{}) {
			t.Errorf("%+v %v, want %s", c, err, want)
		}
	}
}
