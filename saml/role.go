package saml

import "strings"

// Role is a role that AWS will give out together with the provider that vouches for the person. Roles of a Response
// are valid IAM names of any partition, so that they may be shown as they are. Roles may be compared with ==.
type Role struct{ ARN, Provider string }

// Account returns the twelve digits of the role's account.
func (r Role) Account() string { return splitARN(r.ARN).account }

// Name returns the role's name with its path: what follows "role/".
func (r Role) Name() string {
	name, _ := strings.CutPrefix(splitARN(r.ARN).resource, "role/")
	return name
}

// Partition returns the part of AWS that the role belongs to: aws, aws-us-gov, aws-cn and others.
func (r Role) Partition() string { return splitARN(r.ARN).partition }

// readRoles reads the values of the role attribute: two ARNs and a comma between, in either order. Empty values are
// nothing, pairs count once, and what is no such pair is malformed.
func readRoles(values []string) (roles []Role, malformed []string) {
	if len(values) == 0 {
		return nil, nil
	}
	seen := make(map[Role]struct{}, len(values))
	roles = make([]Role, 0, len(values))
	for _, v := range values {
		if strings.TrimSpace(v) == "" {
			continue
		}
		role, ok := parseRole(v)
		if !ok {
			malformed = append(malformed, strings.TrimSpace(v))
			continue
		}
		if _, again := seen[role]; !again {
			seen[role] = struct{}{}
			roles = append(roles, role)
		}
	}
	return roles, malformed
}

func parseRole(value string) (Role, bool) {
	const scheme = "arn:"
	value = strings.TrimSpace(value)
	if !strings.HasPrefix(value, scheme) {
		return Role{}, false
	}
	// Names may hold commas but no colon: the second "arn:" is where the second ARN begins.
	second := strings.Index(value[len(scheme):], scheme)
	if second < 0 {
		return Role{}, false
	}
	second += len(scheme)
	head, comma := strings.CutSuffix(strings.TrimSpace(value[:second]), ",")
	role, provider := splitARN(strings.TrimSpace(head)), splitARN(value[second:])
	if strings.HasPrefix(role.resource, "saml-provider/") {
		role, provider = provider, role
	}
	return Role{role.text, provider.text}, comma && role.valid("role/") && provider.valid("saml-provider/")
}

// arn is an ARN and its parts.
type arn struct{ text, partition, service, region, account, resource string }

func splitARN(text string) arn {
	a := arn{text: text}
	rest, ok := strings.CutPrefix(text, "arn:")
	if !ok {
		return a
	}
	a.partition, rest, _ = strings.Cut(rest, ":")
	a.service, rest, _ = strings.Cut(rest, ":")
	a.region, rest, _ = strings.Cut(rest, ":")
	a.account, a.resource, _ = strings.Cut(rest, ":")
	return a
}

// valid reports whether a is the ARN of an IAM resource of that kind.
func (a *arn) valid(kind string) bool {
	name, ok := strings.CutPrefix(a.resource, kind)
	return ok && a.service == "iam" && a.region == "" && a.partition != "" && len(a.account) == 12 &&
		name != "" && !strings.HasSuffix(name, "/") &&
		only(a.partition, isPartition) && only(a.account, isDigit) && only(name, isName)
}

func only(s string, allowed func(byte) bool) bool {
	for i := range len(s) {
		if !allowed(s[i]) {
			return false
		}
	}
	return true
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isPartition(c byte) bool { return 'a' <= c && c <= 'z' || isDigit(c) || c == '-' }

// isName: the characters that IAM allows in names, and the slash of their paths.
func isName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) || strings.IndexByte("_+=,.@-/", c) >= 0
}
