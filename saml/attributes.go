package saml

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Problems with the attributes that AWS reads.

const (
	awsAttributes           = "https://aws.amazon.com/SAML/Attributes/"
	sourceIdentityAttribute = awsAttributes + "SourceIdentity"
	tagAttribute            = awsAttributes + "PrincipalTag:"
)

// valuesOf returns the values of an attribute as they stand, without those that are empty.
func (r *Response) valuesOf(name string) (values []string) {
	for _, a := range r.Attributes {
		if a.Name == name {
			values = append(values, a.Values...)
		}
	}
	return slices.DeleteFunc(values, func(v string) bool { return strings.TrimSpace(v) == "" })
}

func (l *look) rolesMissing() []string {
	return some(len(l.valuesOf(roleAttribute)) == 0, "the response has no role attribute%s", l.nearly(roleAttribute))
}

func (l *look) sessionNameMissing() []string {
	return some(l.SessionName == "", "the response has no RoleSessionName attribute%s", l.nearly(sessionNameAttribute))
}

// nearly names an attribute that was perhaps meant to have that name.
func (l *look) nearly(name string) string {
	short := name[strings.LastIndexByte(name, '/')+1:]
	for _, a := range l.Attributes {
		if a.Name != name && strings.EqualFold(a.Name[strings.LastIndexByte(a.Name, '/')+1:], short) {
			return fmt.Sprintf(": the name %s is not %s", show(a.Name), name)
		}
		if a.Name == name {
			return " with a value"
		}
	}
	return ""
}

func (l *look) roleMalformed() (found []string) {
	for _, v := range l.Malformed {
		found = append(found, fmt.Sprintf("the role attribute's value %s %s", show(v), misshape(v)))
	}
	return shorten(found)
}

// misshape says why a value names no role and provider.
func misshape(value string) string {
	roles, providers := strings.Count(value, ":role/"), strings.Count(value, ":saml-provider/")
	first, second, comma := strings.Cut(value, ",arn:")
	switch {
	case !strings.Contains(value, "arn:"):
		return "holds no ARN"
	case roles == 1 && providers == 0:
		return "names no SAML provider"
	case roles == 0 && providers == 1:
		return "names no role"
	case roles != 1 || providers != 1:
		return "does not name one role and one SAML provider"
	case !comma:
		return "has no comma between its two ARNs"
	}
	for _, text := range []string{first, "arn:" + second} {
		if a := splitARN(text); len(a.account) != 12 || !only(a.account, isDigit) {
			return "has an account number that is not of twelve digits"
		}
	}
	return "holds an ARN that IAM cannot have"
}

func (l *look) roleSpacing() (found []string) {
	for _, v := range l.valuesOf(roleAttribute) {
		if _, ok := parseRole(v); ok && strings.ContainsAny(v, space) {
			found = append(found, fmt.Sprintf("there is white space around the ARNs of %s", show(strings.TrimSpace(v))))
		}
	}
	return shorten(found)
}

func (l *look) roleAccounts() (found []string) {
	for _, role := range l.Roles {
		provider := splitARN(role.Provider)
		if provider.account != role.Account() || provider.partition != role.Partition() {
			found = append(found, fmt.Sprintf("the role %s has the provider %s, of another account", role.ARN, role.Provider))
		}
	}
	return shorten(found)
}

// shorten keeps a mistake in a rule from being told five thousand times.
func shorten(found []string) []string {
	const enough = 5
	if len(found) <= enough {
		return found
	}
	return append(found[:enough-1], fmt.Sprintf("and %d more like that", len(found)-enough+1))
}

func (l *look) sessionName() []string {
	return notNames("RoleSessionName", l.valuesOf(sessionNameAttribute))
}

func (l *look) sourceIdentity() []string {
	values := l.valuesOf(sourceIdentityAttribute)
	if len(values) > 0 && strings.HasPrefix(strings.ToLower(values[0]), "aws:") {
		return some(true, "the SourceIdentity %s begins with aws:", show(values[0]))
	}
	return notNames("SourceIdentity", values)
}

// notNames says what is wrong with the first value, which must be [a-zA-Z_0-9+=,.@-]{2,64}.
func notNames(attribute string, values []string) []string {
	if len(values) == 0 {
		return nil
	}
	name := values[0]
	if n := len([]rune(name)); n < 2 || n > 64 {
		return some(true, "the %s %s has %d characters, and AWS takes 2 to 64", attribute, show(name), n)
	}
	for _, c := range name {
		if c > 0x7f || c == '/' || !isName(byte(c)) {
			return some(true, "the %s %s holds %q, which AWS does not take there", attribute, show(name), c)
		}
	}
	return nil
}

func (l *look) sessionDuration() []string {
	values := l.valuesOf(durationAttribute)
	if len(values) == 0 {
		return nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(values[0]))
	return some(err != nil || n < 900 || n > 43200, "the SessionDuration %s is no number of seconds from 900 to 43200", show(values[0]))
}

func (l *look) sessionTags() (found []string) {
	tags := 0
	for _, a := range l.Attributes {
		key, isTag := strings.CutPrefix(a.Name, tagAttribute)
		if !isTag {
			continue
		}
		tags++
		if n := len([]rune(key)); n == 0 || n > 128 {
			found = append(found, fmt.Sprintf("the session tag %s has a key of %d characters", show(key), n))
		}
		for _, v := range a.Values {
			if n := len([]rune(v)); n > 256 {
				found = append(found, fmt.Sprintf("the session tag %s has a value of %d characters", show(key), n))
			}
		}
	}
	return shorten(append(found, some(tags > 50, "there are %d session tags", tags)...))
}

// rolesThatFit returns how many of the roles AWS would take, if they are what makes the response too large; else 0.
func (l *look) rolesThatFit() int {
	values := l.valuesOf(roleAttribute)
	_, data, err := decode(l.Encoded)
	if err != nil || len(values) == 0 {
		return 0
	}
	start, end := bytes.Index(data, []byte(values[0])), bytes.LastIndex(data, []byte(values[len(values)-1]))
	if start < 0 || end <= start {
		return 0
	}
	each := max(1, (end-start)/len(values))
	return max(0, (base64.StdEncoding.DecodedLen(MaxEncoded)-(len(data)-len(values)*each))/each)
}
