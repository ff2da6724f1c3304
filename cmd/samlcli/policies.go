package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/samlcli/samlcli/internal/plain"
)

// What STS takes to narrow a session (AWS STS API Reference, AssumeRoleWithSAML: Policy, PolicyArns).
const (
	maxPolicy     = 2048 // characters of the policy and the ARNs together
	maxPolicyARNs = 10
)

// policies returns what narrows the session, as far as it can be checked before anybody signs in.
func (s *settings) policies() (policy string, arns []string, err error) {
	arns = s.list("policy-arn")
	all := s.withReadOnly(arns, "aws") // that of another partition is longer by a few characters
	if len(all) > maxPolicyARNs {
		return "", nil, &usageError{fmt.Sprintf("a session is narrowed by %d managed policies at most", maxPolicyARNs), ""}
	}
	length := 0
	for _, arn := range all {
		if !strings.HasPrefix(arn, "arn:") || !strings.Contains(arn, ":policy/") {
			return "", nil, &usageError{fmt.Sprintf("--policy-arn: %q is not the ARN of a policy", plain.Text(arn)), "as in arn:aws:iam::aws:policy/ReadOnlyAccess"}
		}
		length += utf8.RuneCountInString(arn)
	}
	if policy, err = s.policy(); err != nil {
		return "", nil, err
	}
	if length += utf8.RuneCountInString(policy); length > maxPolicy {
		return "", nil, &usageError{fmt.Sprintf("what narrows the session has %d characters, and AWS takes %d", length, maxPolicy), "put some of it into a managed policy, for --policy-arn"}
	}
	return policy, arns, nil
}

// policy reads the file of --policy, without the white space, which counts.
func (s *settings) policy() (string, error) {
	file := s.path("policy")
	if file == "" {
		return "", nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", &usageError{fmt.Sprintf("reading the policy: %v", err), ""}
	}
	var b bytes.Buffer
	if err := json.Compact(&b, text); err != nil {
		return "", &usageError{fmt.Sprintf("the policy in %s is not JSON", file), ""}
	}
	policy := b.String()
	if strings.ContainsFunc(policy, func(r rune) bool { return r > 0xff }) {
		return "", &usageError{fmt.Sprintf("the policy in %s has characters that AWS does not take", file), "it takes those up to U+00FF; JSON writes others as \\uXXXX"}
	}
	return policy, nil
}

// withReadOnly adds the policy of --read-only.
func (s *settings) withReadOnly(arns []string, partition string) []string {
	arn := "arn:" + partition + ":iam::aws:policy/ReadOnlyAccess"
	if !s.on("read-only") || slices.Contains(arns, arn) {
		return arns
	}
	return append(slices.Clone(arns), arn)
}
