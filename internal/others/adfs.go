package others

import (
	"cmp"
	"strings"
)

// readADFS reads the profiles of aws-adfs.
func readADFS(data []byte) ([]Entry, error) {
	return readProfiles(data, "adfs_config.", []string{"region", "output"}, adfsEntry)
}

func adfsEntry(d *draft) Entry {
	host := d.take("adfs_config.adfs_host")
	if host == "" {
		return d.incomplete("adfs_host is not there")
	}
	d.account("idp", "adfs", "adfs_config.adfs_host")
	d.account("url", adfsAddress(host, cmp.Or(d.take("adfs_config.provider_id"), amazon)), "adfs_config.adfs_host")
	d.account("username", d.take("adfs_config.adfs_user"), "adfs_config.adfs_user")
	d.factor("adfs_config.duo_factor")
	d.certificates()
	d.profile("role", d.take("adfs_config.role_arn"), "adfs_config.role_arn")
	d.span("adfs_config.session_duration", "s")
	d.profile("region", d.take("region"), "region")
	d.rest(map[string]reason{
		"adfs_config.sspi":                 {"samlcli signs in with user name and password", "false"},
		"adfs_config.duo_device":           {"the device is chosen from Duo's list", ""},
		"adfs_config.s3_signature_version": {"the AWS CLI reads s3 settings of its own config", ""},
		"output":                           {"the AWS CLI goes on reading it where it is", ""},
	})
	return d.Entry
}

// certificates reads a Python literal: True, False, or the file of an authority.
func (d *draft) certificates() {
	const key = "adfs_config.ssl_verification"
	text := strings.Trim(d.take(key), `'"`)
	switch text {
	case "", "True":
	case "False":
		d.leave(key, unverified)
	default:
		d.account("ca_bundle", text, key)
	}
	d.account("ca_bundle", d.take("adfs_config.adfs_ca_bundle"), "adfs_config.adfs_ca_bundle")
}

// unverified is why no tool's leave to skip the check of certificates carries over.
const unverified = "certificates are always verified: trust a private authority with ca_bundle"
