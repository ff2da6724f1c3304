package main

import (
	"fmt"
	"slices"

	"github.com/samlcli/samlcli/aws/inifile"
	"github.com/samlcli/samlcli/internal/store"
)

// shadowing are the keys of a profile that give SDKs credentials before they look for an endpoint ("Standardized credential
// providers", AWS SDKs Reference Guide).
var shadowing = []string{
	"aws_access_key_id", "credential_process", "role_arn", "web_identity_token_file", "sso_session", "sso_start_url", "login_session",
}

// shadow says which default profile has credentials of its own, which programs would take instead of the endpoint's, and so work
// as somebody else without a word; "" where there is none.
func (h host) shadow() string {
	for _, file := range []string{h.credentialsFile(), h.awsConfigFile()} {
		data, err := store.Read(file)
		if err != nil {
			continue // mostly there is none
		}
		profiles := inifile.Parse(data)
		for _, name := range []string{"default", "profile default"} {
			keys, _ := profiles.Section(name)
			if i := slices.IndexFunc(shadowing, func(key string) bool { return keys.Get(key) != "" }); i >= 0 {
				return fmt.Sprintf("[%s] in %s has %s, which programs take before the endpoint's credentials", name, file, shadowing[i])
			}
		}
	}
	return ""
}
