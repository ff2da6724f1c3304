package aws_test

import (
	"strings"
	"testing"

	"github.com/samlcli/samlcli/aws"
)

func TestPartition(t *testing.T) {
	t.Parallel()
	for region, want := range map[string]string{
		"us-east-1": "aws", "ap-southeast-7": "aws", "aws-global": "aws", "us-gov-east-1": "aws-us-gov", "cn-northwest-1": "aws-cn",
		"aws-cn-global": "aws-cn", "us-iso-west-1": "aws-iso", "us-isob-east-1": "aws-iso-b", "eu-isoe-west-1": "aws-iso-e",
		"us-isof-east-1": "aws-iso-f", "eusc-de-east-1": "aws-eusc", "mars-north-1": "", "": "",
	} {
		if got := aws.Partition(region); got != want {
			t.Errorf("Partition(%q) = %q, want %q", region, got, want)
		}
	}
}

func TestChooseRegion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		partition, explicit string
		ambient             []string
		want                string
		given               bool
		err                 string
	}{
		{"aws", "", nil, "us-east-1", false, ""},
		{"aws", "eu-west-1", []string{"us-west-2"}, "eu-west-1", true, ""},
		{"aws", "", []string{"", "us-west-2", "us-west-1"}, "us-west-2", true, ""},
		{"aws", "", []string{"cn-north-1", "us-west-2"}, "us-west-2", true, ""},
		{"aws-cn", "", []string{"us-west-2"}, "cn-north-1", false, ""},
		{"aws-us-gov", "us-gov-east-1", nil, "us-gov-east-1", true, ""},
		{"aws-us-gov", "us-east-1", nil, "", false, "region us-east-1 is in partition aws, and the role is in aws-us-gov"},
		{"aws", "Nowhere", nil, "", false, `"Nowhere" is not a region`},
		{"aws", "", []string{"../.."}, "us-east-1", false, ""},
		{"aws-mars", "mars-north-1", nil, "mars-north-1", true, ""},
		{"aws-mars", "", nil, "", false, `partition "aws-mars" is unknown here`},
	} {
		got, given, err := aws.ChooseRegion(c.partition, c.explicit, c.ambient...)
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("ChooseRegion(%+v) = %v, want %q", c, err, c.err)
			}
			continue
		}
		if got != c.want || given != c.given || err != nil {
			t.Errorf("ChooseRegion(%+v) = %q, %v, %v", c, got, given, err)
		}
	}
}
