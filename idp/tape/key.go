package tape

import (
	"context"
	"encoding/base64"
	"slices"

	"github.com/samlcli/samlcli/idp"
)

// key is the security key of a tape: it has one credential, and its signature is a word.
type key struct{ id []byte }

// Key returns the security key that the tape's `key:` names by its credential's id, in base64url; nil where it has none.
func (t *Tape) Key() idp.SecurityKey {
	id, err := base64.RawURLEncoding.DecodeString(t.Get("key"))
	if err != nil || len(id) == 0 {
		return nil
	}
	return key{id}
}

func (k key) Sign(_ context.Context, r idp.KeyRequest) (idp.KeyAssertion, error) {
	if len(r.Allow) > 0 && !slices.ContainsFunc(r.Allow, func(id []byte) bool { return string(id) == string(k.id) }) {
		return idp.KeyAssertion{}, idp.ErrNoAnswer
	}
	return idp.KeyAssertion{ID: k.id, AuthenticatorData: []byte("authenticator of " + r.RPID), Signature: []byte("signature")}, nil
}
