package aws

import (
	"fmt"
	"strings"
)

// roleARN is arn:PARTITION:iam::ACCOUNT:role/PATH/NAME in its parts.
type roleARN struct{ partition, account, name string }

func parseRole(arn string) (roleARN, error) {
	part := strings.SplitN(arn, ":", 6)
	if len(part) != 6 || part[0] != "arn" || part[2] != "iam" || !strings.HasPrefix(part[5], "role/") {
		return roleARN{}, fmt.Errorf("%q is not the ARN of a role", arn)
	}
	return roleARN{part[1], part[4], part[5][strings.LastIndex(part[5], "/")+1:]}, nil
}

// isSession reports whether arn names a session of the role. Such ARNs leave the role's path out, and no two roles
// of an account have names that differ in case alone.
func (r roleARN) isSession(arn string) bool {
	prefix := fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/", r.partition, r.account, r.name)
	return len(arn) > len(prefix) && strings.EqualFold(arn[:len(prefix)], prefix)
}

// partitionOf returns the partition of what an ARN names; "" for anything else.
func partitionOf(arn string) string {
	if part := strings.SplitN(arn, ":", 3); len(part) == 3 && part[0] == "arn" {
		return part[1]
	}
	return ""
}
