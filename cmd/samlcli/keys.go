package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/samlcli/samlcli/aws"
	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/secret"
	"github.com/samlcli/samlcli/internal/store"
)

// ownKeys are what somebody has at AWS without a sign-in: an IAM user's long-term keys, mostly.
type ownKeys struct {
	aws.Credentials
	from      string // what they are called in messages
	mfaSerial string // of the user's device, where the profile names one
}

// longTerm reports whether the keys are no session's.
func (k ownKeys) longTerm() bool { return k.SessionToken.Empty() }

// ownKeys finds the keys of --source-profile: without one, those of the environment, else those of the
// profile that AWS_PROFILE names, else of default.
func (s *settings) ownKeys() (ownKeys, error) {
	name := s.text("source-profile")
	if name == "" && s.env("AWS_ACCESS_KEY_ID") != "" && s.env("AWS_SECRET_ACCESS_KEY") != "" {
		return ownKeys{from: "the environment", Credentials: aws.Credentials{
			AccessKeyID: s.env("AWS_ACCESS_KEY_ID"), SecretAccessKey: secret.New(s.env("AWS_SECRET_ACCESS_KEY")), SessionToken: secret.New(s.env("AWS_SESSION_TOKEN")),
			Region: cmp.Or(s.env("AWS_REGION"), s.env("AWS_DEFAULT_REGION")),
		}}, nil
	}
	name = cmp.Or(name, s.env("AWS_PROFILE"), "default")
	f, err := s.awsFiles()
	if err != nil {
		return ownKeys{}, err
	}
	keys, _ := f.credentials.Section(name)
	if keys.Get("aws_access_key_id") == "" { // parts of two files make no key
		keys, _ = f.section(name)
	}
	k := ownKeys{from: fmt.Sprintf("profile %q", name), mfaSerial: f.get(name, "mfa_serial"), Credentials: aws.Credentials{
		AccessKeyID: keys.Get("aws_access_key_id"), SecretAccessKey: secret.New(keys.Get("aws_secret_access_key")),
		SessionToken: secret.New(cmp.Or(keys.Get("aws_session_token"), keys.Get("aws_security_token"))),
		Region:       cmp.Or(f.get(name, "region"), s.env("AWS_REGION"), s.env("AWS_DEFAULT_REGION")),
	}}
	if k.AccessKeyID == "" || k.SecretAccessKey.Empty() {
		return ownKeys{}, &usageError{fmt.Sprintf("profile %q has no keys in the AWS files", name), f.profilesWithKeys(name)}
	}
	return k, nil
}

// awsFiles are the two that hold profiles; in the credentials file a section is called as the profile is.
type awsFiles struct{ credentials, config *inifile.File }

func (h host) awsFiles() (f awsFiles, err error) {
	read := func(path string) *inifile.File {
		data, failed := store.Read(path)
		if failed != nil && path != "" && !errors.Is(failed, fs.ErrNotExist) {
			err = &usageError{failed.Error(), ""}
		}
		return inifile.Parse(data)
	}
	f.credentials, f.config = read(h.credentialsFile()), read(h.awsConfigFile())
	return f, err
}

// section returns what the config file says of a profile.
func (f awsFiles) section(name string) (inifile.Section, bool) {
	if name == "default" {
		return f.config.Section(name)
	}
	return f.config.Section("profile " + name)
}

// get returns a profile's value; the credentials file's counts before the config file's.
func (f awsFiles) get(name, key string) string {
	first, _ := f.credentials.Section(name)
	second, _ := f.section(name)
	return cmp.Or(first.Get(key), second.Get(key))
}

// profilesWithKeys is a hint: the profile that was perhaps meant.
func (f awsFiles) profilesWithKeys(name string) string {
	var known []string
	for _, other := range f.credentials.Names() {
		if s, _ := f.credentials.Section(other); s.Get("aws_secret_access_key") != "" && s.Get("aws_session_token") == "" {
			known = append(known, other)
		}
	}
	if hint := didYouMean(name, known); hint != "" {
		return hint
	}
	if len(known) == 0 {
		return "keep the keys of an IAM user in a section of ~/.aws/credentials, and name it with --source-profile"
	}
	slices.Sort(known)
	return "name one with --source-profile; there are keys in " + strings.Join(known, ", ")
}
