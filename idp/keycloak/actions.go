package keycloak

import (
	"context"
	"fmt"

	"github.com/samlcli/samlcli/idp"
)

// refuseAction says what Keycloak wants from the person before it lets them in: things for a browser, not for a script.
func refuseAction(_ context.Context, s *idp.Session) error {
	wish, refusal := "something", idp.Blocked
	for _, action := range []struct{ name, selector, wish string }{
		{"UPDATE_PASSWORD", "#kc-passwd-update-form", "a new password"},
		{"CONFIGURE_TOTP", "#kc-totp-settings-form", "an authenticator app enrolled"},
		{"UPDATE_PROFILE", "#kc-update-profile-form", "your profile completed"},
		{"TERMS_AND_CONDITIONS", "#kc-accept", "its terms accepted"},
		{"webauthn-register", "form#register", "a security key enrolled"},
		{"CONFIGURE_RECOVERY_AUTHN_CODES", "#kc-recovery-codes-settings-form", "recovery codes set up"},
		{"VERIFY_EMAIL", "", "your e-mail address confirmed"},
	} {
		if s.Page().URL.Query().Get("execution") != action.name && !s.Page().Has(action.selector) {
			continue
		}
		wish = action.wish
		if action.name == "UPDATE_PASSWORD" {
			refusal = idp.PasswordExpired
		}
		break
	}
	return s.Refuse(refusal, "", fmt.Sprintf("Keycloak wants %s first; sign in once with a browser", wish))
}
