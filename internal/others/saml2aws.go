package others

import (
	"cmp"
	"net/url"
	"strings"
)

// readSAML2AWS reads the sections of saml2aws, each of which is an account and a role in it.
func readSAML2AWS(data []byte) ([]Entry, error) {
	file, err := parseINI(data)
	if err != nil {
		return nil, err
	}
	var entries []Entry
	for _, name := range file.Names() {
		values := sectionValues(file, name)
		for i := range values {
			values[i].text = strings.Trim(values[i].text, "`") // how Go's INI library quotes
		}
		entries = append(entries, saml2awsEntry(newDraft(name, values)))
	}
	return entries, nil
}

func saml2awsEntry(d *draft) Entry {
	if d.take("url") == "" {
		return d.incomplete("the section has no url")
	}
	adapter := saml2awsAdapter(d.take("provider"))
	if adapter == "" && d.look("provider").text != "" {
		d.leave("provider", "there is no adapter for it: the pages decide")
	}
	d.account("idp", adapter, "provider")
	d.saml2awsStart(adapter)
	d.account("username", d.take("username"), "username")
	d.factor("mfa")
	d.saml2awsSettings(adapter)
	d.account("target", d.take("target_url"), "target_url")
	d.profile("role", d.take("role_arn"), "role_arn")
	d.span("aws_session_duration", "s")
	d.profile("region", d.take("region"), "region")
	d.profile("aws_profile", cmp.Or(d.take("aws_profile"), "saml"), "aws_profile")
	d.profile("policy", d.take("policy_file"), "policy_file")
	if arns := words(d.take("policy_arn_list")); len(arns) > 0 {
		d.Profile = append(d.Profile, Pair{Key: "policy_arn", List: arns, Source: d.look("policy_arn_list").Key})
	}
	d.take("name") // the section's once more
	d.rest(saml2awsReasons())
	return d.Entry
}

// saml2awsAdapter returns our name for a provider.
func saml2awsAdapter(provider string) string {
	return map[string]string{
		"azuread": "entra", "adfs": "adfs", "adfs2": "adfs", "ping": "pingfed", "pingntlm": "pingntlm", "pingone": "pingone",
		"jumpcloud": "jumpcloud", "okta": "okta", "onelogin": "onelogin", "authentik": "authentik", "keycloak": "keycloak",
		"googleapps": "google", "shibboleth": "shibboleth", "shibbolethecp": "shibboleth-ecp", "f5apm": "f5apm", "akamai": "akamai",
		"auth0": "auth0", "netiq": "netiq", "shell": "command", "browser": "paste",
	}[strings.ToLower(provider)]
}

// saml2awsStart says where to begin. Of some providers saml2aws has the host alone, and knows the rest.
func (d *draft) saml2awsStart(adapter string) {
	address, party := d.take("url"), url.QueryEscape(cmp.Or(d.look("aws_urn").text, amazon))
	switch adapter {
	case "command":
		d.Account = append(d.Account, Pair{Key: "command", List: commandWords(address), Source: d.look("url").Key})
		return
	case "entra":
		if app := d.take("app_id"); app != "" {
			address = below(address, "/applications/redirecttofederatedapplication.aspx?Operation=LinkedSignIn&applicationId="+url.QueryEscape(app))
		}
	case "adfs":
		address = adfsAddress(address, cmp.Or(d.take("aws_urn"), amazon))
	case "pingfed", "pingntlm":
		d.take("aws_urn")
		address = below(address, "/idp/startSSO.ping?PartnerSpId="+party)
	case "shibboleth":
		d.take("aws_urn")
		address = below(address, "/idp/profile/SAML2/Unsolicited/SSO?providerId="+party)
	}
	d.account("url", address, "url")
}

// commandWords splits a command as sh does, or leaves it to sh where it has more than words.
func commandWords(command string) []string {
	if strings.ContainsAny(command, "'\"\\$`|&;<>()*?[]~#=\n") {
		return []string{"sh", "-c", command}
	}
	return strings.Fields(command)
}

// saml2awsSettings hands on what one provider alone has.
func (d *draft) saml2awsSettings(adapter string) {
	switch adapter {
	case "onelogin":
		d.setting("app_id", "app_id")
		d.setting("subdomain", "subdomain")
		d.setting("ip_address", "mfa_ip_address")
	case "f5apm":
		d.setting("resource_id", "resource_id")
	case "keycloak":
		d.setting("broker", "kc_broker")
	}
}

func saml2awsReasons() map[string]reason {
	const another, browser = "its provider does not use it", "samlcli starts no browser: idp = \"paste\" takes the response from yours"
	return map[string]reason{
		"app_id":                  {another, ""},
		"resource_id":             {another, ""},
		"subdomain":               {another, ""},
		"mfa_ip_address":          {another, ""},
		"kc_broker":               {another, ""},
		"aws_urn":                 {"the address says for whom the response is", amazon},
		"skip_verify":             {unverified, "false"},
		"timeout":                 {"it is a request's; samlcli's timeout is for a whole sign-in", "0"},
		"credentials_file":        {"AWS_SHARED_CREDENTIALS_FILE names another credentials file", ""},
		"saml_cache":              {"--save-assertion and --assertion keep and use a response", "false"},
		"saml_cache_file":         {"--save-assertion and --assertion keep and use a response", ""},
		"http_attempts_count":     {"a request that fails is sent again three times at most", "0 1"},
		"http_retry_delay":        {"a request that fails is sent again within two seconds", "0 1"},
		"disable_remember_device": {"each provider's page says whether it remembers a device", "false"},
		"disable_sessions":        {"the provider's session is not kept for the next sign-in", "false"},
		"browser_type":            {browser, ""},
		"browser_executable_path": {browser, ""},
		"browser_autofill":        {browser, "false"},
		"download_browser_driver": {browser, "false"},
		"headless":                {browser, "false"},
		"prompter":                {"questions go to the terminal", ""},
	}
}

// words splits a list with commas.
func words(text string) []string {
	var list []string
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			list = append(list, word)
		}
	}
	return list
}
