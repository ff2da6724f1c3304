package aws

import (
	"fmt"
	"strings"
)

// partition is one of AWS's separate worlds: its name, the region that speaks for it, how its regions begin, and below which
// domain its sign-in and its console are; "" is not known.
type partition struct{ name, region, prefix, domain string }

// partitions is what ARNs and region names do not tell; where their other servers are, the SDK knows.
func partitions() []partition {
	return []partition{
		{"aws-us-gov", "us-gov-west-1", "us-gov-", "amazonaws-us-gov.com"},
		{"aws-cn", "cn-north-1", "cn-", "amazonaws.cn"},
		{"aws-iso", "us-iso-east-1", "us-iso-", "c2shome.ic.gov"},
		{"aws-iso-b", "us-isob-east-1", "us-isob-", "sc2shome.sgov.gov"},
		{"aws-iso-e", "eu-isoe-west-1", "eu-isoe-", ""},
		{"aws-iso-f", "us-isof-south-1", "us-isof-", ""},
		{"aws-eusc", "eusc-de-east-1", "eusc-", "amazonaws-eusc.eu"},
		{"aws", "us-east-1", "", "aws.amazon.com"},
	}
}

// Partition returns the partition that a region is in, and "" for a name of a form that this program does not know.
func Partition(region string) string {
	if p, ok := strings.CutSuffix(region, "-global"); ok {
		return p
	}
	for _, p := range partitions() {
		if p.prefix != "" && strings.HasPrefix(region, p.prefix) {
			return p.name
		}
	}
	if parts := strings.Split(region, "-"); len(parts) == 3 && len(parts[0]) == 2 {
		return "aws"
	}
	return ""
}

// DefaultRegion returns the region whose STS serves a partition when nobody names one.
func DefaultRegion(partition string) (string, error) {
	for _, p := range partitions() {
		if p.name == partition {
			return p.region, nil
		}
	}
	return "", fmt.Errorf("partition %q is unknown here: a region has to be named", partition)
}

// SignInHost returns the host at which browsers sign in to a partition; "" for one whose host is not known here.
func SignInHost(partition string) string { return browserHost("signin.", partition) }

func browserHost(service, partition string) string {
	for _, p := range partitions() {
		if p.name == partition && p.domain != "" {
			return service + p.domain
		}
	}
	return ""
}

// ChooseRegion returns the region for a role of rolePartition, and whether it is one of those given. The explicit one
// counts, and it is an error when it is of another partition. Else the first of the ambient ones that suits;
// others were meant for other work and are passed over. Else the partition's default. Empty names are not there.
func ChooseRegion(rolePartition, explicit string, ambient ...string) (region string, given bool, err error) {
	if explicit != "" {
		return explicit, true, checkRegion(rolePartition, explicit)
	}
	for _, r := range ambient {
		if r != "" && checkRegion(rolePartition, r) == nil {
			return r, true, nil
		}
	}
	region, err = DefaultRegion(rolePartition)
	return region, false, err
}

func checkRegion(rolePartition, region string) error {
	if !IsRegion(region) {
		return fmt.Errorf("%q is not a region", region)
	}
	if p := Partition(region); p != "" && p != rolePartition {
		return fmt.Errorf("region %s is in partition %s, and the role is in %s", region, p, rolePartition)
	}
	return nil
}

// IsRegion reports whether a region may be called so. Nothing else is asked for its STS: it might name another host.
func IsRegion(region string) bool {
	return region != "" && len(region) < 64 && strings.Trim(region, "abcdefghijklmnopqrstuvwxyz0123456789-") == "" &&
		!strings.HasPrefix(region, "-") && !strings.HasSuffix(region, "-")
}
