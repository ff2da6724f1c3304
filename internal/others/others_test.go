package others

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// read returns the entries of a text, which must be understood.
func read(t *testing.T, tool, text string) []Entry {
	t.Helper()
	i := slices.IndexFunc(Tools(), func(tl Tool) bool { return tl.Name == tool })
	entries, err := Tools()[i].Read([]byte(text))
	if err != nil {
		t.Fatalf("%s: %v\n%s", tool, err, text)
	}
	return entries
}

// TestEveryKeyCounts takes each key out of a section that has them all: what comes out must differ, or a key went
// nowhere.
func TestEveryKeyCounts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ tool, head, keys, silent string }{
		{"saml2aws", "[a]", `url=https://idp.example.com
			username=alice
			provider=Okta
			app_id=1
			mfa=PUSH
			mfa_ip_address=192.0.2.1
			skip_verify=true
			timeout=5
			aws_urn=urn:x
			aws_session_duration=3600
			aws_profile=work
			resource_id=1
			subdomain=x
			role_arn=arn
			policy_file=p
			policy_arn_list=a,b
			region=r
			credentials_file=f
			target_url=https://t.example.com
			saml_cache=true
			http_attempts_count=3
			http_retry_delay=3
			disable_remember_device=true
			disable_sessions=true
			kc_broker=b
			browser_type=chrome
			browser_executable_path=p
			browser_autofill=true
			headless=true
			prompter=x
			name=a`, "name"},
		{"aws-google-auth", "[profile a]", `google_config.google_idp_id=1
			google_config.google_sp_id=2
			google_config.google_username=alice
			google_config.role_arn=arn
			google_config.duration=3600
			google_config.ask_role=True
			google_config.keyring=True
			google_config.u2f_disabled=True
			google_config.bg_response=x
			region=r`, ""},
		{"gimme-aws-creds", "[a]", `okta_org_url=https://acme.okta.com
			okta_auth_server=x
			client_id=x
			gimme_creds_server=internal
			aws_appname=x
			aws_rolename=x
			okta_username=alice
			aws_default_duration=3600
			preferred_mfa_type=push
			remember_device=True
			resolve_aws_alias=True
			include_path=True
			write_aws_creds=False
			cred_profile=x
			output_format=json
			force_classic=True
			enable_keychain=True
			inherits=nobody`, ""},
		{"gimme-aws-creds", "[a]", `okta_org_url=https://acme.okta.com
			app_url=https://acme.okta.com/app`, "okta_org_url"}, // the address says it
		{"aws-azure-login", "[profile a]", `azure_tenant_id=1
			azure_app_id_uri=2
			azure_default_username=alice
			azure_default_password=x
			azure_default_role_arn=arn
			azure_default_duration_hours=2
			azure_default_remember_me=true
			region=r`, ""},
		{"aws-adfs", "[profile a]", `adfs_config.adfs_host=sts.example.com
			adfs_config.adfs_user=alice
			adfs_config.role_arn=arn
			adfs_config.session_duration=3600
			adfs_config.provider_id=urn:x
			adfs_config.ssl_verification=False
			adfs_config.sspi=True
			adfs_config.duo_factor=Phone Call
			adfs_config.duo_device=phone1
			adfs_config.s3_signature_version=s3v4
			region=r
			output=json`, ""},
		{"clisso", "providers:\n  p: {}\napps:\n  a:", `type: okta
			provider: x
			url: https://acme.okta.com/app
			base-url: https://acme.okta.com
			username: alice
			duration: 3600
			principal-arn: arn
			arn: arn
			aws-region: r`, "base-url provider"}, // the address says it; a provider's keys are the app's
		{"clisso", "providers:\n  p: {}\napps:\n  a:", `type: onelogin
			app-id: 1
			client-id: 1
			client-secret: x
			subdomain: acme
			region: eu
			username: alice
			role-arn: arn`, ""},
	} {
		lines := strings.Split(strings.ReplaceAll(test.keys, "\t", ""), "\n")
		text := func(lines []string) string { return test.head + "\n    " + strings.Join(lines, "\n    ") + "\n" }
		if !strings.Contains(test.head, ":") {
			text = func(lines []string) string { return test.head + "\n" + strings.Join(lines, "\n") + "\n" }
		}
		whole := read(t, test.tool, text(lines))
		if len(whole) == 0 || len(whole[0].Account) == 0 {
			t.Errorf("%s: no account: %+v", test.tool, whole)
		}
		for i := range lines {
			key, _, _ := strings.Cut(lines[i], "=")
			key, _, _ = strings.Cut(key, ": ")
			same := reflect.DeepEqual(whole, read(t, test.tool, text(slices.Delete(slices.Clone(lines), i, i+1))))
			if silent := slices.Contains(strings.Fields(test.silent), key); same != silent {
				t.Errorf("%s: without %s the same comes out: %v", test.tool, key, same)
			}
		}
	}
}

// pairs shows an entry's account and profile on one line.
func pairs(e Entry) string {
	var b strings.Builder
	for _, p := range append(slices.Clone(e.Account), e.Profile...) {
		fmt.Fprintf(&b, "%s=%s%s ", p.Key, p.Value, strings.Join(p.List, "|"))
	}
	return strings.TrimSpace(b.String())
}

func TestProviders(t *testing.T) {
	t.Parallel()
	const host = "https://idp.example.com"
	for provider, want := range map[string]string{
		"AzureAD":       "entra " + host + "/applications/redirecttofederatedapplication.aspx?Operation=LinkedSignIn&applicationId=7",
		"ADFS":          "adfs " + host + "/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn%3Ax",
		"ADFS2":         "adfs " + host + "/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn%3Ax",
		"Ping":          "pingfed " + host + "/idp/startSSO.ping?PartnerSpId=urn%3Ax",
		"PingNTLM":      "pingntlm " + host + "/idp/startSSO.ping?PartnerSpId=urn%3Ax",
		"PingOne":       "pingone " + host,
		"JumpCloud":     "jumpcloud " + host,
		"Okta":          "okta " + host,
		"OneLogin":      "onelogin " + host,
		"Authentik":     "authentik " + host,
		"KeyCloak":      "keycloak " + host,
		"GoogleApps":    "google " + host,
		"Shibboleth":    "shibboleth " + host + "/idp/profile/SAML2/Unsolicited/SSO?providerId=urn%3Ax",
		"ShibbolethECP": "shibboleth-ecp " + host,
		"F5APM":         "f5apm " + host,
		"Akamai":        "akamai " + host,
		"Auth0":         "auth0 " + host,
		"NetIQ":         "netiq " + host,
		"Browser":       "paste " + host,
	} {
		e := read(t, "saml2aws", "[a]\nurl="+host+"\nprovider="+provider+"\napp_id=7\naws_urn=urn:x\n")[0]
		if got := e.Account[0].Value + " " + e.Account[1].Value; got != want {
			t.Errorf("%s became %s, want %s", provider, got, want)
		}
	}
	for address, want := range map[string]string{
		"sts.example.com/":                     "https://sts.example.com/adfs/ls/IdpInitiatedSignOn.aspx?loginToRp=urn%3Aamazon%3Awebservices",
		"https://sts.example.com/adfs/ls/own?": "https://sts.example.com/adfs/ls/own?",
		"https://sts.example.com:1\x7f":        "https://sts.example.com:1\x7f",
	} {
		if got := adfsAddress(address, amazon); got != want {
			t.Errorf("adfsAddress(%q) = %q, want %q", address, got, want)
		}
	}
}

func TestShell(t *testing.T) {
	t.Parallel()
	for command, want := range map[string]string{
		"/opt/login": "/opt/login", "login --account work": "login|--account|work", "login | base64": "sh|-c|login | base64", "login 'my work'": "sh|-c|login 'my work'",
	} {
		e := read(t, "saml2aws", "[a]\nurl="+command+"\nprovider=Shell\n")[0]
		if got := pairs(e); got != "idp=command command="+want+" aws_profile=saml" {
			t.Errorf("%q became %s", command, got)
		}
	}
}

func TestFactors(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"|Auto|AUTO|None": "none", "TOTP|PhoneAppOTP|OKTA|token:software:totp|passcode": "totp", "PUSH|PhoneAppNotification|Azure|OLP|Duo Push": "push",
		"SMS|OneWaySMS": "sms", "call|phone|Phone Call": "call", "EMAIL": "email", "WEBAUTHN|FIDO|u2f": "webauthn", "question": "question",
		"RSA|VIP|SYMANTEC|YUBICO TOKEN:HARDWARE|token:hardware|token|Defender|YUBIKEY": "token", "DUO|claims_provider|Privileged": "",
	} {
		for word := range strings.SplitSeq(words, "|") {
			if got := factor(word); got != want {
				t.Errorf("factor(%q) = %q, want %q", word, got, want)
			}
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ text, unit, want string }{
		{"3600", "s", "1h"}, {"43200", "s", "12h"}, {"5400", "s", "90m"}, {"901", "s", "901s"}, {"8", "h", "8h"}, {"60", "h", "60h"},
		{"0", "s", ""}, {"-1", "s", ""}, {"1h", "s", ""}, {"", "h", ""},
	} {
		if got := span(test.text, test.unit); got != test.want {
			t.Errorf("span(%q, %q) = %q, want %q", test.text, test.unit, got, test.want)
		}
	}
}

func TestGimmeInheritance(t *testing.T) {
	t.Parallel()
	const text = "[base]\nokta_org_url = https://acme.okta.com\nokta_username = base\naws_default_duration = 3600\nclient_id = x\n" +
		"[DEFAULT]\nokta_username = everybody\n" +
		"[middle]\ninherits = base\naws_default_duration = 7200\n" +
		"[leaf]\ninherits = middle\napp_url = https://acme.okta.com/app\naws_rolename = Admin\n" +
		"[lost]\ninherits = gone\napp_url = https://acme.okta.com/lost\n" +
		"[a]\ninherits = b\napp_url = https://acme.okta.com/a\n[b]\ninherits = a\napp_url = https://acme.okta.com/b\n"
	got := map[string]string{}
	entries := read(t, "gimme-aws-creds", text)
	for _, e := range entries {
		line := pairs(e)
		for _, l := range e.Left {
			line += " -" + l.Place + l.Name
		}
		got[e.Name] = line
	}
	want := map[string]string{
		"base": "", "middle": "", "default": "", // parents alone
		"leaf": "idp=okta url=https://acme.okta.com/app username=everybody role=Admin duration=2h -[base]client_id",
		"lost": "idp=okta url=https://acme.okta.com/lost username=everybody -[lost]inherits",
		"a":    "idp=okta url=https://acme.okta.com/a username=everybody -[a]inherits",
		"b":    "idp=okta url=https://acme.okta.com/b username=everybody -[b]inherits",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %q\nwant %q", got, want)
	}
}

func TestOddINI(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"\ufeff[ work ]\r\nURL : https://idp.example.com ; note\r\n": "work: url=https://idp.example.com aws_profile=saml",
		"[a]\nurl = `https://idp.example.com/#x`\n":                  "a: url=https://idp.example.com/#x aws_profile=saml",
		"[a]\nurl = \"https://idp.example.com/\"\n":                  "a: url=https://idp.example.com/ aws_profile=saml",
		"[a]\nurl = x\n[b]\nurl = y\n[a]\nurl = z\n":                 "a: url=https://z aws_profile=saml, b: url=https://y aws_profile=saml",
		"# nothing\n\n; at all\n":                                    "",
		"[a]\nurl = https://idp.example.com\nregion = one\n  two\n":  "a: url=https://idp.example.com region=one\ntwo aws_profile=saml",
		"[a]\nurl =\n": "a: ",
	} {
		var got []string
		for _, e := range read(t, "saml2aws", text) {
			got = append(got, e.Name+": "+strings.ReplaceAll(pairs(e), "url=y", "url=https://y"))
		}
		if joined := strings.ReplaceAll(strings.Join(got, ", "), "url=z", "url=https://z"); joined != want {
			t.Errorf("read %q as %q, want %q", text, joined, want)
		}
	}
	entries := read(t, "aws-adfs", "[default]\nadfs_config.adfs_host = a\n[profile  b]\nadfs_config.adfs_host = b\n[profile 'c d']\nadfs_config.adfs_host = c\n"+
		"[sso-session x]\nadfs_config.adfs_host = d\n[profile plain]\nregion = r\n[profile]\nadfs_config.adfs_host = e\n")
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	if want := []string{"default", "b", "c d"}; !slices.Equal(names, want) {
		t.Errorf("profiles %q, want %q", names, want)
	}
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	for literal, want := range map[string]string{"True": "", "False": " left", "'/etc/ca.pem'": " ca_bundle=/etc/ca.pem", "": "", "/etc/ca.pem": " ca_bundle=/etc/ca.pem"} {
		e := read(t, "aws-adfs", "[default]\nadfs_config.adfs_host = https://a.example.com/x\nadfs_config.ssl_verification = "+literal+"\n")[0]
		got := strings.TrimPrefix(pairs(e), "idp=adfs url=https://a.example.com/x")
		if len(e.Left) > 0 {
			got += " left"
		}
		if got != want {
			t.Errorf("%q became %q, want %q", literal, got, want)
		}
	}
}

// TestSecretsStay: whatever the section is, a secret is named and its value goes nowhere.
func TestSecretsStay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ tool, text, key string }{
		{"saml2aws", "[a]\nurl = https://x\npassword = planted\n", "password"},
		{"saml2aws", "[a]\npassword = planted\n", "password"},
		{"saml2aws", "[a]\nurl = https://x\nTOTP_Seed = planted\n", "totp_seed"},
		{"gimme-aws-creds", "[a]\nokta_org_url = https://x\ndevice_token = planted\n", "device_token"},
		{"aws-azure-login", "[default]\nazure_tenant_id = x\nazure_default_password = planted\naws_secret_access_key = planted\n", "azure_default_password"},
		{"aws-azure-login", "[default]\nazure_default_password = planted\n", "azure_default_password"},
		{"aws-google-auth", "[default]\ngoogle_config.google_password = planted\n", "google_config.google_password"},
		{"clisso", "providers:\n  p:\n    client-secret: planted\n", "client-secret"},
		{"clisso", "global:\n  passphrase: planted\n", "passphrase"},
	} {
		entries := read(t, test.tool, test.text)
		if len(entries) == 0 || !slices.ContainsFunc(entries[0].Left, func(l Left) bool { return l.Secret && l.Name == test.key }) {
			t.Errorf("%s: %q: %+v", test.tool, test.text, entries)
		}
		if shown := fmt.Sprintf("%+v", entries); strings.Contains(shown, "planted") {
			t.Errorf("%s: %q: the secret came out: %s", test.tool, test.text, shown)
		}
	}
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	for _, tool := range Tools() {
		text, line := "[a]\nk = 1\nplanted\n", 3
		if tool.Name == "clisso" {
			text, line = "apps:\n  a: 1\n planted\n", 3
		}
		_, err := tool.Read([]byte(text))
		if bad := (*LineError)(nil); !errors.As(err, &bad) || bad.Line != line || strings.Contains(err.Error(), "planted") {
			t.Errorf("%s: %v", tool.Name, err)
		}
		if entries, err := tool.Read(nil); err != nil || slices.ContainsFunc(entries, func(e Entry) bool { return len(e.Account) > 0 }) {
			t.Errorf("%s, of nothing: %+v, %v", tool.Name, entries, err)
		}
	}
}
