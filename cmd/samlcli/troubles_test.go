package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/samlcli/samlcli/saml"
)

// TestTroubles: the page explains every problem and every fault there is, and no other, under a heading of its own, and every
// code that STS is known to answer with.
func TestTroubles(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../../docs/troubleshooting-aws.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(data)
	var told []string
	for _, heading := range regexp.MustCompile("(?m)^### `(.*)`$").FindAllStringSubmatch(page, -1) {
		told = append(told, heading[1])
	}
	codes := saml.Codes()
	for _, fault := range []saml.SignatureFault{saml.Unsigned, saml.Wrapped, saml.Changed, saml.OtherKey, saml.OtherIssuer, saml.Unsupported} {
		codes = append(codes, string(fault))
	}
	slices.Sort(told)
	slices.Sort(codes)
	if codes = slices.Compact(codes); !slices.Equal(told, codes) {
		t.Errorf("the page has %v\nthe program has %v", told, codes)
	}
	for _, link := range regexp.MustCompile(`\]\(#(\w+)\)`).FindAllStringSubmatch(page, -1) {
		if !slices.Contains(told, link[1]) {
			t.Errorf("the page leads to %s, which it does not have", link[1])
		}
	}
	for _, code := range stsCodes(t) {
		if !strings.Contains(page, "| `"+code+"`") {
			t.Errorf("the page does not have STS's %s", code)
		}
	}
}

// stsCodes are those of the recorded answers, and those that AWS documents for the call.
func stsCodes(t *testing.T) []string {
	codes := []string{"MalformedPolicyDocument", "PackedPolicyTooLarge", "RegionDisabledException", "UnusableAnswer"}
	files, err := filepath.Glob("../../fixtures/sts/*.xml")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no answers of STS")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range regexp.MustCompile("<Code>(.*)</Code>").FindAllStringSubmatch(string(data), -1) {
			if code[1] != "ServiceUnavailable" { // nobody's fault: asked again
				codes = append(codes, code[1])
			}
		}
	}
	return codes
}
