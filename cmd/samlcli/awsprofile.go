package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/store"
)

// Profiles of the AWS config file that assume a role with the credentials of another profile (AWS CLI, "Using an IAM role in
// the AWS CLI"): role_arn and source_profile. The one that a row of them begins with must be one that samlcli knows how to
// serve.

// profileNamed returns the profile of the config, or what one of the AWS config file comes from and the roles that it goes on
// to.
func (p *program) profileNamed(c *config, name string) (section, []aws.Hop, error) {
	if own, ok := c.Profile[name]; ok || name == "" {
		return own, nil, nil
	}
	file := p.awsConfigFile()
	data, err := store.Read(file)
	if file == "" || errors.Is(err, fs.ErrNotExist) {
		return nil, nil, noSection("profile", name, c.Profile)
	}
	if err != nil {
		return nil, nil, &usageError{fmt.Sprintf("reading the AWS config file: %v", err), ""}
	}
	profiles := &awsProfiles{own: c.Profile, file: inifile.Parse(data)}
	if _, ok := profiles.section(name); !ok {
		return nil, nil, noSection("profile", name, c.Profile)
	}
	return profiles.follow(name)
}

// awsProfiles are those of the config, and of the AWS config file.
type awsProfiles struct {
	own  map[string]section
	file *inifile.File
}

func (f *awsProfiles) section(name string) (inifile.Section, bool) {
	if name == "default" {
		return f.file.Section(name)
	}
	return f.file.Section("profile " + name)
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
		if !ok || keys.Get("role_arn") == "" || keys.Get("source_profile") == "" || seen[name] {
			return nil, nil, &usageError{fmt.Sprintf("profile %q of the AWS config file leads to none whose credentials come from samlcli", name),
				"it takes a role_arn, and a source_profile that is a [profile.NAME] of the config, or that samlcli profiles write wrote"}
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

func hopOf(name string, keys inifile.Section) (aws.Hop, error) {
	h := aws.Hop{Role: keys.Get("role_arn"), SessionName: keys.Get("role_session_name"), ExternalID: keys.Get("external_id"), MFASerial: keys.Get("mfa_serial")}
	if text := keys.Get("duration_seconds"); text != "" {
		d, err := time.ParseDuration(text + "s")
		if err != nil || d < shortest {
			return h, &usageError{fmt.Sprintf("profile %q of the AWS config file: duration_seconds is 900 or more", name), ""}
		}
		h.Duration = min(d, aws.MaxHop) // the file is not for chains alone
	}
	if !strings.Contains(h.Role, ":role/") {
		return h, &usageError{fmt.Sprintf("profile %q of the AWS config file: role_arn is not the ARN of a role", name), ""}
	}
	return h, nil
}
