package saml

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/beevik/etree"
	dsig "github.com/russellhaering/goxmldsig"
)

// justNow is half a minute after the document was issued.
var justNow = time.Date(2026, 11, 20, 10, 0, 30, 0, time.UTC)

// roleValues puts values into the role attribute, instead of what is there.
func roleValues(values ...string) func(*etree.Element) {
	return func(root *etree.Element) {
		attribute := root.FindElement("//Attribute")
		for _, v := range attribute.ChildElements() {
			attribute.RemoveChild(v)
		}
		for _, v := range values {
			attribute.CreateElement("saml:AttributeValue").SetText(v)
		}
	}
}

// says gives an attribute a value, after the others.
func says(name, value string) func(*etree.Element) {
	return func(root *etree.Element) {
		for _, a := range root.FindElements("//Attribute") {
			if a.SelectAttrValue("Name", "") == name {
				remove(a)
			}
		}
		a := root.FindElement("//AttributeStatement").CreateElement("saml:Attribute")
		a.CreateAttr("Name", name)
		a.CreateElement("saml:AttributeValue").SetText(value)
	}
}

func set(path, text string) func(*etree.Element) {
	return func(root *etree.Element) { root.FindElement(path).SetText(text) }
}

func setAttribute(path, name, value string) func(*etree.Element) {
	return func(root *etree.Element) {
		if root.FindElement(path).CreateAttr(name, value); value == "" {
			root.FindElement(path).RemoveAttr(name)
		}
	}
}

const goodProvider = ",arn:aws:iam::123456789012:saml-provider/P"

func TestProblems(t *testing.T) {
	t.Parallel()
	manyTags := func(root *etree.Element) {
		for i := range 51 {
			says(fmt.Sprint(tagAttribute, i), "v")(root)
		}
	}
	told := map[string]bool{"unsigned": true, "encrypted": true, "account": true} // elsewhere
	for _, c := range []struct {
		change func(*etree.Element)
		want   string // code, and some words; "" is no problem
	}{
		{func(*etree.Element) {}, ""},
		{setAttribute("//SubjectConfirmationData", "NotOnOrAfter", "2026-11-20T10:00:10Z"), "expired the response expired 20s ago, at 2026-11-20T10:00:10Z; the provider's clock is 6m behind"},
		{setAttribute("//Assertion", "IssueInstant", "2026-11-20T09:55:30Z"), "expired issued 5m ago"},
		{setAttribute("//Assertion", "IssueInstant", "2026-11-20T09:55:31Z"), ""},
		{setAttribute("//Conditions", "NotBefore", "2026-11-20T10:00:31Z"), "not_yet_valid valid only in 1s, from 2026-11-20T10:00:31Z"},
		{setAttribute("//Conditions", "NotBefore", "2026-11-20T10:00:30Z"), ""},
		{setAttribute("//SubjectConfirmationData", "NotOnOrAfter", "soon"), ""},
		{func(root *etree.Element) {
			root.CreateAttr("IssueInstant", "soon")
			assertionOf(root).CreateAttr("IssueInstant", "soon")
		}, "times_missing"},
		{set("//Audience", "https://sp.example.com"), `audience for the audience "https://sp.example.com"`},
		{set("//Audience", "urn:amazon:webservicesX"), "audience"},
		{set("//Audience", "urn:amazon:webservices:govcloud"), ""},
		{set("//Audience", "https://eu-west-1.signin.aws.amazon.com/saml"), ""},
		{set("//Audience", "https://signin.aws.amazon.com.evil.example/saml"), "audience"},
		{func(root *etree.Element) { remove(root.FindElement("//AudienceRestriction")) }, "audience the response names no audience"},
		{setAttribute("//SubjectConfirmationData", "Recipient", "https://sp.example.com/acs"), `recipient "https://sp.example.com/acs"`},
		{setAttribute("//SubjectConfirmationData", "Recipient", "http://signin.aws.amazon.com/saml"), "recipient"},
		{setAttribute("//SubjectConfirmationData", "Recipient", "https://signin.aws.amazon.com:444/saml"), "recipient"},
		{setAttribute("//SubjectConfirmationData", "Recipient", "https://u@signin.aws.amazon.com/saml"), "recipient"},
		{setAttribute("//SubjectConfirmationData", "Recipient", "https://us-east-2.signin.aws.amazon.com:443/saml/acs/SAMLSP1"), ""},
		{setAttribute("//SubjectConfirmationData", "Recipient", ""), "recipient names no recipient"},
		{setAttribute("//SubjectConfirmationData", "Recipient", "https://signin.amazonaws.cn/saml"), "partition that of aws-cn"},
		{roleValues("arn:aws-us-gov:iam::123456789012:role/A,arn:aws-us-gov:iam::123456789012:saml-provider/P"), "partition role/A is in aws-us-gov"},
		{set("//NameID", ""), "subject_missing"},
		{roleValues(), "roles_missing no role attribute with a value"},
		{setAttribute("//Attribute", "Name", "https://aws.amazon.com/SAML/Attributes/role"), `roles_missing the name "https://aws.amazon.com/SAML/Attributes/role" is not https`},
		{setAttribute("//Attribute", "Name", "memberOf"), "roles_missing no role attribute"},
		{roleValues("arn:aws:iam::123456789012:role/A"), "role_malformed names no SAML provider"},
		{roleValues("arn:aws:iam::123456789012:saml-provider/P"), "role_malformed names no role"},
		{roleValues("Admin"), `role_malformed "Admin" holds no ARN`},
		{roleValues("arn:aws:iam::123456789012:role/A;arn:aws:iam::123456789012:saml-provider/P"), "role_malformed no comma"},
		{roleValues("arn:aws:iam::123456789012:role/A,arn:aws:iam::123456789012:role/B" + goodProvider), "role_malformed does not name one role and one"},
		{roleValues("arn:aws:iam::12345678901:role/A" + goodProvider), "role_malformed twelve digits"},
		{roleValues("arn:aws:iam::123456789012:role/a b" + goodProvider), "role_malformed IAM cannot have"},
		{roleValues("1", "2", "3", "4", "5", "6", "7"), "role_malformed and 3 more like that"},
		{roleValues("arn:aws:iam::123456789012:saml-provider/P,arn:aws:iam::123456789012:role/A"), ""},
		{roleValues(" arn:aws:iam::123456789012:role/A" + goodProvider), "role_spacing white space"},
		{roleValues("arn:aws:iam::123456789012:role/A, arn:aws:iam::123456789012:saml-provider/P"), "role_spacing"},
		{roleValues("arn:aws:iam::210987654321:role/A" + goodProvider), "role_accounts role/A has the provider"},
		{says(sessionNameAttribute, ""), "session_name_missing no RoleSessionName attribute with a value"},
		{says(sessionNameAttribute, "a"), "session_name has 1 characters"},
		{says(sessionNameAttribute, strings.Repeat("a", 65)), "session_name has 65 characters"},
		{says(sessionNameAttribute, strings.Repeat("a", 64)), ""},
		{says(sessionNameAttribute, "Alice Example"), `session_name "Alice Example" holds ' '`},
		{says(sessionNameAttribute, "CORP/alice"), `session_name holds '/'`},
		{says(sessionNameAttribute, "zoë"), `session_name holds 'ë'`},
		{says(sessionNameAttribute, "tomáš"), `session_name holds 'á'`},
		{says(sessionNameAttribute, "miloš"), `session_name holds 'š'`},
		{says(durationAttribute, "900"), ""},
		{says(durationAttribute, "899"), "session_duration"},
		{says(durationAttribute, "43201"), "session_duration"},
		{says(durationAttribute, "8h"), `session_duration "8h"`},
		{says(sourceIdentityAttribute, "alice@example.com"), ""},
		{says(sourceIdentityAttribute, "AWS:alice"), "source_identity begins with aws:"},
		{says(sourceIdentityAttribute, "a:b"), "source_identity holds ':'"},
		{says(tagAttribute+"team", "x"), ""},
		{says(tagAttribute+"team", strings.Repeat("é", 257)), "session_tags value of 257"},
		{says(tagAttribute, "x"), "session_tags key of 0"},
		{manyTags, "session_tags 51 session tags"},
		{says("memo", strings.Repeat("a", MaxEncoded)), "too_large characters, and AWS takes 100000"},
		{roleValues(slices.Repeat([]string{"arn:aws:iam::123456789012:role/A" + goodProvider}, 1000)...), "too_many_roles would fit"},
	} {
		root := document(t)
		c.change(root)
		provider().sign(t, root, dsig.RSASHA256SignatureMethod)
		found := parsed(t, written(t, root)).Problems(justNow, -6*time.Minute)
		code, words, _ := strings.Cut(c.want, " ")
		if told[code] = true; c.want == "" {
			if len(found) > 0 {
				t.Errorf("found %v", found)
			}
			continue
		}
		if len(found) == 0 || found[0].Code != code || !slices.ContainsFunc(found, func(p Problem) bool { return strings.Contains(p.What, words) }) {
			t.Errorf("found %v, want %s", found, c.want)
		}
		for _, p := range found {
			if p.Code != code {
				t.Errorf("found %v beside %s", p, c.want)
			}
		}
	}
	for _, code := range Codes() {
		if !told[code] {
			t.Errorf("nothing shows %s", code)
		}
	}
}

func TestProblemsOutside(t *testing.T) {
	t.Parallel()
	root := document(t)
	if got := codesOf(parsed(t, written(t, root)).Problems(justNow, 0)); !slices.Equal(got, []string{"unsigned"}) {
		t.Errorf("unsigned: %v", got)
	}
	remove(assertionOf(root))
	root.AddChild(etree.NewElement("saml:EncryptedAssertion"))
	r := parsed(t, written(t, root))
	if got := codesOf(r.Problems(justNow, 0)); !slices.Equal(got, []string{"encrypted"}) {
		t.Errorf("encrypted: %v", got)
	}
	if _, is := r.NotInAccount("123456789012"); is {
		t.Error("an encrypted response is known not to be for an account")
	}
	r = parsed(t, written(t, document(t)))
	if _, is := r.NotInAccount("123456789012"); is {
		t.Error("a role of the account is not found")
	}
	if p, is := r.NotInAccount("210987654321"); !is || p.Code != "account" || !strings.Contains(p.What, "210987654321") {
		t.Errorf("another account: %v", p)
	}
}

func codesOf(problems []Problem) (codes []string) {
	for _, p := range problems {
		codes = append(codes, p.Code)
	}
	return codes
}

// TestProblemsTellTheClock: by how much the provider's differs, where that is more than an HTTP date can tell.
func TestProblemsTellTheClock(t *testing.T) {
	t.Parallel()
	r := &Response{Encoded: encode(wrap("")), IssuedAt: justNow.Add(-time.Hour)}
	for skew, want := range map[time.Duration]string{0: "", 4 * time.Second: "", -4 * time.Second: "", 2 * time.Minute: "; the provider's clock is 2m ahead", -time.Hour: "; the provider's clock is 1h behind"} {
		for _, p := range r.Problems(justNow, skew) {
			if _, said, _ := strings.Cut(p.What, "for five minutes"); p.Code == "expired" && said != want {
				t.Errorf("%v: said %q, want %q", skew, said, want)
			}
		}
	}
}

// TestProblemsAreTold: every problem says what to change and where AWS wrote it, and nothing of a provider's reaches a terminal
// as it is.
func TestProblemsAreTold(t *testing.T) {
	t.Parallel()
	for _, k := range append(known(), notInAccount()) {
		if u, err := url.Parse(k.see); err != nil || u.Host != "docs.aws.amazon.com" || k.fix == "" || strings.HasSuffix(k.fix, ".") {
			t.Errorf("%s: %q, %q", k.code, k.see, k.fix)
		}
	}
	hostile := "a\u009b31m\u202e\n\"b"
	r := &Response{Audiences: []string{hostile}, Recipient: hostile, Malformed: []string{hostile}, SessionName: "x", Attributes: []Attribute{
		{roleAttribute, []string{hostile}}, {sessionNameAttribute, []string{hostile}}, {durationAttribute, []string{hostile}}, {sourceIdentityAttribute, []string{"aws:" + hostile}},
		{tagAttribute + hostile + strings.Repeat("x", 130), nil}, {"/" + hostile + "/ROLE", nil},
	}}
	for _, p := range r.Problems(justNow, 0) {
		if strings.ContainsAny(p.What, "\u009b\u202e\n") {
			t.Errorf("%s: %q", p.Code, p.What)
		}
	}
}

func TestProblemsOfFixtures(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"okta.xml": "", "adfs.xml": "", "govcloud.xml": "", "china.xml": "", "keycloak.xml": "",
		"no-roles.xml": "roles_missing", "duration-negative.xml": "session_duration", "encrypted.xml": "encrypted", "two-providers.xml": "role_spacing",
	} {
		r := parsed(t, string(readFile(t, fixtures+"/"+file)))
		codes := slices.DeleteFunc(codesOf(r.Problems(r.IssuedAt, 0)), func(c string) bool { return c == "unsigned" || c == "session_name_missing" })
		if got := strings.Join(codes, " "); got != want && !(want != "" && strings.Contains(got, want)) {
			t.Errorf("%s: %q, want %q: %v", file, got, want, r.Problems(r.IssuedAt, 0))
		}
	}
}
