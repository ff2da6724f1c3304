package others

import "net/url"

// readGoogle reads the profiles of aws-google-auth.
func readGoogle(data []byte) ([]Entry, error) {
	return readProfiles(data, "google_config.", []string{"region"}, googleEntry)
}

func googleEntry(d *draft) Entry {
	idp, sp := d.take("google_config.google_idp_id"), d.take("google_config.google_sp_id")
	if idp == "" || sp == "" {
		return d.incomplete("google_idp_id or google_sp_id is not there")
	}
	d.account("idp", "google", "google_config.google_idp_id")
	d.account("url", "https://accounts.google.com/o/saml2/initsso?idpid="+url.QueryEscape(idp)+"&spid="+url.QueryEscape(sp)+"&forceauthn=false",
		"google_config.google_sp_id")
	d.account("username", d.take("google_config.google_username"), "google_config.google_username")
	d.profile("role", d.take("google_config.role_arn"), "google_config.role_arn")
	d.span("google_config.duration", "s")
	d.profile("region", d.take("region"), "region")
	d.rest(map[string]reason{
		"google_config.ask_role":     {"samlcli asks for the role where the profile has none: take role out of it for that", "false"},
		"google_config.keyring":      {"the keyring is asked first anyway; the password has to be put into it once more", "false"},
		"google_config.u2f_disabled": {"security keys that a browser must speak to are not used; mfa = [...] says which factor is", "false"},
		"google_config.bg_response":  {"samlcli answers as Google's pages want it", ""},
	})
	return d.Entry
}
