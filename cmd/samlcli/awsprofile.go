package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/inifile"
)

// Profiles of the AWS config file that assume a role with the credentials of another profile (AWS CLI, "Using an IAM role in
// the AWS CLI"): role_arn and source_profile.

// profileNamed returns the profile of the config, or what one of the AWS config file comes from and the roles that it goes on
// to.
func (p *program) profileNamed(c *config, name string) (section, []aws.Hop, error) {
	if own, ok := c.Profile[name]; ok || name == "" {
		return own, nil, nil
	}
	files, err := p.awsFiles()
	if err != nil {
		return nil, nil, err
	}
	if _, ok := files.section(name); !ok {
		return nil, nil, noSection("profile", name, c.Profile)
	}
	return (&awsProfiles{awsFiles: files, own: c.Profile}).follow(name)
}

// awsProfiles are those of the config, and of the AWS files.
type awsProfiles struct {
	awsFiles
	own map[string]section
}

// follow goes from a profile to its source, and on to that one's.
func (f *awsProfiles) follow(name string) (source section, hops []aws.Hop, err error) {
	region := ""
	for seen := map[string]bool{}; ; {
		keys, ok := f.section(name)
		if own, is := f.own[name]; is {
			source = maps.Clone(own)
			break
		}
		if source = servedBy(keys, f.own); source != nil {
			break
		}
		if len(hops) > 0 && f.get(name, "aws_secret_access_key") != "" {
			source, hops = withKeys(name, hops[0]), hops[1:]
			break
		}
		if !ok || keys.Get("role_arn") == "" || keys.Get("source_profile") == "" || seen[name] {
			return nil, nil, &usageError{fmt.Sprintf("profile %q of the AWS config file leads to none that samlcli has credentials for", name),
				"it takes a role_arn, and a source_profile that is a [profile.NAME] of the config, that samlcli profiles write wrote, or that has keys"}
		}
		seen[name] = true
		hop, err := hopOf(name, keys)
		if err != nil {
			return nil, nil, err
		}
		if region == "" {
			region = keys.Get("region")
		}
		hops, name = slices.Insert(hops, 0, hop), keys.Get("source_profile")
	}
	if region != "" {
		source["region"] = region
	}
	return source, hops, nil
}

// servedBy reads a credential_process that profiles write wrote, as a section of the config; nil for any other.
func servedBy(keys inifile.Section, own map[string]section) section {
	words := splitWords(keys.Get("credential_process"))
	if len(words) < 4 || len(words)%2 != 0 || words[1] != "process" || !strings.HasSuffix(strings.TrimSuffix(words[0], ".exe"), "samlcli") {
		return nil
	}
	s := section{}
	for pair := range slices.Chunk(words[2:], 2) {
		flag, _ := strings.CutPrefix(pair[0], "--")
		s[keyOf(flag)] = pair[1]
	}
	if profile, ok := s["profile"].(string); ok {
		return maps.Clone(own[profile])
	}
	return s
}

// withKeys is a profile of the config that assumes a role with another profile's keys.
func withKeys(name string, h aws.Hop) section {
	s := section{"source_profile": name, "role": h.Role, "session_name": h.SessionName, "external_id": h.ExternalID, "mfa_serial": h.MFASerial}
	if h.Duration > 0 {
		s["duration"] = h.Duration.String()
	}
	return s
}

func hopOf(name string, keys inifile.Section) (aws.Hop, error) {
	h := aws.Hop{Role: keys.Get("role_arn"), SessionName: keys.Get("role_session_name"), ExternalID: keys.Get("external_id"), MFASerial: keys.Get("mfa_serial")}
	if text := keys.Get("duration_seconds"); text != "" {
		d, err := time.ParseDuration(text + "s")
		if err != nil || d < shortest {
			return h, &usageError{fmt.Sprintf("profile %q of the AWS config file: duration_seconds is 900 or more", name), ""}
		}
		h.Duration = d
	}
	if !isRole(h.Role) {
		return h, &usageError{fmt.Sprintf("profile %q of the AWS config file: role_arn is not the ARN of a role", name), ""}
	}
	return h, nil
}
