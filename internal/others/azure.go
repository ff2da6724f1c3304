package others

import "net/url"

// readAzure reads the profiles of aws-azure-login.
func readAzure(data []byte) ([]Entry, error) {
	return readProfiles(data, "azure_", []string{"region"}, azureEntry)
}

func azureEntry(d *draft) Entry {
	tenant := d.take("azure_tenant_id")
	if tenant == "" {
		return d.incomplete("azure_tenant_id is not there")
	}
	d.account("idp", "entra", "azure_tenant_id")
	d.account("url", "https://login.microsoftonline.com/"+url.PathEscape(tenant)+"/saml2", "azure_tenant_id")
	d.account("username", d.take("azure_default_username"), "azure_default_username")
	d.setting("app_id_uri", "azure_app_id_uri")
	d.profile("role", d.take("azure_default_role_arn"), "azure_default_role_arn")
	d.span("azure_default_duration_hours", "h")
	d.profile("region", d.take("region"), "region")
	d.rest(map[string]reason{
		"azure_default_remember_me": {"the provider's session is not kept for the next sign-in", "false"},
	})
	return d.Entry
}
