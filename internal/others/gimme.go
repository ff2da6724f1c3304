package others

import (
	"slices"
	"strings"

	"github.com/samlcli/samlcli/aws/inifile"
)

// readGimme reads the profiles of gimme-aws-creds.
func readGimme(data []byte) ([]Entry, error) {
	file, err := parseINI(data)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, name := range file.Names() {
		values, problem := gimmeValues(file, name, nil)
		d := newDraft(name, values)
		if name == "DEFAULT" {
			d.Name = "default"
		}
		if problem != "" {
			d.leave("inherits", problem)
		}
		d.take("inherits")
		if d.nowhere() && gimmeParent(file, name) {
			entries = append(entries, Entry{Name: d.Name}) // its keys come out with those who inherit them
			continue
		}
		entries = append(entries, d.gimme())
	}
	return entries, nil
}

// gimmeValues returns what holds in a section: its own keys, then those of DEFAULT, as Python's reader hands them to
// every section, then those of the section that it inherits from.
func gimmeValues(file *inifile.File, name string, below []string) (values []value, problem string) {
	if slices.Contains(below, name) {
		return nil, "the sections inherit from one another in a circle"
	}
	if _, ok := file.Section(name); !ok {
		return nil, "there is no section of that name"
	}
	values = merge(sectionValues(file, name), sectionValues(file, "DEFAULT"))
	for _, v := range values {
		if v.Name == "inherits" && v.text != "" {
			inherited, problem := gimmeValues(file, v.text, append(below, name))
			return merge(values, inherited), problem
		}
	}
	return values, ""
}

// merge adds the keys that are not there yet.
func merge(values, more []value) []value {
	for _, m := range more {
		if !slices.ContainsFunc(values, func(v value) bool { return v.Name == m.Name }) {
			values = append(values, m)
		}
	}
	return values
}

// nowhere reports whether gimme-aws-creds itself could not sign in with what is there: it lacks the application.
func (d *draft) nowhere() bool {
	server := d.look("gimme_creds_server").text
	return (server == "" || server == "appurl") && d.look("app_url").text == "" && d.look("aws_appname").text == ""
}

// gimmeParent reports whether a section is inherited from.
func gimmeParent(file *inifile.File, name string) bool {
	return slices.ContainsFunc(file.Names(), func(other string) bool {
		section, _ := file.Section(other)
		return other != name && (section.Get("inherits") == name || name == "DEFAULT")
	})
}

func (d *draft) gimme() Entry {
	switch app, org := d.take("app_url"), d.take("okta_org_url"); {
	case app == "" && org == "":
		return d.incomplete("okta_org_url is not there")
	case app != "":
		d.account("idp", "okta", "app_url")
		d.account("url", app, "app_url")
	default:
		d.account("idp", "okta", "okta_org_url")
		d.account("url", org, "okta_org_url")
	}
	d.account("username", d.take("okta_username"), "okta_username")
	d.factor("preferred_mfa_type")
	d.gimmeRoles()
	d.span("aws_default_duration", "s")
	switch name := d.look("cred_profile").text; strings.ToLower(name) {
	case "role", "acc-role", "acc":
		d.leave("cred_profile", "credentials go to the section that aws_profile names, else to the profile's name")
	default:
		d.profile("aws_profile", name, "cred_profile")
	}
	d.rest(gimmeReasons())
	return d.Entry
}

// gimmeRoles carries names and ARNs over; patterns are written in another way here.
func (d *draft) gimmeRoles() {
	const key = "aws_rolename"
	var roles []string
	patterns := false
	for _, role := range words(d.take(key)) {
		if role == "all" || strings.HasPrefix(role, "/") && strings.HasSuffix(role, "/") {
			patterns = true
			continue
		}
		roles = append(roles, role)
	}
	switch {
	case len(roles) == 1:
		d.profile("role", roles[0], key)
	case len(roles) > 1:
		d.Profile = append(d.Profile, Pair{Key: "role", List: roles, Source: d.look(key).Key})
	}
	if patterns {
		d.leave(key, "regular expressions and \"all\" are no roles of samlcli's: write role with * for what may vary")
	}
}

func gimmeReasons() map[string]reason {
	const api = "samlcli reads Okta's sign-in pages and needs no API client"
	return map[string]reason{
		"okta_auth_server":       {api, ""},
		"client_id":              {api, ""},
		"gimme_creds_server":     {"write the address of Okta's AWS tile as url: applications are not looked up", "appurl"},
		"aws_appname":            {"write the address of Okta's AWS tile as url: applications are not looked up", ""},
		"preferred_mfa_provider": {"mfa = [...] names factors, not their makers", ""},
		"remember_device":        {"each provider's page says whether it remembers a device", "false n no 0"},
		"resolve_aws_alias":      {"roles are shown by account number", "false n no 0"},
		"include_path":           {"the section's name is aws_profile, else the profile's name", "false n no 0"},
		"write_aws_creds":        {"samlcli env and samlcli process print credentials, login writes them", "true y yes 1"},
		"output_format":          {"samlcli env --shell FORMAT prints credentials", ""},
		"force_classic":          {"Okta's pages say which of its engines answers", "false n no 0"},
		"enable_keychain":        {"the keyring is asked first anyway; the password has to be put into it once more", "false n no 0"},
	}
}
