package saml

import (
	"slices"
	"testing"
)

func TestRole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ arn, account, name, partition string }{
		{"arn:aws:iam::123456789012:role/Admin", "123456789012", "Admin", "aws"},
		{"arn:aws-us-gov:iam::123456789012:role/team/x/Admin", "123456789012", "team/x/Admin", "aws-us-gov"},
		{"", "", "", ""},
		{"Admin", "", "", ""},
		{"arn:aws", "", "", "aws"},
	} {
		r := Role{ARN: c.arn}
		if r.Account() != c.account || r.Name() != c.name || r.Partition() != c.partition {
			t.Errorf("%q: %q %q %q, want %q %q %q", c.arn, r.Account(), r.Name(), r.Partition(), c.account, c.name, c.partition)
		}
	}
}

func TestParseRole(t *testing.T) {
	t.Parallel()
	const (
		role     = "arn:aws:iam::123456789012:role/Admin"
		provider = "arn:aws:iam::123456789012:saml-provider/P"
	)
	pair := Role{role, provider}
	for _, c := range []struct {
		value string
		want  Role
	}{
		{role + "," + provider, pair},
		{provider + "," + role, pair},
		{"\r\n " + provider + "\t,\n " + role + " ", pair},
		{role + ",,b," + provider, Role{role + ",,b", provider}},
		{provider + "," + role + ",b", Role{role + ",b", provider}},
		{role + ",," + provider, Role{role + ",", provider}},
		{role + ",arn," + provider, Role{role + ",arn", provider}},
		{role, Role{}},
		{"", Role{}},
		{"arn:", Role{}},
		{"arn:arn:", Role{}},
		{",", Role{}},
		{role + provider, Role{}},
		{role + " " + provider, Role{}},
		{role + "," + role, Role{}},
		{provider + "," + provider, Role{}},
		{role + "," + provider + "," + role, Role{}},
		{"x" + role + "," + provider, Role{}},
		{role + "/," + provider, Role{}},
		{role + "\x00," + provider, Role{}},
		{"arn:aws:iam::123456789012:role/é," + provider, Role{}},
		{"arn:aws:iam::123456789012:role/," + provider, Role{}},
		{"arn:AWS:iam::123456789012:role/A," + provider, Role{}},
		{"arn::iam::123456789012:role/A," + provider, Role{}},
		{"arn:aws:iam:us-east-1:123456789012:role/A," + provider, Role{}},
		{"arn:aws:iam::12345678901a:role/A," + provider, Role{}},
		{"arn:aws:iam::1234567890123:role/A," + provider, Role{}},
		{"arn:aws:iam::123456789012:user/role/A," + provider, Role{}},
	} {
		got, ok := parseRole(c.value)
		if ok != (c.want != Role{}) || ok && got != c.want {
			t.Errorf("parseRole(%q) = %v, %v, want %v", c.value, got, ok, c.want)
		}
	}
}

func TestReadRolesKeepsOrderAndCountsOnce(t *testing.T) {
	t.Parallel()
	const (
		a, b = "arn:aws:iam::123456789012:role/A", "arn:aws:iam::123456789012:role/B"
		p, q = "arn:aws:iam::123456789012:saml-provider/P", "arn:aws:iam::123456789012:saml-provider/Q"
	)
	roles, malformed := readRoles([]string{b + "," + p, " \n", a + "," + p, p + "," + b, " odd ", b + "," + q})
	if want := []Role{{b, p}, {a, p}, {b, q}}; !slices.Equal(roles, want) {
		t.Errorf("roles = %v, want %v", roles, want)
	}
	if want := []string{"odd"}; !slices.Equal(malformed, want) {
		t.Errorf("malformed = %q, want %q", malformed, want)
	}
}
