package others

import (
	"errors"
	"strings"
	"testing"
)

// FuzzTools takes anything for the files of other tools: they are read, or a line of them is not understood; and what
// is a secret there comes out nowhere.
func FuzzTools(f *testing.F) {
	for i, seed := range []string{
		"apps:\n  a:\n    provider: p\n    url: https://x\nproviders:\n  p:\n    type: okta\n    password: planted-secret\n",
		"a: \"\\x\nb: '",
		"[profile a]\nadfs_config.adfs_host = idp.example.com\nadfs_config.adfs_user = alice\nadfs_config.ssl_verification = False\n",
		"[profile b]\nazure_tenant_id = x\nazure_app_id_uri = y\nazure_default_password = planted-secret\n",
		"[DEFAULT]\nokta_org_url = https://acme.okta.com\ninherits = DEFAULT\n[x]\ninherits = y\n[y]\ninherits = x\n",
		"[default]\nurl = https://x\nprovider = KeyCloak\npassword = planted-secret\naws_session_duration = 99999999999999999999\n",
	} {
		f.Add(uint8(i), seed)
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		tool := Tools()[int(which)%len(Tools())]
		entries, err := tool.Read([]byte(text))
		if err != nil {
			if !errors.As(err, new(*LineError)) || strings.Contains(err.Error(), "planted-secret") {
				t.Errorf("%s: a %T: %v", tool.Name, err, err)
			}
			return
		}
		for _, e := range entries {
			for _, left := range e.Left {
				if strings.Contains(left.Why, "planted-secret") {
					t.Errorf("%s: %s: %s", tool.Name, left.Name, left.Why)
				}
			}
		}
	})
}
